"""A block of cells from the clipboard, read as files are read; nothing is written."""

from __future__ import annotations

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from declarations.filling import pasting
from declarations.models import Role
from declarations.people import permissions
from declarations.sheet.controls import Unusable
from declarations.views.filling.answers import closed_answer, find_declaration, refusal_answer
from declarations.web.access import allow


@allow(Role.FILLER, Role.HEAD)
@require_POST
def block(request: HttpRequest, pk) -> JsonResponse:
    """Takes ``rows`` of texts and where they are pasted; answers with the texts of the controls."""
    declaration = find_declaration(request, pk)
    if not permissions.may_edit(request.user, declaration):
        return closed_answer(request, declaration)
    try:
        data = json_of(request)
        rows = pasting.block_in(data)
        learned = pasting.learned_answers(declaration.department.bureau)
        place = pasting.place_in(data, declaration.cycle.edition, learned)
    except Unusable as error:
        return refusal_answer(request, error.status, "unusable", str(error), declaration)
    return JsonResponse(pasting.answer_to_block(rows, place))


def json_of(request: HttpRequest) -> object:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unusable(pasting.WRONG) from None
    except RequestDataTooBig:
        raise Unusable(pasting.TOO_LARGE, status=413) from None
