"""Which departments have not reported yet, how far each is, and when it was last reminded."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from declarations.models import Cycle, Declaration, Department, Extension, Urging
from declarations.notifying.urging import departments_to_urge, last_urged, urged_today
from declarations.views.home.inbox import InboxFilters
from declarations.views.home.listing import departments_named
from declarations.web.spreadsheet import SpreadsheetColumn

ORDER = ("pinyin", "pk")


@dataclass(frozen=True)
class Missing:
    """``begun``: its declaration of the year, if any; ``until``: to when it may report; ``urged``: the last time."""

    department: Department
    begun: Declaration | None
    until: datetime.datetime
    is_over: bool
    urged: Urging | None
    is_urged_today: bool


def missing_departments(user, cycle: Cycle, wanted: InboxFilters) -> QuerySet:
    """The departments of a person that have not reported, as filtered, each with ``extended``: until when, if so."""
    own = Declaration.objects.filter(cycle=cycle, department=OuterRef("pk"))
    newest = Extension.objects.newest(cycle).filter(department=OuterRef("pk"))
    rows = departments_to_urge(user, cycle).annotate(extended=Subquery(newest.values("until")[:1]))
    if wanted.state == "none":
        rows = rows.filter(~Exists(own))
    elif wanted.state:
        rows = rows.filter(Exists(own.filter(state=wanted.state)))
    if wanted.division:
        rows = rows.filter(division=wanted.division)
    if wanted.words:
        rows = rows.filter(departments_named(wanted.words))
    return rows.filter(departments_overdue(cycle)) if wanted.is_slow else rows


def departments_overdue(cycle: Cycle) -> Q:
    """Those whose time is over: after the deadline, and after an extension of their own."""
    if not cycle.is_over():
        return Q(pk__in=[])
    return Q(extended__isnull=True) | Q(extended__lt=timezone.now())


def missing_lines(rows: list[Department], cycle: Cycle) -> list[Missing]:
    """Of departments `missing_departments` and read ahead by `with_begun`, in two queries."""
    urged, today = last_urged((cycle.pk, row.pk) for row in rows), urged_today(cycle, rows)
    now = timezone.now()
    found = []
    for row in rows:
        until = cycle.until(row.extended)
        begun = next(iter(row.begun), None)
        found.append(Missing(row, begun, until, until < now, urged.get((cycle.pk, row.pk)), row.pk in today))
    return found


def with_begun(rows: QuerySet, cycle: Cycle) -> QuerySet:
    begun = Declaration.objects.filter(cycle=cycle).select_related("updated_by")
    return rows.prefetch_related(Prefetch("declarations", begun, to_attr="begun"))


COLUMNS = (
    SpreadsheetColumn("部门代码", 14),
    SpreadsheetColumn("部门", 36),
    SpreadsheetColumn("进展", 14),
    SpreadsheetColumn("截止", 18),
    SpreadsheetColumn("最近催报", 18),
    SpreadsheetColumn("催报人", 14),
)


def missing_cells(rows: list[Department], cycle: Cycle) -> Iterator[list]:
    """The list to take away."""
    for one in missing_lines(rows, cycle):
        yield [
            one.department.code,
            one.department.name,
            one.begun.get_state_display() if one.begun else "未开始",
            f"{timezone.localtime(one.until):%Y-%m-%d %H:%M}",
            f"{timezone.localtime(one.urged.created_at):%Y-%m-%d %H:%M}" if one.urged else "",
            str(one.urged.urged_by) if one.urged else "",
        ]
