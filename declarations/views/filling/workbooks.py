"""The official workbook to fill in elsewhere: blank, with the draft, or with last year's values; it imports back."""

from __future__ import annotations

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from declarations.files.writing.writer import WriteError, write_table
from declarations.filling.bringing.carried import carry_table
from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, Role
from declarations.record import store
from declarations.sheet.table import Table
from declarations.views.exporting.exports import UNSAFE, XLSX, attachment_response
from declarations.views.filling.entrance import filling_desk, open_door
from declarations.views.filling.past import earlier_tables
from declarations.web.access import allow

BLANK, LAST_YEAR = "blank", "last-year"
WORDS = {BLANK: "空白表", LAST_YEAR: "预填表"}


@allow(Role.FILLER, Role.HEAD)
@require_safe
@filling_desk(open_door)
def workbook_response(request: HttpRequest, desk: FillingDesk, kind: str) -> HttpResponse:
    """``blank``, or ``last-year``: the latest earlier table in this year's form, its texts and amounts as they were."""
    declaration = desk.declaration
    if kind not in WORDS:
        raise Http404("没有这种表。")
    table = blank_table(declaration) if kind == BLANK else prefilled_table(desk.user, declaration)
    if table is None:
        raise Http404("没有往年申报表，不能预填；请下载空白表。")
    file = io.BytesIO()
    try:
        write_table(table, file)
    except WriteError as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    department = UNSAFE.sub("_", declaration.department.name)
    name = f"{department}_{declaration.cycle.year}年度_部门整体预算绩效目标申报表（{WORDS[kind]}）.xlsx"
    return attachment_response(name, file.getvalue(), XLSX)


def blank_table(declaration: Declaration) -> Table:
    return Table(declaration.cycle.edition, declaration.department.name, declaration.cycle.year)


def prefilled_table(user, declaration: Declaration) -> Table | None:
    past = store.with_rows(earlier_tables(user, declaration)).first()
    if past is None:
        return None
    return carry_table(
        store.table_of(past), declaration.cycle.edition, declaration.cycle.year, declaration.department.name
    )
