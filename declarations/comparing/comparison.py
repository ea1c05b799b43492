"""The official table with what changed since another one in its cells, and the rows that are gone in their place.

Pure: tables in, cells out. What differs is what `differences.summary` counts; this says where it stands on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from declarations.comparing.differences import (
    CellChange,
    ChangeSummary,
    changed_cells,
    changed_values,
    in_percent,
    printed_parts,
    summary_of,
)
from declarations.comparing.marks import Mark, MarkedText
from declarations.comparing.merging import MergedLine, merge_tables, merged_lines
from declarations.comparing.rowmatching import align_rows, match_rows
from declarations.comparing.wordmarks import Piece, mark_legibly
from declarations.sheet.layout import CellRole, LayoutCell, lay_out
from declarations.sheet.official.fields import FieldKind
from declarations.sheet.places import numbered_row, place_in_words, row_place, section_name
from declarations.sheet.table import ROW_CLASSES, Table

BASES = {"year": "上年", "previous": "上次报送"}
COUNTED = (
    (CellChange.CHANGED, "改写", "处"),
    (CellChange.ADDED, "新增", "行"),
    (CellChange.REMOVED, "删除", "行"),
    (CellChange.MOVED, "移动", "行"),
)
SHORT = 60
"""Characters of last year's text that stand in the cell at once."""


@dataclass(frozen=True)
class Comparison:
    """``new`` against ``old``. ``base`` says what ``old`` is (see `BASES`), ``year`` is last year's table, a third.

    Where ``old`` is a version of the same year, each value that was changed since also says what last year's table
    said, unless that is the very text that was replaced.
    """

    old: Table
    new: Table
    base: str = "year"
    year: Table | None = None

    @cached_property
    def summary(self) -> ChangeSummary:
        return summary_of(self.old, self.new)

    @property
    def name(self) -> str:
        return BASES[self.base]

    @cached_property
    def marks(self) -> list[Mark]:
        """Every change, in printed order."""
        return [mark for row in self.rows for shown in row for mark in shown.marks]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many changes of each kind in words, ``改写 5 处``, with the number of the first of them."""
        found = {kind: [mark.number for mark in self.marks if mark.kind is kind] for kind in CellChange}
        return [(f"{word} {len(found[kind])} {unit}", found[kind][0]) for kind, word, unit in COUNTED if found[kind]]

    @property
    def expenditure(self) -> str:
        """By how much 基本支出 and 项目支出 together changed: ``+3.2%``; empty where that says nothing."""
        change = self.summary.expenditure
        return f"{change:+}%" if change else ""

    @cached_property
    def rows(self) -> list[list[MarkedText]]:
        """The rows of the table. The paths of its cells are those of ``new``; cells of rows that are gone have none."""
        return _Marking(self).rows()


@dataclass
class _Marking:
    """The work of `Comparison.rows`."""

    given: Comparison
    count: int = 0
    states: dict[int, CellChange | None] = field(default_factory=dict)
    known: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        old, new, year = self.given.old, self.given.new, self.given.year
        self.aligned = {grid: align_rows(old, new, grid) for grid in ROW_CLASSES}
        self.lines = {grid: merged_lines(old, new, grid, self.aligned[grid]) for grid in ROW_CLASSES}
        self.values = set(changed_values(old, new))
        pairs = {grid: match_rows(year.rows[grid], new.rows[grid]) if year else [] for grid in ROW_CLASSES}
        self.years = {grid: {j: i for i, j in found} for grid, found in pairs.items()}
        gone = {grid: match_rows(year.rows[grid], old.rows[grid]) if year else [] for grid in ROW_CLASSES}
        self.known_last_year = {grid: {j for _, j in found} for grid, found in gone.items()}

    def rows(self) -> list[list[MarkedText]]:
        laid = lay_out(merge_tables(self.given.old, self.given.new, self.lines))
        shown = [[self.shown(cell) for cell in row] for row in laid]
        return [[self.level(one) if one.cell.role is CellRole.LEVEL else one for one in row] for row in shown]

    def level(self, shown: MarkedText) -> MarkedText:
        """A category is new, or gone, where all its rows are."""
        cell = shown.cell
        states = {self.states.get(row) for row in range(cell.row, cell.row + cell.rows)}
        [state, *others] = states
        return replace(shown, row=state) if not others and state is not CellChange.MOVED else shown

    def shown(self, cell: LayoutCell) -> MarkedText:
        grid, *rest = cell.path.split(".")
        if not rest:
            return MarkedText(cell, (self.changed(grid, grid, grid),) if grid in self.values else ())
        line, name = self.lines[grid][int(rest[0])], rest[1]
        state = self.states[cell.row] = self.state_of(grid, line)
        path = "" if line.new is None else f"{grid}.{line.new}.{name}"
        return MarkedText(replace(cell, path=path), tuple(self.in_row(grid, line, name, state)), state)

    def state_of(self, grid: str, line: MergedLine) -> CellChange | None:
        found = self.aligned[grid]
        if line.new is None:
            return CellChange.REMOVED
        if line.old is None:
            return CellChange.ADDED
        return CellChange.MOVED if line.new in found.displaced | found.regrouped else None

    def in_row(self, grid: str, line: MergedLine, name: str, state: CellChange | None) -> Iterator[Mark]:
        """The marks of one cell of a grid: what became of the row in its first, then what changed in it."""
        if state and name == first_column(self.given.new, grid):
            yield self.of_row(grid, line, state)
        if line.old is None or line.new is None:
            return
        if name in self.changed_in(grid, line):
            at = self.years[grid].get(line.new)
            year = "" if at is None else f"{grid}.{at}.{name}"
            yield self.changed(f"{grid}.{line.old}.{name}", f"{grid}.{line.new}.{name}", year)

    def changed_in(self, grid: str, line: MergedLine) -> list[str]:
        if (grid, line.new) not in self.known:
            found = changed_cells(self.given.old, self.given.new, grid, line.old, line.new)
            self.known[grid, line.new] = found
        return self.known[grid, line.new]

    def of_row(self, grid: str, line: MergedLine, state: CellChange) -> Mark:
        self.count += 1
        gone = line.new is None
        label = row_place(self.given.old, grid, line.old) if gone else row_place(self.given.new, grid, line.new)
        return Mark(state, self.count, label, note=self.note(grid, line, state))

    def note(self, grid: str, line: MergedLine, state: CellChange) -> str:
        if state is CellChange.MOVED:
            return f"{self.given.name}{self.stood(grid, line)}"
        if not self.given.year:
            return ""
        known = line.old in self.known_last_year[grid] if line.new is None else line.new in self.years[grid]
        return "上年有这一行" if known else "上年没有这一行"

    def stood(self, grid: str, line: MergedLine) -> str:
        """Where a row that moved stood before: only its number where it stayed in its section or category."""
        section, number = numbered_row(self.given.old, grid, line.old)
        if line.new not in self.aligned[grid].regrouped:
            return f"为第{number}项"
        row = self.given.old.rows[grid][line.old]
        if grid == "indicators":
            return f"属“{row.level1} {row.level2}”"
        return f"为{section_name(section)}第{number}项"

    def changed(self, old_path: str, path: str, year_path: str) -> Mark:
        self.count += 1
        old, new, item = self.given.old, self.given.new, self.given.new.form.item(path)
        was, now = printed_parts(old, old_path, item)[0], printed_parts(new, path, item)[0]
        kind = new.form.kind(path)
        whole = (Piece("del", was), Piece("ins", now))
        pieces = mark_legibly(was, now) if kind is FieldKind.TEXT else [piece for piece in whole if piece.text]
        percent = in_percent(old.value(old_path), new.value(path)) if kind.kept_in else None
        return Mark(
            CellChange.CHANGED,
            self.count,
            place_in_words(new, path),
            tuple(pieces),
            percent="" if percent is None else f"{percent:+}%",
            **self.last_year(year_path, path, was),
        )

    def last_year(self, year_path: str, path: str, was: str) -> dict[str, str]:
        """``year`` and ``year_text`` of a mark; nothing where last year's table is not there or has no such column."""
        year, item = self.given.year, self.given.new.form.item(path)
        if year is None or not year_path or year.form.item(year_path) is None:
            return {}
        then, now = printed_parts(year, year_path, item)[0], printed_parts(self.given.new, path, item)[0]
        if then == now:
            return {"year": "改回上年的内容"}
        if then == was:
            return {"year": "上次报送与上年相同"}
        return {"year": "上年另有表述", "year_text": then} if len(then) > SHORT else {"year": f"上年：{then or '空'}"}


def first_column(table: Table, grid: str) -> str:
    """The column in which a row says what became of it: the first that is not merged down several rows."""
    part = table.form.grids[grid]
    return next(column.field for column in part.columns if part.kind(column.field) is not FieldKind.LEVEL)
