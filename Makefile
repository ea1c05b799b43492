# Everything a maintainer does, by name; `make help` lists it.

PYTHON := .venv/bin/python
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev
ARGS ?=

# What `check --deploy` needs to see a production: nothing here is used to run one.
PRODUCTION := env DEBUG=off SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF \
	ALLOWED_HOSTS=declarations.example DATABASE_URL=postgresql://nobody@localhost/none

.PHONY: help run setup setup-dev test test-fast coverage soak lint format bench judge lock browser pictures diagram untyped clean

# What a target does stands behind its name, after ##.
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: setup ## try the site: installs, starts database, site and worker, loads a demo city 试用
	@exec $(PYTHON) -m config.run $(ARGS)

setup: $(STAMP) ## only install
	@$(PYTHON) -m config.trial

setup-dev: $(DEV_STAMP) ## install what tests and checks need
	@$(PYTHON) -m config.trial

# A trial is what a production installs, and a database of its own.
$(STAMP): requirements.lock requirements-trial.lock
	@sh config/install.sh requirements.lock requirements-trial.lock
	@touch $(STAMP)

# The development lock contains the others' packages in the same versions.
$(DEV_STAMP): requirements-dev.lock
	@sh config/install.sh requirements-dev.lock
	@touch $(STAMP) $(DEV_STAMP)

test: setup-dev browser ## every test, browser ones included; ARGS="-k workflow -x" passes arguments on
	$(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

test-fast: setup-dev ## all tests but the browser ones
	$(PYTHON) -m pytest -n 2 --dist worksteal -m "not browser" $(ARGS)

# The processes that tests start are counted too. Tests marked `confined` want the process that opens files as it is.
coverage: setup-dev browser ## what the tests run through, child processes counted; fails below the floor
	@rm -rf .local/coverage && mkdir -p .local/coverage
	$(PYTHON) -m coverage run -m pytest -n 2 --dist worksteal -m "not confined" $(ARGS)
	$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report

# Chromium and a Chinese font for the browser tests, where we may install them; elsewhere those tests say what is missing.
browser:
	@sh tests/install_browser.sh

lint: setup-dev ## style, types, templates, scripts, migrations, settings
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	DEBUG=on $(PYTHON) -m mypy config indicators declarations
	sh scripts/lint_scripts.sh
	$(PYTHON) -m djlint templates --quiet --check
	$(PYTHON) -m djlint templates --quiet --lint
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

format: setup-dev ## mend what a machine can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	$(PYTHON) -m djlint templates --quiet --reformat

judge: setup-dev ## precision and recall of each check on invented tables; ARGS=-v names what differs
	$(PYTHON) -m tests.judge $(ARGS)

bench: setup-dev ## measurements, as ratios; ARGS="--small" for a quick look, ARGS=reading for one of them
	$(PYTHON) -m tests.bench $(ARGS)

# What the ordinary tests do in a few rounds: fifty killed workers, two hundred races of two decisions.
soak: setup-dev ## races and kills, many times over, for minutes
	SOAK=1 $(PYTHON) -m pytest -q -s tests/crashes tests/record/test_races.py $(ARGS)

pictures: setup-dev browser ## the screenshots in docs, taken anew
	$(PYTHON) -m pytest -q tests/journeys/pictures.py

# Versions and hashes only, for every platform and Python from 3.11 on; no address of any package index. Needs uv.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --quiet
lock: ## renew the lock files (needs uv)
	$(LOCK) requirements.in -o requirements.lock
	$(LOCK) -c requirements.lock requirements-trial.in -o requirements-trial.lock
	$(LOCK) -c requirements.lock -c requirements-trial.lock requirements-dev.in -o requirements-dev.lock

diagram: setup-dev ## the ER diagram in docs/models.md, drawn anew from the models
	DEBUG=on $(PYTHON) scripts/diagram.py

untyped: setup-dev ## the list of modules whose types are not checked yet
	$(PYTHON) scripts/untyped.py $(ARGS)

# The trial's data stay: `rm -rf .local` begins the trial anew.
clean: ## delete what tests, linters and measurements left behind
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results staticfiles .local/coverage
	find . -name __pycache__ -type d -not -path "./.venv/*" -prune -exec rm -rf {} +
