"""Putting new content into declarations that are there already, many at a time.

The same as `store.save_table` for each, in as many statements for one as for hundreds. The caller
holds the locks (`Planner.plan` with ``lock``), so that versions need not be checked again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from declarations.comparing.rowmatching import match_rows
from declarations.models import Declaration, User
from declarations.record import bulk, store
from declarations.sheet.table import IndicatorRow, Row, Table

CHUNK = 2_000


def overwrite_tables(pairs: Sequence[tuple[Declaration, Table]], actor: User | None) -> None:
    """Each declaration with its rows read ahead, and the table that it is to say."""
    now = timezone.now()
    for declaration, table in pairs:
        fill_declaration(declaration, table)
        declaration.version += 1
        declaration.updated_at, declaration.updated_by = now, actor
    written = [*store.SCALARS, "unread", "version", "updated_at", "updated_by"]
    Declaration.objects.bulk_update([declaration for declaration, _ in pairs], written)
    for grid in store.GRIDS:
        write_rows(grid, pairs)
    for declaration, _ in pairs:
        # rows read ahead are no longer what the database holds
        declaration._prefetched_objects_cache = {}


def fill_declaration(declaration: Declaration, table: Table) -> None:
    unread = {path: text for path, text in table.unread.items() if "." not in path}
    for name in store.SCALARS:
        setattr(declaration, name, store.storable_value(getattr(table, name), name, unread))
    declaration.unread = unread


def write_rows(grid: str, pairs: Sequence[tuple[Declaration, Table]]) -> None:
    model, written = store.GRIDS[grid][0], store.WRITTEN[grid]
    before = {row.pk: row for declaration, _ in pairs for row in getattr(declaration, grid).all()}
    after = [row for declaration, table in pairs for row in store.new_rows(declaration, table, grid)]
    gone = before.keys() - {row.pk for row in after}
    changed = [
        row for row in after if row.pk in before and values_of(row, written) != values_of(before[row.pk], written)
    ]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    if changed:
        model.objects.bulk_update(changed, written, batch_size=CHUNK)
    bulk.copy_rows(model, [row for row in after if row.pk not in before])


def values_of(row: Any, names: Iterable[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


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
