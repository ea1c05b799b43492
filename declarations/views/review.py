"""Whose turn it is: the declarations that wait for a reviewer, read from the table of moves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from declarations import permissions, workflow
from declarations.models import Declaration, Event, Role

AHEAD = "X-Review-Ahead"
"""The header of a page that is asked for before somebody opens it: it is looked at by nobody yet."""
PLACES = {Role.DIVISION: ("division", "division_id"), Role.PERFORMANCE: ("bureau", "bureau_id")}


def reviewed_places(user, prefix: str = "") -> Q:
    """The departments that a person reviews in any role; ``prefix`` leads to them."""
    condition = Q(pk__in=[])
    for membership in permissions.memberships(user):
        if membership.role in PLACES:
            name, key = PLACES[membership.role]
            condition |= Q(**{f"{prefix}{name}": getattr(membership, key)})
    return condition


def waiting_for(user) -> Q:
    """The declarations on which this person may decide now: those in the source of a reviewing move of theirs."""
    condition = Q(pk__in=[])
    for membership in permissions.memberships(user):
        states = {
            state
            for move in workflow.MOVES
            if move.reviews and move.is_due and membership.role in move.roles
            for state in move.sources
        }
        if states:
            name, key = PLACES[membership.role]
            condition |= Q(state__in=states, **{f"department__{name}": getattr(membership, key)})
    return condition


def reviews(user) -> bool:
    return bool(permissions.active_roles(user) & permissions.REVIEWING)


def with_waiting_since(declarations: QuerySet) -> QuerySet:
    """Each with ``since``: when it came into its present state."""
    last = Event.objects.filter(declaration=OuterRef("pk")).order_by("-created_at", "-pk")
    return declarations.annotate(since=Subquery(last.values("created_at")[:1]))


@dataclass(frozen=True)
class Queue:
    """Where a declaration stands among those of its year that wait for a reviewer, the longest waiting first.

    ``number`` counts from 1, 0 where it waits no more; ``before`` and ``after`` are keys, None where there is none.
    """

    number: int
    total: int
    before: uuid.UUID | None
    after: uuid.UUID | None


def queue_of(user, current: Declaration) -> Queue | None:
    """None for somebody who reviews nothing."""
    if not reviews(user):
        return None
    waiting = Declaration.objects.visible_to(user).filter(waiting_for(user), cycle=current.cycle)
    keys = list(waiting.order_by("updated_at", "pk").values_list("pk", flat=True))
    at = keys.index(current.pk) if current.pk in keys else -1
    return Queue(
        number=at + 1,
        total=len(keys),
        before=keys[at - 1] if at > 0 else None,
        after=keys[at + 1] if at + 1 < len(keys) else None,
    )
