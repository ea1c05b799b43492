"""Checks of the amounts: B01 … Everything is Decimal; 万元 for the budget, 元 for the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from declarations.checks.case import ZERO, CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.sheet.official.fields import COUNTS, FieldKind
from declarations.sheet.problems import Severity
from declarations.sheet.table import Table
from declarations.sheet.units import (
    LIMIT,
    AmountError,
    Unit,
    grouped_amount,
    parse_amount,
    parse_count,
    shorten_text,
    to_wan,
    to_yuan,
)

CENT = Decimal("0.01")


def in_wan(amount: Decimal) -> str:
    return f"{grouped_amount(amount)} 万元"


def in_both_units(amount_wan: Decimal) -> str:
    """An amount where 万元 and 元 meet: ``71.86 万元（718,600.00 元）``."""
    return f"{in_wan(amount_wan)}（{grouped_amount(to_yuan(amount_wan))} 元）"


@enters(
    "B01",
    Severity.ERROR,
    "部门预算支出与收入来源不平衡",
    "部门预算收支平衡：基本支出＋项目支出＝财政拨款＋其他资金（《预算法》第十二条）",
    tolerance="允许误差（万元）",
)
def expenditure_is_not_income(case: CheckedCase, *, tolerance: Decimal = CENT) -> Iterator[CheckFinding]:
    left = ("basic_expenditure", "project_expenditure")
    yield from _unbalanced(case, left, ("fiscal_appropriation", "other_funds"), tolerance)


@enters(
    "B02",
    Severity.ERROR,
    "事业发展性支出与按预算级次划分不一致",
    "同一笔事业发展性支出的两种划分，合计应当相等：财政专项资金＋其他事业发展性支出＝市本级使用资金＋转移支付资金",
    tolerance="允许误差（万元）",
)
def development_is_not_levels(case: CheckedCase, *, tolerance: Decimal = CENT) -> Iterator[CheckFinding]:
    left = ("special_funds", "other_development_expenditure")
    yield from _unbalanced(case, left, ("municipal_level_funds", "transfer_payment_funds"), tolerance)


def _unbalanced(
    case: CheckedCase, left: tuple[str, ...], right: tuple[str, ...], tolerance: Decimal
) -> Iterator[CheckFinding]:
    """A finding where both sums can be made and differ by more than ``tolerance``; nothing filled in is balanced."""
    ours, theirs = case.total(*left), case.total(*right)
    if ours is None or theirs is None or abs(ours - theirs) <= tolerance:
        return
    words = " ＋ ".join(map(case.place, left)), " ＋ ".join(map(case.place, right))
    difference = f"前者{'多' if ours > theirs else '少'} {in_both_units(abs(ours - theirs))}"
    yield CheckFinding(
        left[0],
        f"{words[0]}合计 {in_wan(ours)}，{words[1]}合计 {in_wan(theirs)}，{difference}",
        f"请核对这四项金额，使“{words[0]}”与“{words[1]}”相等（允许误差 {tolerance.normalize():f} 万元）。",
    )


@enters(
    "B03",
    Severity.WARNING,
    "事业发展性支出大于部门预算支出",
    "事业发展性支出是部门预算支出的一部分，不应大于其合计",
)
def development_exceeds_expenditure(case: CheckedCase) -> Iterator[CheckFinding]:
    part = case.total("special_funds", "other_development_expenditure")
    whole = case.total("basic_expenditure", "project_expenditure")
    if part is None or whole is None or part <= whole:
        return
    yield CheckFinding(
        "special_funds",
        f"事业发展性支出合计 {in_wan(part)}，大于部门预算支出合计 {in_wan(whole)}，超出 {in_wan(part - whole)}",
        "请核对财政专项资金、其他事业发展性支出和部门预算支出的金额。",
    )


@enters(
    "B04",
    Severity.ERROR,
    "任务资金合计超过项目支出",
    "各项任务的资金由项目支出安排，合计不得超过项目支出（财预〔2015〕88号 资金匹配性）",
    tolerance="允许误差（万元）",
)
def tasks_exceed_projects(case: CheckedCase, *, tolerance: Decimal = Decimal("0.05")) -> Iterator[CheckFinding]:
    projects = case.amounts["project_expenditure"]
    if projects is None or None in case.funding:
        return
    tasks = to_wan(sum(filter(None, case.funding), ZERO))
    if tasks - projects <= tolerance:
        return
    yield CheckFinding(
        "project_expenditure",
        f"各项任务拟投入的资金合计 {in_both_units(tasks)}，超过项目支出 {in_both_units(projects)}，"
        f"多 {in_both_units(tasks - projects)}",
        "请核对项目支出（万元）和各项任务的资金；任务资金合计应不大于项目支出。",
    )


@enters(
    "B06",
    Severity.ERROR,
    "金额或数量填写有误",
    "金额和数量应为不小于零的数字，才能汇总和批复",
)
def amount_is_none(case: CheckedCase) -> Iterator[CheckFinding]:
    """Negative, not finite, beyond the limit, or a text that is no amount."""
    table = case.table
    for name, amount in case.amounts.items():
        if amount is None and (value := getattr(table, name)) is not None:
            yield _no_amount(case, name, value)
    for name in COUNTS:
        if (getattr(table, name) or 0) < 0:
            yield _no_amount(case, name, getattr(table, name))
    for i, task in enumerate(table.key_tasks):
        if task.funding is not None and case.funding[i] is None:
            yield _no_amount(case, f"key_tasks.{i}.funding", task.funding)
    for path, text in table.unread.items():
        yield _unread(case, path, text)


def _no_amount(case: CheckedCase, path: str, value: Decimal | int) -> CheckFinding:
    unit = "" if path in COUNTS else _unit(case.table, path)
    if not Decimal(value).is_finite():
        why = "不是数字"
    elif value < 0:
        why = f"为负数（{shorten_text(str(value))}{unit}），不得小于零"
    else:
        why = f"超出可填范围，须小于 {LIMIT:,f} {unit}"
    return CheckFinding(path, f"{case.place(path)}{why}", _how(case.table, path))


def _unread(case: CheckedCase, path: str, text: str) -> CheckFinding:
    return CheckFinding(path, f"{case.place(path)}：{_why_unread(case.table, path, text)}", _how(case.table, path))


def _why_unread(table: Table, path: str, text: str) -> str:
    unit = _unit(table, path)
    try:
        parse_amount(text, unit, _kept_in(path) or unit) if unit else parse_count(text)
    except AmountError as error:
        return str(error)
    return f"“{shorten_text(text)}”尚未识别"


def _how(table: Table, path: str) -> str:
    unit = _unit(table, path)
    if unit is None:
        return "请只填整数，例如 33。"
    return f"请只填数字，单位为{unit}，例如 {unit.example}；没有的填 0。"


def _unit(table: Table, path: str) -> Unit | None:
    """The unit that the edition prints at a field, None where it is a number of persons or units."""
    item = table.form.item(path)
    if item and item.unit:
        return item.unit
    return None if path in COUNTS else _kept_in(path)


def _kept_in(path: str) -> Unit | None:
    return FieldKind.YUAN.kept_in if "." in path else FieldKind.WAN.kept_in
