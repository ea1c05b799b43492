"""Table: the one value everything else takes, and its exchange form."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from declarations.sheet.official.fields import AMOUNTS, COUNTS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table, cell_of, clean_text
from tests.samples import sample
from tests.strategies import tables


@given(tables())
def test_a_table_is_the_same_after_json(table):
    data = json.loads(json.dumps(table.to_json(), ensure_ascii=False))
    back = Table.from_json(data)
    assert back == table
    assert back.to_json() == table.to_json()
    assert back.fingerprint == table.fingerprint


def test_json_has_the_names_of_the_glossary_in_their_order():
    names = ["edition", "department", "year", *COUNTS, *AMOUNTS, "overall_goal", "key_tasks", "indicators"]
    data = sample().to_json()
    assert list(data) == names
    assert list(data["key_tasks"][0]) == ["name", "content", "funding", "expected_outcome", "is_optional"]
    assert list(data["indicators"][0]) == ["level1", "level2", "name", "cycle_value", "annual_value"]


def test_amounts_are_decimal_strings_and_an_empty_one_is_null():
    data = replace(sample(), basic_expenditure=Decimal("1069.370000"), other_funds=None).to_json()
    assert data["basic_expenditure"] == "1069.37"
    assert data["other_development_expenditure"] == "0.00"
    assert data["other_funds"] is None
    assert data["key_tasks"][2]["funding"] == "999999.99"


def test_unread_is_there_only_where_something_is_unread():
    assert "unread" not in sample().to_json()
    table = replace(sample(), other_funds=None, unread={"other_funds": "约100"})
    assert table.to_json()["unread"] == {"other_funds": "约100"}
    assert Table.from_json(table.to_json()) == table


def test_columns_of_an_edition_beyond_the_core_stand_in_the_row():
    row = IndicatorRow("产出指标", "数量指标", "次数", "", "3次", extra={"weight": "10"})
    assert row.to_json()["weight"] == "10"
    assert IndicatorRow.from_json(row.to_json()) == row
    assert cell_of(row, "weight") == "10"
    assert cell_of(row, "unit") == ""


def test_the_identity_of_a_row_is_no_part_of_what_it_says():
    assert KeyTaskRow("甲", id="1") == KeyTaskRow("甲", id="2")
    assert "id" not in KeyTaskRow("甲", id="1").to_json()
    one = replace(sample(), key_tasks=(KeyTaskRow("甲", id="1"),))
    other = replace(sample(), key_tasks=(KeyTaskRow("甲", id="2"),))
    assert one == other
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize("change", [{"staff_count": 87}, {"overall_goal": "别的"}, {"key_tasks": ()}, {"year": 2027}])
def test_the_fingerprint_tells_tables_apart(change):
    assert replace(sample(), **change).fingerprint != sample().fingerprint


def test_the_fingerprint_does_not_depend_on_how_an_amount_is_kept():
    assert replace(sample(), other_funds=Decimal("30.000000")).fingerprint == sample().fingerprint


@given(tables())
def test_every_path_of_a_table_has_a_value(table):
    for path in table.paths():
        assert isinstance(table.value(path), str | int | Decimal | None)


@pytest.mark.parametrize(
    "damage", [{"basic_expenditure": "abc"}, {"key_tasks": None}, {"unknown": 1}, {"key_tasks": [{}]}]
)
def test_what_is_no_table_is_refused(damage):
    with pytest.raises((KeyError, TypeError, ValueError, ArithmeticError)):
        Table.from_json(sample().to_json() | damage)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" 留白 ", " 留白 "),
        ("一\r\n二\r三", "一\n二\n三"),
        ("控\x00制\x0b符", "控制符"),
        ("\t", ""),
        (" \n\u3000", ""),
        ("半\ud800字", "半字"),
    ],
)
def test_a_text_is_kept_as_written_but_for_what_no_file_can_hold(text, kept):
    assert clean_text(text) == kept
