"""The fill page: the form and its saving."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from declarations.filling import drafts, posted
from declarations.filling.changes import Changes
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.filling.forms import page_of
from declarations.findings.examination import examine
from declarations.models import Declaration, Role, StaleVersion
from declarations.notifying import notifications
from declarations.sheet.controls import NAME, Unusable
from declarations.sheet.table import Table
from declarations.views.filling.answers import clock_of, form_page, stale_answer
from declarations.views.filling.entrance import detail_instead, filling_desk, is_json, same_person
from declarations.web.access import allow
from declarations.web.parameters import MALFORMED

REFUSED = "有 {count} 处内容没有保存，原因见各栏说明；您填写的内容仍在页面上。"
TOO_LARGE = "一次保存的内容过多，没有保存。请分几次粘贴或填写。"


@allow(Role.FILLER, Role.HEAD)
@require_GET
@never_cache
@filling_desk(detail_instead)
def edit(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    notifications.mark_as_read(desk.user, desk.declaration)
    return form_page(request, desk)


@allow(Role.FILLER, Role.HEAD)
@require_POST
@filling_desk()
def save(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """Takes what was typed, valid or not. 409 where somebody saved first or the table was sent on."""
    changes = changes_in(request, desk.table)
    try:
        typed = drafts.save_changes(desk, changes)
    except StaleVersion:
        return stale_answer(request, desk.declaration.pk, changes)
    return _saved_json(desk.declaration, typed) if is_json(request) else _saved(request, desk, typed)


def changes_in(request: HttpRequest, table: Table) -> Changes:
    """What a request changes, sent as JSON or as an ordinary form; raises `Unusable`."""
    data = _json_of(request) if is_json(request) else request.POST
    same_person(request, data)
    return Changes.from_json(data) if is_json(request) else posted.changes_of(request.POST, table)


def _json_of(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unusable(MALFORMED) from None
    except RequestDataTooBig:
        raise Unusable(TOO_LARGE, status=413) from None


def _saved_json(declaration: Declaration, typed: TypedTable) -> HttpResponse:
    """The new version, the changed values as they are shown now, and all that depends on them."""
    texts, refused = typed.texts, typed.refused
    said = {
        "version": declaration.version,
        "saved_at": clock_of(declaration),
        "values": {name: texts[name] for name in typed.changes.texts() if name in texts and name not in refused},
        "refused": refused,
    }
    return JsonResponse(said | page_of(typed.table, examine(declaration, typed.table).problems).live())


def _saved(request: HttpRequest, desk: FillingDesk, typed: TypedTable) -> HttpResponse:
    """The next page; the same one where a text was refused, with that text in it still."""
    if not typed.refused:
        return _next_page(request, desk.declaration, typed.changes)
    messages.error(request, REFUSED.format(count=len(typed.refused)))
    return form_page(request, desk, typed, is_saved=True, status=422)


def _next_page(request: HttpRequest, declaration: Declaration, changes: Changes) -> HttpResponse:
    if request.POST.get("then") == "check":
        return redirect("declarations:fill_check", declaration.pk)
    messages.success(request, "已保存。")
    return redirect(reverse("declarations:fill", args=[declaration.pk]) + _place(request, changes))


def _place(request: HttpRequest, changes: Changes) -> str:
    """The anchor of the row that a button added or moved."""
    match = NAME.fullmatch(request.POST.get("up") or request.POST.get("down") or "")
    if match:
        return f"#row-{match[2]}"
    if "add" in request.POST:
        grid = request.POST["add"].split("|")[0].replace("optional_tasks", "key_tasks")
        return f"#row-{[*changes.rows[grid]][-1]}"
    return ""
