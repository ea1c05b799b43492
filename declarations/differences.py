"""What is different between two tables, row by row, in words.

Rows are matched by identity, then by name, then by likeness; never by position alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from rapidfuzz import fuzz

from declarations.official import Edition
from declarations.official.labels import folded
from declarations.official.shape import Item
from declarations.places import numbered, row_place, section_name
from declarations.table import IndicatorRow, KeyTaskRow, Row, Table
from declarations.units import LIMIT, convert, grouped
from indicators.taxonomy import kind_of

ALIKE = 60.0
"""Likeness (0 to 100) of name and text from which two rows count as one that was reworded."""
LIKENESS_LENGTH = 300
MOST_PAIRS = 40_000
"""Pairs of unmatched rows that are compared at most: beyond that (200 new rows for 200 old) nothing is alike."""


class Change(StrEnum):
    CHANGED = "修改"
    ADDED = "新增"
    REMOVED = "删除"
    MOVED = "移动"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``field`` is a path into the new table; for a removed row, into the old one.

    ``old`` and ``new`` are as people read them (``1,069.37 万元``), a whole row as label and value
    per line, a moved row as the two places in words; empty where there is nothing.
    """

    field: str
    label: str
    old: str
    new: str
    kind: Change


def differences(old: Table, new: Table) -> list[Difference]:
    """Everything that differs in what the two tables say, in printed order; year and edition apart."""
    if old == new:
        return list(_links(old, new))
    found = list(_single_values(old, new))
    for grid in ("key_tasks", "indicators"):
        if getattr(old, grid) != getattr(new, grid) or old.unread != new.unread or old.edition != new.edition:
            found += _rows(old, new, grid)
    return [*found, *_links(old, new)]


def match_rows(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[int, int]]:
    """The pairs of indexes (old, new) that are one row, in the order of ``new``; a row is in one pair at most."""
    left_old, left_new = dict(enumerate(old)), dict(enumerate(new))
    matched: list[tuple[int, int]] = []
    for pairs in (*(partial(_pair_equal, key=key) for key in KEYS), _pair_alike):
        for i, j in list(pairs(left_old, left_new)):
            matched.append((i, j))
            del left_old[i], left_new[j]
    return sorted(matched, key=lambda pair: pair[1])


# --- single values -----------------------------------------------------------------------------


def _single_values(old: Table, new: Table) -> Iterator[Difference]:
    for name, item in (old.form.items | new.form.items).items():
        before, after = shown(old, name, item), shown(new, name, item)
        if before != after:
            yield Difference(name, item.text, before, after, Change.CHANGED)


def shown(table: Table, path: str, item: Item) -> str:
    """The value at a path as people read it, in the unit that ``item`` prints; what is unread as it was typed."""
    value = table.value(path)
    if value is None:
        return table.unread.get(path, "")
    kept_in = Edition.kind(path).kept_in
    if not kept_in or not value.is_finite() or abs(value) >= LIMIT:
        return str(value)
    unit = item.unit or kept_in
    return f"{grouped(convert(value, kept_in, unit))} {unit}"


# --- rows --------------------------------------------------------------------------------------


def _rows(old: Table, new: Table, grid: str) -> Iterator[Difference]:
    columns = {column.field: column for table in (old, new) for column in table.form.grids[grid].columns}
    old_rows, new_rows = getattr(old, grid), getattr(new, grid)
    pairs = match_rows(old_rows, new_rows)
    origin = {j: i for i, j in pairs}
    moved = _moved([i for i, _ in pairs])
    for j in range(len(new_rows)):
        if j not in origin:
            yield Difference(f"{grid}.{j}", row_place(new, grid, j), "", _whole(new, grid, j), Change.ADDED)
            continue
        i = origin[j]
        yield from _cells(old, new, (grid, i, j), columns)
        if i in moved or numbered(old, grid, i)[0].name != numbered(new, grid, j)[0].name:
            places = _position(old, grid, i), _position(new, grid, j)
            yield Difference(f"{grid}.{j}", row_place(new, grid, j), *places, Change.MOVED)
    for i in sorted(set(range(len(old_rows))) - set(origin.values())):
        yield Difference(f"{grid}.{i}", row_place(old, grid, i), _whole(old, grid, i), "", Change.REMOVED)


def _cells(old: Table, new: Table, where: tuple[str, int, int], columns: dict[str, Item]) -> Iterator[Difference]:
    grid, i, j = where
    for name, column in columns.items():
        before, after = shown(old, f"{grid}.{i}.{name}", column), shown(new, f"{grid}.{j}.{name}", column)
        if before != after:
            label = f"{row_place(new, grid, j)}的{column.text}"
            yield Difference(f"{grid}.{j}.{name}", label, before, after, Change.CHANGED)


def _whole(table: Table, grid: str, index: int) -> str:
    columns = numbered(table, grid, index)[0].columns
    said = ((column.text, shown(table, f"{grid}.{index}.{column.field}", column)) for column in columns)
    return "\n".join(f"{label}：{text}" for label, text in said if text)


def _position(table: Table, grid: str, index: int) -> str:
    section, number = numbered(table, grid, index)
    return f"{section_name(section)}第{number}项"


def _moved(origins: list[int]) -> set[int]:
    """The members that stand outside the longest run of rows that kept their order."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for origin in origins:
        at = bisect_left(tails, origin)
        before[origin] = tails[at - 1] if at else None
        tails[at : at + 1] = [origin]
    kept: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return set(origins) - kept


def _links(old: Table, new: Table) -> Iterator[Difference]:
    """Changed links of the indicators that are the same rows: links between rows of different tables say nothing."""
    before = {row.id: row for row in old.indicators if row.id}
    for j, row in enumerate(new.indicators):
        was = before.get(row.id)
        if was is not None and set(was.tasks) != set(row.tasks):
            label = f"{row_place(new, 'indicators', j)}的对应任务"
            texts = _task_names(old, was), _task_names(new, row)
            yield Difference(f"indicators.{j}.tasks", label, *texts, Change.CHANGED)


def _task_names(table: Table, row: IndicatorRow) -> str:
    return "、".join(task.name for task in table.key_tasks if task.id in row.tasks)


# --- which row is which ------------------------------------------------------------------------

Key = Callable[[Row], Hashable]


def _identity(row: Row) -> Hashable:
    return row.id or None


def _everything(row: Row) -> Hashable:
    core = (
        (row.level1, row.level2, row.cycle_value, row.annual_value)
        if isinstance(row, IndicatorRow)
        else (row.content, row.funding, row.expected_outcome, row.is_optional)
    )
    return row.name, core, tuple(sorted(row.extra.items()))


def _levels_and_name(row: Row) -> Hashable:
    levels = (kind_of(row.level2) or folded(row.level2)) if isinstance(row, IndicatorRow) else row.is_optional
    return (levels, folded(row.name)) if row.name.strip() else None


def _name(row: Row) -> Hashable:
    return folded(row.name) or None


KEYS: tuple[Key, ...] = (_identity, _everything, _levels_and_name, _name)


def _pair_equal(old: dict[int, Row], new: dict[int, Row], key: Key) -> Iterator[tuple[int, int]]:
    """The pairs with the same key, in their order; a key None belongs to no pair."""
    waiting: dict[Hashable, list[int]] = {}
    for i, row in old.items():
        waiting.setdefault(key(row), []).append(i)
    for j, row in new.items():
        if (value := key(row)) is not None and waiting.get(value):
            yield waiting[value].pop(0), j


def _pair_alike(old: dict[int, Row], new: dict[int, Row]) -> Iterator[tuple[int, int]]:
    """The most alike first, each row once."""
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        return
    said = {j: _said(row) for j, row in new.items()}
    scores = []
    for i, row in old.items():
        ours = _said(row)
        scores += [(score, i, j) for j, theirs in said.items() if (score := likeness(ours, theirs)) >= ALIKE]
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, i, j in sorted(scores, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            yield i, j


def _said(row: Row) -> tuple[str, str]:
    """Name and running text, as likeness compares them."""
    text = row.content if isinstance(row, KeyTaskRow) else "" if row.name.strip() else row.annual_value
    return folded(row.name)[:LIKENESS_LENGTH], folded(text)[:LIKENESS_LENGTH]


def likeness(ours: tuple[str, str], theirs: tuple[str, str]) -> float:
    """0 to 100: how alike the names are, or name and text together, whichever is more."""
    names = fuzz.ratio(ours[0], theirs[0], score_cutoff=ALIKE) if ours[0] and theirs[0] else 0.0
    if not (ours[1] and theirs[1]):
        return names
    return max(names, fuzz.ratio("".join(ours), "".join(theirs), score_cutoff=ALIKE))
