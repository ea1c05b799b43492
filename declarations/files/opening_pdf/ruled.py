"""From ruled lines and glyphs to the cells of a page's table, and the lines of text outside it.

A page is cut into the boxes between its upright and its level lines; boxes without a line between them are one
cell, as printed merged cells are. A line that leads to no other (an underscore, a stroke through a text) parts nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from declarations.files.guarding.bounds import judge_cells
from declarations.files.guarding.refusals import refusal_of
from declarations.files.opening_pdf.page_content import Glyph, Page, RuledLine

NEAR = 3.0
"""Points between lines that are meant as one, and between the end of a line and the one it meets."""
SHORTEST = 4.0
MOST_LINES = 1_500
"""Level or upright lines of one page, when pieces in a row are joined."""


@dataclass(slots=True)
class Printed:
    """A cell of a page, or a line of text outside the table: its place, how far it reaches, the glyphs in it.

    ``column`` and ``row`` count from 0, ``column`` over all pages; ``width`` in points. Outside: no columns.
    """

    row: int
    column: int
    rows: int
    columns: int
    left: float
    width: float
    glyphs: list[Glyph] = field(default_factory=list)


@dataclass(slots=True)
class RuledGrid:
    """The cells of a page by row, and the glyphs outside them. ``edges``: the heights between the rows."""

    edges: list[float]
    cells: list[Printed]
    outside: list[Glyph]


def join_strokes(lines: Iterable[RuledLine]) -> list[RuledLine]:
    """Lines of one height and direction that touch, as one; strokes shorter than a letter are none."""
    whole: list[RuledLine] = []
    heights = clusters(line.at for line in lines)
    by_height: dict[float, list[RuledLine]] = {}
    for line in lines:
        by_height.setdefault(nearest(heights, line.at), []).append(line)
    for at, pieces in sorted(by_height.items()):
        pieces.sort(key=lambda line: line.start)
        start, end = pieces[0].start, pieces[0].end
        for piece in pieces[1:]:
            if piece.start > end + NEAR:
                whole.append(RuledLine(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        whole.append(RuledLine(at, start, end))
    return [line for line in whole if line.end - line.start >= SHORTEST]


def clusters(values: Iterable[float]) -> list[float]:
    """The values in order, those nearer to the one before than `NEAR` as one, in their middle."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] < NEAR and value - groups[-1][0] < 2 * NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [(group[0] + group[-1]) / 2 for group in groups]


def nearest(values: list[float], wanted: float) -> float:
    """The one of the ordered ``values`` that is nearest."""
    place = bisect_right(values, wanted)
    return min(values[max(0, place - 1) : place + 1], key=lambda value: abs(value - wanted))


def table_lines(page: Page) -> tuple[list[RuledLine], list[RuledLine]]:
    """The level and the upright lines of tables: a level line ends at upright ones on both sides."""
    levels, uprights = join_strokes(page.levels), join_strokes(page.uprights)
    if max(len(levels), len(uprights)) > MOST_LINES:
        raise refusal_of("X15", reason="一页中的表格线过多")
    places = clusters(line.at for line in uprights)
    by_place: dict[float, list[RuledLine]] = {}
    for line in uprights:
        by_place.setdefault(nearest(places, line.at), []).append(line)

    def is_met(x: float, y: float) -> bool:
        at = nearest(places, x)
        return abs(at - x) <= 2 * NEAR and any(line.start - NEAR <= y <= line.end + NEAR for line in by_place[at])

    if not places:
        return [], []
    levels = [line for line in levels if is_met(line.start, line.at) and is_met(line.end, line.at)]
    return levels, [line for line in uprights if any(crosses(level, line) for level in levels)]


def crosses(level: RuledLine, upright: RuledLine) -> bool:
    """Whether two lines meet."""
    return (
        level.start - NEAR <= upright.at <= level.end + NEAR and upright.start - NEAR <= level.at <= upright.end + NEAR
    )


def grid_of(page: Page, levels: list[RuledLine], uprights: list[RuledLine], columns: list[float]) -> RuledGrid:
    """The cells of a page, whose columns begin and end at ``columns``."""
    ends = [end for line in uprights for end in (line.start, line.end)]
    rows = clusters([*(line.at for line in levels), *ends])
    if len(rows) < 2 or len(columns) < 2:
        return RuledGrid(rows, [], page.glyphs)
    judge_cells(len(rows) * len(columns))
    walls = Walls(levels, uprights, rows, columns)
    cells = walls.cells()
    owners = {
        (row, column): cell
        for cell in cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    outside: list[Glyph] = []
    for glyph in page.glyphs:
        row, column = bisect_right(rows, glyph.middle) - 1, bisect_right(columns, (glyph.left + glyph.right) / 2) - 1
        cell = owners.get((row, column))
        (cell.glyphs if cell else outside).append(glyph)
    return RuledGrid(rows, cells, outside)


class Walls:
    """Where a box has a line at its left and above it; the boxes without one between them, as cells."""

    def __init__(
        self, levels: list[RuledLine], uprights: list[RuledLine], rows: list[float], columns: list[float]
    ) -> None:
        self.rows, self.columns = rows, columns
        self.above: set[tuple[int, int]] = set()
        self.beside: set[tuple[int, int]] = set()
        for line in levels:
            row = rows.index(nearest(rows, line.at))
            self.above |= {(row, column) for column in spanned_cells(columns, line)}
        for line in uprights:
            column = columns.index(nearest(columns, line.at))
            self.beside |= {(row, column) for row in spanned_cells(rows, line)}

    def cells(self) -> list[Printed]:
        """In reading order. What has no line at its left or right is no cell."""
        taken: set[tuple[int, int]] = set()
        found = []
        for row in range(len(self.rows) - 1):
            for column in range(len(self.columns) - 1):
                if (row, column) not in taken and (row, column) in self.beside:
                    cell = self.cell(row, column, taken)
                    if cell:
                        found.append(cell)
        return found

    def cell(self, row: int, column: int, taken: set[tuple[int, int]]) -> Printed | None:
        right = column + 1
        while (row, right) not in self.beside:
            right += 1
            if right >= len(self.columns):
                return None
        bottom = row + 1
        while bottom < len(self.rows) - 1 and self.is_one(row, bottom, column, right, taken):
            bottom += 1
        taken |= {(i, j) for i in range(row, bottom) for j in range(column, right)}
        left = self.columns[column]
        return Printed(row, column, bottom - row, right - column, left, self.columns[right] - left)

    def is_one(self, row: int, below: int, left: int, right: int, taken: set[tuple[int, int]]) -> bool:
        """Whether the boxes of row ``below`` belong to the cell that begins in ``row``."""
        if (below, left) not in self.beside or (below, right) not in self.beside:
            return False
        inner = any((below, column) in self.beside for column in range(left + 1, right))
        parted = any((below, column) in self.above or (below, column) in taken for column in range(left, right))
        return not inner and not parted


def spanned_cells(edges: list[float], line: RuledLine) -> range:
    """The boxes between ``edges`` along which a line runs."""
    return range(bisect_left(edges, line.start - NEAR), bisect_right(edges, line.end + NEAR) - 1)
