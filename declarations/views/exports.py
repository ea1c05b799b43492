"""The official table as a file to take away."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from xlsxwriter import Workbook

from declarations import permissions, store
from declarations.examination import Examined, examined
from declarations.models import Declaration
from declarations.table import Table
from declarations.views.access import signed_in
from declarations.views.detail import find_readable
from declarations.views.findings import Tally
from declarations.views.listing import SORTS, Filters
from declarations.workbook.writer import WriteError, write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_LIST = 20_000
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What no file name may hold on the systems that people use."""


@signed_in
@require_safe
def export(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """``?format=xlsx`` (default) or ``json``; anything else is answered with 400."""
    declaration, table = find_readable(request.user, pk)
    wanted = request.GET.get("format", "xlsx")
    if wanted == "json":
        text = json.dumps(table.to_json(), ensure_ascii=False, indent=2)
        return attachment(named(declaration, "json"), text.encode(), "application/json; charset=utf-8")
    if wanted != "xlsx":
        return HttpResponse("只能导出 xlsx 或 json。", status=400, content_type="text/plain; charset=utf-8")
    return workbook(declaration, table)


def workbook(declaration: Declaration, table: Table) -> HttpResponse:
    file = io.BytesIO()
    try:
        write_table(table, file)
    except WriteError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return attachment(named(declaration, "xlsx"), file.getvalue(), XLSX)


def named(declaration: Declaration, ending: str) -> str:
    """As people file it: ``云溪市教育局_2027年度_部门整体预算绩效目标申报表.xlsx``."""
    department = UNSAFE.sub("_", declaration.department.name)
    return f"{department}_{declaration.cycle.year}年度_部门整体预算绩效目标申报表.{ending}"


def attachment(name: str, content: bytes, content_type: str) -> HttpResponse:
    header = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=content_type, headers=header)


LIST_COLUMNS = (
    ("部门代码", 14),
    ("部门", 36),
    ("年度", 8),
    ("状态", 12),
    ("报送次数", 10),
    ("基本支出（万元）", 18),
    ("项目支出（万元）", 18),
    ("错误", 8),
    ("疑点", 8),
    ("更新时间", 18),
)


@signed_in
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook; at most `LONGEST_LIST` rows, and it says so where there are more."""
    filters = Filters.read(request.GET)
    found = filters.apply(Declaration.objects.visible_to(request.user)).order_by(*SORTS[filters.sort][1])
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDF2FA", "border": 1})
        figures = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet("申报表")
        sheet.freeze_panes(1, 0)
        for column, (label, width) in enumerate(LIST_COLUMNS):
            sheet.set_column(column, column, width, figures if "万元" in label else None)
            sheet.write_string(0, column, label, head)
        for row, values in enumerate(list_rows(request.user, found), start=1):
            sheet.write_row(row, 0, values)
        if found[LONGEST_LIST : LONGEST_LIST + 1].exists():
            sheet.write_string(LONGEST_LIST + 1, 0, f"只导出前 {LONGEST_LIST:,} 份，其余请按年度或状态筛选后分次导出。")
    return attachment("申报表一览.xlsx", file.getvalue(), XLSX)


def list_rows(user, found: QuerySet) -> Iterator[list]:
    """The cells of each line; figures and findings only where the content may be read."""
    for declaration, found_of in read_each(user, found[:LONGEST_LIST]):
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
        told = {one.pk: said for (one, _), said in zip(readable, examined(readable), strict=True)}
        yield from ((one, told.get(one.pk)) for one in batch)
