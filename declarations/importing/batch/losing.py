"""What is there already and is not in a file: fields whose label is missing stay, values not read are named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from declarations.comparing.rowmatching import match_rows
from declarations.importing.batch.rows import HOLES
from declarations.sheet import controls
from declarations.sheet.official.fields import FIELDS
from declarations.sheet.official.shape import Edition
from declarations.sheet.problems import Problem
from declarations.sheet.table import CORE, Row, Table

GRIDS = ("key_tasks", "indicators")
NEVER_KEPT = ("department", "year")


def with_kept_fields(table: Table, before: Table | None, absent: Collection[str]) -> Table:
    """The table with what is there now in the fields, grids and columns (``key_tasks.funding``) that the file lacks."""
    if before is None or not absent:
        return table
    kept = {name: getattr(before, name) for name in absent if name in (*FIELDS, *GRIDS) and name not in NEVER_KEPT}
    unread = {path: text for path, text in table.unread.items() if path.partition(".")[0] not in kept}
    unread |= {path: text for path, text in before.unread.items() if path.partition(".")[0] in kept}
    for grid in set(GRIDS) - kept.keys():
        columns = [name.partition(".")[2] for name in absent if name.startswith(f"{grid}.")]
        if columns:
            kept[grid] = with_kept_columns(getattr(table, grid), getattr(before, grid), columns)
    return replace(table, **kept, unread=unread)


def with_kept_columns(rows: Sequence[Row], before: Sequence[Row], columns: Sequence[str]) -> tuple[Row, ...]:
    """Each row with the cells of the one it takes the place of, in these columns."""
    old = {new: before[position] for position, new in match_rows(before, rows)}
    own = [name for name in columns if name in CORE[type(rows[0])]] if rows else []
    return tuple(
        replace(row, **{name: getattr(old[at], name) for name in own}) if at in old else row
        for at, row in enumerate(rows)
    )


def worded_losses(problems: Iterable[Problem], before: Table | None) -> list[str]:
    """Label and present value of each field that the file has but whose value could not be read; R03 loses nothing."""
    if before is None:
        return []
    paths = dict.fromkeys(one.field for one in problems if one.code in HOLES and one.code != "R03")
    return [words for path in paths if path in FIELDS and (words := value_in_words(before, path))]


def value_in_words(table: Table, path: str) -> str:
    """``基本支出 1,820.55``; empty where nothing is there."""
    item = table.form.item(path)
    if item is None:
        return ""
    text = table.unread.get(path) or controls.control_text(item, Edition.kind(path), getattr(table, path))
    return f"{item.label} {text}" if text else ""
