"""Looking at what is being typed: the same checks as on a save, and nothing written."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from declarations.filling import live
from declarations.filling.coverage import coverage_of
from declarations.filling.desk import FillingDesk
from declarations.models import Role
from declarations.views.filling.entrance import filling_desk
from declarations.views.filling.fill import changes_in
from declarations.web.access import allow


@allow(Role.FILLER, Role.HEAD)
@require_POST
@filling_desk()
def live_look(request: HttpRequest, desk: FillingDesk) -> JsonResponse:
    """Takes the JSON of a save with everything that is not saved yet."""
    said, answered = live.answer_to(desk, changes_in(request, desk.table))
    map_ = render_to_string("declarations/filling/helping/coverage.html", {"coverage": coverage_of(said)})
    return JsonResponse(answered | {"coverage": map_})
