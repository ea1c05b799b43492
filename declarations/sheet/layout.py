"""The official table laid out: which cell stands where, how far it spans, what it says.

One layout for every rendering: workbook, page, print view and, later, PDF and Word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Any

from declarations.sheet.official.fields import FieldKind
from declarations.sheet.official.shape import Grid, Heading, Item, Section
from declarations.sheet.table import IndicatorRow, Row, Table, cell_of
from declarations.sheet.units import Unit, convert_amount

LINES_APART, LINE_GAP = "typed-lines-apart", 1.5
"""The keyword of printed documents, and by how many points more lines stand apart that were typed so: by this what
is printed can be read back as it was typed."""
WORD_PART = 8
"""Letters after which a printed word is parted that no line may hold."""


class CellRole(StrEnum):
    """What a cell is for; renderings choose its looks by this."""

    TITLE = "title"
    LABEL = "label"
    HEAD = "head"
    LEVEL = "level"
    TEXT = "text"
    COUNT = "count"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class LayoutCell:
    """A cell at ``row`` and ``column`` (from 1) spanning ``rows`` × ``columns``.

    ``value``: text, int or, in the unit ``unit`` that the edition prints, Decimal; None or "" when
    empty. ``path`` is the field path of a value, empty for printed texts.
    """

    row: int
    column: int
    rows: int
    columns: int
    role: CellRole
    value: str | int | Decimal | None
    path: str = ""
    unit: Unit | None = None


ROLES = {
    FieldKind.TEXT: CellRole.TEXT,
    FieldKind.COUNT: CellRole.COUNT,
    FieldKind.WAN: CellRole.AMOUNT,
    FieldKind.YUAN: CellRole.AMOUNT,
    FieldKind.LEVEL: CellRole.LEVEL,
}


def lay_out(table: Table) -> list[list[LayoutCell]]:
    """The rows of the official table, each with the cells that begin in it, left to right."""
    edition = table.form
    width = len(edition.widths)
    cells = [LayoutCell(1, 1, 1, width, CellRole.TITLE, edition.printed_title(table.year))]
    top = 2
    for section in edition.sections:
        part = _section(section, table, top) if isinstance(section, Section) else _grid(section, table, top)
        cells += part
        top = max(cell.row + cell.rows for cell in part)
    rows: list[list[LayoutCell]] = [[] for _ in range(top - 1)]
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row - 1].append(cell)
    return rows


@lru_cache(maxsize=256)
def columns_of(at: str) -> tuple[int, int]:
    """``B`` is (2, 1), ``B:F`` is (2, 5): first column and how many."""
    first, _, last = at.partition(":")
    start = ord(first) - ord("A") + 1
    return start, ord(last or first) - ord("A") + 2 - start


def _section(section: Section, table: Table, top: int) -> list[LayoutCell]:
    cells = [LayoutCell(top, 1, len(section.lines), 1, CellRole.LABEL, section.label)]
    for row, line in enumerate(section.lines, top):
        for place in line:
            cells += _place(place, table, row)
    return cells


def _place(place: Heading | Item, table: Table, row: int) -> Iterator[LayoutCell]:
    if isinstance(place, Heading):
        column, span = columns_of(place.at)
        yield LayoutCell(row, column, 1, span, CellRole.HEAD, place.text)
        return
    if place.label_at:
        column, span = columns_of(place.label_at)
        yield LayoutCell(row, column, 1, span, CellRole.HEAD, place.label)
    yield _value(place, table.form.kind(place.field), table.value(place.field), table.unread, row, place.field)


def _value(
    item: Item, kind: FieldKind, value: Any, unread: dict[str, str], row: int, path: str, rows: int = 1
) -> LayoutCell:
    column, span = columns_of(item.at)
    role = ROLES[kind]
    if value is None and path in unread:
        value, role = unread[path], CellRole.TEXT
    elif isinstance(value, Decimal) and item.unit and kind.kept_in:
        value = convert_amount(value, kind.kept_in, item.unit)
    return LayoutCell(row, column, rows, span, role, value, path, item.unit)


def _grid(grid: Grid, table: Table, top: int) -> list[LayoutCell]:
    numbered = _rows_of(grid, table)
    head = [] if grid.optional else [_head(column, top) for column in grid.columns]
    first = top + (not grid.optional)
    count = max(len(numbered), grid.blank_rows if grid.rows == "key_tasks" else 0)
    cells = [LayoutCell(top, 1, first - top + count, 1, CellRole.LABEL, grid.label), *head]
    for row, (index, values) in enumerate(numbered, first):
        cells += [
            _cell(grid, column, table, index, values, row) for column in grid.columns if not _is_level(grid, column)
        ]
    for row in range(first + len(numbered), first + count):
        cells += [_blank(row, column) for column in grid.columns]
    return [*cells, *_levels(grid, [values for _, values in numbered], first)]


def _blank(row: int, column: Item) -> LayoutCell:
    start, span = columns_of(column.at)
    return LayoutCell(row, start, 1, span, CellRole.TEXT, None)


def _head(column: Item, row: int) -> LayoutCell:
    start, span = columns_of(column.at)
    return LayoutCell(row, start, 1, span, CellRole.HEAD, column.label)


def _is_level(grid: Grid, column: Item) -> bool:
    return grid.kind(column.field) is FieldKind.LEVEL


def _cell(grid: Grid, column: Item, table: Table, index: int | None, values: Row, row: int) -> LayoutCell:
    path = "" if index is None else f"{grid.rows}.{index}.{column.field}"
    return _value(column, grid.kind(column.field), cell_of(values, column.field), table.unread, row, path)


def _rows_of(grid: Grid, table: Table) -> Sequence[tuple[int | None, Row]]:
    """The rows that a grid prints with their index in the table; None for a category left empty."""
    if grid.rows == "indicators":
        return _with_empty_categories(table)
    return [(i, task) for i, task in enumerate(table.key_tasks) if task.is_optional == grid.optional]


def _with_empty_categories(table: Table) -> Sequence[tuple[int | None, IndicatorRow]]:
    """The indicators in their order; where that order is the form's, also a blank row for each empty category."""
    order = {level: i for i, level in enumerate(table.form.levels)}
    ranks = [order.get((row.level1, row.level2)) for row in table.indicators]
    numbered: list[tuple[int | None, IndicatorRow]] = [*enumerate(table.indicators)]
    if None in ranks or ranks != sorted(ranks, key=lambda rank: rank or 0):
        return numbered
    blanks: list[tuple[int | None, IndicatorRow]] = [
        (None, IndicatorRow(*level)) for level, rank in order.items() if rank not in ranks
    ]
    return sorted([*numbered, *blanks], key=lambda pair: order[pair[1].level1, pair[1].level2])


def _levels(grid: Grid, rows: Sequence[Row], top: int) -> Iterator[LayoutCell]:
    """The 一级指标 and 二级指标 cells, merged down the rows that share them."""
    if grid.rows != "indicators":
        return
    keys = {"level1": lambda row: row.level1, "level2": lambda row: (row.level1, row.level2)}
    for name, key in keys.items():
        if (column := grid.column(name)) is None:
            continue
        start, span = columns_of(column.at)
        row = top
        for _, group in groupby(rows, key):
            members = list(group)
            yield LayoutCell(row, start, len(members), span, CellRole.LEVEL, cell_of(members[0], name))
            row += len(members)
