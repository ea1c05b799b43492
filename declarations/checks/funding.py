"""Checks of the amounts against what surrounds them: B05, B07 the tasks, B09 the issued limits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from declarations.checks.budget import in_both_units, in_wan
from declarations.checks.case import ZERO, CheckedCase
from declarations.checks.catalogue import CheckFinding, Need, enters
from declarations.sheet.problems import Severity
from declarations.sheet.units import YUAN_PER_WAN, to_wan


def tasks_and_projects(case: CheckedCase) -> tuple[Decimal, Decimal] | None:
    """Both in 万元, None where one of them cannot be added up or there is nothing to compare."""
    projects = case.amounts["project_expenditure"]
    if not projects or None in case.funding or not any(case.funding):
        return None
    return to_wan(sum(filter(None, case.funding), ZERO)), projects


@enters(
    "B05",
    Severity.INFO,
    "任务资金明显少于项目支出",
    "任务应当反映项目支出的主要去向；大部门只列重点任务的，属正常情况",
    least="任务资金占项目支出的最低比例（%）",
)
def tasks_are_few(case: CheckedCase, *, least: int = 80) -> Iterator[CheckFinding]:
    """Where nothing has a funding F03 or B07 has more to say."""
    if (known := tasks_and_projects(case)) is None:
        return
    tasks, projects = known
    if tasks * 100 < projects * least:
        share = (tasks * 100 / projects).quantize(Decimal("0.1"))
        message = (
            f"各项任务拟投入的资金合计 {in_both_units(tasks)}，占项目支出 {in_wan(projects)}的{share}%，低于{least}%"
        )
        yield CheckFinding("project_expenditure", message, "请核对是否漏列任务；只列重点任务的，可以不改。")


@enters(
    "B07",
    Severity.WARNING,
    "任务资金疑似单位填错",
    "任务资金和项目支出的单位不同（元、万元），填错单位时相差约一万倍",
    spread="视为约一万倍的倍数范围",
)
def task_is_in_another_unit(case: CheckedCase, *, spread: int = 5) -> Iterator[CheckFinding]:
    """All tasks together about 10,000 times too much or too little, else each task beyond the project expenditure
    or unlike the others."""
    if (known := tasks_and_projects(case)) is None:
        return
    tasks, projects = known
    if _is_about(tasks, projects, spread) or _is_about(projects, tasks, spread):
        relation = "一万倍" if tasks > projects else "万分之一"
        totals = f"各项任务的资金合计 {in_both_units(tasks)}，约为项目支出 {in_both_units(projects)}的{relation}"
        message = f"{totals}，疑似单位填错（元/万元）"
        yield CheckFinding("project_expenditure", message, "请核对各项任务资金和项目支出的单位。")
        return
    for i, funding in enumerate(case.funding):
        amount = to_wan(funding or ZERO)
        if amount > projects:
            doubt = "，疑似单位填错（元/万元）" if _is_about(amount, projects, spread * 10) else ""
            place = case.row_place("key_tasks", i)
            message = f"{place}的资金 {in_both_units(amount)}大于全部项目支出 {in_wan(projects)}{doubt}"
            yield CheckFinding(f"key_tasks.{i}.funding", message, "请核对这项任务的资金及其单位。")
        elif relation := _unlike_the_others(case.funding, i, spread):
            row = case.row_place("key_tasks", i)
            message = f"{row}的资金 {in_both_units(amount)}，与其他任务相差约{relation}，疑似单位填错（元/万元）"
            yield CheckFinding(f"key_tasks.{i}.funding", message, "请核对这项任务的资金及其单位。")


def _unlike_the_others(fundings: list[Decimal | None], i: int, spread: int) -> str:
    """How one task relates to the median of at least two others, thousands of times as much or as little."""
    one, others = fundings[i], sorted(funding for j, funding in enumerate(fundings) if funding and j != i)
    if not one or one < 1 or len(others) < 2:
        return ""
    middle = others[len(others) // 2]
    least = YUAN_PER_WAN / spread
    if one > middle * least:
        return "一万倍"
    return "万分之一" if middle > one * least else ""


def _is_about(more: Decimal, less: Decimal, spread: int) -> bool:
    """Whether the first is 10,000 times the second, give or take the factor ``spread``."""
    return less * YUAN_PER_WAN <= more * spread and more <= less * YUAN_PER_WAN * spread


@enters(
    "B09",
    Severity.ERROR,
    "超过下达的控制数",
    "二上预算应在财政部门下达的控制数内编制（《预算法实施条例》预算编制程序）",
    needs=(Need.LIMITS,),
    tolerance="允许误差（万元）",
)
def amount_exceeds_limit(case: CheckedCase, *, tolerance: Decimal = Decimal("0.01")) -> Iterator[CheckFinding]:
    for name, limit in (case.context.limits or {}).items():
        amount = case.amounts.get(name)
        if amount is not None and amount - limit > tolerance:
            message = (
                f"{case.place(name)} {in_wan(amount)}，超过控制数 {in_wan(limit)}，多 {in_both_units(amount - limit)}"
            )
            yield CheckFinding(name, message, "请按下达的控制数调整；需要增加的，请先向财政局申请调整控制数。")
