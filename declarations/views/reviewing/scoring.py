"""Posts of the score sheet: saved (by the page itself, or by its button), confirmed, corrected."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from declarations.models import Declaration, Role, ScoreSheet
from declarations.reviewing.scoring import score_sheets
from declarations.reviewing.scoring.score_sheets import Faulty, NotScored
from declarations.sheet.criteria import CRITERIA, DIMENSIONS, REMARKS, grade_of
from declarations.web.access import allow
from declarations.web.parameters import whole_number

LONGEST_NUMBER = 9
LABELS = {name: criterion.label for name, criterion in CRITERIA.items()}
LABELS |= {one.remark: f"{one.label}评语" for one in DIMENSIONS} | {"reason": "更正理由"}


@allow(Role.DIVISION, Role.PERFORMANCE, invited=True)
@require_POST
def score_sheet(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """``act``: ``save``, ``confirm`` or ``correct``. What was typed is kept, or shown to be copied."""
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    try:
        sheet = take_sheet(request, declaration)
    except Faulty as faulty:
        messages.error(request, str(faulty))
        return redirect(f"{reverse('declarations:detail', args=[pk])}?score=check#score")
    except NotScored as refused:
        return not_kept(request, declaration, refused)
    if as_json(request):
        return JsonResponse({"saved": f"{timezone.localtime(sheet.updated_at):%H:%M:%S}"})
    messages.success(request, sheet_message(sheet))
    return redirect(f"{reverse('declarations:detail', args=[pk])}#score")


def take_sheet(request: HttpRequest, declaration: Declaration) -> ScoreSheet:
    act, typed = request.POST.get("act", "save"), typed_in(request)
    if act == "correct":
        return score_sheets.correct_sheet(request.user, declaration, request.POST.get("reason", ""))
    submission = whole_number(request.POST.get("submission"), LONGEST_NUMBER)
    do = score_sheets.confirm_sheet if act == "confirm" else score_sheets.save_sheet
    return do(request.user, declaration, typed, submission)


def typed_in(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in (*CRITERIA, *REMARKS) if name in request.POST}


def as_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def sheet_message(sheet: ScoreSheet) -> str:
    if not sheet.is_confirmed:
        return "评分草稿已保存。确认之前可以继续修改，也不影响办理。"
    grade = grade_of(sheet.total)
    return f"已确认评分：{sheet.total} 分，等次“{grade.label}”。{grade.consequence}"


def not_kept(request: HttpRequest, declaration: Declaration, refused: NotScored) -> HttpResponse:
    if as_json(request):
        return JsonResponse({"message": str(refused)}, status=409)
    posted = typed_in(request) | {"reason": request.POST.get("reason", "")}
    typed = [(LABELS[name], text) for name, text in posted.items() if text.strip()]
    context = {"message": str(refused), "declaration": declaration, "typed": typed}
    return render(request, "declarations/filling/refused.html", context, status=409)
