"""The lines of the inbox: what a reviewer wants to know of each before opening it. Only of the rows of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from declarations.comparing.differences import changed_rows, in_percent
from declarations.findings.context import last_years
from declarations.models import Cycle, Declaration, Membership, Role, State, User
from declarations.notifying.workdays import Calendar
from declarations.people import permissions
from declarations.reviewing import assigning, threads
from declarations.reviewing.queue import SLOW
from declarations.sheet.table import Table
from declarations.views.reviewing.finding_lists import Tally, finding_tallies


@dataclass(frozen=True)
class AgainstLastYear:
    """``percent``: 项目支出 against last year, None where there is none; ``rows``: tasks and
    indicators that differ, as on the comparison page (`differences.changed_rows`)."""

    percent: Decimal | None
    rows: int


@dataclass(frozen=True)
class InboxLine:
    """A line of the list. ``days``: working days in its present state; ``is_barred``: its reader had a hand in it."""

    declaration: Declaration
    tally: Tally
    change: AgainstLastYear | None
    comments: int
    handler: User | None
    days: int
    is_barred: bool
    is_mine: bool

    @property
    def is_slow(self) -> bool:
        return self.days > SLOW


def inbox_lines(user, rows: Sequence[Declaration], cycle: Cycle, calendar: Calendar) -> list[InboxLine]:
    """``rows``: of `queue.reviewed_rows`, read ahead by `store.with_reported`. The queries do not grow with them."""
    told, comments = finding_tallies(user, rows), threads.open_counts(rows)
    before, handlers = last_years(user, rows), handlers_of(rows)
    keys = [row.pk for row in rows]
    barred = set(permissions.with_hand_in(user).filter(pk__in=keys).values_list("pk", flat=True))
    today = timezone.localdate()
    return [
        InboxLine(
            row,
            tally=told[row.pk],
            change=change_against(permissions.readable_table(user, row), before.get(row.pk)),
            comments=comments.get(row.pk, 0),
            handler=handlers.get(row.pk),
            days=calendar.working_days_between(timezone.localdate(row.since), today),
            is_barred=row.pk in barred,
            is_mine=handlers.get(row.pk) == user,
        )
        for row in rows
    ]


def change_against(now: Table | None, before: Table | None) -> AgainstLastYear | None:
    """None where one of the two may not be read, or is not there."""
    if now is None or before is None:
        return None
    percent = in_percent(before.project_expenditure, now.project_expenditure)
    return AgainstLastYear(percent, changed_rows(before, now))


def handlers_of(rows: Iterable[Declaration]) -> Mapping[object, User]:
    """Who looks after each in the stage it is in, by its key; of those who still review somewhere."""
    wanted = {row.pk: getattr(row, assigning.COLUMNS[stage_of(row)]) for row in rows}
    today = timezone.localdate()
    held = Membership.objects.valid_on(today).filter(
        role__in=Role.REVIEWING, user__in={*wanted.values()}, user__is_active=True
    )
    people = {item.user_id: item.user for item in held.select_related("user")}
    return {pk: people[key] for pk, key in wanted.items() if key in people}


def stage_of(declaration: Declaration) -> Role:
    state = State(declaration.state)
    if state.reviewer:
        return Role(state.reviewer)
    return Role.PERFORMANCE if state in State.PASSED else Role.DIVISION
