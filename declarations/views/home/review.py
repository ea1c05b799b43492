"""Home of the reviewers: how far the year is, and the declarations or departments behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from declarations.models import Cycle, Division, Role, Round, StandIn
from declarations.notifying import urging
from declarations.notifying.workdays import Calendar, calendar_of
from declarations.people import permissions
from declarations.people.moves import MOVES
from declarations.record import store
from declarations.views.home import inbox, inbox_rows, missing
from declarations.views.home.department import current_cycles
from declarations.web.keyset import KeysetPage, read_page

PAGE_SIZE = 30


def review_part(user, params: QueryDict) -> dict[str, Any]:
    cycle = chosen_cycle(user, params.get("year", ""))
    if cycle is None:
        return {"cycle": None}
    wanted, mine = inbox.InboxFilters.read(params), inbox.reviewed_rows(user, cycle)
    cards, barred = inbox.inbox_cards(user, cycle, mine)
    is_second = Role.PERFORMANCE in permissions.active_roles(user)
    context = {
        "cycle": cycle,
        "wanted": wanted,
        "cards": cards,
        "barred": barred if wanted.show == "waiting" and wanted.who == "me" else 0,
        "batches": batch_actions(user, cycle),
        "extends": is_second,
        "sets_checks": is_second,
        "stand_ins": list(running_stand_ins(user)),
        "slow": inbox.SLOW,
    }
    context |= filter_choices(user, cycle, wanted)
    calendar = calendar_of(cycle.bureau_id)
    return context | (missing_page if wanted.show == "missing" else page_of)(user, cycle, wanted, params, calendar)


def filter_choices(user, cycle: Cycle, wanted: inbox.InboxFilters) -> dict[str, Any]:
    """What the filters offer."""
    all_divisions = Role.PERFORMANCE in permissions.active_roles(user)
    return {
        "sorts": inbox.SORTS,
        "who": inbox.WHO,
        "states": inbox.states_of(user, wanted.show),
        "rounds": inbox.rounds_of(cycle),
        "divisions": list(Division.objects.visible_to(user).filter(bureau=cycle.bureau_id)) if all_divisions else [],
    }


def page_of(user, cycle: Cycle, wanted: inbox.InboxFilters, params: QueryDict, calendar: Calendar) -> dict[str, Any]:
    found = wanted.apply(user, inbox.reviewed_rows(user, cycle), calendar)
    page = read_page(store.with_reported(found), wanted.order, params, PAGE_SIZE)
    return {"page": page, "listed": inbox_rows.inbox_lines(user, page.rows, cycle, calendar)}


def missing_page(
    user, cycle: Cycle, wanted: inbox.InboxFilters, params: QueryDict, calendar: Calendar
) -> dict[str, Any]:
    found = missing.with_begun(missing.missing_departments(user, cycle, wanted), cycle)
    page: KeysetPage = read_page(found, missing.ORDER, params, PAGE_SIZE)
    return {"page": page, "missing": missing.missing_lines(page.rows, cycle), "suggested": urging.suggested_text(cycle)}


def running_stand_ins(user):
    """Whom a person stands in for today, and who stands in for them."""
    running = StandIn.objects.visible_to(user).running_on(timezone.localdate())
    return [
        row for row in running.select_related("reviewer", "stand_in") if user.pk in (row.reviewer_id, row.stand_in_id)
    ]


def batch_actions(user, cycle: Cycle) -> list[tuple[str, str]]:
    """The actions that this person may take for many at once: (action, label)."""
    roles = permissions.active_roles(user)
    wanted = [row for row in MOVES if row.for_many and (row.is_due or cycle.round == Round.SECOND)]
    return [(row.action, row.label) for row in wanted if row.role_of(roles)]


def chosen_cycle(user, year: str) -> Cycle | None:
    """The year asked for, else the one that the person's first bureau works on."""
    cycles = current_cycles(Cycle.objects.visible_to(user).values_list("bureau", flat=True))
    if year.isascii() and year.isdigit() and len(year) == 4:
        asked = Cycle.objects.visible_to(user).filter(year=int(year)).select_related("bureau").first()
        return asked or next(iter(cycles.values()), None)
    return next(iter(cycles.values()), None)
