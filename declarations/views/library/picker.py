"""What the picker of the fill page asks: entries like the words, the row's kind and the department's area first."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from declarations.administering import usage
from declarations.models import Declaration
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.shape import Edition
from declarations.web.access import signed_in
from indicators import suggest
from indicators.areas import area_of
from indicators.models import LibraryIndicator, library_kind
from indicators.taxonomy import kind_of

MOST = 12


@signed_in
@require_safe
@never_cache
def library_suggest(request: HttpRequest) -> HttpResponse:
    """JSON for ``?q=&kind=&declaration=``; what is missing or unknown is as if it were not asked."""
    declaration = asked_for(request)
    department = declaration.department if declaration else None
    entries = suggest.suggest(
        request.GET.get("q", ""),
        bureaus=bureaus_of(request.user, department),
        kind=library_kind(kind_of(request.GET.get("kind", ""))),
        area=area_of(department.name) if department else "",
        limit=MOST,
    )
    used = usage.departments_using(department.bureau, [entry.name for entry in entries]) if department else {}
    levels = levels_of(EDITIONS[declaration.edition]) if declaration else {}
    return JsonResponse({"entries": [picker_row(entry, used, levels) for entry in entries]})


def asked_for(request: HttpRequest) -> Declaration | None:
    try:
        key = uuid.UUID(request.GET.get("declaration", ""))
    except ValueError:
        return None
    found = Declaration.objects.visible_to(request.user).select_related("department__bureau", "cycle")
    return found.filter(pk=key).first()


def bureaus_of(user, department) -> frozenset[str] | None:
    """The library of the department's bureau; without one, that of all bureaus of the person."""
    if department:
        return frozenset([department.bureau.code])
    return None if user.is_superuser else user.bureau_codes


def levels_of(edition: Edition) -> dict[str, tuple[str, str]]:
    """By kind of the library, the 一级指标 and 二级指标 under which the edition prints it."""
    pairs = [(level1, str(kind), library_kind(kind)) for level1, kinds in edition.taxonomy for kind in kinds]
    return {kind: (level1, level2) for level1, level2, kind in reversed(pairs)}


def picker_row(entry: LibraryIndicator, used: dict[str, int], levels: dict[str, tuple[str, str]]) -> dict[str, object]:
    level1, level2 = levels.get(entry.kind, ("", ""))
    return {
        "name": entry.name,
        "kind": entry.kind,
        "area": entry.area,
        "level1": level1,
        "level2": level2,
        "unit": entry.unit,
        "value": entry.suggestion,
        "definition": entry.definition,
        "used": used.get(entry.name, 0),
        "url": reverse("declarations:library_detail", args=[entry.pk]),
    }
