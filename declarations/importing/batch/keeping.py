"""A table as it will read back from the database, so that what is planned can be compared with what is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from declarations.record import store
from declarations.sheet.table import Table, clean_text


def as_kept(table: Table) -> Table:
    """The table as it reads back once it is kept: cleaned texts, unstorable numbers as text."""
    if is_kept_as_it_is(table):
        return table
    unread = {path: clean_text(text) for path, text in table.unread.items()}
    values = {name: kept_value(getattr(table, name), name, name, unread) for name in store.SCALARS}
    for grid in store.GRIDS:
        values[grid] = tuple(kept_row(table, grid, i, unread) for i in range(len(table.rows[grid])))
    return replace(table, **values, unread=unread)


def is_kept_as_it_is(table: Table) -> bool:
    """A quick look at what nearly every table is: nothing to clean, every number storable."""
    values = [getattr(table, name) for name in store.SCALARS]
    for grid, (_, _, names) in store.GRIDS.items():
        values += [getattr(row, name) for row in table.rows[grid] for name in names]
        values += [text for row in table.rows[grid] for text in row.extra.values()]
    texts = [value for value in values if isinstance(value, str)] + list(table.unread.values())
    together = "\n".join(texts)
    if clean_text(together) != together or any(map(str.isspace, texts)):
        return not together
    refused: dict[str, str] = {}
    for name in (*store.SCALARS[:-1], "funding"):
        rows = table.key_tasks if name == "funding" else (table,)
        for row in rows:
            store.storable_value(getattr(row, name), name, refused)
    return not refused


def kept_row(table: Table, grid: str, index: int, unread: dict[str, str]) -> Any:
    row, names = table.rows[grid][index], store.GRIDS[grid][2]
    values = {name: kept_value(getattr(row, name), name, f"{grid}.{index}.{name}", unread) for name in names}
    return type(row)(**values, extra={name: clean_text(text) for name, text in row.extra.items()}, id=row.id)


def kept_value(value: Any, name: str, path: str, unread: dict[str, str]) -> Any:
    refused: dict[str, str] = {}
    kept = store.storable_value(value, name, refused)
    if refused:
        unread[path] = refused[name]
    return kept
