"""Reminders by the calendar: departments that have not reported as the deadline comes near, reviewers with whom
something has waited for long. Each is written once, whoever runs this how often: what was missed while no worker ran
is caught up, and of two workers that run at once one writes.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from declarations.models import (
    Bureau,
    Cycle,
    Declaration,
    Department,
    Event,
    Membership,
    Notice,
    NoticeKind,
    Role,
    State,
    User,
)
from declarations.models.cycle import Limit
from declarations.notifying import notifications
from declarations.notifying.notifications import Word
from declarations.notifying.workdays import Calendar, calendar_of
from declarations.people import permissions
from declarations.record.moments import day_in_words, minute_in_words

MORNING = datetime.time(8, 30)
"""Nobody is reminded before, nor on a day off."""


def write_reminders(now: datetime.datetime | None = None) -> int:
    """Writes the reminders that are due, of every bureau; how many there were to write."""
    now = now or timezone.now()
    return sum(_remind(bureau, now) for bureau in Bureau.objects.filter(pk__in=Cycle.objects.values("bureau")))


def _remind(bureau: Bureau, now: datetime.datetime) -> int:
    calendar = calendar_of(bureau)
    if not is_time(calendar, now):
        return 0
    cycles = Cycle.objects.filter(bureau=bureau, opens_at__lte=now)
    return sum(remind_departments(cycle, calendar, now) + remind_reviewers(cycle, calendar, now) for cycle in cycles)


def is_time(calendar: Calendar, now: datetime.datetime) -> bool:
    """On a working day, from the morning on."""
    here = timezone.localtime(now)
    return here.time() >= MORNING and calendar.is_working_day(here.date())


# --- departments -------------------------------------------------------------------------------


def remind_departments(cycle: Cycle, calendar: Calendar, now: datetime.datetime) -> int:
    """One reminder for each step that a department has come to; of several missed ones the last."""
    if not cycle.remind_before:
        return 0
    late = list(Department.objects.unreported(cycle))
    until = cycle.until_for([one.pk for one in late])
    told = set(Notice.objects.filter(cycle=cycle, kind=NoticeKind.DEADLINE).values_list("key", flat=True).distinct())
    words = (_word(cycle, calendar, one, until[one.pk], now) for one in late)
    new = [word for word in words if word and word.key not in told]
    return notifications.tell_departments(NoticeKind.DEADLINE, cycle, new) if new else 0


def _word(cycle: Cycle, calendar: Calendar, department: Department, limit: Limit, now) -> Word | None:
    step = step_of(cycle, calendar, limit, now)
    if step is None:
        return None
    last, today = timezone.localdate(limit.until), timezone.localdate(now)
    left = calendar.working_days_between(today, last)
    how_long = f"还有 {left} 个工作日" if left else "就在今天"
    text = f"{department}{cycle}申报表尚未报送，{minute_in_words(limit.until)}截止，{how_long}。"
    return Word(department, text, limit.until, f"deadline:{cycle.pk}:{department.pk}:{last}:{step}")


def step_of(cycle: Cycle, calendar: Calendar, limit: Limit, now: datetime.datetime) -> int | None:
    """How many working days before the deadline the newest step was; None before the first and after the deadline.

    Steps that fall before the time began, or on its first day, are passed over: it was just announced.
    """
    if now > limit.until:
        return None
    today, last, first = (timezone.localdate(one) for one in (now, limit.until, limit.since))
    return min((step for step in cycle.remind_before if first < calendar.before(last, step) <= today), default=None)


# --- reviewers ---------------------------------------------------------------------------------


def remind_reviewers(cycle: Cycle, calendar: Calendar, now: datetime.datetime) -> int:
    """One reminder for each declaration that waits with a reviewer for more working days than the year allows."""
    if not cycle.remind_reviewers_after:
        return 0
    waiting = list(_waiting(cycle, calendar.before(timezone.localdate(now), cycle.remind_reviewers_after)))
    people, barred = _reviewers(cycle.bureau_id), permissions.hands_in(waiting)
    return notifications.write_notices(
        notifications.new_notice(
            person,
            NoticeKind.WAITING,
            f"{one.department}{cycle}申报表自{day_in_words(one.since)}起等待审核，"
            f"已超过 {cycle.remind_reviewers_after} 个工作日。",
            department=one.department,
            cycle=cycle,
            declaration=one,
            event_id=one.last,
            key=f"waiting:{one.last}",
        )
        for one in waiting
        for person in people[_desk(one)]
        if person.pk not in barred[one.pk]
    )


def _waiting(cycle: Cycle, day: datetime.date) -> QuerySet:
    """What came to a reviewer before ``day``, by the move ``last``, and nobody was reminded of yet."""
    last = Event.objects.filter(declaration=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = Declaration.objects.filter(cycle=cycle, state__in=State.UNDER_REVIEW, is_imported=False)
    rows = rows.annotate(last=Subquery(last.values("pk")[:1]), since=Subquery(last.values("created_at")[:1]))
    told = Notice.objects.filter(kind=NoticeKind.WAITING, event=OuterRef("last"))
    return rows.filter(~Exists(told), since__date__lt=day).select_related("department")


def _desk(declaration: Declaration) -> tuple[str, int | None]:
    """Where a declaration lies: with a division, or with the performance reviewers of the bureau."""
    role = Role(State(declaration.state).reviewer or Role.DIVISION)
    return role, getattr(declaration.department, permissions.PLACES[role][1])


def _reviewers(bureau: int) -> dict[tuple[str, int | None], list[User]]:
    held = Membership.objects.valid_on(timezone.localdate()).of_bureaus([bureau]).filter(user__is_active=True)
    found: dict[tuple[str, int | None], dict[int, User]] = defaultdict(dict)
    for one in held.filter(role__in=Role.REVIEWING).select_related("user__notice_preference"):
        found[(one.role, one.division_id or one.bureau_id)][one.user_id] = one.user
    return defaultdict(list, {desk: list(people.values()) for desk, people in found.items()})
