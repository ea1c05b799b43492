"""B05, B07, B09: tasks against the project expenditure, amounts against what was issued."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.sheet.table import KeyTaskRow
from tests.checks.looking import fields, findings
from tests.samples import clean


def funded(projects, *yuan):
    """Projects in 万元, tasks in 元."""
    tasks = tuple(KeyTaskRow(f"任务{i}", "内容", Decimal(amount), "成效") for i, amount in enumerate(yuan))
    return replace(clean(), project_expenditure=Decimal(projects), key_tasks=tasks)


@pytest.mark.parametrize(("yuan", "is_found"), [(799_999, True), (800_000, False), (1_000_000, False)])
def test_b05_tasks_of_less_than_four_fifths_are_few(yuan, is_found):
    assert bool(findings(funded(100, yuan), "B05")) is is_found


def test_b05_names_the_share_and_only_informs():
    [(field, message)] = findings(funded(100, 500_000), "B05")
    assert field == "project_expenditure"
    assert message.endswith("占项目支出 100.00 万元的50.0%，低于80%")
    assert findings(funded(100, 500_000), "B05", parameters={"B05": {"least": 50}}) == []


@pytest.mark.parametrize("table", [funded(0, 100), funded(100), funded(100, 0), replace(funded(100, 1), key_tasks=())])
def test_b05_b07_say_nothing_where_there_is_nothing_to_compare(table):
    assert findings(table, "B05") == findings(table, "B07") == []


def test_b07_one_task_is_not_more_than_all_projects():
    assert findings(funded(100, 1_000_000), "B07") == []
    [(field, message)] = findings(funded(100, 400_000, 1_000_001), "B07")
    assert field == "key_tasks.1.funding"
    assert "大于全部项目支出 100.00 万元" in message


@pytest.mark.parametrize(("yuan", "relation"), [(10_000_000_000, "一万倍"), (100, "万分之一"), (80, "万分之一")])
def test_b07_ten_thousand_times_too_much_or_too_little_is_another_unit(yuan, relation):
    [(field, message)] = findings(funded(100, yuan), "B07")
    assert field == "project_expenditure"
    assert f"的{relation}，疑似单位填错（元/万元）" in message


def test_b07_little_money_is_no_other_unit():
    assert findings(funded(100, 50_000), "B07") == []


@pytest.mark.parametrize(("limit", "is_found"), [("2150.4567", False), ("2150.45", False), ("2150.44", True)])
def test_b09_an_amount_stays_within_its_limit(limit, is_found):
    assert bool(findings(clean(), "B09", limits={"basic_expenditure": Decimal(limit)})) is is_found


def test_b09_names_both_and_only_what_has_a_limit():
    limits = {"project_expenditure": Decimal(900), "other_funds": Decimal(30)}
    assert fields(clean(), "B09", limits=limits) == ["project_expenditure"]
    [(_, message)] = findings(clean(), "B09", limits=limits)
    assert message == "项目支出 980.00 万元，超过控制数 900.00 万元，多 80.00 万元（800,000.00 元）"
