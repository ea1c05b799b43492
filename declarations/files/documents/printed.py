"""What both documents print alike: the text of a cell, where it stands in it, the foot of the page, who signs."""

from __future__ import annotations

from dataclasses import dataclass

from declarations.sheet.canonical import code_of
from declarations.sheet.layout import CellRole, LayoutCell
from declarations.sheet.table import Table, clean_text
from declarations.sheet.units import grouped_amount

DOCX_VERSION, PDF_VERSION = 2, 3
"""Raise one with every change of its document's looks: documents that were kept are then made anew."""
FORM = "部门整体预算绩效目标申报表"
HEADING_FONT, BODY_FONT = "黑体", "仿宋_GB2312"
"""What Word is to use; it substitutes what a computer does not have."""
SIGNERS = ("填报人（签字）", "部门负责人（签字）", "单位（公章）")
"""Who stands for the table, in the order in which they sign."""
DATE = "年　　月　　日"

MILLIMETRES_A_POINT = 25.4 / 72
SHORT_LINES = 12
"""A row of so few lines stays on one page."""
MARGIN = 15
PAPER = (210, 297)
"""A4 upright and the margin on its left and right, in millimetres."""
TITLE_SIZE, BODY_SIZE, SMALL_SIZE = 18.0, 10.5, 9.0
"""小二, 五号 and 小五, in points."""

SENTENCES = ("overall_goal", "key_tasks")
"""What holds sentences and stands on the left; the rest is centred, as on the printed form."""


class DocumentError(Exception):
    """Why a document cannot be made, and what to do, in Chinese; nothing is written."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The frozen version that a document shows: its number within the declaration and its hash."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"第{self.number}版　校验码 {code_of(self.hash)}"


def text_of(cell: LayoutCell) -> str:
    """The text as printed: amounts grouped and with all their decimals."""
    if cell.value is None:
        return ""
    return clean_text(cell.value) if isinstance(cell.value, str) else _figure(cell.value)


def _figure(value: object) -> str:
    return str(value) if isinstance(value, int) else grouped_amount(value)


def align_of(cell: LayoutCell) -> str:
    """``left``, ``center`` or ``right``."""
    if cell.role is CellRole.AMOUNT:
        return "right"
    return "left" if cell.role is CellRole.TEXT and cell.path.startswith(SENTENCES) else "center"


def year_line(table: Table) -> str:
    """A line below the title, of an edition whose title names no year."""
    return f"（{table.year}年度）" if table.year and "{year}" not in table.form.title else ""


def is_short(row: list[LayoutCell], widths: tuple[float, ...]) -> bool:
    """Whether a row, whose table has columns of these widths, is low enough to stand on one page."""
    return all(_lines(text_of(cell), _room(cell, widths)) <= SHORT_LINES for cell in row)


def _room(cell: LayoutCell, widths: tuple[float, ...]) -> float:
    """How many full-width characters a line of the cell holds, about."""
    share = sum(widths[cell.column - 1 : cell.column - 1 + cell.columns]) / sum(widths)
    return max(1.0, share * (PAPER[0] - 2 * MARGIN) / MILLIMETRES_A_POINT / BODY_SIZE - 1)


def _lines(text: str, room: float) -> int:
    return sum(int(len(line) / room) + 1 for line in text.split("\n"))


def head_rows(rows: list[list[LayoutCell]]) -> set[int]:
    """The numbers (from 1) of the rows that a page begins with again: of a grid, not the headings of a section."""
    levels = {cell.row for row in rows for cell in row if cell.role is CellRole.LEVEL or _is_of_grid(cell)}
    return {row[0].row for row in rows if _heads(row) and row[0].row + 1 in levels}


def _is_of_grid(cell: LayoutCell) -> bool:
    return "." in cell.path or (not cell.path and cell.role is CellRole.TEXT)


def _heads(row: list[LayoutCell]) -> bool:
    inner = [cell for cell in row if cell.role is not CellRole.LABEL]
    return bool(inner) and all(cell.role is CellRole.HEAD for cell in inner)
