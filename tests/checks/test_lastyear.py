"""B08, V12, C01: against last year's table."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.sheet.table import IndicatorRow, Table
from tests.checks.looking import fields, findings, with_indicator
from tests.samples import clean


def before(**changes):
    return replace(clean(), **changes)


@pytest.mark.parametrize(
    ("last", "change"), [("2000", None), ("1654.20", None), ("1600", "增加34%"), ("3100", "减少31%"), ("0", "上年为零")]
)
def test_b08_an_amount_changed_by_more_than_thirty_per_cent(last, change):
    found = findings(clean(), "B08", last_year=before(basic_expenditure=Decimal(last)))
    assert [message.rpartition("，")[2] for _, message in found] == ([change] if change else [])


def test_b08_an_amount_that_was_not_known_is_not_compared():
    last = before(basic_expenditure=None, other_funds=Decimal("NaN"))
    assert findings(clean(), "B08", last_year=last) == []


def weaker(then, now, level2="数量指标"):
    last, this = (with_indicator("新增床位", value, level2=level2) for value in (then, now))
    return [message for _, message in findings(this, "V12", last_year=last)]


@pytest.mark.parametrize(("then", "now"), [("≥300张", "≥280张"), ("≥95%", "≥90%"), ("300张", "≥299张"), ("≤3%", "≤5%")])
def test_v12_less_is_promised_than_last_year(then, now):
    [message] = weaker(then, now)
    assert message.endswith(f"“{now}”，上年为“{then}”，比上年宽松")


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("≥300张", "≥300张"),
        ("≥280张", "≥300张"),
        ("≥300张", "≥90%"),
        ("≥95%", "高"),
        ("≤5%", "≤3%"),
        ("3-5张", "≥2张"),
        ("无", "≥1张"),
    ],
)
def test_v12_as_much_more_or_not_to_be_compared(then, now):
    assert weaker(then, now) == []


def test_v12_costs_are_better_when_they_fall():
    assert weaker("300万元", "280万元", "成本指标") == []
    assert weaker("280万元", "300万元", "成本指标")


def test_c01_the_same_text_with_new_years_and_figures_is_last_years():
    goal = clean().overall_goal.replace("30公里", "35公里")
    assert fields(replace(clean(), overall_goal=goal), "C01", last_year=clean()) == ["overall_goal"]


def test_c01_a_new_text_is_ones_own():
    goal = "围绕全市重点工程，完成水库除险加固和灌区改造，建立用水总量台账，推进农村供水一体化，群众用水更加安全。"
    rows = tuple(IndicatorRow("产出指标", "数量指标", f"水库加固座数{i}", "", f"≥{i}座") for i in range(4))
    table = replace(clean(), overall_goal=goal, indicators=rows)
    assert findings(table, "C01", last_year=clean()) == []
    assert findings(clean(), "C01", last_year=Table("2026")) == []


def test_c01_how_much_is_a_parameter():
    goal = clean().overall_goal + "新增一项工作：开展农村饮水安全巩固提升，覆盖山区各镇。" * 4
    table = replace(clean(), overall_goal=goal)
    assert findings(table, "C01", last_year=clean()) == []
    assert findings(table, "C01", last_year=clean(), parameters={"C01": {"most": 60}})
