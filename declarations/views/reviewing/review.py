"""Whose turn it is: the declarations that wait for a reviewer, read from the table of moves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from declarations.models import Declaration, Membership, Role, State
from declarations.people import permissions
from declarations.people.moves import MOVES
from declarations.reviewing import assigning

AHEAD = "X-Review-Ahead"
"""The header of a page that is asked for before somebody opens it: it is looked at by nobody yet."""


def waiting_for(user) -> Q:
    """The declarations on which somebody in this person's roles may decide now: a reviewing move starts there."""
    condition = Q(pk__in=[])
    for membership, states in due_memberships(user):
        name, key = permissions.PLACES[membership.role]
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
