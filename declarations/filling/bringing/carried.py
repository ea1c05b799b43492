"""A whole table in another edition and another year, for a workbook that people go on from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from declarations.sheet.levels import LEVELS, printed_levels
from declarations.sheet.official import get_edition
from declarations.sheet.table import Row, Table


def carry_table(source: Table, edition: str, year: int, department: str) -> Table:
    """The table in that edition: texts as they were, indicators where it prints their kind, amounts the same money."""
    grids = get_edition(edition).grids
    known = {grid: {column.field for column in grids[grid].columns} for grid in get_edition(edition).row_grids}
    rows = [replace(row, **dict(zip(LEVELS, printed_levels(row, edition), strict=True))) for row in source.indicators]
    if "cycle_value" not in known["indicators"]:
        rows = [replace(row, cycle_value="") for row in rows]
    ranks = {levels: rank for rank, levels in enumerate(get_edition(edition).levels)}
    rows.sort(key=lambda row: ranks.get((row.level1, row.level2), len(ranks)))
    return replace(
        source,
        edition=edition,
        year=year,
        department=department,
        key_tasks=tuple(_with_known(row, known["key_tasks"]) for row in source.key_tasks),
        indicators=tuple(_with_known(row, known["indicators"]) for row in rows),
        unread={path: text for path, text in source.unread.items() if not path.startswith("indicators.")},
    )


def _with_known(row: Row, columns: Collection[str]) -> Row:
    """The row without columns that the edition does not have, and without its identity."""
    return replace(row, id="", extra={name: text for name, text in row.extra.items() if name in columns})
