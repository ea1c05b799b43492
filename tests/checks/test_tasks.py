"""L01 … L05: tasks and the indicators that carry them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.checks import not_run
from tests.checks.looking import fields, findings, with_task
from tests.samples import clean, sample


def test_l01_where_nothing_is_linked_figures_and_words_tell():
    [(field, message)] = findings(sample(), "L01")
    assert field == "key_tasks.3.name"
    assert "节水宣传" in message and "按文字推断" in message


def test_l01_is_not_run_where_neither_links_nor_words_can_tell():
    named = replace(sample(), indicators=(replace(sample().indicators[0], name=""),))
    assert "L01" in {one.check.code for one in not_run(named)}
    assert "L01" not in {one.check.code for one in not_run(sample())}
    assert findings(named, "L01") == []


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("古树名木保护", "古树修复株数"),
        ("智慧食堂改造", "食堂改造个数"),
        ("河湖清障", "清障河段数"),
        ("护林防火", "防火宣传场次"),
    ],
)
def test_l01_an_indicator_that_shares_the_words_of_a_task_measures_it(name, indicator):
    table = with_task(name=name, content="", expected_outcome="年内完成")
    rows = tuple(replace(row, tasks=()) for row in table.indicators)
    alone = replace(table, indicators=rows)
    assert "key_tasks.0.name" in fields(alone, "L01")
    assert "key_tasks.0.name" not in fields(replace(alone, indicators=(*rows, replace(rows[0], name=indicator))), "L01")


@pytest.mark.parametrize("name", ["日常办公运转", "其他工作经费", "机关运行保障", "年度工作项目"])
def test_l01_a_task_without_words_of_its_own_is_not_judged(name):
    table = with_task(name=name, content="", expected_outcome="年内完成")
    rows = tuple(replace(row, tasks=()) for row in table.indicators)
    assert "key_tasks.0.name" not in fields(replace(table, indicators=rows), "L01")


def test_l01_where_some_are_linked_each_other_task_is_told():
    table = clean()
    rows = (replace(table.indicators[0], tasks=("task-0", "task-3")), *table.indicators[1:])
    assert fields(replace(table, indicators=rows), "L01") == ["key_tasks.1.name"]


def test_l01_a_task_without_funding_needs_none():
    table = clean()
    amounts = (None, Decimal(0), Decimal(0), Decimal(0))
    tasks = tuple(replace(task, funding=amount) for task, amount in zip(table.key_tasks, amounts, strict=True))
    rows = tuple(replace(row, tasks=()) for row in table.indicators)
    assert findings(replace(table, key_tasks=tasks, indicators=rows), "L01") == []


@pytest.mark.parametrize("outcome", ["处理率 > 97%", "参加 ≥ 100人", "发放资料5000份", "治理≥31公里"])
def test_l02_a_figure_that_no_indicator_carries(outcome):
    [(field, message)] = findings(with_task(expected_outcome=outcome), "L02")
    assert field == "key_tasks.0.expected_outcome"
    assert message.endswith("没有指标承接")


@pytest.mark.parametrize(
    "outcome",
    [
        "治理河长≥30公里",
        "治理河长30千米",
        "受益58万人",
        "受益580000人",
        "损失减少0.15亿元",
        "合格率98%",
        "1、维护设备；2、完成迁移",
        "2026年12月31日前完成",
        "按《2026年方案》第3条执行",
        "召开一次会议",
        "运行良好",
        "",
    ],
)
def test_l02_carried_or_no_figure(outcome):
    assert findings(with_task(expected_outcome=outcome), "L02") == []


def test_l02_each_figure_of_a_cell_is_told():
    assert fields(with_task(expected_outcome="来访 ≥ 31次，参加 ≥ 61次"), "L02") == ["key_tasks.0.expected_outcome"] * 2


def test_l02_an_indicator_without_unit_carries_the_figure():
    table = with_task(expected_outcome="扶持企业650家")
    rows = (replace(table.indicators[0], annual_value="650"), *table.indicators[1:])
    assert findings(replace(table, indicators=rows), "L02") == []


@pytest.mark.parametrize("text", ["补充人员经费及公用经费", "发放在职人员工资", "支付水电费"])
def test_l04_basic_costs_are_no_project(text):
    assert fields(with_task(content=text), "L04") == ["key_tasks.0.content"]


def test_l04_once_a_task():
    assert fields(with_task(name="人员经费", content="公用经费"), "L04") == ["key_tasks.0.name"]


@pytest.mark.parametrize("text", ["解决拖欠农民工工资问题", "发放养老金补助", "引进专业人员"])
def test_l04_other_peoples_pay_is_none(text):
    assert findings(with_task(content=text), "L04") == []


def test_l05_reminds_once_with_numbers_and_words():
    table = with_task(1, content="因公出国，公务接待，安排培训费")
    [(field, message)] = findings(table, "L05")
    assert field == "key_tasks"
    assert message.startswith("任务第2项涉及")
    assert {"因公出国", "公务接待", "培训费"} <= set(message.removeprefix("任务第2项涉及").split("、"))
    assert findings(clean(), "L05") == []


def test_words_can_be_changed():
    table = with_task(content="购买帐篷", funding=Decimal(1))
    assert findings(table, "L04", parameters={"L04": {"costs": ["帐篷"]}})
    assert findings(table, "L05", parameters={"L05": {"spending": ["帐篷"]}})
