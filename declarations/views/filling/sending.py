"""The last look before a declaration leaves the person's hands: everything that was found, then the move."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.filling.bringing import copying
from declarations.filling.desk import FillingDesk
from declarations.filling.forms import page_of
from declarations.findings import explanations
from declarations.findings.doubts import DoubtGroup
from declarations.findings.examination import Examined, examine
from declarations.models import Declaration, Role, StaleVersion
from declarations.people import permissions
from declarations.people.moves import LABELS
from declarations.reviewing import workflow
from declarations.sheet.problems import Severity
from declarations.views.filling.answers import page_context
from declarations.views.filling.brought import brought_values
from declarations.views.filling.entrance import desk_for, filling_desk, open_door
from declarations.views.reviewing.commenting import comment_board
from declarations.views.reviewing.explaining import doubts_for_page, posted_reasons
from declarations.views.reviewing.moves import is_own_second_click, take_move
from declarations.views.reviewing.steps import done_in_words
from declarations.web.access import allow

UNCONFIRMED = "有 {count} 处从往年申报表或文件带入的内容还没有确认。"
UNCONFIRMED_HINT = "请逐项核对，或勾选“我已核对”后再提交。"


@allow(Role.FILLER, Role.HEAD)
@require_http_methods(["GET", "POST"])
@never_cache
@filling_desk(open_door)
def before_sending(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """All findings at once, and the move that sends the table on where none of them blocks."""
    key = desk.declaration.pk
    if not permissions.roles_on(desk.user, desk.declaration) & Role.DECLARING:
        return redirect("declarations:detail", key)
    if request.method == "GET":
        return _page(request, desk)
    try:
        return _send(request, desk)
    except (workflow.MoveRefused, StaleVersion) as refused:
        return _page(request, desk_for(request, key), refused)


def _page(request: HttpRequest, desk: FillingDesk, refused: Exception | None = None) -> HttpResponse:
    declaration, table = desk.declaration, desk.table
    examined = examine(declaration, table)
    moves = [move for move in workflow.available_moves(request.user, declaration) if move.runs_checks]
    asked = _asked(request, declaration, examined)
    # doubts stand with their reasons, below the list of all else
    listed = [problem for problem in examined.problems if not (asked and problem.severity is Severity.WARNING)]
    fill_page = reverse("declarations:fill", args=[declaration.pk])
    context = page_context(declaration, page_of(table, listed, context=examined.context), examined) | {
        "doubt_groups": asked,
        "doubts": sum(len(group.doubts) for group in asked),
        "may_explain": permissions.may_explain(request.user, declaration),
        "unexplained": isinstance(refused, workflow.Unexplained),
        "moves": moves,
        "effects": [move.effect for move in moves],
        "may_edit": desk.may_edit,
        "refused": refused,
        "board": comment_board(request.user, declaration, table, link=f"{fill_page}#"),
        "brought": brought_values(declaration, desk),
    }
    return render(request, "declarations/filling/check.html", context, status=409 if refused else 200)


def _asked(request: HttpRequest, declaration: Declaration, examined: Examined) -> list[DoubtGroup]:
    """The doubts for which reasons are asked now; those just typed are shown even where they could not be kept."""
    typed = posted_reasons(request)
    if not typed and not permissions.may_explain(request.user, declaration):
        return []
    return doubts_for_page(examined, explanations.standing_reasons(declaration), typed)


def confirm_brought(request: HttpRequest, desk: FillingDesk) -> None:
    """Brought values that are still 未确认 hold a table back until the person says that they looked at them."""
    waiting = copying.unconfirmed_values(desk.declaration, desk.texts)
    if not waiting:
        return
    if request.POST.get("brought") != "read":
        raise workflow.MoveRefused("brought", UNCONFIRMED.format(count=len(waiting)), UNCONFIRMED_HINT)
    copying.confirm_values(desk.declaration, None, desk.user)


def _send(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """Takes the move. The same person's second click finds it taken, and is told so instead of refused."""
    action = request.POST.get("action", "")
    if action not in LABELS:
        raise Http404("没有这一操作。")
    confirm_brought(request, desk)
    try:
        messages.success(request, done_in_words(take_move(request, desk.declaration.pk, action)))
    except workflow.AlreadyDone as already:
        if not is_own_second_click(already, request.user):
            raise
        messages.info(request, str(already))
    return redirect("declarations:detail", desk.declaration.pk)
