"""Cell references, and whether the content of a sheet stays within what may be read.

The library that reads the values allocates the whole rectangle around the content of a sheet, so
the rectangle is judged first. Rows and columns are counted from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import address

REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
# References that need no closer look: columns A to Z, rows 1 to 999.
ORDINARY = re.compile(r"(?:[A-Z][1-9][0-9]{0,2} )*")


def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def position_of(reference: str) -> tuple[int, int]:
    """B3 -> (3, 2); raises `Refused` for what is no reference."""
    match = REFERENCE.fullmatch(reference)
    if not match or int(match[2]) == 0:
        raise refuse_damaged("单元格地址有误")
    return int(match[2]), column_number(match[1])


def require_within(row: int, column: int) -> None:
    """Raises `Refused` for a cell outside what is read."""
    if row > limits.ROWS or column > limits.COLUMNS:
        raise refusal_of("X14", cell=address(row, column), rows=limits.ROWS, columns=limits.COLUMNS)


def judge_references(references: list[str]) -> int:
    """How many cells the rectangle around these references may have, at most."""
    if ORDINARY.fullmatch(" ".join(references) + " "):
        return 26 * 999 if references else 0
    box = Box()
    for reference in references:
        box.add(*position_of(reference))
    return box.area


@dataclass(slots=True)
class Box:
    """The rectangle around the cells added so far; a cell out of bounds is refused."""

    top: int = limits.ROWS
    left: int = limits.COLUMNS
    bottom: int = 0
    right: int = 0

    def add(self, row: int, column: int) -> None:
        require_within(row, column)
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)

    @property
    def area(self) -> int:
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)


def judge_cells(total: int) -> None:
    if total > limits.CELLS:
        raise refusal_of("X15", reason=f"单元格超过 {limits.CELLS} 个")


def judge_sheets(number: int) -> None:
    if number > limits.SHEETS:
        raise refusal_of("X15", reason=f"工作表超过 {limits.SHEETS} 个")
    if number == 0:
        raise refusal_of("X17")


def judge_merges(areas: list[str]) -> None:
    """Merged areas: not too many, and not whole columns."""
    if len(areas) > limits.MERGES:
        raise refusal_of("X16", reason=f"合并区域超过 {limits.MERGES} 个")
    if sum(map(area_size, areas)) > limits.MERGED_CELLS:
        raise refusal_of("X16", reason="合并了整列或过大的区域")


@lru_cache(maxsize=4_096)
def area_size(area: str) -> int:
    """How many cells an area like A1:F1 has."""
    match = AREA.fullmatch(area)
    if not match:
        raise refuse_damaged("合并区域的地址有误")
    left, top, right, bottom = match.groups()
    if right is None:
        return 1
    return (abs(int(bottom) - int(top)) + 1) * (abs(column_number(right) - column_number(left)) + 1)
