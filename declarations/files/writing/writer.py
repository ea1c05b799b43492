"""Writing: tables -> one workbook, each sheet the official table of its edition, to print and to read back.

Text stays text whatever it begins with; amounts are numbers that keep all their decimals. The same
tables give the same bytes, so that a workbook can stand under a hash.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, chain, count
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from declarations.files.writing.looks import BODY_FONT, Looks
from declarations.files.writing.measure import height_pieces, row_heights
from declarations.sheet.layout import LayoutCell, lay_out
from declarations.sheet.table import Table, clean_text
from declarations.sheet.units import from_number, grouped_amount

XLSX_VERSION = 1
"""Raise it with every change of what is written: workbooks that were kept are then made anew."""
FORM = "部门整体预算绩效目标申报表"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
MADE = datetime.datetime(2000, 1, 1)
"""The one creation time of all workbooks: a real one would make each differ from the last."""

LONGEST_NAME = 31
UNNAMEABLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]")
ESCAPES_THAT_OVERLAP = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")


class WriteError(Exception):
    """A value that a workbook cannot hold whole; nothing is written rather than something cut."""


def write_table(table: Table, file: str | IO[bytes]) -> None:
    """Write one table as an xlsx workbook to ``file`` (a path or an open binary file)."""
    write_tables([table], file)


def write_tables(tables: Sequence[Table], file: str | IO[bytes]) -> None:
    """Write each table as a sheet of one xlsx workbook. Raises `WriteError`, and ValueError for no table at all."""
    if not tables:
        raise ValueError("a workbook needs at least one table")
    # Not as a context manager: that would close, and so write, the half of a workbook after an error.
    book = Workbook(file, OPTIONS)
    book.set_properties({"title": FORM, "subject": _subject(tables), "author": "", "created": MADE})
    looks = Looks(book)
    for table, name in zip(tables, sheet_names(tables), strict=True):
        SheetWriter(book.add_worksheet(name), looks).write(table)
    book.close()


def _subject(tables: Sequence[Table]) -> str:
    return " ".join(tables[0].department.split())[:200] if len(tables) == 1 else f"共{len(tables)}个部门"


# --- names of sheets -------------------------------------------------------------------------


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """A name for each table's sheet, telling the year, which not every edition's title does."""
    names: list[str] = []
    taken: set[str] = set()
    for table in tables:
        name = _sheet_name(table, len(tables) == 1)
        numbered = (_with_number(name, number) for number in count(2))
        names.append(name if name.lower() not in taken else next(n for n in numbered if n.lower() not in taken))
        taken.add(names[-1].lower())
    return names


def _sheet_name(table: Table, is_only: bool) -> str:
    if not table.year:
        # A 部门名称 may hold a year itself, which a reader would then take for the form's.
        return FORM
    department = "" if is_only else " ".join(UNNAMEABLE.sub("", table.department).split())
    return f"{table.year}年 {department}"[:LONGEST_NAME].rstrip("' ")


def _with_number(name: str, number: int) -> str:
    end = f"({number})"
    return name[: LONGEST_NAME - len(end)] + end


# --- one sheet -------------------------------------------------------------------------------


class SheetWriter:
    """Lays one table out on one sheet. A row too tall for a workbook becomes several, merged."""

    def __init__(self, sheet: Worksheet, looks: Looks) -> None:
        self._sheet, self._looks = sheet, looks

    def write(self, table: Table) -> None:
        widths = table.form.widths
        rows = [[as_written(cell) for cell in cells] for cells in lay_out(table)]
        heights = [height_pieces(height) for height in row_heights(rows, widths)]
        self._starts = list(accumulate(map(len, heights), initial=0))
        for cells in rows:
            for cell in cells:
                self._cell(cell)
        for row, height in enumerate(height for parts in heights for height in parts):
            self._sheet.set_row(row, height)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._page(self._starts[-1] - 1, len(widths) - 1)

    def _cell(self, cell: LayoutCell) -> None:
        top, left = self._starts[cell.row - 1], cell.column - 1
        bottom, right = self._starts[cell.row - 1 + cell.rows] - 1, left + cell.columns - 1
        look = self._looks.of(cell, is_split=bottom - top >= cell.rows)
        done = 0
        if (top, left) != (bottom, right):
            done = self._sheet.merge_range(top, left, bottom, right, "", look)
        done = done or self._value(top, left, cell.value, look)
        if done:
            raise WriteError(f"“{cell.path or cell.value}”的内容超出工作表一格可存的范围，未能导出")

    def _value(self, row: int, column: int, value: object, look: object) -> int:
        if value is None or value == "":
            return self._sheet.write_blank(row, column, None, look)
        if not isinstance(value, str):
            return self._sheet.write_number(row, column, value, look)
        if _is_mistaken_for_markup(value):
            runs = [run for run in re.split("(?<=_x)|(?<=^<)", value) if run]
            font = self._looks.named("run")
            return self._sheet.write_rich_string(row, column, *chain.from_iterable((font, run) for run in runs), look)
        return self._sheet.write_string(row, column, value, look)

    def _page(self, last_row: int, last_column: int) -> None:
        """A4 upright, one page wide, title on every page, page numbers below."""
        sheet = self._sheet
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, last_row, last_column)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.75)
        sheet.center_horizontally()
        sheet.set_footer(f'&C&"{BODY_FONT},常规"&10第 &P 页 共 &N 页')
        sheet.hide_gridlines(2)


def as_written(cell: LayoutCell) -> LayoutCell:
    """The cell as the workbook holds it: an amount with more digits than its numbers have becomes exact text."""
    if isinstance(cell.value, str):
        text = clean_text(cell.value)
        return cell if text == cell.value else replace(cell, value=text)
    if isinstance(cell.value, Decimal) and from_number(float(cell.value)) != cell.value:
        return replace(cell, value=grouped_amount(cell.value))
    return cell


def _is_mistaken_for_markup(text: str) -> bool:
    """XlsxWriter takes ``<r>…</r>`` for its own markup, and escapes only the first of ``_x005F_x000D_``."""
    is_tagged = text.startswith("<r>") and text.endswith("</r>")
    return is_tagged or ("_x" in text and bool(ESCAPES_THAT_OVERLAP.search(text)))
