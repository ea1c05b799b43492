"""What waits for a reviewer: whose turn it is, read from the table of moves, and the lists behind the inbox's cards."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from declarations.models import Cycle, Declaration, Membership, Role, State
from declarations.notifying.urging import departments_to_urge, due_departments
from declarations.notifying.workdays import Calendar
from declarations.people import permissions
from declarations.people.moves import MOVES
from declarations.reviewing import assigning

SLOW = 5
"""Working days after which a declaration counts as waiting too long."""


def waiting_for(user) -> Q:
    """The declarations on which somebody in this person's roles may decide now: a reviewing move starts there."""
    condition = Q(pk__in=[])
    for membership, states in due_memberships(user):
        name, key = permissions.PLACES[Role(membership.role)]
        condition |= Q(state__in=states, **{f"department__{name}": getattr(membership, key)})
    return condition


def due_memberships(user) -> Iterator[tuple[Membership, set[State]]]:
    """Each reviewing membership of a person, own or lent, with the states that wait for it."""
    for membership in permissions.memberships_of(user):
        moves = [row for row in MOVES if row.reviews and row.is_due and membership.role in row.roles]
        if moves:
            yield membership, {state for row in moves for state in row.sources}


def task_of(user) -> Q:
    """Of declarations `assigning.with_handlers`: those that wait for this very person, assigned to no colleague,
    and nothing that they had a hand in."""
    condition = Q(pk__in=[])
    for membership, states in due_memberships(user):
        condition |= Q(state__in=states) & assigning.is_task_by(membership, user)
    return condition & ~permissions.hand_in(user)


def reviews_somewhere(user) -> bool:
    return bool(permissions.active_roles(user) & Role.REVIEWING)


def with_waiting_since(declarations: QuerySet) -> QuerySet:
    """Each with ``since``: when it came into its present state.

    Nobody writes a declaration while the bureau has it, and the moment of a return is kept of its own.
    """
    return declarations.annotate(since=Coalesce("returned_at", "updated_at"))


@dataclass(frozen=True)
class Queue:
    """Where a declaration stands among those of its year that wait for a reviewer, the longest waiting first.

    ``number`` counts from 1, 0 where it waits no more; ``before`` and ``after`` are keys, None where there is none;
    ``keys``: all of them in order.
    """

    number: int
    total: int
    before: uuid.UUID | None
    after: uuid.UUID | None
    keys: list[uuid.UUID] = field(default_factory=list)


def queue_of(user, current: Declaration) -> Queue | None:
    """None for somebody who reviews nothing."""
    if not reviews_somewhere(user):
        return None
    year = Declaration.objects.visible_to(user).filter(cycle=current.cycle)
    waiting = assigning.with_handlers(year).filter(task_of(user))
    keys = list(waiting.order_by("updated_at", "pk").values_list("pk", flat=True))
    at = keys.index(current.pk) if current.pk in keys else -1
    return Queue(
        number=at + 1,
        total=len(keys),
        before=keys[at - 1] if at > 0 else None,
        after=keys[at + 1] if at + 1 < len(keys) else None,
        keys=keys,
    )


# --- the lists behind the inbox's cards ------------------------------------------------------


def reviewed_rows(user, cycle: Cycle) -> QuerySet:
    """The declarations of a year in a person's places, with ``since``: when each came into its present state."""
    mine = Declaration.objects.visible_to(user).filter(permissions.reviewed_places(user, "department__"), cycle=cycle)
    return with_waiting_since(assigning.with_handlers(mine))


def rows_behind_card(user, show: str) -> Q:
    """The declarations that a card counts: those ``waiting``, ``returned`` or ``approved``."""
    if show == "waiting":
        return task_of(user)
    return Q(state=State.RETURNED) if show == "returned" else Q(state__in=passed_by(user))


def listed_rows(user, show: str, who: str) -> Q:
    """The card's own rows (``who`` usual), or those beside them that colleagues look after or have to decide.

    ``who``: me, others or all.
    """
    rows = rows_behind_card(user, show)
    if show != "waiting":
        return rows if who == "all" else rows & owned_rows(user, who)
    everybodys = waiting_for(user)
    return {"me": rows, "others": everybodys & ~rows, "all": everybodys}[who]


def usual_owner(show: str) -> str:
    """Whose rows a card counts: what waits for oneself, of all else everybody's."""
    return "me" if show == "waiting" else "all"


def owned_rows(user, who: str) -> Q:
    condition = Q(pk__in=[])
    for membership in permissions.memberships_of(user):
        if membership.role in permissions.PLACES:
            condition |= assigning.is_task_by(membership, user)
    return condition if who == "me" else ~condition


def passed_by(user) -> set[State]:
    """The states of what this reviewer needs to look at no more: a division is done before the bureau is."""
    waiting = {state for state in State.UNDER_REVIEW if state.reviewer in permissions.active_roles(user)}
    return set(State.PASSED) - waiting


def counts_of(user, cycle: Cycle, mine: QuerySet) -> dict[str, int]:
    """How many rows each card has, in two queries.

    ``due``: the departments that declare; ``barred``: how many more wait on which this person may not decide.
    ``mine``: what is `reviewed_rows`.
    """
    cards = {show: Count("pk", filter=rows_behind_card(user, show)) for show in ("waiting", "returned", "approved")}
    counts = mine.aggregate(**cards, barred=Count("pk", filter=waiting_for(user) & permissions.hand_in(user)))
    missing = Count("pk", filter=Q(pk__in=departments_to_urge(user, cycle).values("pk")))
    return counts | due_departments(user, cycle).aggregate(due=Count("pk"), missing=missing)


def slow_since(calendar: Calendar) -> datetime.datetime:
    """What came before this moment has waited for more than `SLOW` working days today."""
    today = timezone.localdate()
    day = today
    while calendar.working_days_between(day, today) <= SLOW:
        day -= datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def states_of(user, show: str) -> list[State]:
    """The states between which one can choose in a list."""
    reviews_several = len(permissions.active_roles(user) & Role.REVIEWING) > 1
    states = {
        "waiting": State.UNDER_REVIEW if reviews_several else (),
        "returned": (),
        "approved": passed_by(user),
        "missing": State.UNREPORTED,
    }[show]
    return [state for state in State if state in states]
