"""Single indicators of many departments: good ones of which nothing is said, poor ones with what must be said."""

from dataclasses import replace
from pathlib import Path

import pytest

from declarations.checks import Context, check
from indicators.taxonomy import IndicatorKind, kind_of
from tests.checks.looking import NEW, with_indicator
from tests.judge.corpus import LEVELS, YEAR

FOLDER = Path(__file__).parent


def rows(name):
    """``kind|name|cycle|annual``, and behind a poor one the codes."""
    return [line.split("|") for line in (FOLDER / name).read_text("utf-8").splitlines()]


def codes_of(label, name, cycle, annual):
    """What is said of the row, the only one of its kind where it is about satisfaction."""
    kind = kind_of(label)
    table = with_indicator(name, annual, cycle, level1=LEVELS[kind], level2=str(kind))
    others = [
        row
        for row in table.indicators[:-1]
        if row.level2 != IndicatorKind.SATISFACTION or kind is not IndicatorKind.SATISFACTION
    ]
    table = replace(table, indicators=(*others, table.indicators[-1]))
    at = NEW.replace("10", str(len(others)))
    return {problem.code for problem in check(table, context=Context(year=YEAR)) if problem.field.startswith(at)}


@pytest.mark.parametrize("row", rows("rows_good.txt"), ids="|".join)
def test_nothing_is_said_of_a_good_row(row):
    assert codes_of(*row) == set()


@pytest.mark.parametrize("row", rows("rows_poor.txt"), ids="|".join)
def test_what_an_expert_would_raise_is_said(row):
    *cells, codes = row
    assert set(codes.split(",")) <= codes_of(*cells)
