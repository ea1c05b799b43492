"""A new workbook with the values that were read of a file: for files that are no .xlsx, or that openpyxl cannot open.

Texts, numbers and percentages keep their places; formats and merges of the original are not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from declarations.files.opening.sheet import Sheet, Value, column_letters
from declarations.sheet.table import UNWRITABLE

UNNAMED = "申报表"
NO_TITLE = re.compile(r"[\\/*?:\[\]']")
LONGEST_TITLE = 31
WIDTH = 22


class Place(NamedTuple):
    """Where a sheet of the file is in the new workbook: ``down``: how many rows further down its cells are."""

    title: str
    down: int


def rebuild_workbook(sheets: Sequence[Sheet]) -> tuple[openpyxl.Workbook, dict[str, Place]]:
    """The workbook, and the places of its sheets by the names they have in the file."""
    book, places = openpyxl.Workbook(), {}
    book.remove(book.active)
    for sheet in sheets:
        made = book.create_sheet(NO_TITLE.sub("_", sheet.name)[:LONGEST_TITLE] or UNNAMED)
        made.sheet_state = "hidden" if sheet.hidden else "visible"
        # lines of text above a Word table count backwards from it: everything moves down to make room
        places[sheet.name] = Place(made.title, max(0, 1 - sheet.first_row))
        fill_sheet(made, sheet, places[sheet.name].down)
    if not any(made.sheet_state == "visible" for made in book.worksheets):
        book.create_sheet(UNNAMED)
    book.active = next(i for i, made in enumerate(book.worksheets) if made.sheet_state == "visible")
    return book, places


def fill_sheet(made: Worksheet, sheet: Sheet, down: int) -> None:
    for row, values in enumerate(sheet.rows, sheet.first_row):
        for column, value in enumerate(values, sheet.first_column):
            if value not in (None, ""):
                put_value(made.cell(row + down, column), value, (row, column) in sheet.percentages)
    for (row, column), fault in sheet.faults.items():
        put_value(made.cell(row + down, column), fault, False)
    for column in range(1, made.max_column + 1):
        made.column_dimensions[column_letters(column)].width = WIDTH


def put_value(cell: Cell, value: Value, is_percentage: bool) -> None:
    """A text that begins with = stays a text."""
    if isinstance(value, str):
        cell.value = UNWRITABLE.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith("=")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        return
    cell.value = value
    if is_percentage:
        cell.number_format = "0%" if float(value) * 100 % 1 == 0 else "0.00%"
