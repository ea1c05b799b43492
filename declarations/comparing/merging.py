"""Two tables laid into one another: the rows of the new one, with those that are gone where they would stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from declarations.comparing.rowmatching import Alignment, align_rows, group_of
from declarations.sheet.levels import printed_levels
from declarations.sheet.table import IndicatorRow, Row, Table
from indicators.taxonomy import kind_of


@dataclass(frozen=True, slots=True)
class MergedLine:
    """A row by its index in the old and in the new table; None in the one that does not have it."""

    old: int | None
    new: int | None


def merge_tables(old: Table, new: Table, lines: dict[str, list[MergedLine]]) -> Table:
    """The new table with the rows that are gone; ``lines`` by grid, as `merged_lines` gives them."""
    rows = {grid: tuple(_row(old, new, grid, line) for line in found) for grid, found in lines.items()}
    unread = {path: text for path, text in new.unread.items() if "." not in path}
    for grid, found in lines.items():
        for k, line in enumerate(found):
            source, at = (old, line.old) if line.new is None else (new, line.new)
            start = f"{grid}.{at}."
            kept = ((path, text) for path, text in source.unread.items() if path.startswith(start))
            unread |= {f"{grid}.{k}.{path.removeprefix(start)}": text for path, text in kept}
    return new.with_rows(rows, unread=unread)


def _row(old: Table, new: Table, grid: str, line: MergedLine) -> Row:
    if line.new is not None:
        return new.rows[grid][line.new]
    assert line.old is not None, "a line stands for a row of one table at least"
    row = old.rows[grid][line.old]
    if isinstance(row, IndicatorRow) and old.edition != new.edition:
        level1, level2 = printed_levels(row, new.edition)
        return replace(row, level1=level1, level2=level2)
    return row


def merged_lines(old: Table, new: Table, grid: str, found: Alignment | None = None) -> list[MergedLine]:
    """The rows of both in one order: the new one's, each that is gone behind the one it stood behind."""
    found = found or align_rows(old, new, grid)
    rows = new.rows[grid]
    behind: dict[int, list[int]] = {}
    for i in found.dropped:
        behind.setdefault(_anchor(old, new, grid, i, found), []).append(i)
    lines = [MergedLine(i, None) for i in behind.get(-1, ())]
    for j in range(len(rows)):
        lines.append(MergedLine(found.origin.get(j), j))
        lines += [MergedLine(i, None) for i in behind.get(j, ())]
    return lines


def _anchor(old: Table, new: Table, grid: str, gone: int, found: Alignment) -> int:
    """The new index behind which a row that is gone is shown, in its own section or category; -1: before the first."""
    group, rows = group_of(old, old.rows[grid][gone]), new.rows[grid]
    same = [j for j, row in enumerate(rows) if group_of(new, row) == group]
    if not same:
        return _where_its_group_would_be(old, new, grid, gone)
    places = {i: j for j, i in found.origin.items()}
    before = [places[i] for i in range(gone) if places.get(i) in same]
    return before[-1] if before else same[0] - 1


def _where_its_group_would_be(old: Table, new: Table, grid: str, gone: int) -> int:
    if grid != "indicators":
        return len(new.rows[grid]) - 1
    rows, row = new.indicators, old.indicators[gone]
    order = [kind for _, kinds in new.form.taxonomy for kind in kinds]
    rank = _rank(order, row)
    earlier = [j for j, other in enumerate(rows) if _rank(order, other) <= rank]
    return earlier[-1] if earlier else -1


def _rank(order: Sequence[object], row: IndicatorRow) -> int:
    """Where the edition prints the category; one that it does not have comes last."""
    kind = kind_of(row.level2)
    return order.index(kind) if kind in order else len(order)
