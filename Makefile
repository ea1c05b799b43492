# make run    try the site: installs, starts database, site and worker, loads a demo city   试用
# make test   every test, browser ones included        make test-fast   all but the browser ones
# make lint   style and settings                       make bench       measurements, as ratios
# make judge  how right the checks are on invented tables
# make setup  only install                             make lock        renew the lock files
# make pictures   the screenshots in docs, taken anew   make soak    races and kills, many times over, for minutes

PYTHON := .venv/bin/python
STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev
ARGS ?=

# What `check --deploy` needs to see a production: nothing here is used to run one.
PRODUCTION := env DEBUG=off SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF \
	ALLOWED_HOSTS=declarations.example DATABASE_URL=postgresql://nobody@localhost/none

.PHONY: run setup setup-dev test test-fast soak lint format bench judge lock browser pictures

run: setup
	@exec $(PYTHON) -m config.run $(ARGS)

setup: $(STAMP)
	@$(PYTHON) -m config.trial

setup-dev: $(DEV_STAMP)
	@$(PYTHON) -m config.trial

$(STAMP): requirements.lock
	@sh config/install.sh requirements.lock
	@touch $(STAMP)

# The development lock contains the other one's packages in the same versions.
$(DEV_STAMP): requirements-dev.lock
	@sh config/install.sh requirements-dev.lock
	@touch $(STAMP) $(DEV_STAMP)

test: setup-dev browser
	$(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

test-fast: setup-dev
	$(PYTHON) -m pytest -n 2 --dist worksteal -m "not browser" $(ARGS)

# Chromium and a Chinese font for the browser tests, where we may install them; elsewhere those tests say what is missing.
browser:
	@sh tests/install_browser.sh

lint: setup-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m djlint templates --quiet --check
	$(PYTHON) -m djlint templates --quiet --lint
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

format: setup-dev
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	$(PYTHON) -m djlint templates --quiet --reformat

# Precision and recall of each check on invented tables with an expert's lists; ARGS=-v names what differs.
judge: setup-dev
	$(PYTHON) -m tests.judge $(ARGS)

bench: setup-dev
	$(PYTHON) -m tests.bench $(ARGS)

# What the ordinary tests do in a few rounds: fifty killed workers, two hundred races of two decisions.
soak: setup-dev
	SOAK=1 $(PYTHON) -m pytest -q -s tests/crashes tests/record/test_races.py $(ARGS)

pictures: setup-dev browser
	$(PYTHON) -m pytest -q tests/journeys/pictures.py

# Versions and hashes only, for every platform and Python from 3.11 on; no address of any package index. Needs uv.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --quiet
lock:
	$(LOCK) requirements.in -o requirements.lock
	$(LOCK) -c requirements.lock requirements-dev.in -o requirements-dev.lock
