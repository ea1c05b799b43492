"""A list of a page as a workbook to take away: a frozen head, filters, text that never becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 20_000
"""Lines of one list; a longer one says where it was cut."""
LONGEST_CELL = 32_000


@dataclass(frozen=True)
class SpreadsheetColumn:
    """``label`` and width in characters; ``is_amount``: shown with thousands separators."""

    label: str
    width: int
    is_amount: bool = False


@dataclass(frozen=True)
class SpreadsheetSheet:
    """``lines``: the cells of each line; the one after `LONGEST` only tells that there are more."""

    title: str
    columns: Sequence[SpreadsheetColumn]
    lines: Iterable[Sequence]


def list_workbook(title: str, columns: Sequence[SpreadsheetColumn], lines: Iterable[Sequence]) -> HttpResponse:
    return workbook_response(title, [SpreadsheetSheet(title, columns, lines)])


def workbook_response(name: str, sheets: Iterable[SpreadsheetSheet]) -> HttpResponse:
    """A workbook with a sheet a list."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDF2FA", "border": 1})
        amounts = book.add_format({"num_format": "#,##0.00"})
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.title), sheet, head, amounts)
    header = {"Content-Disposition": content_disposition_header(True, f"{name}.xlsx")}
    return HttpResponse(file.getvalue(), content_type=XLSX, headers=header)


def _fill(page: Worksheet, sheet: SpreadsheetSheet, head: Format, amounts: Format) -> None:
    page.freeze_panes(1, 0)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width, amounts if column.is_amount else None)
        page.write_string(0, at, column.label, head)
    count = 0
    for count, line in enumerate(sheet.lines, start=1):
        if count > LONGEST:
            page.write_string(count, 0, f"只导出前 {LONGEST:,} 行，其余请缩小范围后分次导出。")
            break
        for at, value in enumerate(line):
            _write(page, count, at, value)
    page.autofilter(0, 0, count, len(sheet.columns) - 1)


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """Text as text, a number as a number, nothing where there is nothing."""
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value[:LONGEST_CELL])
    elif value is not None:
        sheet.write(row, column, value)
