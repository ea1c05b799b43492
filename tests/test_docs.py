"""What is written for maintainers is in order: decisions have their form, links and named files are there."""

import re
from pathlib import Path

import pytest

from scripts.diagram import TARGET, drawing

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
INDEX = (DOCS / "decisions" / "README.md").read_text("utf-8")
FORM = re.compile(
    r"# (?P<number>\d{4}) (?P<title>.+)\n\n- Date: \d{4}-\d\d-\d\d\n- Status: (accepted|replaced by \d{4}).*\n"
    r"- Package: (?P<package>\w+)\n- Code: .+\n\n## Context\n\n.+\n\n## Choice\n\n.+\n\n## Consequence\n\n.+\n",
    re.DOTALL,
)
PAGES = [DOCS / name for name in ("architecture.md", "vocabulary.md", "where-to-start.md", "decisions/README.md")]
NAMED = re.compile(r"`((?:[\w-]+/)*[\w-]+/[\w.-]+\.(?:py|md|html|js|json|txt)|[\w-]+\.py)`")


def links(path):
    """Return the links of a page to files of ours, as paths."""
    found = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))
    return [(path.parent / link).resolve() for link in found]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name[:4])
def test_a_decision_has_its_parts_and_stands_once_in_the_index(path):
    parts = FORM.fullmatch(path.read_text("utf-8"))
    assert parts and path.name.startswith(parts["number"])
    assert INDEX.count(f"- [{parts['number']}]({path.name}) {parts['title']}\n") == 1


def test_decisions_are_numbered_without_gaps():
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_links_only_to_what_is_there(path):
    assert [str(link) for link in links(path) if not link.exists()] == []


def code_of_decisions():
    return sorted({link for path in DECISIONS for link in links(path)})


@pytest.mark.parametrize("link", code_of_decisions(), ids=lambda link: str(link.relative_to(ROOT)))
def test_the_code_of_a_decision_is_there(link):
    assert link.exists()


def named_files():
    text = (DOCS / "where-to-start.md").read_text("utf-8")
    made_up = {"edition_2027.py"}
    return sorted(name for name in set(NAMED.findall(text)) if Path(name).name not in made_up)


@pytest.mark.parametrize("name", named_files())
def test_a_file_that_where_to_start_names_is_there(name):
    assert (ROOT / name).exists() or (ROOT / "declarations" / name).exists()


def test_the_diagram_of_the_models_is_fresh():
    assert TARGET.read_text("utf-8") == drawing(), "run: make diagram"
