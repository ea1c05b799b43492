"""The bureau's log: every move of every declaration that one may see, searched, page by page, to take away."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from declarations.models import Action, Cycle, Event, Role
from declarations.views.home.listing import departments_named
from declarations.web.access import allow
from declarations.web.keyset import read_page
from declarations.web.spreadsheet import LONGEST, SpreadsheetColumn, list_workbook

PAGE_SIZE = 50
ORDER = ("-created_at", "-pk")
BUREAU = tuple(Role.BUREAU)
ACTIONS = dict(Action.choices)


@dataclass(frozen=True)
class LogFilters:
    """What a person asked for; whatever the address says wrongly is as if it were not there.

    ``first`` and ``last`` are days, both included.
    """

    words: str = ""
    person: str = ""
    action: str = ""
    year: int | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None

    @classmethod
    def read(cls, params: QueryDict) -> LogFilters:
        year, action = params.get("year", ""), params.get("action", "")
        return cls(
            words=plain_query(params.get("q", "")),
            person=plain_query(params.get("person", "")),
            action=action if action in ACTIONS else "",
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
            first=day_of(params.get("first", "")),
            last=day_of(params.get("last", "")),
        )

    @property
    def are_set(self) -> bool:
        return self != LogFilters()

    def apply(self, events: QuerySet) -> QuerySet:
        for condition in self._conditions():
            events = events.filter(condition)
        return events

    def _conditions(self) -> Iterator[Q]:
        if self.words:
            yield departments_named(self.words, "declaration__department__")
        if self.person:
            yield Q(actor__name__icontains=self.person) | Q(actor__username=self.person)
        if self.action:
            yield Q(action=self.action)
        if self.year:
            yield Q(declaration__cycle__year=self.year)
        if self.first:
            yield Q(created_at__gte=midnight_of(self.first))
        if self.last:
            yield Q(created_at__lt=midnight_of(self.last + datetime.timedelta(days=1)))


def plain_query(text: str) -> str:
    return text.replace("\0", "").strip()[:50]


def day_of(text: str) -> datetime.date | None:
    """A date as the browser sends it; None for anything else, and for the last day there is."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and datetime.date.min < found < datetime.date.max else None


def midnight_of(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time()))


@allow(*BUREAU)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    wanted = LogFilters.read(request.GET)
    page = read_page(wanted.apply(events_for(request.user)), ORDER, request.GET, PAGE_SIZE)
    context = {
        "wanted": wanted,
        "page": page,
        "actions": ACTIONS,
        "lines": [(event, ACTIONS.get(event.action, event.action)) for event in page.rows],
        "years": Cycle.objects.visible_to(request.user).order_by("-year").values_list("year", flat=True).distinct(),
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
    found = LogFilters.read(request.GET).apply(events_for(request.user)).order_by(*ORDER)
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
