"""Walking down a sheet: which cell is the value of which field, found by labels.

Nothing here knows a position in advance. A label announces the value to its right; the head of a
grid tells its columns; a row whose leading merged cells were lost (text copied from a PDF, at a
page break) is recognised by the labels it still has and moved back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from declarations.files.opening.sheet import Value, address
from declarations.files.reading.heads import Cells, Head
from declarations.files.reading.vocabulary import Vocabulary, key_of
from declarations.sheet.official.labels import fold_text, unit_in
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.units import Unit, shorten_text
from indicators.taxonomy import kind_of

Row = tuple[int, Cells, list[str]]
"""The number of a row, its filled cells (column, value) and the folded label that each may be."""
PAGE_MARK = re.compile(r"[-—]?第?\d+页?(?:[,/]?共?\d+页)?[-—]?")
TITLE = re.compile(r"绩效目标(?:申报)?表")
HEAD_CELLS = {"key_tasks": 3, "indicators": 3}
"""How many column labels in one row make it the head of a grid."""


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value where it stands; ``unit`` is the one its label names, if any."""

    value: Value
    row: int
    column: int
    unit: Unit | None = None

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(slots=True)
class Scan:
    """What one table of a sheet holds, not yet converted."""

    words: Vocabulary
    items: dict[str, FoundValue] = field(default_factory=dict)
    rows: dict[str, list[dict[str, FoundValue]]] = field(
        default_factory=lambda: {"key_tasks": [], "optional_tasks": [], "indicators": []}
    )
    labels: set[str] = field(default_factory=set)
    goal_lines: list[FoundValue] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _section: str = ""
    _units: list[Unit | None] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    _sheet_unit: Unit | None = None
    _level1: FoundValue | None = None
    _level2: FoundValue | None = None
    _item: str = ""

    def read(self, rows: list[Row]) -> Scan:
        for number, cells, keys in rows:
            if cells:
                self._row(number, cells, keys)
        return self

    def _row(self, row: int, cells: Cells, keys: list[str]) -> None:
        grid = self._head(keys)
        if grid:
            self._begin(grid, row, cells, keys)
            return
        section = self._label(keys[0], cells[0][0])
        if section:
            self.labels.add(keys[0])
            self._section = section
            if keys[0] not in self.words.items:
                cells, keys = cells[1:], keys[1:]
        if not self._section and not any(key in self.words.items for key in keys):
            self._before(cells)
        elif self._section in self.rows:
            self._grid_row(row, cells, keys)
        else:
            self._field_row(row, cells, keys)

    def _before(self, cells: Cells) -> None:
        """Lines above the table: the title, a date, a unit for the whole sheet."""
        for _, value in cells:
            self._sheet_unit = unit_in(value) or self._sheet_unit
            self.preamble.append(str(value))

    # --- sections of single values ---------------------------------------------------------

    def _label(self, key: str, column: int) -> str:
        """The section that a row's first cell announces, or ""."""
        if self._section in self.heads and column >= self.heads[self._section].first:
            return ""
        return self.words.sections.get(key) or ("optional_tasks" if key.startswith("其他需完成") else "")

    def _field_row(self, row: int, cells: Cells, keys: list[str]) -> None:
        if any(key in self.words.headings for key in keys):
            self._units = [
                unit_in(value) for (_, value), key in zip(cells, keys, strict=True) if self._is_unit_head(key)
            ]
            self.labels.update(keys)
            return
        pending, position = "", 0
        for (column, value), key in zip(cells, keys, strict=True):
            name = self.words.items.get(key) if value is not None else None
            if name:
                self.labels.add(key)
                pending, position = name, position + 1
                unit = unit_in(value) or self._unit(position - 1)
                self._item = name
            elif pending:
                self._keep(pending, FoundValue(value, row, column, unit))
                pending = ""
            else:
                self._beside(row, column, value)

    def _is_unit_head(self, key: str) -> bool:
        return key.startswith(("预算金额", "金额"))

    def _unit(self, position: int) -> Unit | None:
        if not self._units:
            return self._sheet_unit
        return self._units[min(position, len(self._units) - 1)] or self._sheet_unit

    def _keep(self, name: str, found: FoundValue) -> None:
        if name in self.items:
            self._note(
                "R09", Severity.WARNING, f"“{shorten_text(str(found.value))}”未读入：同一项目前面已有一格", found
            )
            return
        self.items[name] = found

    def _beside(self, row: int, column: int, value: Value) -> None:
        """A cell that no label announces: a further line of the goal, ``label: value`` in one cell, or a stray."""
        found = FoundValue(value, row, column)
        if self._item == "overall_goal" and isinstance(value, str):
            self.goal_lines.append(found)
            return
        label, _, rest = str(value).replace("：", ":").partition(":")
        name = self.words.items.get(key_of(label))
        if name and rest.strip():
            self.labels.add(key_of(label))
            self._item = name
            self._keep(name, FoundValue(rest.strip(), row, column, unit_in(label)))
        elif not _is_page_mark(value):
            self._note("R09", Severity.INFO, f"“{shorten_text(str(value))}”不属于任何项目，未读入", found)

    # --- grids -----------------------------------------------------------------------------

    def _head(self, keys: list[str]) -> str:
        """The grid whose head this row is, or ""."""
        if len(self.words.heads.intersection(keys)) < min(HEAD_CELLS.values()):
            return ""
        for grid, columns in self.words.columns.items():
            if len({columns[key] for key in keys if key in columns}) >= HEAD_CELLS[grid]:
                return grid
        return ""

    def _begin(self, grid: str, row: int, cells: Cells, keys: list[str]) -> None:
        self._section = grid
        known, columns, unit = self.words.columns[grid], {}, None
        for (column, value), key in zip(cells, keys, strict=True):
            if key in known:
                columns[known[key]] = column
                self.labels.add(key)
            elif key in self.words.sections:
                self.labels.add(key)
            else:
                self._unknown_column(FoundValue(value, row, column))
            if known.get(key) == "funding":
                unit = unit_in(value) or self._sheet_unit
        self.heads[grid] = Head(columns, unit)
        if grid == "key_tasks":
            self.heads["optional_tasks"] = self.heads[grid]

    def _unknown_column(self, found: FoundValue) -> None:
        message = f"不认识列“{shorten_text(str(found.value))}”，该列内容未读入"
        hint = "若该列内容需要保留，请先并入已有的列，或联系管理员增加表式。"
        self._note("R08", Severity.WARNING, message, found, hint)

    def _grid_row(self, row: int, cells: Cells, keys: list[str]) -> None:
        head = self.heads.get(self._section)
        if not head or not cells:
            self._without_head(row, cells)
            return
        if self._is_outside(cells, keys, head.first):
            self._outside(row, cells[0])
            return
        shift = head.shift(cells, keys, self.words.first_levels)
        values: dict[str, FoundValue] = {}
        for column, value in cells:
            name = head.owner(column + shift)
            if name in values:
                value = f"{values[name].value}\n{value}"
            values[name] = FoundValue(value, row, column, head.unit)
        if self._section == "indicators":
            values = self._with_levels(values)
        if values:
            self.rows[self._section].append(values)

    def _without_head(self, row: int, cells: Cells) -> None:
        for column, value in cells:
            if not _is_page_mark(value):
                found = FoundValue(value, row, column)
                self._note("R09", Severity.WARNING, f"“{shorten_text(str(value))}”上方没有列标题，未读入", found)

    def _is_outside(self, cells: Cells, keys: list[str], first: int) -> bool:
        """A single cell left of the grid that is no label: a page mark, a repeated title, a note below the table."""
        return (
            len(cells) == 1
            and cells[0][0] < first
            and kind_of(keys[0]) is None
            and keys[0] not in self.words.first_levels
        )

    def _outside(self, row: int, cell: tuple[int, Value]) -> None:
        if not _is_page_mark(cell[1]):
            found = FoundValue(cell[1], row, cell[0])
            self._note("R07", Severity.INFO, f"“{shorten_text(str(cell[1]))}”在表格之外，未读入", found)

    def _with_levels(self, values: dict[str, FoundValue]) -> dict[str, FoundValue]:
        """The row with its 一级指标 and 二级指标, its own or those of a row above; {} for a category left empty."""
        level1, level2 = values.pop("level1", None), values.pop("level2", None)
        if level1 and self._level1 and fold_text(level1.value) != fold_text(self._level1.value):
            self._level2 = None
        self._level1, self._level2 = level1 or self._level1, level2 or self._level2
        if not values:
            return {}
        levels = {"level1": self._level1, "level2": self._level2}
        return {name: found for name, found in levels.items() if found} | values

    def _note(self, code: str, severity: Severity, message: str, found: FoundValue, hint: str = "") -> None:
        self.problems.append(Problem(code, severity, message, hint, cell=found.cell))


def _is_page_mark(value: Value) -> bool:
    text = fold_text(value)
    return bool(PAGE_MARK.fullmatch(text) or TITLE.search(text[:40]))
