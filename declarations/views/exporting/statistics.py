"""统计: how the year's review goes, by division, reviewer, reason and check, and where alike was not treated alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from declarations.models import Cycle, Declaration, Department, Role
from declarations.reviewing.reports.alike import AlikeCase, alike_cases
from declarations.reviewing.reports.deciding import Deciding, DecisionRate, deciding_figures
from declarations.reviewing.reports.progress import YearProgress, progress_of
from declarations.web.access import allow
from declarations.web.spreadsheet import SpreadsheetColumn, SpreadsheetSheet, workbook_response
from declarations.web.years import offered_years

SHOWN = 50
READERS = tuple(Role.BUREAU)
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
    how = progress_of(Declaration.objects.visible_to(request.user).filter(cycle=cycle, is_imported=False))
    decided, alike = deciding_figures(request.user, cycle), alike_cases(request.user, cycle)
    if request.GET.get("format") == "xlsx":
        return workbook_response(f"{cycle.year}年度审核统计", statistics_sheets(how, decided, alike))
    context = {
        "cycle": cycle,
        "cycles": cycles,
        "progress": how,
        "departments": declaring_count(request.user, cycle),
        "whole": decided.whole,
        "groups": rate_groups(decided),
        "reasons": decided.reasons_by_code(),
        "cases": alike[:SHOWN],
        "more": len(alike) - SHOWN,
    }
    return render(request, "declarations/exporting/statistics.html", context)


def declaring_count(user, cycle: Cycle) -> int:
    """How many departments of a person declare in a year, those included that have not begun: as the inbox counts."""
    return Department.objects.visible_to(user).declaring(cycle.bureau_id).count()


def rate_groups(decided: Deciding) -> list[tuple[str, str, list[tuple[DecisionRate, str]]]]:
    """(heading, what a row is, the rows with what is pointed out of them)."""
    parts = (
        ("按科室", "科室", decided.by_division()),
        ("按审核人员", "审核人员", decided.by_reviewer()),
        ("按检查项", "报送时有疑点的检查项", decided.by_check()),
    )
    return [(heading, name, [(rate, FAR[rate.far]) for rate in rates]) for heading, name, rates in parts]


# --- to take away ------------------------------------------------------------------------------

RATES = (
    SpreadsheetColumn("名称", 40),
    SpreadsheetColumn("办理", 8),
    SpreadsheetColumn("退回", 8),
    SpreadsheetColumn("退回率（%）", 12),
    SpreadsheetColumn("用时中位数（工作日）", 20),
    SpreadsheetColumn("说明", 12),
)
REASONS = (SpreadsheetColumn("问题类型", 28), SpreadsheetColumn("条数", 8), SpreadsheetColumn("占比（%）", 10))
STATES = (SpreadsheetColumn("状态", 16), SpreadsheetColumn("申报表", 10))
CASES = (
    SpreadsheetColumn("指标", 30),
    SpreadsheetColumn("处理", 10),
    SpreadsheetColumn("部门", 30),
    SpreadsheetColumn("年度指标值", 20),
    SpreadsheetColumn("审核人员", 14),
    SpreadsheetColumn("问题类型", 22),
    SpreadsheetColumn("意见", 60),
    SpreadsheetColumn("时间", 18),
)


def statistics_sheets(how: YearProgress, decided: Deciding, alike: Iterable[AlikeCase]) -> Iterator[SpreadsheetSheet]:
    yield SpreadsheetSheet("进度", STATES, how.by_state)
    for heading, _, rates in rate_groups(decided):
        yield SpreadsheetSheet(heading, RATES, [rate_line(rate, said) for rate, said in rates])
    yield SpreadsheetSheet("退回原因", REASONS, decided.reasons_by_code())
    codes = [SpreadsheetColumn(label, 16) for label, _, _ in decided.reasons_by_code()]
    rows = [[name, *counts] for name, counts in decided.reasons_by_division()]
    yield SpreadsheetSheet("各科室退回原因", [SpreadsheetColumn("科室", 24), *codes], rows)
    yield SpreadsheetSheet("同一指标不同处理", CASES, case_lines(alike))


def rate_line(rate: DecisionRate, said: str) -> list:
    return [rate.name, rate.decided, rate.returned, rate.percent, rate.days, said]


def case_lines(alike: Iterable[AlikeCase]) -> Iterator[list]:
    for case in alike:
        for one in case.refused:
            when = f"{timezone.localtime(one.when):%Y-%m-%d %H:%M}"
            yield [case.name, "要求修改", one.department, one.value, one.reviewer, one.reason, one.text, when]
        for one in case.accepted:
            yield [case.name, "通过", one.department, one.value, one.reviewer, "", "", ""]
