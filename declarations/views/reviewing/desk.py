"""The foot of the page under review: how far one is, whose task it is, and handing it to a colleague."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from declarations.models import Assignment, Declaration, Event, Role, User
from declarations.people.moves import DECIDING
from declarations.reviewing import assigning
from declarations.reviewing.queue import Queue
from declarations.reviewing.refusals import MoveRefused
from declarations.web.access import allow
from declarations.web.parameters import plain_text, whole_number

SHOWN = 50


@dataclass(frozen=True)
class Desk:
    """``done`` of ``total``: what one decided this year, of that and what still waits for one.

    ``handler``: whose task it is, None: of all who review it. ``takers``: to whom it may be handed. ``handed``: by
    whom it was handed to whom, the latest first.
    """

    done: int
    total: int
    handler: User | None
    is_mine: bool
    may_hand_over: bool
    takers: list[User]
    handed: list[Assignment]


def desk_of(user, declaration: Declaration, queue: Queue | None) -> Desk | None:
    """None for somebody who does not review this declaration."""
    role = assigning.stage_of(user, declaration)
    if role is None or queue is None:
        return None
    done, may = decided_count(user, declaration, queue), assigning.may_hand_over(user, declaration)
    handler = assigning.handler_of(declaration, role)
    handed = Assignment.objects.visible_to(user).filter(declaration=declaration)
    return Desk(
        done=done,
        total=done + queue.total,
        handler=handler,
        is_mine=handler == user,
        may_hand_over=may,
        takers=assigning.possible_takers(user, declaration, role) if may else [],
        handed=list(handed.select_related("reviewer", "assigned_by")[:SHOWN]),
    )


def decided_count(user, declaration: Declaration, queue: Queue) -> int:
    """How many of the year a person decided, but for those that wait for them again."""
    mine = Event.objects.filter(actor=user, action__in=DECIDING, declaration__cycle=declaration.cycle_id)
    return mine.exclude(declaration__in=queue.keys).values("declaration").distinct().count()


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_POST
def hand_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """``to``: the key of a colleague; ``reason``: why."""
    key, reason = whole_number(request.POST.get("to")), plain_text(request.POST.get("reason"), 1000)
    return back_with_message(request, pk, lambda one: assigning.hand_over(request.user, one, key, reason), "已转办")


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_POST
def take_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return back_with_message(request, pk, lambda one: assigning.take_over(request.user, one), "已转由您经办")


def back_with_message(
    request: HttpRequest, pk: uuid.UUID, assign: Callable[[Declaration], Assignment], done: str
) -> HttpResponse:
    """Back on the page, with what happened or why nothing did."""
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    try:
        made = assign(declaration)
    except MoveRefused as refused:
        messages.error(request, f"{refused}{refused.hint}")
    else:
        messages.success(request, f"{done}：{declaration}，经办人{made.reviewer}。")
    return redirect("declarations:detail", pk=pk)
