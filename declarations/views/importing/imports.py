"""The import desk: upload, look at what would come of it, then bring it in. Administrators of a bureau only."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from declarations.importing.batch import desk, ending
from declarations.importing.batch.outlines import outlines_of
from declarations.models import ImportBatch, Role
from declarations.models.upload import ImportState, UploadState
from declarations.operating import tasks
from declarations.people import permissions
from declarations.views.importing.choices import Choices, Refusal, number_of
from declarations.views.importing.filters import ImportFilters
from declarations.views.importing.form import UploadForm
from declarations.views.importing.page import page_of, progress_of
from declarations.views.importing.table_page import table_of
from declarations.web.access import DENIED, allow
from declarations.web.keyset import read_page

PAGE_SIZE = 30
RESUMABLE = (ImportState.FAILED, ImportState.CANCELLED)
LOOK, CONFIRMED = "look", "confirm-approved"
NO_ANSWER = "没有改动：请选一个部门，或输入部门的名称、代码或拼音首字母。"


def readable_batches(request: HttpRequest):
    return ImportBatch.objects.visible_to(request.user).select_related("bureau", "created_by")


def find_batch(request: HttpRequest, batch: uuid.UUID) -> ImportBatch:
    return get_object_or_404(readable_batches(request), pk=batch)


def find_administered(request: HttpRequest, batch: uuid.UUID) -> ImportBatch:
    """A batch that one may set right: to see it one may also have uploaded it in a role that is over."""
    found = find_batch(request, batch)
    if not permissions.may_import(request.user, found.bureau):
        raise PermissionDenied(DENIED)
    return found


@allow(Role.ADMINISTRATOR)
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The batches of one's bureaus, the latest first."""
    page = read_page(readable_batches(request), ("-created_at", "pk"), request.GET, PAGE_SIZE)
    return render(request, "declarations/importing/list.html", {"page": page})


@allow(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Takes the files in; what is in them is read by a job."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(request.user, *posted)
    if form.is_bound and form.is_valid():
        batch = take_in(form, request)
        return redirect("declarations:import_detail", batch.pk)
    return render(request, "declarations/importing/new.html", {"form": form}, status=422 if form.is_bound else 200)


@transaction.atomic
def take_in(form: UploadForm, request: HttpRequest) -> ImportBatch:
    batch = desk.new_batch(form.cleaned_data["bureau"], request.user, form.cleaned_data["year"])
    for file in form.cleaned_data["files"]:
        desk.add_file(batch, file.name, file)
    tasks.read_import.defer(batch=str(batch.pk))
    return batch


@allow(Role.ADMINISTRATOR)
@never_cache
@require_GET
def import_detail(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """The one page of a batch: progress, then preview, then result."""
    return preview_page(request, find_batch(request, batch), filters=ImportFilters.read(request.GET))


def preview_page(
    request: HttpRequest,
    batch: ImportBatch,
    *,
    part: bool = False,
    opened: str = "",
    said: Iterable[str] = (),
    filters: ImportFilters | None = None,
    refusals: Mapping[str, Refusal] | None = None,
) -> HttpResponse:
    """``opened``: the key of the table whose details show, with ``said``: what became of the last decision."""
    template = "declarations/importing/preview.html" if part else "declarations/importing/detail.html"
    table = table_of(batch, opened, said) if opened else None
    if table:
        table = replace(table, is_sheet_open="sheet" in request.POST)
    page = page_of(batch, table, () if table else said, filters, refusals)
    status = 422 if refusals and not part else 200
    return render(request, template, {"batch": batch, "page": page}, status=status)


@allow(Role.ADMINISTRATOR)
@never_cache
@require_GET
def import_progress(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """How far the job is, asked for again and again; once it is done, the page is loaded anew."""
    found = find_batch(request, batch)
    progress = progress_of(found)
    if progress is None:
        return HttpResponseClientRefresh()
    return render(request, "declarations/importing/progress.html", {"batch": found, "progress": progress})


@allow(Role.ADMINISTRATOR)
@require_GET
def import_table(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """One planned table (``?table=upload.index``): what would change, what was found; a part of the page or a page."""
    found = find_batch(request, batch)
    if "table" not in request.GET:
        return redirect("declarations:import_detail", batch)
    table = table_of(found, request.GET["table"])
    if table is None:
        raise Http404("没有这张表。")
    template = "declarations/importing/table_part.html" if request.htmx else "declarations/importing/table.html"
    return render(request, template, {"batch": found, "table": table})


@allow(Role.ADMINISTRATOR)
@require_POST
def import_choose(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Plans again with the departments that a person named, and learns the names that are to be remembered.

    What was ticked is kept; ``look`` is posted by what only shows other tables (a filter, another page).
    """
    found = find_administered(request, batch)
    said: list[str] = []
    refusals: dict[str, Refusal] = {}

    def choose(locked: ImportBatch) -> None:
        choices = Choices.read(request.POST, locked)
        said.extend(choices.save(locked, request.user))
        refusals.update(choices.refusals)
        is_answered = said or choices.departments or refusals or LOOK in request.POST
        said.extend([] if is_answered else [NO_ANSWER])

    decide_locked(found, choose)
    return shown_again(request, found, said, refusals=refusals)


def shown_again(
    request: HttpRequest,
    batch: ImportBatch,
    said: Iterable[str],
    opened: str = "",
    refusals: Mapping[str, Refusal] | None = None,
) -> HttpResponse:
    """The preview as it is now, with what became of a decision; for a page without scripts by a redirect.

    Where something was refused, what was typed is shown again at its place, in an answer of its own.
    """
    filters = ImportFilters.read(request.POST)
    if request.POST.get(LOOK):
        filters = replace(filters, page=number_of(request.POST[LOOK]) or 1)
    if request.htmx or refusals:
        told = {"opened": opened, "said": said, "filters": filters, "refusals": refusals}
        return preview_page(request, find_batch(request, batch.pk), part=bool(request.htmx), **told)
    for sentence in said:
        messages.info(request, sentence)
    return redirect_to(batch, filters.query)


@allow(Role.ADMINISTRATOR)
@require_POST
def import_apply(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Hands what was chosen to the job, once: a second click finds the batch no longer waiting."""
    found = find_batch(request, batch)

    def begin(locked: ImportBatch) -> str:
        choices = Choices.read(request.POST, locked, with_ticks=True)
        choices.save(locked, request.user)
        if choices.departments:
            return "已按所选部门重新核对，请确认后再导入。"
        if CONFIRMED not in request.POST and (count := replacing(locked)):
            return f"选中的有 {count} 份在系统中已经批复。请勾选“确认替换已批复的内容”，或去掉这几份的勾，再导入。"
        if not locked.report["wanted"]:
            return "没有选中要导入的申报表。"
        desk.advance_batch(locked, ImportState.APPLYING, (ImportState.READY,))
        address = request.META.get("REMOTE_ADDR")
        tasks.apply_import.defer(batch=str(locked.pk), actor=request.user.pk, source_address=address)
        return ""

    said = decide_locked(found, begin)
    if said is None:
        messages.info(request, "这一批已经开始导入，或已取消，本次操作没有执行。")
    elif said:
        messages.warning(request, said)
        return redirect_to(found, ImportFilters.read(request.POST).query)
    return redirect_to(found)


def replacing(batch: ImportBatch) -> int:
    """How many of the tables that are to come in replace what was approved in the system."""
    return sum(row.is_wanted and bool(row.approved) for upload in outlines_of(batch) for row in upload.rows)


@transaction.atomic
def decide_locked(batch: ImportBatch, decide: Callable[[ImportBatch], str | None]) -> str | None:
    """Decides on a batch under lock; None where it no longer waits for a decision."""
    locked = ImportBatch.objects.select_for_update().select_related("bureau").get(pk=batch.pk)
    return decide(locked) or "" if locked.state == ImportState.READY else None


@allow(Role.ADMINISTRATOR)
@require_POST
def import_cancel(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Stops between two chunks; what was written before stays written, and the page says how much that is."""
    found = find_batch(request, batch)
    # what is being taken back is taken back to the end
    if not found.undone_at and ending.cancel_batch(found):
        messages.success(request, "已取消这一批导入。")
    else:
        messages.info(request, f"这一批已是“{found.get_state_display()}”，不能取消。")
    return redirect_to(found)


@allow(Role.ADMINISTRATOR)
@require_POST
@transaction.atomic
def import_resume(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Takes up a job that ended in an error or was cancelled; what is done already is not done again."""
    found = find_batch(request, batch)
    began_writing = any(row.result for upload in outlines_of(found) for row in upload.rows)
    if found.undone_at:
        if desk.advance_batch(found, ImportState.UNDOING, (ImportState.FAILED,)):
            tasks.undo_import.defer(batch=str(found.pk), source_address=request.META.get("REMOTE_ADDR"))
    elif began_writing:
        if desk.advance_batch(found, ImportState.APPLYING, RESUMABLE):
            tasks.apply_import.defer(batch=str(found.pk), actor=request.user.pk)
    elif found.uploads.filter(state=UploadState.STORED, file="").exists():
        messages.warning(request, "这一批的文件保存期满，已经删除，不能继续。请重新上传。")
    elif desk.advance_batch(found, ImportState.UPLOADED, RESUMABLE):
        tasks.read_import.defer(batch=str(found.pk))
    return redirect_to(found)


def redirect_to(batch: ImportBatch, query: str = "") -> HttpResponse:
    return redirect(reverse("declarations:import_detail", args=[batch.pk]) + query)
