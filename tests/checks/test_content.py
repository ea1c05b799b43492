"""What a submission must have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.checks import check
from declarations.sheet.official import EDITIONS
from declarations.sheet.table import KeyTaskRow
from tests.samples import TASKS, sample

FULL = KeyTaskRow("河道巡查", "巡查12条河道", Decimal("100"), "全年不少于48次")


def findings(table, code):
    return [(problem.field, problem.message) for problem in check(table) if problem.code == code]


def with_task(**values):
    return replace(sample(), key_tasks=(*TASKS[:2], replace(FULL, **values)))


@pytest.mark.parametrize(
    ("field", "empty"), [("department", ""), ("department", " \n"), ("staff_count", None), ("overall_goal", "\u3000")]
)
def test_f01_what_the_form_demands_is_filled_in(field, empty):
    [(path, message)] = findings(replace(sample(), **{field: empty}), "F01")
    assert path == field
    assert message.endswith("未填写")


def test_f01_zero_is_an_answer():
    assert findings(replace(sample(), staff_count=0), "F01") == []


def test_f01_what_was_typed_but_not_read_is_not_missing():
    table = replace(sample(), staff_count=None, unread={"staff_count": "三十"})
    assert findings(table, "F01") == []


def test_f01_demands_what_the_edition_demands(monkeypatch):
    edition = EDITIONS["2026"]
    sections = tuple(
        replace(section, lines=tuple(tuple(map(demand_units, line)) for line in section.lines))
        if section.label == "基本信息"
        else section
        for section in edition.sections
    )
    monkeypatch.setitem(EDITIONS, "2026", replace(edition, sections=sections))
    assert findings(replace(sample(), subordinate_unit_count=None), "F01") == [
        ("subordinate_unit_count", "下属二级单位数未填写")
    ]


def demand_units(place):
    return replace(place, demanded=True)


@pytest.mark.parametrize(
    ("field", "empty", "label"),
    [
        ("name", "", "名称"),
        ("content", " ", "主要实施内容"),
        ("funding", None, "拟投入的资金"),
        ("expected_outcome", "\n", "期望达到的目标"),
    ],
)
def test_f03_a_task_has_all_four(field, empty, label):
    [(path, message)] = findings(with_task(**{field: empty}), "F03")
    assert path == f"key_tasks.2.{field}"
    assert message.endswith(f"的{label}未填写")
    assert message.startswith("年度重点工作任务第3项")


def test_f03_each_empty_cell_is_named():
    fields = [path for path, _ in findings(with_task(content="", expected_outcome=""), "F03")]
    assert fields == ["key_tasks.2.content", "key_tasks.2.expected_outcome"]


def test_f03_no_money_is_an_answer():
    assert findings(with_task(funding=Decimal(0)), "F03") == []


def test_f03_funding_that_was_typed_but_not_read_is_not_missing():
    table = replace(with_task(funding=None), unread={"key_tasks.2.funding": "若干"})
    assert findings(table, "F03") == []


def test_f03_an_empty_row_is_one_finding():
    table = replace(sample(), key_tasks=(*TASKS[:2], KeyTaskRow()))
    assert findings(table, "F03") == [("key_tasks.2.name", "年度重点工作任务第3项整行未填写")]


def test_f03_an_optional_task_is_complete_or_not_there():
    empty = replace(sample(), key_tasks=(*TASKS[:2], KeyTaskRow(is_optional=True)))
    assert findings(empty, "F03") == []
    begun = replace(sample(), key_tasks=(*TASKS[:2], replace(FULL, content="", is_optional=True)))
    assert findings(begun, "F03") == [("key_tasks.2.content", "其他需完成的任务第1项“河道巡查”的主要实施内容未填写")]
