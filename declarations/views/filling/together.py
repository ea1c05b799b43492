"""Several people at one declaration: who else has it open, what they changed, and the texts that gave way."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, Presence, Replaced, Role
from declarations.people import permissions
from declarations.sheet.controls import Unusable
from declarations.sheet.official import get_edition
from declarations.views.filling.answers import as_it_is
from declarations.views.filling.entrance import closed_answer, filling_desk, open_door, same_person
from declarations.web.access import DENIED, allow
from declarations.web.parameters import MALFORMED

SECTION = re.compile(r"\w{0,60}", re.ASCII)
MOST = 100


@allow(Role.FILLER, Role.HEAD)
@require_POST
@filling_desk(open_door)
def together(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """An open fill page says every 15 seconds where it is and which version it shows.

    It hears who else is there and, where others saved since, all that is stored now. 409 once the table was
    sent on. A page that says it is ``leaving`` is forgotten at once.
    """
    declaration, said = desk.declaration, _said(request)
    if said["leaving"]:
        Presence.forget(declaration, request.user, said["page"])
        return HttpResponse(status=204)
    if not desk.may_edit:
        return closed_answer(request, declaration)
    Presence.note(declaration, request.user, said["page"], said["section"])
    others = [_other(request, presence) for presence in Presence.others(declaration, said["page"])]
    news = {} if said["version"] == declaration.version else as_it_is(desk)
    return JsonResponse({"version": declaration.version, "people": others} | news)


def _said(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body)
        page = uuid.UUID(data["page"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unusable(MALFORMED) from None
    section = data.get("section") or ""
    if type(data.get("version")) is not int or not isinstance(section, str) or not SECTION.fullmatch(section):
        raise Unusable(MALFORMED)
    same_person(request, data)
    return {"page": page, "section": section, "version": data["version"], "leaving": data.get("leaving") is True}


def _other(request: HttpRequest, presence: Presence) -> dict[str, str]:
    own = presence.user_id == request.user.pk
    return {"name": "您本人（另一个窗口）" if own else str(presence.user), "section": presence.section}


@allow(Role.FILLER, Role.HEAD)
@require_GET
@never_cache
@filling_desk(open_door)
def replaced_texts(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """The latest texts that gave way; ``?part=list`` is the list alone, for the fill page."""
    declaration = desk.declaration
    if not permissions.roles_on(request.user, declaration) & Role.DECLARING:
        raise PermissionDenied(DENIED)
    kept = Replaced.objects.visible_to(request.user).filter(declaration=declaration)
    context = {
        "declaration": declaration,
        "replaced": [
            (each, _columns(declaration, each)) for each in kept.select_related("written_by", "replaced_by")[:MOST]
        ],
    }
    part = request.GET.get("part") == "list"
    return render(request, f"declarations/filling/replaced{'_list' if part else ''}.html", context)


def _columns(declaration: Declaration, kept: Replaced) -> list[tuple[str, str]]:
    """The texts of a removed row with their columns' labels, those that say something."""
    grid = get_edition(declaration.cycle.edition).grids.get(kept.control.split("-")[0])
    columns = grid.columns if grid else ()
    return [(column.label, kept.texts[column.field]) for column in columns if kept.texts.get(column.field)]
