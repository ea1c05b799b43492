"""The bureau's log: every move of every declaration that one may see, searched, page by page, to take away."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from declarations.models import Action, Event, Role
from declarations.web.access import allow
from declarations.web.filters import LogFilter
from declarations.web.keyset import read_page
from declarations.web.spreadsheet import LONGEST, SpreadsheetColumn, list_workbook

PAGE_SIZE = 50
ORDER = ("-created_at", "-pk")
BUREAU = tuple(Role.BUREAU)
ACTIONS = dict(Action.choices)


@allow(*BUREAU)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    filters = LogFilter(request.GET, request.user)
    page = read_page(filters.apply(events_for(request.user)), ORDER, request.GET, PAGE_SIZE)
    context = {
        "filters": filters,
        "page": page,
        "lines": [(event, ACTIONS.get(event.action, event.action)) for event in page.rows],
    }
    return render(request, "declarations/exporting/log.html", context)


def events_for(user) -> QuerySet:
    related = ("declaration__department", "declaration__cycle", "actor", "acting_for", "snapshot")
    return Event.objects.visible_to(user).select_related(*related).defer("snapshot__content")


COLUMNS = (
    SpreadsheetColumn("时间", 20),
    SpreadsheetColumn("部门代码", 14),
    SpreadsheetColumn("部门", 36),
    SpreadsheetColumn("年度", 8),
    SpreadsheetColumn("操作", 14),
    SpreadsheetColumn("原状态", 12),
    SpreadsheetColumn("新状态", 12),
    SpreadsheetColumn("操作人", 14),
    SpreadsheetColumn("角色", 20),
    SpreadsheetColumn("意见", 60),
    SpreadsheetColumn("版本", 8),
    SpreadsheetColumn("校验码", 18),
    SpreadsheetColumn("来源地址", 18),
)


@allow(*BUREAU)
@require_safe
def export_log(request: HttpRequest) -> HttpResponse:
    """The log as it is filtered; at most `LONGEST` lines, and the sheet says so where there are more."""
    found = LogFilter(request.GET, request.user).apply(events_for(request.user)).order_by(*ORDER)
    lines = (event_cells(event) for event in found[: LONGEST + 1].iterator(chunk_size=500))
    return list_workbook("办理记录", COLUMNS, lines)


def event_cells(event: Event) -> list:
    department = event.declaration.department
    return [
        f"{timezone.localtime(event.created_at):%Y-%m-%d %H:%M:%S}",
        department.code,
        department.name,
        event.declaration.cycle.year,
        ACTIONS.get(event.action, event.action),
        event.get_from_state_display(),
        event.get_to_state_display(),
        str(event.actor or "系统"),
        event.get_acting_role_display() + (f"，代{event.acting_for}" if event.acting_for else ""),
        event.comment,
        event.snapshot.number if event.snapshot else "",
        event.snapshot.code if event.snapshot else "",
        event.source_address or "",
    ]
