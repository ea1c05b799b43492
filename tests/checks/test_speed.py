"""A text of any length costs a check no more than its length: twice the text, about twice the time."""

import time
from dataclasses import replace

import pytest

from declarations.checks import CATALOGUE, Context
from declarations.checks.case import CheckedCase
from tests.samples import clean

PIECES = ("9", "9 ", "1,", "a", "（", "《", "零", "≥3次，", "完成", "次数和", "20", "*", "…", "≥ ", "人员经费", "100%")
SHORT, LONG = 8_000, 32_000
MOST = 2.0
"""Seconds; ten times what any check takes on an idle machine."""


def seconds(entry, piece, length):
    """The processor time of one check over a table with the piece repeated in each of its texts."""
    text = (piece * length)[:length]
    table = clean()
    row = replace(table.indicators[0], name=text, annual_value=text, cycle_value=text)
    task = replace(table.key_tasks[0], name=text, content=text, expected_outcome=text)
    long = replace(table, overall_goal=text, indicators=(row, *table.indicators), key_tasks=(task, *table.key_tasks))
    case = CheckedCase(long, Context(year=2026))
    begun = time.process_time()
    list(entry.run(case))
    return time.process_time() - begun


@pytest.mark.parametrize("entry", [e for e in CATALOGUE.values() if e.code not in ("B08", "B09", "C01", "V12", "F05")],
                         ids=lambda entry: entry.code)  # fmt: skip
def test_time_grows_with_the_text_and_not_with_its_square(entry):
    for piece in PIECES:
        long = seconds(entry, piece, LONG)
        assert long < MOST, piece
        if long > 0.05:
            assert long < 10 * max(seconds(entry, piece, SHORT), 0.01), piece
