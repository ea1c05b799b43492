"""A sheet as the reader sees it: values at addresses, whatever kind of file they came from."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

Value = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None

Place = tuple[int, int]
"""The row and the column of a cell, both counted from 1."""


@lru_cache(maxsize=512)
def column_letters(column: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell, both numbers counted from 1: (28, 6) -> F28."""
    return f"{column_letters(column)}{row}"


class Why(StrEnum):
    """Why a filled cell is no content of the table; the value is what `read_tables --json` prints."""

    SIGNATURE = "signature"
    OPINION = "opinion"
    DATE = "date"
    NOTE = "note"
    TITLE = "title"
    PAGE_MARK = "page_mark"
    SERIAL_NUMBER = "serial_number"
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_LABEL = "unknown_label"
    SUM_ROW = "sum_row"
    COVERED = "covered"
    HIDDEN_COLUMN = "hidden_column"
    STRUCK_OUT = "struck_out"
    PICTURE = "picture"
    LIST_NUMBER = "list_number"
    POINTS = "points"
    STRAY = "stray"

    @property
    def label(self) -> str:
        return WHY_LABELS[self]


WHY_LABELS = {
    Why.SIGNATURE: "签字、填表人、联系电话",
    Why.OPINION: "审核意见",
    Why.DATE: "填表日期",
    Why.NOTE: "注释、填报说明",
    Why.TITLE: "标题",
    Why.PAGE_MARK: "页码",
    Why.SERIAL_NUMBER: "序号",
    Why.UNKNOWN_COLUMN: "本表式没有的列",
    Why.UNKNOWN_LABEL: "不认识的栏目",
    Why.SUM_ROW: "合计行",
    Why.COVERED: "被合并单元格盖住的旧值",
    Why.HIDDEN_COLUMN: "隐藏列中的值",
    Why.STRUCK_OUT: "已画删除线的文字",
    Why.PICTURE: "图片，不是文字",
    Why.LIST_NUMBER: "Word 的自动编号",
    Why.POINTS: "分值",
    Why.STRAY: "不属于任何项目",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A filled cell, or a part of one, that is not in the table: its address, its text, the reason."""

    cell: str
    text: str
    why: Why

    def to_json(self) -> dict[str, str]:
        return {"cell": self.cell, "text": self.text, "why": self.why.value, "reason": self.why.label}


@dataclass(slots=True)
class Sheet:
    """One sheet of a file.

    ``rows[i][j]`` is the value of the cell ``first_row + i``, ``first_column + j`` (addresses
    counted from 1); an empty cell is None or "". Cells covered by a merge are empty but for the
    first. ``percentages`` holds the addresses (row, column) of numbers that the file shows as
    percentages, ``faults`` the cells that have no value to read and why: an error value
    (``#DIV/0!``) or a formula that was never computed (its text, with the leading ``=``).
    ``displayed`` holds the text that a person sees where a number format adds words or signs to a
    number (``3200亩``), ``scales`` by how much a format divides the number it shows (10,000 for
    ``0!.0,``; the value here is undivided); ``left_out`` what the file keeps but does not show as content (values under
    merged cells, struck-out text, pictures); ``hidden_rows`` and ``hidden_columns`` the numbers of
    those that are not shown, filtered rows included.
    """

    name: str
    rows: list[list[Value]]
    first_row: int = 1
    first_column: int = 1
    percentages: set[tuple[int, int]] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False
    displayed: dict[tuple[int, int], str] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    scales: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """``name``, ``rows``, ``first_row``, ``faults`` by address; dates as ISO text, what else JSON lacks as text."""
        faults = {address(*place): found for place, found in self.faults.items()}
        rows = [[_bare(cell) for cell in row] for row in self.rows]
        return {"name": self.name, "rows": rows, "first_row": self.first_row, "faults": faults}


def value_at(sheet: Sheet, place: Place) -> Value:
    """The value at an address (from 1), None outside the sheet's content."""
    row, column = place[0] - sheet.first_row, place[1] - sheet.first_column
    if not (0 <= row < len(sheet.rows) and 0 <= column < len(sheet.rows[row])):
        return None
    return sheet.rows[row][column]


def _bare(value: Value) -> str | int | float | bool | None:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    plain = value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if plain else str(value)
