"""统计: how the year's review goes, by division, reviewer, reason and check, and where alike was not treated alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from declarations.models import Cycle, Declaration, Department, Role
from declarations.reviewing.reports.alike import Case, cases
from declarations.reviewing.reports.deciding import Deciding, Rate, deciding
from declarations.reviewing.reports.progress import Progress, progress
from declarations.views.home.years import offered_years
from declarations.web.access import allow
from declarations.web.spreadsheet import Column, Sheet, workbook

SHOWN = 50
READERS = (Role.DIVISION, Role.PERFORMANCE, Role.ADMINISTRATOR)
FAR = {1: "明显偏高", -1: "明显偏低", 0: ""}


@allow(*READERS)
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """``?year=`` the key of a year; ``?format=xlsx`` to take away, each table a sheet."""
    cycles = list(offered_years(request.user).select_related("bureau").order_by("-year", "bureau"))
    asked = request.GET.get("year", "")
    cycle = next((one for one in cycles if str(one.pk) == asked), cycles[0] if cycles else None)
    if cycle is None:
        return render(request, "declarations/exporting/statistics.html", {"cycle": None})
    how = progress(Declaration.objects.visible_to(request.user).filter(cycle=cycle, is_imported=False))
    decided, alike = deciding(request.user, cycle), cases(request.user, cycle)
    if request.GET.get("format") == "xlsx":
        return workbook(f"{cycle.year}年度审核统计", sheets(how, decided, alike))
    context = {
        "cycle": cycle,
        "cycles": cycles,
        "progress": how,
        "departments": declaring(request.user, cycle),
        "whole": decided.whole,
        "groups": groups(decided),
        "reasons": decided.reasons_by_code(),
        "cases": alike[:SHOWN],
        "more": len(alike) - SHOWN,
    }
    return render(request, "declarations/exporting/statistics.html", context)


def declaring(user, cycle: Cycle) -> int:
    """How many departments of a person declare in a year, those included that have not begun: as the inbox counts."""
    return Department.objects.visible_to(user).filter(bureau=cycle.bureau_id, is_active=True, parent=None).count()


def groups(decided: Deciding) -> list[tuple[str, str, list[tuple[Rate, str]]]]:
    """(heading, what a row is, the rows with what is pointed out of them)."""
    parts = (
        ("按科室", "科室", decided.by_division()),
        ("按审核人员", "审核人员", decided.by_reviewer()),
        ("按检查项", "报送时有疑点的检查项", decided.by_check()),
    )
    return [(heading, name, [(rate, FAR[rate.far]) for rate in rates]) for heading, name, rates in parts]


# --- to take away ------------------------------------------------------------------------------

RATES = (
    Column("名称", 40),
    Column("办理", 8),
    Column("退回", 8),
    Column("退回率（%）", 12),
    Column("用时中位数（工作日）", 20),
    Column("说明", 12),
)
REASONS = (Column("问题类型", 28), Column("条数", 8), Column("占比（%）", 10))
STATES = (Column("状态", 16), Column("申报表", 10))
CASES = (
    Column("指标", 30),
    Column("处理", 10),
    Column("部门", 30),
    Column("年度指标值", 20),
    Column("审核人员", 14),
    Column("问题类型", 22),
    Column("意见", 60),
    Column("时间", 18),
)


def sheets(how: Progress, decided: Deciding, alike: Iterable[Case]) -> Iterator[Sheet]:
    yield Sheet("进度", STATES, how.by_state)
    for heading, _, rates in groups(decided):
        yield Sheet(heading, RATES, [line(rate, said) for rate, said in rates])
    yield Sheet("退回原因", REASONS, decided.reasons_by_code())
    codes = [Column(label, 16) for label, _, _ in decided.reasons_by_code()]
    rows = [[name, *counts] for name, counts in decided.reasons_by_division()]
    yield Sheet("各科室退回原因", [Column("科室", 24), *codes], rows)
    yield Sheet("同一指标不同处理", CASES, case_lines(alike))


def line(rate: Rate, said: str) -> list:
    return [rate.name, rate.decided, rate.returned, rate.percent, rate.days, said]


def case_lines(alike: Iterable[Case]) -> Iterator[list]:
    for case in alike:
        for one in case.refused:
            when = f"{timezone.localtime(one.when):%Y-%m-%d %H:%M}"
            yield [case.name, "要求修改", one.department, one.value, one.reviewer, one.reason, one.text, when]
        for one in case.accepted:
            yield [case.name, "通过", one.department, one.value, one.reviewer, "", "", ""]
