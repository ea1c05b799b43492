"""Home of the reviewers: how far the year is, and the declarations or departments behind each figure."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from declarations.models import Cycle, Role, Round, StandIn
from declarations.notifying import urging
from declarations.notifying.workdays import calendar_of
from declarations.people import permissions
from declarations.people.moves import MOVES
from declarations.record import store
from declarations.reviewing import queue, unreported
from declarations.views.home import inbox, inbox_rows, missing
from declarations.views.home.department import current_cycles
from declarations.web.filters import InboxFilter
from declarations.web.keyset import KeysetPage, read_page
from declarations.web.parameters import year_number

PAGE_SIZE = 30


def review_part(user, params: QueryDict) -> dict[str, Any]:
    cycle = chosen_cycle(user, params.get("year", ""))
    if cycle is None:
        return {"cycle": None}
    filters = InboxFilter(params, user, cycle)
    cards, barred = inbox.inbox_cards(user, cycle, queue.reviewed_rows(user, cycle))
    is_second = Role.PERFORMANCE in permissions.active_roles(user)
    context = {
        "cycle": cycle,
        "filters": filters,
        "divisions": filters.divisions,
        "clear": inbox.inbox_address(filters.card, cycle),
        "cards": cards,
        "barred": barred if filters.card == "waiting" and filters.values["who"] == "me" else 0,
        "batches": batch_actions(user, cycle),
        "extends": is_second,
        "sets_checks": is_second,
        "stand_ins": list(running_stand_ins(user)),
    }
    return context | (missing_page if filters.card == "missing" else page_of)(filters, params)


def page_of(filters: InboxFilter, params: QueryDict) -> dict[str, Any]:
    user, cycle = filters.user, filters.cycle
    calendar = calendar_of(cycle.bureau_id)
    found = filters.apply(queue.reviewed_rows(user, cycle), calendar)
    page = read_page(store.with_reported(found), filters.order, params, PAGE_SIZE)
    return {"page": page, "listed": inbox_rows.inbox_lines(user, page.rows, cycle, calendar)}


def missing_page(filters: InboxFilter, params: QueryDict) -> dict[str, Any]:
    found = unreported.with_begun(filters.missing(), filters.cycle)
    page: KeysetPage = read_page(found, missing.ORDER, params, PAGE_SIZE)
    lines = unreported.missing_lines(page.rows, filters.cycle)
    return {"page": page, "missing": lines, "suggested": urging.suggested_text(filters.cycle)}


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
    if (number := year_number(year)) is not None:
        asked = Cycle.objects.visible_to(user).filter(year=number).select_related("bureau").first()
        return asked or next(iter(cycles.values()), None)
    return next(iter(cycles.values()), None)
