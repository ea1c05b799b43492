"""A text is kept as a person sees it."""

import pytest

from declarations.sheet.table import clean_text
from declarations.sheet.visible import make_visible

NAME = "云溪市林业局"
MARKS = "\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\u202a\u202c\u202e\u2066\u2069\ufeff\ufe0f\u034f\u3164\U000e0101"
SEEN = [
    *((f"云溪市{mark}林业局{mark}", NAME) for mark in MARKS),
    ("⼈⽬⽤⼭", "人目用山"),
    ("⻚⻔⻛⻢⻓⻋⻉⻅", "页门风马长车贝见"),
    ("⺠⽣", "民生"),
    ("金\uf90a", "金金"),
    ("第一行\r\n第二行\u2028第三行", "第一行\n第二行\n第三行"),
    ("㎡ ℃ ① ≥ （１） ￥", "㎡ ℃ ① ≥ （１） ￥"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("❤\ufe0f", "❤\ufe0f"),
    ("约\u200d三人", "约三人"),
]


@pytest.mark.parametrize(("text", "seen"), SEEN, ids=[ascii(text) for text, _ in SEEN])
def test_what_shows_nothing_goes_and_look_alikes_become_the_usual_characters(text, seen):
    assert clean_text(text) == make_visible(text) == seen


def test_a_text_of_nothing_visible_is_empty():
    assert clean_text("\u200b\ufeff \u2060") == ""


def test_making_visible_twice_changes_nothing_more():
    for text, seen in SEEN:
        assert make_visible(make_visible(text)) == seen
