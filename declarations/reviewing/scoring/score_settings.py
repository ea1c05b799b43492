"""How a year is scored: the points of each criterion, who has to score, what counts. Each change with its reason.

The measure freezes with the first confirmed sheet of the year: all departments are measured alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from declarations.models import Cycle, ScoreSetting, ScoreSheet, User

MEASURE = ("weights", "experts_count")
"""What cannot change once a sheet of the year is confirmed."""


class Frozen(Exception):
    """The measure would change after somebody was measured by it; nothing was written."""


def standing_settings(cycle: Cycle) -> ScoreSetting:
    """What is in force in a year; unsaved where nothing was ever set."""
    return ScoreSetting.history(cycle=cycle).first() or ScoreSetting.default(cycle)


def standing_settings_of(cycles: Iterable[int]) -> dict[int, ScoreSetting]:
    """What is in force, by key of the year, for those in which something was set: one query."""
    return {row.cycle_id: row for row in ScoreSetting.objects.filter(cycle__in=list(cycles)).newest()}


def is_frozen(cycle: Cycle) -> bool:
    return ScoreSheet.objects.confirmed().filter(declaration__cycle=cycle).exists()


@transaction.atomic
def change_settings(cycle: Cycle, user: User, reason: str, *, seen: int | None, **values: Any) -> ScoreSetting:
    """The next line of the history. ``values``: all of `ScoreSetting.VALUES`; ``seen``: the line the person saw.

    Raises `Unchanged`, `Frozen` or `Overtaken`, having written nothing.
    """
    changed = ScoreSetting.changes({"cycle": cycle}, values, seen=seen, first=ScoreSetting.default(cycle))
    if changed & set(MEASURE) and is_frozen(cycle):
        raise Frozen
    return ScoreSetting.objects.create(cycle=cycle, author=user, reason=reason, **values)


def lock_year(cycle: Cycle) -> None:
    """Until the end of the transaction no sheet of the year is confirmed and no setting changed by anybody else."""
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
