"""The fill page: the form and its saving."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from declarations.filling import drafts, posted
from declarations.filling.changes import Changes
from declarations.filling.drafts import Draft
from declarations.filling.forms import page_of
from declarations.findings.examination import examine
from declarations.models import Declaration, Role, StaleVersion
from declarations.notifying import notifications
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.controls import NAME, Unusable, texts_of
from declarations.sheet.table import Table
from declarations.views.filling.answers import (
    clock_of,
    closed_answer,
    find_declaration,
    form_page,
    is_json,
    refusal_answer,
    same_person,
    stale_answer,
    why_closed,
)
from declarations.web.access import allow
from declarations.web.parameters import MALFORMED

REFUSED = "有 {count} 处内容没有保存，原因见各栏说明；您填写的内容仍在页面上。"
TOO_LARGE = "一次保存的内容过多，没有保存。请分几次粘贴或填写。"


@allow(Role.FILLER, Role.HEAD)
@require_GET
@never_cache
def edit(request: HttpRequest, pk) -> HttpResponse:
    declaration = find_declaration(request, pk)
    if not permissions.may_edit(request.user, declaration):
        messages.info(request, why_closed(declaration))
        return redirect("declarations:detail", pk)
    notifications.mark_as_read(request.user, declaration)
    return form_page(request, declaration, store.table_of(declaration))


@allow(Role.FILLER, Role.HEAD)
@require_POST
def save(request: HttpRequest, pk) -> HttpResponse:
    """Takes what was typed, valid or not. 409 where somebody saved first or the table was sent on."""
    declaration = find_declaration(request, pk)
    if not permissions.may_edit(request.user, declaration):
        return closed_answer(request, declaration)
    prefetch_related_objects([declaration], *store.GRIDS)
    table = store.table_of(declaration)
    try:
        changes = changes_in(request, table)
        try:
            draft = drafts.save_changes(declaration, table, changes, request.user)
        except StaleVersion:
            return stale_answer(request, pk, changes)
    except Unusable as error:
        return refusal_answer(request, error.status, "unusable", str(error), declaration)
    return (
        _saved_json(declaration, changes, draft) if is_json(request) else _saved(request, declaration, changes, draft)
    )


def changes_in(request: HttpRequest, table: Table) -> Changes:
    """What a request changes, sent as JSON or as an ordinary form; raises `Unusable`."""
    if not is_json(request):
        same_person(request, request.POST.get("person"))
        return posted.changes_of(request.POST, table)
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unusable(MALFORMED) from None
    except RequestDataTooBig:
        raise Unusable(TOO_LARGE, status=413) from None
    changes = Changes.from_json(data)
    same_person(request, data.get("person"))
    return changes


def _saved_json(declaration: Declaration, changes: Changes, draft: Draft) -> HttpResponse:
    """The new version, the changed values as they are shown now, and all that depends on them."""
    table = draft.result()
    texts = texts_of(table)
    values = {name: texts[name] for name in changes.texts() if name in texts and name not in draft.refused}
    said = {
        "version": declaration.version,
        "saved_at": clock_of(declaration),
        "values": values,
        "refused": draft.refused,
    }
    return JsonResponse(said | page_of(table, examine(declaration, table).problems).live())


def _saved(request: HttpRequest, declaration: Declaration, changes: Changes, draft: Draft) -> HttpResponse:
    if draft.refused:
        messages.error(request, REFUSED.format(count=len(draft.refused)))
        return form_page(request, declaration, draft.result(), typed=changes.texts(), refused=draft.refused, status=422)
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
