"""Questions of a batch answered: what a label means in all its files, whether a year is to be made; labels learnt."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from declarations.importing.batch import desk, mending
from declarations.importing.batch.outlines import outlines_of
from declarations.importing.questions import asking
from declarations.models import ImportBatch, LearnedLabel, Role
from declarations.models.upload import ImportState
from declarations.operating import tasks
from declarations.views.importing.choices import number_of
from declarations.views.importing.imports import decide_locked, find_administered, redirect_to, shown_again
from declarations.views.importing.mending import CLOSED, keep_ticks
from declarations.web.access import allow, user_of

ANSWER, OTHER, NEW_YEAR = "answer-", "other-", "new-year"
NOTHING = "没有改动：请先选一个答案。"


@allow(Role.ADMINISTRATOR)
@require_POST
def import_answer(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Takes answers (``answer-<key>``, or another field as ``other-<key>``; ``new-year``); files are read again."""
    found = find_administered(request, batch)
    is_reading = False

    def take(locked: ImportBatch) -> str:
        nonlocal is_reading
        keep_ticks(request, locked)
        years = agree_years(locked, request.POST.getlist(NEW_YEAR))
        files = asking.answer(locked, answers_in(request.POST), user_of(request))
        if files:
            desk.advance_batch(locked, ImportState.UPLOADED, (ImportState.READY,))
            tasks.read_import.defer(batch=str(locked.pk))
            is_reading = True
            return f"已记下回答，正在按回答重新读取 {files} 个文件。"
        return f"已同意新建{'、'.join(f'{year}年度' for year in years)}，在导入时建立。" if years else NOTHING

    said = decide_locked(found, take)
    if is_reading:
        messages.info(request, said or "")
        return redirect_to(found)
    return shown_again(request, found, [CLOSED if said is None else said])


def answers_in(posted: QueryDict) -> dict[str, str]:
    """Answers by the key of the question; another field counts before a candidate, no choice says nothing."""
    texts = {name: str(text) for name, text in posted.items()}
    ticked = {name.removeprefix(ANSWER): text for name, text in texts.items() if name.startswith(ANSWER)}
    others = {name.removeprefix(OTHER): text for name, text in texts.items() if name.startswith(OTHER)}
    return ticked | {key: text for key, text in others.items() if text}


def agree_years(batch: ImportBatch, texts: list[str]) -> list[int]:
    """Notes the years that may be made, of those that tables wait for, and plans their files again."""
    waiting = {row.year for upload in outlines_of(batch) for row in upload.rows if row.asks_year}
    agreed = [year for year in map(number_of, texts) if year is not None and year in waiting]
    if agreed:
        batch.new_years = sorted({*batch.new_years, *agreed})
        batch.save(update_fields=["new_years"])
        files = {one.pk for one in outlines_of(batch) if any(row.asks_year and row.year in agreed for row in one.rows)}
        mending.plan_again(batch, files)
    return agreed


@allow(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "POST"])
@transaction.atomic
def import_labels(request: HttpRequest) -> HttpResponse:
    """The labels that one's bureaus learnt; a POST (``label``) forgets one."""
    labels = LearnedLabel.objects.visible_to(request.user).in_use().select_related("bureau", "author", "batch")
    if request.method == "POST" and "label" in request.POST:
        kept = get_object_or_404(labels, pk=number_of(request.POST.get("label")) or 0)
        asking.forget_labels(labels.filter(pk=kept.pk), user_of(request))
        messages.success(request, f"以后不再把“{kept.words}”自动读作“{kept.label}”；已经导入的申报表不受影响。")
        return redirect("declarations:import_labels")
    return render(request, "declarations/importing/asking/labels.html", {"labels": list(labels)})
