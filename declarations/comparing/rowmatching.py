"""Which row of one table is which row of another, and which of them changed their place.

Rows are matched by identity, then by all they say, by category and name, by name, and by likeness; never by
position alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from rapidfuzz import fuzz

from declarations.sheet.official.labels import fold_text
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Row, Table
from indicators.taxonomy import kind_of

ALIKE = 60.0
"""Likeness (0 to 100) of name and text from which two rows count as one that was reworded."""
LIKENESS_LENGTH = 300
MOST_PAIRS = 40_000
"""Pairs of unmatched rows that are compared at most: beyond that (200 new rows for 200 old) nothing is alike."""


def match_rows(old: Sequence[Row], new: Sequence[Row]) -> list[tuple[int, int]]:
    """The pairs of indexes (old, new) that are one row, in the order of ``new``; a row is in one pair at most."""
    left_old, left_new = dict(enumerate(old)), dict(enumerate(new))
    matched: list[tuple[int, int]] = []
    ways: list[Callable[..., Iterable[tuple[int, int]]]] = [partial(_pair_equal, key=key) for key in KEYS]
    for pairs in (*ways, _pair_alike):
        for i, j in list(pairs(left_old, left_new)):
            matched.append((i, j))
            del left_old[i], left_new[j]
    return sorted(matched, key=lambda pair: pair[1])


# --- which row changed its place -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alignment:
    """The rows of one grid of two tables, by index.

    ``origin``: of the rows that both have, the old index by the new one. ``displaced``: new indexes of rows that left
    their order; ``regrouped``: of rows that left their section (optional or not) or their category. ``dropped``: old
    indexes of rows that are gone.
    """

    origin: dict[int, int]
    displaced: frozenset[int]
    regrouped: frozenset[int]
    dropped: tuple[int, ...]


def align_rows(old: Table, new: Table, grid: str) -> Alignment:
    """Where the editions differ, the order of the categories is the form's doing: then only that inside one counts."""
    old_rows, new_rows = old.rows[grid], new.rows[grid]
    pairs = match_rows(old_rows, new_rows)
    runs: dict[Hashable, list[int]] = defaultdict(list)
    for i, j in pairs:
        runs[group_of(new, new_rows[j]) if grid == "key_tasks" or old.edition != new.edition else None].append(i)
    left = {i for run in runs.values() for i in displaced_members(run)}
    origin = {j: i for i, j in pairs}
    return Alignment(
        origin,
        displaced=frozenset(j for j, i in origin.items() if i in left),
        regrouped=frozenset(j for j, i in origin.items() if group_of(old, old_rows[i]) != group_of(new, new_rows[j])),
        dropped=tuple(sorted(set(range(len(old_rows))) - set(origin.values()))),
    )


def group_of(table: Table, row: Row) -> Hashable:
    """Under what a row is printed: a task as optional or not, an indicator under its category.

    A kind that stands under the 一级指标 that its own edition gives it is the same category in every edition.
    """
    if isinstance(row, KeyTaskRow):
        return row.is_optional
    kind, above = kind_of(row.level2), fold_text(row.level1)
    if kind is None:
        return above, fold_text(row.level2)
    given = next((level1 for level1, kinds in table.form.taxonomy if kind in kinds), "")
    return ("" if above == fold_text(given) else above), kind


def displaced_members(origins: Sequence[int]) -> set[int]:
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


# --- keys and likeness ---------------------------------------------------------------------------

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
    levels = (kind_of(row.level2) or fold_text(row.level2)) if isinstance(row, IndicatorRow) else row.is_optional
    return (levels, fold_text(row.name)) if row.name.strip() else None


def _name(row: Row) -> Hashable:
    return fold_text(row.name) or None


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
        scores += [(score, i, j) for j, theirs in said.items() if (score := row_likeness(ours, theirs)) >= ALIKE]
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
    return fold_text(row.name)[:LIKENESS_LENGTH], fold_text(text)[:LIKENESS_LENGTH]


def row_likeness(ours: tuple[str, str], theirs: tuple[str, str]) -> float:
    """0 to 100: how alike the names are, or name and text together, whichever is more."""
    names = fuzz.ratio(ours[0], theirs[0], score_cutoff=ALIKE) if ours[0] and theirs[0] else 0.0
    if not (ours[1] and theirs[1]):
        return names
    return max(names, fuzz.ratio("".join(ours), "".join(theirs), score_cutoff=ALIKE))
