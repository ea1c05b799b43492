"""Where files lie: in the folder of a journey, and in no folder more than one can take in at a glance."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MOST = 25
MODULES = {".py", ".html", ".js"}
TREES = ("declarations", "indicators", "config", "tests", "templates", "static/js")
LOOSE = {"__init__.py", "apps.py", "urls.py"}
"""What may lie in declarations/ itself: what Django looks for there."""


def sizes(tree):
    """Return how many modules each folder of a tree has of its own, by path; a package's ``__init__`` is none."""
    paths = (path for path in (ROOT / tree).rglob("*") if path.suffix in MODULES and path.name != "__init__.py")
    return Counter(str(path.parent.relative_to(ROOT)) for path in paths if "migrations" not in path.parts)


@pytest.mark.parametrize("tree", TREES)
def test_no_folder_has_more_modules_than_one_takes_in(tree):
    assert {folder: size for folder, size in sizes(tree).items() if size > MOST} == {}


def test_every_tree_is_there():
    assert all(sizes(tree) for tree in TREES)


def test_every_module_of_declarations_lies_in_a_package():
    assert {path.name for path in (ROOT / "declarations").glob("*.py")} == LOOSE
