"""The map of goals, tasks, money and indicators."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.filling.coverage import coverage_of, goal_items, task_labels
from declarations.sheet.table import IndicatorRow, KeyTaskRow
from tests import factories

GOAL = "1、办好公平而有质量的基础教育，完成运动场地改造。2、培训骨干教师，提高教学质量。3、守牢安全底线。"


def task(id_, name, funding=None, **values):
    return KeyTaskRow(name=name, id=id_, funding=funding and Decimal(funding), **values)


def indicator(id_, name, *tasks):
    return replace(factories.indicator(), id=id_, name=name, tasks=tasks)


def the_map(tasks=(), indicators=(), goal=GOAL):
    return coverage_of(factories.table(overall_goal=goal, key_tasks=tuple(tasks), indicators=tuple(indicators)))


def test_each_task_has_its_share_of_the_money_and_its_indicators():
    tasks = [task("a", "甲", 750), task("b", "乙", 250), task("c", "丙", "0", is_optional=True)]
    found = the_map(tasks, [indicator("x", "一", "a"), indicator("y", "二", "a", "c")])
    assert [(line.label, line.share, line.indicators) for line in found.tasks] == [
        ("任务1", Decimal("75.0"), ("一", "二")),
        ("任务2", Decimal("25.0"), ()),
        ("其他任务1", Decimal("0.0"), ("二",)),
    ]
    assert found.summary == "3 项任务，2 项有对应指标；2 条指标，2 条有对应任务。"


def test_indicators_without_a_task_are_named_with_their_number():
    found = the_map([task("a", "甲")], [indicator("x", "一", "a"), indicator("y", "二"), indicator("z", "三")])
    assert [(row.number, row.name) for row in found.loose] == [(2, "二"), (3, "三")]


@pytest.mark.parametrize("funding", [None, "0", "NaN", "-5"])
def test_where_there_is_no_money_there_is_no_share(funding):
    assert [line.share for line in the_map([task("a", "甲", funding)]).tasks] == [None]


def test_rows_in_which_nothing_stands_are_no_part_of_the_map():
    found = the_map([KeyTaskRow(id="a")], [IndicatorRow(level1="产出指标", level2="数量指标", id="x")])
    assert (found.tasks, found.loose, found.indicators) == ((), (), 0)
    assert found.summary == "还没有任务和指标。"


def test_a_goal_is_met_by_the_tasks_whose_names_are_found_in_it():
    tasks = [task("a", "学校运动场地改造"), task("b", "教师业务培训"), task("c", "办公设备购置")]
    assert [goal.tasks for goal in the_map(tasks).goals] == [("任务1",), ("任务2",), ()]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1、甲；2、乙。", ["甲；", "乙。"]),
        ("总的要求。一是甲。二是乙。", ["甲。", "乙。"]),
        ("（一）甲\n（二）乙", ["甲", "乙"]),
        ("①甲②乙", ["甲", "乙"]),
        ("①甲。②乙。", ["甲。", "乙。"]),
        ("1.甲 2.乙3.5公里", ["甲", "乙3.5公里"]),
        ("投入1.5万元。增长2.5倍。", []),
        ("只有一段话。", []),
        ("", []),
    ],
)
def test_the_items_of_a_goal_are_told_by_their_numbers(text, items):
    assert goal_items(text) == items


def test_tasks_are_labelled_as_the_form_numbers_them():
    rows = (task("a", "甲"), task("b", "乙", is_optional=True), task("c", "丙"))
    assert task_labels(factories.table(key_tasks=rows)) == {"a": "任务1", "b": "其他任务1", "c": "任务2"}
