"""Buttons of the workflow: each posts here, and `workflow.perform_move` alone decides."""

from __future__ import annotations

import uuid

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from declarations.models import Cycle, Declaration, Department, Role, StaleVersion
from declarations.people import permissions
from declarations.people.moves import LABELS
from declarations.reviewing import workflow
from declarations.sheet.table import LONGEST_TEXT, clean_text
from declarations.views.reviewing.detail import Attempt, detail_page, find_for_reader
from declarations.views.reviewing.explaining import keep_sent, posted_reasons
from declarations.views.reviewing.steps import done_in_words
from declarations.web.access import allow, signed_in
from declarations.web.parameters import whole_number

STATUS = {"role": 403, "own": 403, "done": 409, "state": 409, "stale": 409, "unanswered": 409}
"""HTTP status by the code of a refusal; what a person can mend on the page (comment, findings, time) is 422."""
LONGEST_VERSION = 9
NOW_FRESH = "下面已是最新内容，请核对后再办理。"


@signed_in
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: uuid.UUID, action: str) -> HttpResponse:
    """Takes a move and says so; a refused one shows the page with the reason and the comment as written."""
    if action not in LABELS:
        raise Http404("没有这一操作。")
    if request.method == "GET":  # the address of a refused move, loaded again
        return redirect("declarations:detail", pk=find_for_reader(request.user, pk).pk)
    try:
        event = take_move(request, pk, action)
    except Declaration.DoesNotExist as error:
        raise Http404("没有这份申报表。") from error
    except StaleVersion as stale:
        return refused_page(request, pk, action, workflow.MoveRefused(stale.code, stale.message, NOW_FRESH))
    except workflow.MoveRefused as refusal:
        if is_own_second_click(refusal, request.user):
            messages.info(request, str(refusal))
            return redirect("declarations:detail", pk=pk)
        return refused_page(request, pk, action, refusal)
    messages.success(request, done_in_words(event))
    return redirect("declarations:detail", pk=pk)


def is_own_second_click(refusal: workflow.MoveRefused, user) -> bool:
    """Whether the person finds their own move done: nothing went wrong, and nothing happened twice."""
    return isinstance(refusal, workflow.AlreadyDone) and refusal.who == user


def take_move(request: HttpRequest, pk: uuid.UUID, action: str):
    """Takes a move as a page of ours posts it; raises what `workflow.perform_move` raises."""
    keep_reasons(request, pk)
    version = whole_number(request.POST.get("version"), LONGEST_VERSION)
    if version is None:
        raise workflow.MoveRefused("stale", StaleVersion.message, StaleVersion.hint)
    comment = clean_text(request.POST.get("comment", ""))
    if len(comment) > LONGEST_TEXT:
        message = f"意见有 {len(comment):,} 字，最多 {LONGEST_TEXT:,} 字。"
        raise workflow.MoveRefused("comment", message, "请删减后再办理。")
    return workflow.perform_move(
        pk,
        action,
        request.user,
        version=version,
        comment=comment,
        code=request.POST.get("code", ""),
        source_address=get_adapter().get_client_ip(request),
    )


def keep_reasons(request: HttpRequest, pk: uuid.UUID) -> None:
    """Whatever becomes of the move, the reasons that were typed for it stay."""
    if posted_reasons(request):
        declaration = Declaration.objects.visible_to(request.user).with_names().filter(pk=pk).first()
        if declaration is not None:
            keep_sent(request, declaration)


def refused_page(request: HttpRequest, pk: uuid.UUID, action: str, refusal: workflow.MoveRefused) -> HttpResponse:
    attempt = Attempt(action, refusal, request.POST.get("comment", ""), posted_reasons(request))
    return detail_page(request, find_for_reader(request.user, pk), attempt, status=STATUS.get(refusal.code, 422))


@allow(Role.FILLER, Role.HEAD)
@require_POST
def start(request: HttpRequest, department: int, cycle: int) -> HttpResponse:
    """Begins the declaration of a department for a year; if somebody has begun it already, goes on with that."""
    home = get_object_or_404(Department.objects.visible_to(request.user), pk=department)
    year = get_object_or_404(Cycle.objects.visible_to(request.user), pk=cycle)
    declaration = Declaration.objects.filter(department=home, cycle=year).first()
    if declaration is None:
        if not permissions.may_start(request.user, home, year):
            raise PermissionDenied(f"{year}申报现在不能开始填报：不在申报时间内，或者您不是{home}的填报人。")
        declaration = begin_declaration(home, year, request.user)
    return redirect("declarations:fill", pk=declaration.pk)


def begin_declaration(department: Department, cycle: Cycle, user) -> Declaration:
    try:
        with transaction.atomic():
            return Declaration.objects.create(department=department, cycle=cycle, updated_by=user)
    except IntegrityError:  # two people began at the same moment; there is one declaration
        return Declaration.objects.get(department=department, cycle=cycle)
