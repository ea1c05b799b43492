"""Which column of a block without heads goes where: by the 二级指标 in it, else from the cell where it is pasted."""

from __future__ import annotations

from collections.abc import Sequence

from declarations.files.reading.heads import SERIAL, UNKNOWN, Head
from declarations.files.reading.scan import Row
from declarations.sheet.official.shape import Item
from indicators.taxonomy import kind_of


def head_at(rows: list[Row], items: Sequence[Item], start: str) -> Head:
    """The head that a block has by its place. ``items``: the columns of the grid, ``start``: that of the cell."""
    names = [item.field for item in items]
    width = max((cells[-1][0] for _, cells, _ in rows if cells), default=1)
    first = _first_field(rows, width, names, names.index(start) if start in names else 0)
    columns, others = {}, {}
    for column in range(1, width + 1):
        at = column - 1 + first
        if 0 <= at < len(names):
            columns[names[at]] = column
        elif at < 0:
            others[column] = SERIAL
        elif any(column == filled for _, cells, _ in rows for filled, _ in cells):
            others[column] = UNKNOWN
    unit = next((item.unit for item in items if item.unit), None)
    return Head(columns, unit, others)


def _first_field(rows: list[Row], width: int, names: list[str], start: int) -> int:
    """Which field, by its place in the form, the first column of the block is; below 0 for what stands before."""
    level = _level_column(rows, width) if "level2" in names else 0
    if level:
        return names.index("level2") - level + 1
    if width <= len(names) - start:
        return start
    filled = sum(1 for _, cells, _ in rows if cells and cells[0][0] == 1)
    return -1 if width > len(names) and (filled <= 1 or _is_serial(rows)) else 0


def _is_serial(rows: list[Row]) -> bool:
    firsts = [str(cells[0][1]).strip() for _, cells, _ in rows if cells]
    return len(firsts) > 1 and firsts == [str(number) for number in range(1, len(firsts) + 1)]


def _level_column(rows: list[Row], width: int) -> int:
    """The column that holds 二级指标, by their text; 0 where none does."""
    for column in range(1, width + 1):
        keys = [key for _, cells, keys in rows for (at, _), key in zip(cells, keys, strict=True) if at == column]
        known = sum(kind_of(key) is not None for key in keys)
        if known and known * 2 >= len(keys):
            return column
    return 0
