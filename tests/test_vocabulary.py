"""The product says one word for one thing: what docs/vocabulary.md forbids stands in no page, script or handbook."""

import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "vocabulary.md"
CHINESE = re.compile("[\u4e00-\u9fff]+")
HANDBOOKS = ("filling.md", "reviewing.md", "importing.md", "operators.md")


def rows():
    """Return the lines of all tables, each as its four columns."""
    lines = re.findall(r"^\| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [row for row in cells if row[0] != "中文" and not row[0].startswith("---")]


def texts():
    """Return what users read, by path."""
    paths = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    paths += [*(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "docs" / name for name in HANDBOOKS)]
    return {path.relative_to(ROOT): path.read_text("utf-8") for path in paths}


FORBIDDEN = sorted({word for row in rows() for word in CHINESE.findall(row[3])})


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_word_that_is_not_ours_is_used_nowhere(word):
    assert [str(path) for path, text in texts().items() if word in text] == []


def test_no_word_is_both_ours_and_forbidden():
    ours = {word for row in rows() for word in CHINESE.findall(row[0])}
    assert ours and ours & set(FORBIDDEN) == set()


def test_a_term_stands_once():
    terms = [row[0] for row in rows()]
    assert len(terms) == len(set(terms))


def test_a_model_of_the_vocabulary_is_there():
    models = {
        model.__name__ for app in ("declarations", "indicators") for model in apps.get_app_config(app).get_models()
    }
    named = {name for row in rows() for name in re.findall(r"`([A-Z]\w+)`", row[2])}
    assert named - models - {"Table", "State", "Round"} == set()
