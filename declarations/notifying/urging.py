"""催报: reminding departments that have not reported, with a record of who reminded whom, when, in what words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from declarations.models import Cycle, Department, Urging, User
from declarations.models.organisation import DepartmentQuerySet
from declarations.notifying import notifications
from declarations.people import permissions
from declarations.record.moments import minute_in_words

LONGEST = 500


def due_departments(user: User, cycle: Cycle) -> DepartmentQuerySet:
    """Those of a reviewer that declare in a year: active departments; their units are part of them."""
    places = permissions.reviewed_places(user)
    return Department.objects.declaring(cycle.bureau_id).filter(places)


def departments_to_urge(user: User, cycle: Cycle) -> QuerySet:
    """Those of them from which the bureau has nothing yet."""
    return due_departments(user, cycle).unreported(cycle)


def suggested_text(cycle: Cycle) -> str:
    """What one need not write anew each time."""
    return f"贵单位尚未报送{cycle}部门整体预算绩效目标申报表，请于{minute_in_words(cycle.deadline)}前报送。"


def urge_departments(
    user: User, cycle: Cycle, departments: Iterable[Department], text: str, *, again: bool = False
) -> list[Urging]:
    """One record for each of ``departments`` that this person reviews and that has not reported yet.

    One that was reminded today already is passed over unless ``again``. ``text`` empty: the `suggested_text` one.
    """
    words = text.strip()[:LONGEST] or suggested_text(cycle)
    with transaction.atomic():
        wanted = departments_to_urge(user, cycle).filter(pk__in=[department.pk for department in departments])
        locked = list(wanted.select_for_update(of=("self",)).order_by("pk"))
        passed_over = set() if again else urged_today(cycle, locked)
        due = [department for department in locked if department.pk not in passed_over]
        notifications.notify_of_urging(cycle, due, user, words)
        return Urging.objects.bulk_create(
            Urging(cycle=cycle, department=department, text=words, urged_by=user) for department in due
        )


def urged_today(cycle: Cycle, departments: Iterable[Department]) -> set[int]:
    """The keys of those that were reminded today, by whomever."""
    midnight = timezone.make_aware(datetime.datetime.combine(timezone.localdate(), datetime.time()))
    today = Urging.objects.filter(cycle=cycle, department__in=list(departments), created_at__gte=midnight)
    return set(today.values_list("department", flat=True))


def last_urged(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Urging]:
    """The newest reminder of each (cycle, department), in one query however many there are."""
    wanted = set(pairs)
    found = Urging.objects.filter(cycle__in={cycle for cycle, _ in wanted}, department__in={pk for _, pk in wanted})
    newest = found.order_by("cycle_id", "department_id", "-created_at", "-pk").distinct("cycle_id", "department_id")
    return {(row.cycle_id, row.department_id): row for row in newest.select_related("urged_by")}
