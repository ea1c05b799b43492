"""Which rows of a declaration the rows of a file take the place of.

It stands alone because a first import, a repeated one and their undoing all ask for it; `store.save_many` writes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from declarations.comparing.rowmatching import match_rows
from declarations.record import store
from declarations.sheet.table import IndicatorRow, Row, Table


def with_identities(table: Table, before: Table | None) -> Table:
    """The table with an id for every row: that of the row it takes the place of, or a new one.

    A file knows no links: a row keeps those of the row it takes the place of.
    """
    rows = {grid: tuple(identify_rows(table.rows[grid], before.rows[grid] if before else ())) for grid in store.GRIDS}
    return replace(table, **rows)


def identify_rows(rows: Sequence[Row], before: Sequence[Row]) -> Iterator[Row]:
    kept = {new: before[old] for old, new in match_rows(before, rows)} if before else {}
    for position, row in enumerate(rows):
        old = kept.get(position)
        links = {"tasks": old.tasks} if isinstance(old, IndicatorRow) else {}
        yield replace(row, id=(old and old.id) or str(uuid.uuid4()), **links)
