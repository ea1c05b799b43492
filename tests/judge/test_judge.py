"""What the checks must reach on the invented tables."""

from pathlib import Path

import pytest

from tests.judge.__main__ import share, tally
from tests.judge.corpus import judged, judged_tables, place_of

TABLES = list(judged_tables())
SUMS = tally(TABLES)


def test_there_are_thirty_tables_half_of_them_good():
    assert len(TABLES) >= 30
    assert abs(2 * sum(one.is_good for one in TABLES) - len(TABLES)) <= 2
    assert len({one.table.department for one in TABLES}) == len(TABLES)


def test_precision_and_recall_do_not_fall():
    total = SUMS["TOTAL"]
    assert share(total["right"], total["false"]) >= 97
    assert share(total["right"], total["missed"]) >= 95


def test_what_a_careful_office_is_shown_is_right():
    good = SUMS["GOOD"]
    assert share(good["right"], good["false"]) >= 80


@pytest.mark.parametrize("one", [one for one in TABLES if one.is_good], ids=lambda one: one.table.department)
def test_a_good_table_has_three_findings_at_most(one):
    assert sum(one.given().values()) <= 3


def test_no_single_check_is_mostly_wrong():
    for code, counted in SUMS.items():
        assert share(counted["right"], counted["false"]) >= 75, code


def test_places_are_said_as_the_lists_say_them():
    fields = ("key_tasks.2.funding", "indicators.4.name", "overall_goal", "indicators", "project_expenditure")
    assert [place_of(field) for field in fields] == ["T3", "I5", "goal", "", ""]


def test_a_line_that_is_none_is_refused():
    with pytest.raises(ValueError, match="nonsense"):
        judged("云溪市某局\nnonsense: 1", is_good=True)


def test_make_judge_is_there():
    assert "-m tests.judge" in (Path(__file__).parents[2] / "Makefile").read_text("utf-8")
