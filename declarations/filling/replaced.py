"""What gives way to somebody's changes and would be gone: kept as `Replaced`, with whose it was.

That is a text which another person wrote in the same field meanwhile, whichever of the two stays, and the
texts of a row that is removed. A correction of what one sees before one is an ordinary edit and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from declarations.filling.changes import Changes, is_control
from declarations.models import Declaration, Replaced, User
from declarations.sheet.controls import control_name, label_of, texts_of
from declarations.sheet.table import KeyTaskRow, Table

LONGEST_LABEL = 200


def given_way(declaration: Declaration, before: Table, after: Table, changes: Changes, user: User) -> list[Replaced]:
    """What ``changes`` take the place of, unsaved. ``before``, ``after``: the table around the save.

    To be called before the save, while `Declaration.updated_by` is still the other person.
    """
    return [
        *_given_up(declaration, before, changes, user),
        *_overwritten(declaration, before, after, changes, user),
        *_removed(declaration, before, after, changes, user),
    ]


def _given_up(declaration: Declaration, before: Table, changes: Changes, user: User) -> Iterator[Replaced]:
    """The person's own texts, where they took the other's."""
    for control, text in changes.dropped.items():
        if text.strip() and is_control(before, control):
            yield _made(declaration, before, control, text=text, written_by=user, replaced_by=declaration.updated_by)


def _overwritten(
    declaration: Declaration, before: Table, after: Table, changes: Changes, user: User
) -> Iterator[Replaced]:
    """The other's texts, where the person insisted on their own."""
    if not changes.over:
        return
    old, new = texts_of(before), texts_of(after)
    for control in dict.fromkeys(changes.over):
        text = old.get(control, "")
        if text.strip() and new.get(control) != text:
            yield _made(declaration, before, control, text=text, written_by=declaration.updated_by, replaced_by=user)


def _removed(declaration: Declaration, before: Table, after: Table, changes: Changes, user: User) -> Iterator[Replaced]:
    for grid, gone in changes.deleted.items():
        left = {row.id for row in after.rows[grid]}
        for i, row in enumerate(before.rows[grid]):
            if row.id not in gone or row.id in left:
                continue
            texts = row_texts(before, grid, i)
            if any(text.strip() for column, text in texts.items() if column not in ("level1", "level2")):
                optional = {"is_optional": row.is_optional} if isinstance(row, KeyTaskRow) else {}
                label = f"{before.form.grids[grid].label} 第{i + 1}项"
                yield _made(
                    declaration, before, f"{grid}-{row.id}", label=label, texts=texts | optional, replaced_by=user
                )


def row_texts(table: Table, grid: str, i: int) -> dict[str, str]:
    """The texts of a row's controls by column."""
    row, texts = table.rows[grid][i], texts_of(table)
    columns = [column.field for column in table.form.grids[grid].columns]
    return {column: texts[control_name(grid, row.id, column)] for column in columns}


def _made(declaration: Declaration, table: Table, control: str, *, label: str = "", **values: Any) -> Replaced:
    label = label or label_of(table, control)
    return Replaced(declaration=declaration, control=control, label=label[:LONGEST_LABEL], **values)
