"""The version stands once, in pyproject.toml, and is shown wherever somebody asks which code runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.version import VERSION
from tests import factories

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "command", [["manage.py", "--version"], ["manage.py", "version"], ["-m", "config.run", "--version"]]
)
def test_a_command_prints_the_version(command):
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == VERSION


def test_the_foot_of_a_page_shows_the_version(client, db):
    client.force_login(factories.person("filler", factories.department(factories.bureau())))
    assert f"{VERSION} 版</footer>" in client.get("/").content.decode()


def test_the_login_page_shows_the_version(client, db):
    assert f"{VERSION} 版</footer>" in client.get("/accounts/login/").content.decode()


def test_the_newest_entry_of_the_changelog_is_this_version():
    entries = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert entries[0] == VERSION


def test_the_image_contains_the_version():
    assert (
        "pyproject.toml" in (ROOT / "Dockerfile").read_text()
        and "!pyproject.toml" in (ROOT / ".dockerignore").read_text()
    )
