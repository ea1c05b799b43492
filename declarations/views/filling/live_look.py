"""Looking at what is being typed: the same checks as on a save, and nothing written."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from declarations.filling import live
from declarations.filling.coverage import coverage_of
from declarations.models import Role
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.controls import Unusable
from declarations.views.filling.answers import closed_answer, find_declaration, refusal_answer
from declarations.views.filling.fill import changes_in
from declarations.web.access import allow


@allow(Role.FILLER, Role.HEAD)
@require_POST
def live_look(request: HttpRequest, pk) -> JsonResponse:
    """Takes the JSON of a save with everything that is not saved yet."""
    declaration = find_declaration(request, pk)
    if not permissions.may_edit(request.user, declaration):
        return closed_answer(request, declaration)
    table = store.table_of(declaration)
    try:
        said, answered = live.answer_to(declaration, table, changes_in(request, table))
    except Unusable as error:
        return refusal_answer(request, error.status, "unusable", str(error), declaration)
    map_ = render_to_string("declarations/filling/helping/coverage.html", {"coverage": coverage_of(said)})
    return JsonResponse(answered | {"coverage": map_})
