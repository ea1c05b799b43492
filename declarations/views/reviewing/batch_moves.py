"""One decision for many declarations: those that are clean, listed for confirmation, each with its own result."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from declarations.models import Declaration, Role, StaleVersion
from declarations.notifying.workdays import calendar_of
from declarations.people import permissions
from declarations.people.moves import MOVES, Move
from declarations.record import store
from declarations.reviewing import threads, workflow
from declarations.reviewing.queue import with_waiting_since
from declarations.reviewing.scoring import grades
from declarations.views.home.review import chosen_cycle
from declarations.views.reviewing.finding_lists import Tally, finding_tallies
from declarations.web.access import allow

FOR_MANY = [row.action for row in MOVES if row.for_many]
MOST = 100
"""Declarations of one batch: each is a transaction of its own, and the person waits for all of them."""
CHOICE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,9})")


@dataclass(frozen=True)
class BatchCandidate:
    """A declaration that could be moved. ``hindrance``: why not with others at once; empty where nothing is open.

    ``days``: working days in its present state, as in the inbox.
    """

    declaration: Declaration
    tally: Tally
    hindrance: str
    days: int

    @property
    def choice(self) -> str:
        """What is posted for it: the version is that of the text that was listed."""
        return f"{self.declaration.pk}:{self.declaration.version}"


@dataclass(frozen=True)
class BatchOutcome:
    declaration: Declaration
    done: bool
    words: str


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """``?action=``: a GET lists, a POST without ``confirmed`` asks once more, with it moves each one for itself."""
    asked = request.GET.get("action", "")
    action = next(one for one in (asked, *FOR_MANY) if moves_of(request.user, one))
    moves = moves_of(request.user, action)
    cycle = chosen_cycle(request.user, request.GET.get("year", ""))
    context: dict[str, Any] = {"move": moves[0], "cycle": cycle, "effect": moves[0].effect, "most": MOST}
    if request.method == "POST":
        chosen = dict(
            CHOICE.fullmatch(text).groups() for text in request.POST.getlist("choice") if CHOICE.fullmatch(text)
        )
        if chosen and "confirmed" in request.POST:
            context["outcomes"] = take_all(request, action, chosen)
            return render(request, "declarations/reviewing/batch_result.html", context)
        listed = batch_candidates(request.user, moves, Declaration.objects.filter(pk__in=list(chosen)))
        context["chosen"] = [one for one in listed if not one.hindrance]
        context["nothing"] = not context["chosen"]
    if not context.get("chosen"):
        context["candidates"] = batch_candidates(request.user, moves, Declaration.objects.filter(cycle=cycle))
        context["any_clean"] = any(not one.hindrance for one in context["candidates"])
    return render(request, "declarations/reviewing/batch.html", context)


def moves_of(user, action: str) -> list[Move]:
    """The rows of the table by which a person takes this action."""
    roles = permissions.active_roles(user)
    return [row for row in MOVES if row.action == action and row.for_many and row.role_of(roles)]


def batch_candidates(user, moves: Sequence[Move], declarations: QuerySet) -> list[BatchCandidate]:
    """Those in a source of the move in this person's places, the longest waiting first; at most 200."""
    within = Q(pk__in=[])
    for move in moves:
        for membership in permissions.memberships_of(user):
            if membership.role in move.roles:
                name, key = permissions.PLACES[membership.role]
                within |= Q(state__in=move.sources, **{f"department__{name}": getattr(membership, key)})
    rows = list(with_waiting_since(store.with_reported(declarations.filter(within))).order_by("since", "pk")[:200])
    barred = set(permissions.with_hand_in(user).values_list("pk", flat=True))
    told, commented = finding_tallies(user, rows), threads.open_counts(rows)
    graded = grades.hindrances_to(rows, moves[0].action, user)
    waited = waited_by(rows)
    return [
        BatchCandidate(
            row,
            told[row.pk],
            batch_hindrance(row, told[row.pk], barred, moves)
            or remarks_on(commented.get(row.pk, 0))
            or graded.get(row.pk, "").rstrip("。"),
            days=waited[row.pk],
        )
        for row in rows
    ]


def waited_by(rows: Sequence[Declaration]) -> dict[uuid.UUID, int]:
    """Working days in the present state, by key: by the calendar of each one's bureau, read once."""
    bureaus = {row.department.bureau_id for row in rows}
    calendars, today = {bureau: calendar_of(bureau) for bureau in bureaus}, timezone.localdate()
    return {
        row.pk: calendars[row.department.bureau_id].working_days_between(timezone.localdate(row.since), today)
        for row in rows
    }


def remarks_on(count: int) -> str:
    return f"有 {count} 条未解决的审核意见，请逐份审核" if count else ""


def batch_hindrance(declaration: Declaration, found: Tally, barred: set[uuid.UUID], moves: Iterable[Move]) -> str:
    if declaration.pk in barred:
        return "您参与过填报或审定，请由其他审核人员办理"
    if why_not := next((words for move in moves if (words := move.unless(declaration))), ""):
        return why_not.rstrip("。")
    if found.errors or found.warnings:
        return f"有 {found.errors + found.warnings} 处检查提示，请逐份审核"
    return ""


def take_all(request: HttpRequest, action: str, chosen: dict[str, str]) -> list[BatchOutcome]:
    """Each in a transaction of its own: one that is refused keeps no other from being moved."""
    visible = Declaration.objects.visible_to(request.user).with_names()
    rows = visible.filter(pk__in=list(chosen)[:MOST]).order_by("department__pinyin", "pk")
    return [take_for_one(request, action, row, int(chosen[str(row.pk)])) for row in rows]


def take_for_one(request: HttpRequest, action: str, declaration: Declaration, version: int) -> BatchOutcome:
    if words := remarks_on(threads.open_counts([declaration]).get(declaration.pk, 0)):
        return BatchOutcome(declaration, False, words)
    address = get_adapter().get_client_ip(request)
    try:
        event = workflow.perform_move(declaration.pk, action, request.user, version=version, source_address=address)
    except workflow.MoveRefused as refused:
        return BatchOutcome(declaration, False, f"{refused}{refused.hint}")
    except StaleVersion as stale:
        return BatchOutcome(declaration, False, f"{stale.message}请打开核对后单独办理。")
    return BatchOutcome(declaration, True, f"已转为“{event.get_to_state_display()}”")
