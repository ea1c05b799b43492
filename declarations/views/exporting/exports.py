"""Declarations as files to take away: one, or all of a list as it is filtered."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from itertools import chain, islice

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from declarations.exporting import choosing, kept
from declarations.exporting.archive import UNSAFE, stream_zip
from declarations.exporting.flat import write_flat
from declarations.exporting.rendering import FLAT, FORMS, LIST_FORMS, XLSX, ExportForm, RenderError, names_of
from declarations.findings.examination import Examined, examine_all
from declarations.models import Declaration
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.table import Table
from declarations.views.reviewing.detail import find_readable
from declarations.views.reviewing.finding_lists import Tally
from declarations.web.access import signed_in
from declarations.web.filters import DeclarationFilter
from declarations.web.spreadsheet import LONGEST, SpreadsheetColumn, list_workbook

DIRECT = {key: form.direct_up_to for key, form in LIST_FORMS.items()}
"""By form: so many tables leave at once, in two seconds or so; more are made by a job (`export_jobs`)."""
MOST_PICKED = 100
PIECE = 64 * 1024
MANY = "这份清单的份数较多，请在“申报表”页按年度、状态筛选或者勾选后导出，由后台生成，完成后下载。"
UNKNOWN = f"只能导出 {names_of(FORMS)}。"


@signed_in
@require_safe
def export(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """``?format=`` xlsx (default), docx, pdf or json; anything else is answered with 400. What is approved leaves
    as it was frozen, with its version on the foot of the page."""
    declaration, table = find_readable(request.user, pk)
    form = FORMS.get(request.GET.get("format", "xlsx"))
    if form is None:
        return refused_export(UNKNOWN, 400)
    snapshot = choosing.approval_of(declaration)
    try:
        content = kept.kept_or_rendered(snapshot, form) if snapshot else form.render(table)
    except RenderError as error:
        return refused_export(str(error), 422)
    return attachment_response(file_name(declaration, form.ending), content, form.content_type)


def refused_export(said: str, status: int) -> HttpResponse:
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")


def file_name(declaration: Declaration, ending: str) -> str:
    """As people file it: ``云溪市教育局_2026年度_部门整体预算绩效目标申报表.xlsx``."""
    department = UNSAFE.sub("_", declaration.department.name)
    return f"{department}_{declaration.cycle.year}年度_部门整体预算绩效目标申报表.{ending}"


def attachment_response(name: str, content: bytes, content_type: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers=content_disposition(name))


def content_disposition(name: str) -> dict[str, str]:
    return {"Content-Disposition": content_disposition_header(True, name)}


# --- a whole list ----------------------------------------------------------------------------


@signed_in
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """Send the picked declarations: ``?format=`` list (default), flat, or one of `FORMS` for a zip."""
    found, form = picked_declarations(request.user, request.GET), request.GET.get("format", "list")
    if form in DIRECT and is_long(found, form):
        return redirect(f"{reverse('declarations:export_new')}?{request.GET.urlencode()}")
    return as_files(request, found)


def as_files(request: HttpRequest, found: QuerySet) -> HttpResponse:
    """These declarations in the ``format`` asked for, at once."""
    form = request.GET.get("format", "list")
    if form == "list":
        return list_workbook("申报表一览", LIST_COLUMNS, list_rows(request.user, found))
    if form not in DIRECT:
        return refused_export(UNKNOWN, 400)
    return (
        flat_workbook(request.user, found) if form == FLAT.key else archive_response(request.user, found, FORMS[form])
    )


def picked_declarations(user, params: QueryDict) -> QuerySet:
    """The list as it is filtered; where some of it are picked, those."""
    filters = DeclarationFilter(params, user)
    found = filters.apply(Declaration.objects.visible_to(user)).order_by(*filters.order)
    picked = [key for text in params.getlist("pick") if (key := store.as_uuid(text))]
    return found.filter(pk__in=picked[:MOST_PICKED]) if picked else found


def is_long(found: QuerySet, form: str) -> bool:
    """Whether it would take more than two seconds or so, and is made by a job."""
    return found[DIRECT[form] : DIRECT[form] + 1].exists()


def archive_response(user, found: QuerySet, form: ExportForm) -> HttpResponse:
    """A zip, sent while it is made. Where not even the first table can be made, that is said instead."""
    exports = choosing.readable_exports(user, found, form)
    first = next(exports, None)
    if first is None:
        return refused_export("没有可以导出的申报表：所列的申报表都还没有报送，或没有符合条件的申报表。", 404)
    if isinstance(first.content, RenderError) and form.ending == "pdf":
        return refused_export(str(first.content), 422)
    pieces = stream_zip(chain([first], exports), form)
    return StreamingHttpResponse(
        pieces, content_type="application/zip", headers=content_disposition(f"{form.list_name}.zip")
    )


def flat_workbook(user, found: QuerySet) -> HttpResponse:
    """All figures of what this person may read."""
    pieces = flat_pieces(readable_pairs(user, found))
    return StreamingHttpResponse(pieces, content_type=XLSX, headers=content_disposition(f"{FLAT.list_name}.xlsx"))


def flat_pieces(pairs: Iterator[tuple[Declaration, Table]]) -> Iterator[bytes]:
    """A workbook is written from its end, so it waits in a file until it is whole."""
    with tempfile.TemporaryFile() as file:
        write_flat(file, pairs)
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")


def readable_pairs(user, found: QuerySet) -> Iterator[tuple[Declaration, Table]]:
    for declaration in store.with_reported(found).iterator(chunk_size=store.BATCH):
        table = permissions.readable_table(user, declaration)
        if table is not None:
            yield declaration, table


LIST_COLUMNS = (
    SpreadsheetColumn("部门代码", 14),
    SpreadsheetColumn("部门", 36),
    SpreadsheetColumn("年度", 8),
    SpreadsheetColumn("状态", 12),
    SpreadsheetColumn("报送次数", 10),
    SpreadsheetColumn("基本支出（万元）", 18, is_amount=True),
    SpreadsheetColumn("项目支出（万元）", 18, is_amount=True),
    SpreadsheetColumn("错误", 8),
    SpreadsheetColumn("疑点", 8),
    SpreadsheetColumn("更新时间", 18),
)


def list_rows(user, found: QuerySet) -> Iterator[list]:
    """The cells of each line; figures and findings only where the content may be read."""
    for declaration, found_of in read_each(user, found[: LONGEST + 1]):
        department = declaration.department
        content: list = ["", "", "", ""]
        if found_of:
            tally, table = Tally.of(found_of.problems), found_of.table
            content = [table.basic_expenditure, table.project_expenditure, tally.errors, tally.warnings]
        known = [department.code, department.name, declaration.cycle.year, declaration.get_state_display()]
        yield [
            *known,
            declaration.submissions,
            *content,
            f"{timezone.localtime(declaration.updated_at):%Y-%m-%d %H:%M}",
        ]


def read_each(user, found: QuerySet) -> Iterator[tuple[Declaration, Examined | None]]:
    """Each declaration with what this person may read of it (None: nothing), a batch in memory at a time."""
    rows = store.with_reported(found).iterator(chunk_size=store.BATCH)
    while batch := list(islice(rows, store.BATCH)):
        readable = [(one, table) for one in batch if (table := permissions.readable_table(user, one))]
        told = {one.pk: said for (one, _), said in zip(readable, examine_all(readable), strict=True)}
        yield from ((one, told.get(one.pk)) for one in batch)
