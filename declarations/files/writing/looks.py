"""The looks of the official table: 黑体 title, 仿宋_GB2312 body, thin borders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from declarations.files.writing.measure import BODY_SIZE, TITLE_SIZE
from declarations.sheet.layout import CellRole, LayoutCell
from declarations.sheet.units import tidy_amount

TITLE_FONT, BODY_FONT = "黑体", "仿宋_GB2312"
FONT = {"font_name": BODY_FONT, "font_size": BODY_SIZE}
BASE = {**FONT, "border": 1, "valign": "vcenter", "align": "center", "text_wrap": True}
FITTED = {"text_wrap": False, "shrink": True}
"""A number cannot be wrapped: where a column is too narrow for it, ##### would stand there."""

LOOKS: dict[str, dict[str, Any]] = {
    "title": {**BASE, "font_name": TITLE_FONT, "font_size": TITLE_SIZE, "border": 0},
    "centre": BASE,
    "left": {**BASE, "align": "left"},
    "count": {**BASE, **FITTED, "num_format": "0"},
    "cents": {**BASE, **FITTED, "num_format": "#,##0.00", "align": "right", "indent": 1},
    "exact": {**BASE, **FITTED, "num_format": "#,##0.00####", "align": "right", "indent": 1},
    "digits": {**BASE, "align": "right", "indent": 1},
    "run": FONT,
}
LEFT = ("overall_goal", "key_tasks")
"""What holds sentences; departments, indicators and their values stand in the middle, as on the printed form."""


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[str, bool], Format] = {}

    def of(self, cell: LayoutCell, is_split: bool) -> Format:
        """The format of a cell. ``is_split``: its row is several rows of the workbook, which a page may part."""
        return self.named(look_of(cell), is_split)

    def named(self, look: str, at_top: bool = False) -> Format:
        key = (look, at_top)
        if key not in self._formats:
            self._formats[key] = self._book.add_format(LOOKS[look] | ({"valign": "top"} if at_top else {}))
        return self._formats[key]


def look_of(cell: LayoutCell) -> str:
    """The name of a cell's look."""
    if cell.role is CellRole.TITLE:
        return "title"
    if cell.role is CellRole.AMOUNT:
        return _amount_look(cell.value)
    if cell.role is CellRole.COUNT:
        return "count"
    return "left" if cell.role is CellRole.TEXT and cell.path.startswith(LEFT) else "centre"


def _amount_look(value: object) -> str:
    if isinstance(value, str):
        return "digits"
    is_finer = isinstance(value, Decimal) and tidy_amount(value).as_tuple().exponent < -2
    return "exact" if is_finer else "cents"
