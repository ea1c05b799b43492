"""Checks against last year's table: B08, V12, C01."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rapidfuzz import fuzz

from declarations.checks.budget import in_wan
from declarations.checks.case import CheckedCase, is_said, is_usable, name_key
from declarations.checks.catalogue import CheckFinding, Need, enters
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.problems import Severity
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text
from indicators.taxonomy import CategoryGroup
from indicators.values import Target, ValueKind


@enters(
    "B08",
    Severity.WARNING,
    "金额较上年变动较大",
    "预算增减幅度较大的，应有政策或者任务上的原因（财预〔2015〕88号 资金匹配性）",
    needs=(Need.LAST_YEAR,),
    most="变动幅度上限（%）",
)
def amount_changed_much(case: CheckedCase, *, most: int = 30) -> Iterator[CheckFinding]:
    """An amount that was nothing last year has no percentage and is named as new."""
    for name in AMOUNTS:
        now, before = case.amounts[name], getattr(case.context.last_year, name)
        if now is None or not is_usable(before):
            continue
        if abs(now - before) * 100 > before * most:
            change = (
                f"{'增加' if now > before else '减少'}{abs(now - before) * 100 / before:.0f}%" if before else "上年为零"
            )
            message = f"{case.place(name)} {in_wan(now)}，上年 {in_wan(before)}，{change}"
            yield CheckFinding(name, message, "请核对金额；属实的，请说明增减的原因。")


@enters(
    "V12",
    Severity.WARNING,
    "指标值低于上年目标",
    "同一指标的目标一般不低于上年（财预〔2015〕88号 绩效合理性）",
    needs=(Need.LAST_YEAR,),
)
def target_is_weaker(case: CheckedCase) -> Iterator[CheckFinding]:
    """The same name, unit and direction; what a limit bounds from above is weaker when it rises."""
    last_year = case.context.last_year
    before = {name_key(row.name): row for row in last_year.indicators if is_said(row.name)} if last_year else {}
    for i, row in case.real:
        earlier = before.get(name_key(row.name))
        then, now = (_single(case, r.annual_value) for r in (earlier, row)) if earlier else (None, None)
        if then is None or now is None or then.unit != now.unit:
            continue
        less_is_better = case.group(row) is CategoryGroup.COST or {then.operator, now.operator} <= {"≤", "<"}
        if (now.numbers[0] > then.numbers[0]) if less_is_better else (now.numbers[0] < then.numbers[0]):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(now.text)}”，上年为“{shorten_text(then.text)}”，比上年宽松"
            yield CheckFinding(path, message, "请核对指标值；确需降低要求的，请说明理由。")


def _single(case: CheckedCase, text: str) -> Target | None:
    """The one number that a value promises, or None."""
    targets = case.targets(text)
    if len(targets) == 1 and targets[0].kind in (ValueKind.NUMBER, ValueKind.PERCENT) and len(targets[0].numbers) == 1:
        return targets[0]
    return None


DIGITS = re.compile(r"[\d\s]+")
LONGEST_COMPARED = 20_000
"""Characters: what lies beyond is not compared."""


@enters(
    "C01",
    Severity.WARNING,
    "与上年申报内容基本相同",
    "年度绩效目标应按当年工作重新编制，不能照抄上年（财预〔2015〕88号 相关性）",
    needs=(Need.LAST_YEAR,),
    most="相同内容占比上限（%）",
)
def text_is_last_years(case: CheckedCase, *, most: int = 90) -> Iterator[CheckFinding]:
    """Years and figures apart: they change by themselves. Empty tables are not compared."""
    now, before = (prose_of(table) for table in (case.table, case.context.last_year))
    if not now or not before:
        return
    share = Decimal(fuzz.ratio(now, before, score_cutoff=min(most, 100))).quantize(Decimal(1))
    if share and share >= most:
        message = f"总体绩效目标、任务和指标的文字与上年相同的占{share}%"
        yield CheckFinding("overall_goal", message, "请按本年度的工作重新编写；确实不变的，请说明理由。")


def prose_of(table: Table | None) -> str:
    """What the department wrote itself, without figures and white space."""
    if table is None:
        return ""
    parts = [table.overall_goal]
    for task in table.key_tasks:
        parts += (task.name, task.content, task.expected_outcome)
    for row in table.indicators:
        parts += (row.name, row.annual_value)
    return DIGITS.sub("", "\n".join(parts))[:LONGEST_COMPARED]
