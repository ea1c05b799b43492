"""What gives way to somebody's changes and would be gone: kept as `Replaced`, with whose it was.

That is a text which another person wrote in the same field meanwhile, whichever of the two stays, and the
texts of a row that is removed. A correction of what one sees before one is an ordinary edit and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from declarations.filling.changes import Changes, is_control
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.models import Replaced
from declarations.sheet.controls import control_name, label_of
from declarations.sheet.table import KeyTaskRow

LONGEST_LABEL = 200


def given_way(desk: FillingDesk, typed: TypedTable) -> list[Replaced]:
    """What ``typed`` takes the place of at the desk, unsaved.

    To be called before the save, while `Declaration.updated_by` is still the other person.
    """
    return [*_given_up(desk, typed.changes), *_overwritten(desk, typed), *_removed(desk, typed)]


def _given_up(desk: FillingDesk, changes: Changes) -> Iterator[Replaced]:
    """The person's own texts, where they took the other's."""
    other = desk.declaration.updated_by
    for control, text in changes.dropped.items():
        if text.strip() and is_control(desk.table, control):
            yield _made(desk, control, text=text, written_by=desk.user, replaced_by=other)


def _overwritten(desk: FillingDesk, typed: TypedTable) -> Iterator[Replaced]:
    """The other's texts, where the person insisted on their own."""
    if not typed.changes.over:
        return
    old, new, other = desk.texts, typed.texts, desk.declaration.updated_by
    for control in dict.fromkeys(typed.changes.over):
        text = old.get(control, "")
        if text.strip() and new.get(control) != text:
            yield _made(desk, control, text=text, written_by=other, replaced_by=desk.user)


def _removed(desk: FillingDesk, typed: TypedTable) -> Iterator[Replaced]:
    for grid, gone in typed.changes.deleted.items():
        left = {row.id for row in typed.table.rows[grid]}
        for i, row in enumerate(desk.table.rows[grid]):
            if row.id not in gone or row.id in left:
                continue
            texts = row_texts(desk, grid, row.id)
            if any(text.strip() for column, text in texts.items() if column not in ("level1", "level2")):
                optional = {"is_optional": row.is_optional} if isinstance(row, KeyTaskRow) else {}
                label = f"{desk.table.form.grids[grid].label} 第{i + 1}项"
                yield _made(desk, f"{grid}-{row.id}", label=label, texts=texts | optional, replaced_by=desk.user)


def row_texts(desk: FillingDesk, grid: str, row: str) -> dict[str, str]:
    """The texts of a row's controls by column."""
    columns = [column.field for column in desk.table.form.grids[grid].columns]
    return {column: desk.texts[control_name(grid, row, column)] for column in columns}


def _made(desk: FillingDesk, control: str, *, label: str = "", **values: Any) -> Replaced:
    label = label or label_of(desk.table, control)
    return Replaced(declaration=desk.declaration, control=control, label=label[:LONGEST_LABEL], **values)
