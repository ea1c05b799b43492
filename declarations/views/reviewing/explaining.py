"""Reasons for doubts as pages post them: one each, or one for all of a check; kept before anything else happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from declarations.checks import CATALOGUE
from declarations.findings import explanations
from declarations.findings.doubts import Doubt, DoubtGroup, doubts_of, group_doubts, split_key
from declarations.findings.examination import Examined, examine
from declarations.models import Declaration, Role
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.table import LONGEST_TEXT, clean_text
from declarations.views.filling.entrance import find_declaration, why_closed
from declarations.web.access import allow

REASON, COMMON = "reason:", "common:"
"""Beginnings of the names of controls: for one doubt by its key, for all of a check by its code."""


def posted_reasons(request: HttpRequest) -> dict[str, str]:
    """The reasons in a request, by the name of their control; an empty one was emptied."""
    named = {clean_text(name): clean_text(text) for name, text in request.POST.items()}
    return {name: text[:LONGEST_TEXT] for name, text in named.items() if name.startswith((REASON, COMMON))}


def answered_doubts(doubts: Iterable[Doubt], texts: Mapping[str, str]) -> dict[str, str]:
    """What ``texts`` say of each doubt, by its key: its own reason before the common one.

    A reason for a doubt that is no longer there is kept too: it may come back.
    """
    said = {key: text for name, text in texts.items() if text and (key := _known(name))}
    for doubt in doubts:
        own, common = texts.get(REASON + doubt.key), texts.get(COMMON + doubt.problem.code)
        if own is not None or common is not None:
            said[doubt.key] = own or common or ""
    return said


def _known(name: str) -> str:
    """The key in the name of a control for one doubt; empty for anything else."""
    key = name.removeprefix(REASON) if name.startswith(REASON) else ""
    return key if split_key(key)[0] in CATALOGUE else ""


def doubts_for_page(examined: Examined, reasons: Mapping[str, str], texts: Mapping[str, str]) -> list[DoubtGroup]:
    """The doubts with the ``reasons`` given, and over them what was just typed, whether it could be kept or not."""
    typed = answered_doubts(doubts_of(examined.table, examined.problems, reasons), texts)
    return group_doubts(doubts_of(examined.table, examined.problems, {**reasons, **typed}))


def keep_sent(request: HttpRequest, declaration: Declaration) -> None:
    """Keeps the reasons in a request, where this person may give them now."""
    texts = posted_reasons(request)
    if texts and permissions.may_explain(request.user, declaration):
        table = store.table_of(declaration)
        doubts = doubts_of(table, examine(declaration, table).problems, {})
        explanations.keep_reasons(declaration, request.user, answered_doubts(doubts, texts))


def missing_reasons(declaration: Declaration) -> dict[str, int]:
    """How many doubts of each check have no reason yet."""
    examined = examine(declaration, store.table_of(declaration))
    return {
        group.code: group.missing for group in doubts_for_page(examined, explanations.standing_reasons(declaration), {})
    }


@allow(Role.FILLER, Role.HEAD)
@require_POST
def keep(request: HttpRequest, pk) -> HttpResponse:
    """Keeps reasons while they are typed; sends nothing on."""
    declaration = find_declaration(request, pk)
    if not permissions.roles_on(request.user, declaration) & Role.DECLARING:
        raise Http404("没有这份申报表，或者您无权填报。")
    is_open = permissions.may_explain(request.user, declaration)
    keep_sent(request, declaration)
    said = f"说明已保存 {timezone.localtime():%H:%M:%S}" if is_open else why_closed(declaration)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"said": said, "missing": missing_reasons(declaration)}, status=200 if is_open else 409)
    messages.add_message(request, messages.SUCCESS if is_open else messages.ERROR, said)
    return redirect("declarations:fill_check", pk)
