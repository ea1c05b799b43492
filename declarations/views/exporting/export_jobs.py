"""Exports that take longer than a page may: asked for, made by a job, fetched by the person who asked."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from declarations.exporting import making
from declarations.exporting.rendering import LIST_FORMS
from declarations.models import Export
from declarations.models.export import ExportState, TableState
from declarations.operating import jobs, tasks
from declarations.views.exporting.exports import (
    DIRECT,
    UNKNOWN,
    content_disposition,
    is_long,
    picked_declarations,
    refused_export,
)
from declarations.web.access import signed_in
from declarations.web.keyset import read_page

PAGE_SIZE = 30
TABLES_ON_A_PAGE = 100
LABELS = {key: form.label for key, form in LIST_FORMS.items()}
BEING_MADE = (ExportState.WAITING, ExportState.RUNNING)
CANCELLABLE = (*BEING_MADE, ExportState.FAILED)
RESUMABLE = (ExportState.FAILED, ExportState.CANCELLED)


def find_export(request: HttpRequest, export: uuid.UUID) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.user).select_related("requested_by"), pk=export)


@signed_in
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """One's own, the latest first."""
    page = read_page(Export.objects.visible_to(request.user), ("-created_at", "pk"), request.GET, PAGE_SIZE)
    rows = [(export, LABELS.get(export.form, export.form)) for export in page.rows]
    return render(
        request, "declarations/exporting/export_jobs.html", {"page": page, "rows": rows, "days": making.KEPT_FOR.days}
    )


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send a few picked declarations at once and hand many of them to a job; a GET asks for the form."""
    params = request.POST if request.method == "POST" else request.GET
    form, found = params.get("format", ""), picked_declarations(request.user, params)
    if form not in DIRECT:
        return refused_export(UNKNOWN, 400)
    if not is_long(found, form):
        return redirect(f"{reverse('declarations:list_export')}?{asked_for(params).urlencode()}")
    if request.method == "POST":
        return redirect("declarations:export_detail", begin_export_job(request.user, found, form).pk)
    asked = asked_for(params)
    context = {"count": min(found.count(), making.LONGEST), "label": LABELS[form], "picked": asked.pop("pick", [])}
    context["asked"] = [*asked.items()]
    return render(request, "declarations/exporting/export_new.html", context)


def asked_for(params: QueryDict) -> QueryDict:
    """The parameters that say what is wanted, for an address or hidden fields."""
    kept = QueryDict(mutable=True)
    for name in ("format", "year", "state", "q", "sort"):
        if params.get(name):
            kept[name] = params[name]
    kept.setlist("pick", params.getlist("pick"))
    return kept


@transaction.atomic
def begin_export_job(user, found, form: str) -> Export:
    export = making.begin_export(user, found, form)
    tasks.make_export.defer(export=str(export.pk))
    return export


# --- the page of one -------------------------------------------------------------------------


@dataclass(frozen=True)
class ExportChoice:
    """Tables that are not in the file for one reason."""

    said: str
    departments: list[str]


@signed_in
@never_cache
@require_GET
def detail(request: HttpRequest, export: uuid.UUID) -> HttpResponse:
    """Progress, then the file; and of each table what became of it."""
    found = find_export(request, export)
    tables = found.tables.select_related("declaration__department", "declaration__cycle")
    context = {
        **progress_of(found),
        "label": LABELS.get(found.form, found.form),
        "counts": Counter(dict(found.tables.order_by().values_list("state").annotate(count=Count("pk")))),
        "kinds": kinds_of(tables.filter(state=TableState.LEFT_OUT)),
        "page": read_page(tables, ("position", "pk"), request.GET, TABLES_ON_A_PAGE),
        "until": found.finished_at and found.finished_at + making.KEPT_FOR,
    }
    return render(request, "declarations/exporting/export_detail.html", context)


def progress_of(export: Export) -> dict:
    is_made = export.state in BEING_MADE
    return {
        "export": export,
        "is_made": is_made,
        "has_worker": is_made and jobs.has_worker(),
        "is_interrupted": is_made and jobs.is_interrupted(export=str(export.pk)),
    }


def kinds_of(left_out) -> list[ExportChoice]:
    """By reason, the departments in their order."""
    kinds: dict[str, list[str]] = {}
    for table in left_out.order_by("position"):
        declaration = table.declaration
        kinds.setdefault(table.said, []).append(f"{declaration.department.name} {declaration.cycle.year}年度")
    return [ExportChoice(said, departments) for said, departments in kinds.items()]


@signed_in
@never_cache
@require_GET
def progress(request: HttpRequest, export: uuid.UUID) -> HttpResponse:
    """How far the job is, asked for again and again; once it is done, the page is loaded anew."""
    found = find_export(request, export)
    if found.state not in BEING_MADE:
        return HttpResponseClientRefresh()
    return render(request, "declarations/exporting/export_progress.html", progress_of(found))


@signed_in
@require_POST
def cancel(request: HttpRequest, export: uuid.UUID) -> HttpResponse:
    """Stops between two tables; what is made so far is kept, so that it can go on."""
    found = find_export(request, export)
    if making.advance_export(found, ExportState.CANCELLED, CANCELLABLE):
        messages.success(request, "已取消导出。")
    else:
        messages.info(request, f"这次导出已是“{found.get_state_display()}”，不能取消。")
    return redirect("declarations:export_detail", found.pk)


@signed_in
@require_POST
@transaction.atomic
def resume(request: HttpRequest, export: uuid.UUID) -> HttpResponse:
    """Goes on with the tables that still wait."""
    found = find_export(request, export)
    if making.advance_export(found, ExportState.WAITING, RESUMABLE):
        tasks.make_export.defer(export=str(found.pk))
    return redirect("declarations:export_detail", found.pk)


# --- the file --------------------------------------------------------------------------------


@signed_in
@never_cache
@require_GET
def download(request: HttpRequest, export: uuid.UUID) -> HttpResponse:
    """The file, to the person who asked for it, without what they may not read any more."""
    found = find_export(request, export)
    if found.state != ExportState.READY or not found.path.is_file():
        raise Http404("文件还没有生成，或已到期删除，请重新导出。")
    barred = making.no_longer_readable(found)
    if not barred:
        return FileResponse(found.path.open("rb"), as_attachment=True, filename=name_of_export(found))
    if LIST_FORMS[found.form].in_one_file:
        return refused_export(no_longer(barred), 409)
    pieces, kind = making.stream_readable(found, barred), LIST_FORMS[found.form].list_content_type
    return StreamingHttpResponse(pieces, content_type=kind, headers=content_disposition(name_of_export(found)))


def name_of_export(export: Export) -> str:
    form = LIST_FORMS[export.form]
    return f"{form.list_name}_{timezone.localtime(export.created_at):%Y-%m-%d}.{form.list_ending}"


def no_longer(barred) -> str:
    names = "、".join(table.declaration.department.name for table in barred[:20])
    return f"汇总表中有 {len(barred)} 份申报表（{names}）您现在已不能查看，请重新导出。"
