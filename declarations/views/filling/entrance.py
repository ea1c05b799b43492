"""How a view is entered in which somebody fills in: it finds its desk made, or is not reached at all.

`filling_desk` finds the declaration, turns away who may not edit it and answers requests that no page of ours
sends. Below it stand the answers that it gives.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, Role, State
from declarations.people import permissions
from declarations.record.moments import minute_in_words
from declarations.sheet.controls import NAME, Unusable
from declarations.sheet.official import get_edition
from declarations.web.access import user_of

AGAIN = "请用原来的账号在新窗口重新登录，本页会接着保存；您填写的内容没有丢失。"
Door = Callable[[HttpRequest, Declaration], HttpResponse | None]
"""What is answered where a declaration may not be edited; None: the view is entered all the same."""


def find_declaration(request: HttpRequest, pk: uuid.UUID) -> Declaration:
    """The declaration with its names; 404 where this person may not see it."""
    visible = Declaration.objects.visible_to(request.user).with_names().select_related("updated_by")
    declaration = visible.filter(pk=pk).first()
    if declaration is None:
        raise Http404("没有这份申报表，或者您无权查看。")
    return declaration


def desk_for(request: HttpRequest, pk: uuid.UUID) -> FillingDesk:
    """The desk of the person who asks, at what is stored now."""
    return FillingDesk(find_declaration(request, pk), user_of(request))


def is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def same_person(request: HttpRequest, data: Any) -> None:
    """A page belongs to whom it was drawn for. Raises `Unusable` where somebody else logged in meanwhile.

    ``data``: what the page sent, with the key of its ``person``, or without from a page that carries none.
    """
    person = data.get("person") if isinstance(data, dict) else None
    if person is not None and str(person) != str(request.user.pk):
        raise Unusable(f"这个浏览器现在登录的是“{request.user}”，不是填写本页的人，没有保存。{AGAIN}", status=409)


# --- doors -----------------------------------------------------------------------------------


def open_door(request: HttpRequest, declaration: Declaration) -> None:
    """Lets everybody in who sees the declaration; the view asks for itself what they may do."""


def closed_answer(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """409 for those who fill it in, while it is elsewhere; 403 for everybody else."""
    if permissions.roles_on(request.user, declaration) & Role.DECLARING:
        return refusal_answer(request, 409, "closed", why_closed(declaration), declaration)
    return refusal_answer(request, 403, "forbidden", "您没有填报这份申报表的权限。", declaration)


def detail_instead(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """Shows the declaration, and says why it cannot be edited; what is sent is refused as by `closed_answer`."""
    if request.method == "POST":
        return closed_answer(request, declaration)
    messages.info(request, why_closed(declaration))
    return redirect("declarations:detail", declaration.pk)


def detail_unless_sent(request: HttpRequest, declaration: Declaration) -> HttpResponse | None:
    """`detail_instead`, but what is sent goes to the view, which draws the page again with all that was decided."""
    return None if request.method == "POST" else detail_instead(request, declaration)


def filling_desk(door: Door = closed_answer) -> Callable:
    """Hands a view the `FillingDesk` of the declaration in its address, in the place of the key.

    404 where the person does not see the declaration; what ``door`` says where they may not edit it; for an
    `Unusable` request its own status.
    """

    def with_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def entered(request: HttpRequest, pk: uuid.UUID, **others: Any) -> HttpResponse:
            desk = desk_for(request, pk)
            answer = None if door is open_door or desk.may_edit else door(request, desk.declaration)
            if answer is not None:
                return answer
            try:
                return view(request, desk, **others)
            except Unusable as error:
                return refusal_answer(request, error.status, "unusable", str(error), desk.declaration)

        return entered

    return with_desk


# --- answers ---------------------------------------------------------------------------------


def why_closed(declaration: Declaration) -> str:
    """Why nobody can fill it in now, and what to do."""
    if declaration.state in State.WRITABLE:
        return f"现在不在{declaration.cycle}申报的填报时间内，这份申报表不能修改。如有特殊情况，请联系本财政局绩效科。"
    moment = minute_in_words(declaration.updated_at)
    state = State(declaration.state)
    return f"这份申报表已于{moment}转为“{state.label}”，不能再修改。{state.facts.closed}"


def refusal_answer(
    request: HttpRequest, status: int, code: str, message: str, declaration: Declaration, **more
) -> HttpResponse:
    """A refusal; as a page it shows the texts that were sent, so that none is lost."""
    if is_json(request):
        return JsonResponse({"error": code, "message": message} | more, status=status)
    context = {"message": message, "declaration": declaration, "typed": _typed(request, declaration)}
    return render(request, "declarations/filling/refused.html", context, status=status)


def _typed(request: HttpRequest, declaration: Declaration) -> list[tuple[str, str]]:
    """The texts of a posted page with their labels."""
    edition = get_edition(declaration.cycle.edition)
    found_texts = []
    for name in request.POST:
        text = str(request.POST[name])
        match = NAME.fullmatch(name)
        item = edition.grids[match[1]].column(match[3]) if match else edition.items.get(name)
        if item and text.strip():
            found_texts.append((item.label, text))
    return found_texts
