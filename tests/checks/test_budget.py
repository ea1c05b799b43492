"""Amounts that must agree with each other, and amounts that are none."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.checks import check
from declarations.sheet.problems import blocking_problems
from declarations.sheet.table import KeyTaskRow
from tests.samples import sample


def findings(table, code):
    return [problem for problem in check(table) if problem.code == code]


def balanced(**values):
    """Round amounts: 100 + 50 = 150, two tasks of 20 万元 and 30 万元."""
    rows = (task("甲", 200_000), task("乙", 300_000))
    amounts = {"basic_expenditure": 100, "project_expenditure": 50, "fiscal_appropriation": 150, "other_funds": 0}
    amounts |= dict.fromkeys(("special_funds", "other_development_expenditure"), None)
    amounts |= dict.fromkeys(("municipal_level_funds", "transfer_payment_funds"), None)
    amounts |= {name: value if value is None else Decimal(value) for name, value in values.items()}
    return sample(key_tasks=rows, **{n: v if v is None else Decimal(v) for n, v in amounts.items()})


def task(name, funding, **values):
    amount = funding if funding is None else Decimal(funding)
    return KeyTaskRow(name, "实施内容", amount, "达到的目标", **values)


# --- B01 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("other_funds", ["0", "0.01", "-0.00"])
def test_b01_expenditure_may_differ_from_income_by_a_hundredth(other_funds):
    assert findings(balanced(other_funds=other_funds), "B01") == []


@pytest.mark.parametrize(("other_funds", "word", "amount"), [("0.010001", "少", "0.010001"), ("2.5", "少", "2.50")])
def test_b01_expenditure_is_not_income(other_funds, word, amount):
    [problem] = findings(balanced(other_funds=other_funds), "B01")
    assert problem.field == "basic_expenditure"
    assert f"前者{word} {amount} 万元" in problem.message
    assert problem.severity == "E"


def test_b01_names_both_sums_and_the_difference_in_both_units():
    [problem] = findings(balanced(fiscal_appropriation="149"), "B01")
    assert problem.message == (
        "基本支出 ＋ 项目支出合计 150.00 万元，财政拨款 ＋ 其他资金合计 149.00 万元，前者多 1.00 万元（10,000.00 元）"
    )
    assert "允许误差 0.01 万元" in problem.hint


def test_b01_takes_an_empty_amount_as_zero():
    assert findings(balanced(other_funds=None), "B01") == []
    assert findings(balanced(fiscal_appropriation=None), "B01")


def test_b01_does_not_add_up_what_is_no_amount():
    table = replace(balanced(), fiscal_appropriation=None, unread={"fiscal_appropriation": "约150"})
    assert [problem.code for problem in blocking_problems(check(table))] == ["B06"]


# --- B02, B03 ------------------------------------------------------------------------------------


def test_b02_nothing_filled_in_is_balanced():
    assert findings(balanced(), "B02") == []


def test_b02_the_two_divisions_have_one_sum():
    assert findings(balanced(special_funds="10", municipal_level_funds="6", transfer_payment_funds="4"), "B02") == []
    [problem] = findings(balanced(special_funds="10", municipal_level_funds="6"), "B02")
    assert problem.field == "special_funds"
    assert "前者多 4.00 万元（40,000.00 元）" in problem.message
    assert "拟用于向下转移支付资金" in problem.message


def test_b02_one_side_alone_is_not_balanced():
    assert findings(balanced(transfer_payment_funds="4"), "B02")


def test_b03_the_part_is_not_more_than_the_whole():
    assert findings(balanced(special_funds="150", municipal_level_funds="150"), "B03") == []
    [problem] = findings(balanced(special_funds="151", municipal_level_funds="151"), "B03")
    assert problem.severity == "W"
    assert "超出 1.00 万元" in problem.message


# --- B04 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("projects", ["50", "49.95", "80"])
def test_b04_tasks_may_exceed_projects_by_five_hundredths(projects):
    assert findings(balanced(project_expenditure=projects), "B04") == []


def test_b04_names_both_sums_in_both_units():
    [problem] = findings(balanced(project_expenditure="49.949999"), "B04")
    assert problem.field == "project_expenditure"
    assert "合计 50.00 万元（500,000.00 元）" in problem.message
    assert "多 0.050001 万元（500.01 元）" in problem.message


def test_b04_counts_the_optional_tasks_too():
    table = balanced()
    more = replace(table, key_tasks=(*table.key_tasks, task("丙", 10_000, is_optional=True)))
    assert findings(more, "B04")


def test_b04_an_empty_project_expenditure_is_zero():
    assert findings(balanced(project_expenditure=None), "B04")


def test_b04_waits_for_an_amount_that_is_none():
    table = replace(balanced(), key_tasks=(task("甲", None),), unread={"key_tasks.0.funding": "九十万"})
    assert findings(table, "B04") == []
    assert findings(table, "B06")


# --- B06 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("-0.01", "为负数（-0.01万元），不得小于零"),
        ("NaN", "不是数字"),
        ("Infinity", "不是数字"),
        ("1E+12", "超出可填范围，须小于 1,000,000,000,000 万元"),
    ],
)
def test_b06_an_amount_is_finite_and_not_negative(amount, why):
    [problem] = findings(replace(balanced(), other_funds=Decimal(amount)), "B06")
    assert (problem.field, problem.message) == ("other_funds", f"其他资金{why}")
    assert problem.hint == "请只填数字，单位为万元，例如 1,069.37；没有的填 0。"


def test_b06_zero_and_nothing_are_fine():
    assert findings(balanced(other_funds="0"), "B06") == []
    assert findings(balanced(other_funds=None), "B06") == []


def test_b06_points_to_the_funding_of_the_task():
    [problem] = findings(replace(balanced(), key_tasks=(task("甲", 1), task("乙", "-5"))), "B06")
    assert problem.field == "key_tasks.1.funding"
    assert problem.message == "年度重点工作任务第2项“乙”的拟投入的资金为负数（-5元），不得小于零"


def test_b06_asks_in_the_unit_that_the_edition_prints():
    table = replace(sample("2023"), unread={"key_tasks.0.funding": "约五百"})
    [problem] = findings(table, "B06")
    assert "单位为万元" in problem.hint


@pytest.mark.parametrize(
    ("path", "text", "why", "example"),
    [
        ("other_funds", "约100", "其他资金：“约100”不是金额", "1,069.37"),
        ("other_funds", "-3", "其他资金：“-3”是负数，金额不得小于零", "1,069.37"),
        ("key_tasks.0.funding", "1.234", "精确到了分以下", "200,000.00"),
        ("staff_count", "三十三人", "财政供养人员数：“三十三人”不是整数", "33"),
        ("subordinate_unit_count", "1.5", "“1.5”不是可用的人数或个数", "33"),
    ],
)
def test_b06_says_what_was_typed_and_what_is_expected(path, text, why, example):
    [problem] = findings(replace(balanced(), unread={path: text}), "B06")
    assert problem.field == path
    assert why in problem.message
    assert example in problem.hint


def test_b06_numbers_an_optional_task_among_the_optional_ones():
    rows = (task("甲", 1), task("", None, is_optional=True))
    [problem] = findings(replace(balanced(), key_tasks=rows, unread={"key_tasks.1.funding": "若干"}), "B06")
    assert problem.message.startswith("其他需完成的任务第1项的拟投入的资金：")


def test_b06_a_number_of_people_is_not_negative():
    assert [problem.field for problem in findings(replace(balanced(), staff_count=-1), "B06")] == ["staff_count"]
