"""What people typed, put into a declaration: only what changed, and nothing of it refused for being unfinished.

Values go by the names of their controls (see `controls`), rows by their UUID, so that a change says
the same thing wherever the row stands by now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction

from declarations.filling import replaced
from declarations.filling.changes import NO_TEXTS, Changes
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.models import Replaced, StaleVersion
from declarations.record import store
from declarations.sheet import links
from declarations.sheet.controls import Unusable, control_name, read_control
from declarations.sheet.official.shape import Item
from declarations.sheet.table import CORE, ROW_CLASSES, Row, Table

MOST_ROWS = 2_000


def typed_table(table: Table, changes: Changes) -> TypedTable:
    """The table as the changes make it; raises `Unusable` for changes to what is not there."""
    draft = Draft(table).apply(changes)
    return TypedTable(draft.result(), changes, draft.refused)


class Draft:
    """A table taken apart, so that typed texts can be put in. ``refused``: why a text was not taken, by control."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.values: dict[str, Any] = {}
        self.unread = {path: text for path, text in table.unread.items() if "." not in path}
        self.rows = {grid: self._rows_of(grid) for grid in ROW_CLASSES}
        self.refused: dict[str, str] = {}

    def apply(self, changes: Changes) -> Draft:
        for name, text in changes.fields.items():
            self._type(name, text)
        for grid, rows in changes.rows.items():
            for row, texts in rows.items():
                self._type_row(grid, row, texts)
        for grid, gone in changes.deleted.items():
            for key in gone:
                self.rows[grid].pop(key, None)
        for grid, order in changes.order.items():
            self.rows[grid] = _in_order(self.rows[grid], order)
        return self

    def result(self) -> Table:
        unread = dict(self.unread)
        for grid, rows in self.rows.items():
            for i, (_, texts) in enumerate(rows.values()):
                unread |= {f"{grid}.{i}.{column}": text for column, text in texts.items()}
        rows = {grid: tuple(row for row, _ in rows.values()) for grid, rows in self.rows.items()}
        return links.with_valid_links(replace(self.table, **self.values, **rows, unread=unread))

    def _rows_of(self, grid: str) -> dict[str, tuple[Row, dict[str, str]]]:
        rows: dict[str, tuple[Row, dict[str, str]]] = {row.id: (row, {}) for row in self.table.rows[grid]}
        kept = list(rows.values())
        for path, text in self.table.unread.items():
            head, *rest = path.split(".")
            if head == grid:
                kept[int(rest[0])][1][rest[1]] = text
        return rows

    def _type(self, name: str, text: Any) -> None:
        item = self.table.form.items.get(name)
        if item is None or name == "department":
            raise Unusable(f"申报表没有“{name}”这一栏，请刷新页面后重试。")
        value, unread, reason = read_control(item, self.table.form.kind(name), text)
        if reason:
            self.refused[name] = reason
            return
        self.values[name] = value
        _keep(self.unread, name, unread)

    def _type_row(self, grid: str, key: str, texts: dict[str, Any]) -> None:
        if key not in self.rows[grid] and len(self.rows[grid]) >= MOST_ROWS:
            self.refused[f"{grid}-{key}"] = f"一个表格最多 {MOST_ROWS:,} 行，这一行没有保存。"
            return
        row, unread = self.rows[grid].get(key, (ROW_CLASSES[grid](id=key), {}))
        values, extra, unread = {}, dict(row.extra), dict(unread)
        for column, text in texts.items():
            if apart := NO_TEXTS.get((grid, column)):
                values[column] = apart(text)
                continue
            value, left, reason = read_control(
                self._column(grid, column), self.table.form.grids[grid].kind(column), text
            )
            if reason:
                self.refused[control_name(grid, key, column)] = reason
                continue
            (values if column in CORE[type(row)] else extra)[column] = value
            _keep(unread, column, left)
        self.rows[grid][key] = (replace(row, **values, extra=extra), unread)

    def _column(self, grid: str, column: str) -> Item:
        found = self.table.form.grids[grid].column(column)
        if found is None:
            raise Unusable(f"表格没有“{column}”这一列，请刷新页面后重试。")
        return found


def _keep(unread: dict[str, str], name: str, text: str) -> None:
    unread.pop(name, None)
    if text:
        unread[name] = text


def _in_order(rows: dict[str, Any], order: Iterable[str]) -> dict[str, Any]:
    """The rows as ordered; those that the order does not name follow after it, as they were."""
    named = {key: rows[key] for key in dict.fromkeys(order) if key in rows}
    return named | {key: row for key, row in rows.items() if key not in named}


def save_changes(desk: FillingDesk, changes: Changes) -> TypedTable:
    """Puts the changes into the declaration at the desk, in one conditional UPDATE.

    Raises `StaleVersion` if somebody saved since ``changes.version``, and `Unusable` for changes to what is
    not there; nothing is written then.
    """
    if changes.version != desk.declaration.version:
        raise StaleVersion
    typed = typed_table(desk.table, changes)
    gone = replaced.given_way(desk, typed)
    if not gone:  # most saves: spares the statements of a second transaction around the first
        store.save_table(desk.declaration, typed.table, user=desk.user, before=desk.table)
        return typed
    with transaction.atomic():
        store.save_table(desk.declaration, typed.table, user=desk.user, before=desk.table)
        Replaced.objects.bulk_create(gone)
    return typed
