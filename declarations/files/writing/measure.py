"""How much room a text needs in a cell, so that none of it is cut.

A merged cell does not grow with its text, and an unopened workbook has no heights at all, so they
are computed here. Pixels are those of a screen at 96 dpi, as in the widths of a workbook; heights
are in points. Excel, WPS and LibreOffice each break lines a little differently, and the fonts of
the form may be missing: every step errs towards more room.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from declarations.sheet.layout import CellRole, LayoutCell

BODY_SIZE, TITLE_SIZE = 12, 20
LOWEST_ROW = 24.0
HIGHEST_ROW, PIECE = 400.0, 150.0
"""A workbook cannot hold a row above 409 points. A taller one is made of short ones, so that they fill pages."""

LINE_PER_SIZE = 1.5
"""Height of a line over the size of its font: 仿宋_GB2312 has 1.2, Noto Sans CJK, its usual substitute, 1.5."""
FULL_PER_SIZE, HALF_PER_SIZE = 96 / 72, 0.57 * 96 / 72
"""Width in pixels of a full-width and of a half-width character over the size of the font in points."""
CELL_PADDING, ROW_PADDING = 6.0, 6.0
TITLE_PADDING = 12.0
CAREFUL, CAREFUL_WRAPPED = 0.99, 0.95
"""The share of a cell's width that is counted on, for one line and for several: printers and zoomed
screens break lines earlier, and each program has its own rules for where it may."""
REMEMBERED = 60
"""Characters up to which a text is likely to come again: labels, levels, names of indicators."""
NEARLY_FULL = 0.1
"""A last line that is full but for this share may as well become two."""

WORDS = re.compile(r"[!-~]+|[^!-~]+")
"""Runs of letters without a space, which stay on one line, and everything between them."""


def column_pixels(width: float) -> int:
    """The pixels of a column that is ``width`` characters wide."""
    return int(width * 7 + 5)


def text_width(text: str, size: float) -> float:
    """The pixels of a text on one line. Characters that are not ASCII count as full-width."""
    half = len(text.encode("ascii", "ignore"))
    return ((len(text) - half) * FULL_PER_SIZE + half * HALF_PER_SIZE) * size


def count_lines(text: str, pixels: float, size: float) -> int:
    """The lines a text takes in a cell that is ``pixels`` wide."""
    room = max(pixels - CELL_PADDING, FULL_PER_SIZE * size)
    if "\n" not in text:
        return _wrapped(text, room, size)
    return sum(_wrapped(line, room, size) for line in text.split("\n"))


def _wrapped(line: str, room: float, size: float) -> int:
    width = text_width(line, size)
    if width <= room * CAREFUL:
        return 1
    # A mark that may not begin a line takes the character before it along.
    room = max(room * CAREFUL_WRAPPED - FULL_PER_SIZE * size, FULL_PER_SIZE * size)
    if line.isascii() or WORDS.search(line).end() < len(line):
        return _wrapped_words(line, room, size)
    return math.ceil(width / room + NEARLY_FULL)


def _wrapped_words(line: str, room: float, size: float) -> int:
    """Lines of a text with runs of letters or digits in it: such a run goes to the next line as a whole."""
    lines, used = 1, 0.0
    for word in WORDS.findall(line):
        width = text_width(word, size)
        if "!" <= word[0] <= "~" and used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width
        if used > room:
            more = math.ceil(used / room) - 1
            lines, used = lines + more, used - more * room
    return lines + (used > room * (1 - NEARLY_FULL))


def text_height(text: str, pixels: float, role: CellRole) -> float:
    """The points a text needs in a cell that is ``pixels`` wide."""
    return _remembered(text, pixels, role) if len(text) <= REMEMBERED else _height(text, pixels, role)


def _height(text: str, pixels: float, role: CellRole) -> float:
    size, padding = (TITLE_SIZE, TITLE_PADDING) if role is CellRole.TITLE else (BODY_SIZE, ROW_PADDING)
    return count_lines(text, pixels, size) * size * LINE_PER_SIZE + padding


_remembered = lru_cache(maxsize=4096)(_height)


def row_heights(rows: Sequence[Sequence[LayoutCell]], widths: Sequence[float]) -> list[float]:
    """The height in points of each row of a layout, none of them bounded by what a workbook can hold."""
    edges = list(accumulate(map(column_pixels, widths), initial=0))
    heights, tall = [], []
    for cells in rows:
        height = LOWEST_ROW
        for cell in cells:
            if not isinstance(cell.value, str):
                continue
            pixels = edges[cell.column - 1 + cell.columns] - edges[cell.column - 1]
            need = text_height(cell.value, pixels, cell.role)
            if cell.rows > 1:
                tall.append((cell, need))
            elif need > height:
                height = need
        heights.append(height)
    for cell, need in sorted(tall, key=lambda pair: pair[0].rows):
        _stretch(heights, cell, need)
    return heights


def _stretch(heights: list[float], cell: LayoutCell, need: float) -> None:
    """Give the rows that a tall cell spans what its text needs beyond their own heights, in equal shares."""
    span = range(cell.row - 1, cell.row - 1 + cell.rows)
    share = (need - sum(heights[row] for row in span)) / cell.rows
    if share > 0:
        for row in span:
            heights[row] += share


def height_pieces(height: float) -> list[float]:
    """A height as the heights of the rows of a workbook that make it up, each a whole number of pixels."""
    count = 1 if height <= HIGHEST_ROW else math.ceil(height / PIECE)
    return [math.ceil(height / count * 96 / 72) * 72 / 96] * count
