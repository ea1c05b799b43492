"""Which departments have not reported yet, how far each is, and when it was last reminded."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from declarations.models import Cycle, Declaration, Department, Extension, Urging
from declarations.notifying.urging import departments_to_urge, last_urged, urged_today


@dataclass(frozen=True)
class Missing:
    """``begun``: its declaration of the year, if any; ``until``: to when it may report; ``urged``: the last time."""

    department: Department
    begun: Declaration | None
    until: datetime.datetime
    is_over: bool
    urged: Urging | None
    is_urged_today: bool


def with_extension(user, cycle: Cycle) -> QuerySet:
    """The departments of a person that have not reported, each with ``extended``: until when, if so."""
    newest = Extension.objects.newest(cycle).filter(department=OuterRef("pk"))
    return departments_to_urge(user, cycle).annotate(extended=Subquery(newest.values("until")[:1]))


def in_state(cycle: Cycle, state: str) -> Q:
    """Departments whose declaration of the year is in a state; ``none``: that have not begun one."""
    own = Declaration.objects.filter(cycle=cycle, department=OuterRef("pk"))
    return ~Q(Exists(own)) if state == "none" else Q(Exists(own.filter(state=state)))


def time_is_over(cycle: Cycle) -> Q:
    """Those whose time is over: after the deadline, and after an extension of their own."""
    if not cycle.is_over():
        return Q(pk__in=[])
    return Q(extended__isnull=True) | Q(extended__lt=timezone.now())


def missing_lines(rows: list[Any], cycle: Cycle) -> list[Missing]:
    """Of departments `with_extension` and read ahead by `with_begun`, in two queries."""
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
