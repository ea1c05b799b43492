"""Confirming what was brought into a draft: by value, by row, by section or all at once."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from declarations.filling.bringing import copying
from declarations.filling.desk import FillingDesk
from declarations.models import Role
from declarations.sheet.controls import NAME, Unusable
from declarations.views.filling.entrance import filling_desk, is_json
from declarations.web.access import allow
from declarations.web.parameters import MALFORMED

MOST_NAMES = 20_000


@allow(Role.FILLER, Role.HEAD)
@require_POST
@filling_desk()
def confirm(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """Marks values as looked at: JSON ``{"names": [...]}``, or a form with ``name`` or ``section`` or ``all``."""
    declaration = desk.declaration
    count = copying.confirm_values(declaration, _names(request, desk), desk.user)
    if is_json(request):
        return JsonResponse({"confirmed": count, "left": len(copying.unconfirmed_values(declaration, desk.texts))})
    messages.success(request, f"已确认 {count} 处带入的内容。" if count else "没有需要确认的内容。")
    back = "declarations:fill_check" if request.POST.get("back") == "check" else "declarations:fill"
    return redirect(back, declaration.pk)


def _names(request: HttpRequest, desk: FillingDesk) -> list[str] | None:
    """The controls to confirm; None for all."""
    if not is_json(request):
        if "all" in request.POST:
            return None
        section = request.POST.get("section", "")
        return [*request.POST.getlist("name"), *(n for n in desk.texts if section and _section(n) == section)]
    try:
        names = json.loads(request.body)["names"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise Unusable(MALFORMED) from None
    if not isinstance(names, list) or len(names) > MOST_NAMES or not all(isinstance(name, str) for name in names):
        raise Unusable(MALFORMED)
    return names


def _section(name: str) -> str:
    """``key_tasks`` or ``indicators`` of a cell, ``single`` of a single value."""
    match = NAME.fullmatch(name)
    return match[1] if match else "single"
