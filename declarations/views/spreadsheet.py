"""A list of a page as a workbook to take away: a frozen head, filters, text that never becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 20_000
"""Lines of one list; a longer one says where it was cut."""
LONGEST_CELL = 32_000


@dataclass(frozen=True)
class Column:
    """``label`` and width in characters; ``is_amount``: shown with thousands separators."""

    label: str
    width: int
    is_amount: bool = False


def list_workbook(title: str, columns: Sequence[Column], lines: Iterable[Sequence]) -> HttpResponse:
    """``lines``: the cells of each line; the one after `LONGEST` only tells that there are more."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        head = book.add_format({"bold": True, "bg_color": "#EDF2FA", "border": 1})
        amounts = book.add_format({"num_format": "#,##0.00"})
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width, amounts if column.is_amount else None)
            sheet.write_string(0, at, column.label, head)
        count = 0
        for count, line in enumerate(lines, start=1):
            if count > LONGEST:
                sheet.write_string(count, 0, f"只导出前 {LONGEST:,} 行，其余请缩小范围后分次导出。")
                break
            for at, value in enumerate(line):
                _write(sheet, count, at, value)
        sheet.autofilter(0, 0, count, len(columns) - 1)
    header = {"Content-Disposition": content_disposition_header(True, f"{title}.xlsx")}
    return HttpResponse(file.getvalue(), content_type=XLSX, headers=header)


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """Text as text, a number as a number, nothing where there is nothing."""
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value[:LONGEST_CELL])
    elif value is not None:
        sheet.write(row, column, value)
