"""A block of cells from the clipboard, read as files are read; nothing is written."""

from __future__ import annotations

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from declarations.filling import pasting
from declarations.filling.desk import FillingDesk
from declarations.models import Role
from declarations.sheet.controls import Unusable
from declarations.views.filling.entrance import filling_desk
from declarations.web.access import allow


@allow(Role.FILLER, Role.HEAD)
@require_POST
@filling_desk()
def block(request: HttpRequest, desk: FillingDesk) -> JsonResponse:
    """Takes ``rows`` of texts and where they are pasted; answers with the texts of the controls."""
    data = json_of(request)
    rows = pasting.block_in(data)
    learned = pasting.learned_answers(desk.declaration.department.bureau)
    place = pasting.place_in(data, desk.declaration.cycle.edition, learned)
    return JsonResponse(pasting.answer_to_block(rows, place))


def json_of(request: HttpRequest) -> object:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unusable(pasting.WRONG) from None
    except RequestDataTooBig:
        raise Unusable(pasting.TOO_LARGE, status=413) from None
