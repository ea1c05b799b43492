"""Files to take away: a template, a list as it is now, and the file that somebody brought."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from declarations.administering.references import writing
from declarations.administering.references.kinds import Listing
from declarations.models import Role
from declarations.views.exporting.exports import XLSX, attachment_response, refused_export
from declarations.views.references.imports import find_reference
from declarations.views.references.pages import chosen_bureau
from declarations.web.access import allow

CSV = "text/csv; charset=utf-8"


@allow(Role.ADMINISTRATOR)
@require_GET
def template(request: HttpRequest, listing: Listing) -> HttpResponse:
    return attachment_response(f"{listing.label}_模板.xlsx", writing.write_template(listing), XLSX)


@allow(Role.ADMINISTRATOR)
@require_GET
def export(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The whole list of a bureau: ``?format=`` xlsx (default) or csv; it comes in again unchanged."""
    wanted = request.GET.get("format", "xlsx")
    if wanted not in ("xlsx", "csv"):
        return refused_export("只能导出 xlsx 或 csv。", 400)
    bureau, _ = chosen_bureau(request)
    rows = writing.write_current_list(listing, bureau)
    if wanted == "csv":
        return attachment_response(f"{listing.label}.csv", writing.comma_separated(listing, rows), CSV)
    return attachment_response(f"{listing.label}.xlsx", writing.write_workbook(listing, rows), XLSX)


@allow(Role.ADMINISTRATOR)
@require_GET
def original(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """The file as it came, to be saved, never shown: no browser is told what kind it might be."""
    kept = find_reference(request, reference)
    if not kept.file:
        raise Http404("文件已按规定删除。")
    return FileResponse(
        kept.file.open("rb"),
        as_attachment=True,
        filename=kept.original_name,
        content_type="application/octet-stream",
    )
