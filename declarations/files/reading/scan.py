"""Walking down a sheet: which cell is the value of which field, found by labels.

Nothing here knows a position in advance. A label announces the value to its right; the head of a
grid tells its columns; a row whose leading merged cells were lost (text copied from a PDF, at a
page break) is recognised by the labels it still has and moved back. Whatever is neither a value nor
a label is left out and listed (see `ledger`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from declarations.files.opening.sheet import Why
from declarations.files.reading.asides import aside_of, is_page_mark, is_title, line_asides
from declarations.files.reading.columns import Columns
from declarations.files.reading.fields import Fields
from declarations.files.reading.grids import Grids
from declarations.files.reading.heads import Cells
from declarations.files.reading.ledger import FoundValue, Ledger
from declarations.files.reading.levels import Levels
from declarations.files.reading.vocabulary import Vocabulary, key_of
from declarations.sheet.official.labels import label_key, unit_in
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text

__all__ = ["FoundValue", "Row", "Scan"]

Row = tuple[int, Cells, list[str]]
"""The number of a row, its filled cells (column, value) and the folded label that each may be."""
OPTIONAL = ("其他需", "其它需", "其他须", "其它须")


@dataclass(slots=True)
class Scan:
    """What one table of a sheet holds, not yet converted. ``preamble``: the lines above the table."""

    words: Vocabulary
    ledger: Ledger
    preamble: list[FoundValue] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    fields: Fields = field(init=False)
    columns: Columns = field(init=False)
    grids: Grids = field(init=False)
    _section: str = ""

    def __post_init__(self) -> None:
        self.fields = Fields(self.words, self.ledger, labels=self.labels)
        self.columns = Columns(self.words, self.ledger, labels=self.labels)
        levels = Levels(self.words, self.ledger)
        self.grids = Grids(self.words, self.ledger, self.columns, levels)

    def read(self, rows: list[Row]) -> Scan:
        items = self.words.items
        self.fields.known = frozenset(items[key] for _, _, keys in rows for key in keys if key in items)
        for number, cells, keys in rows:
            if cells:
                self._row(number, cells, keys)
        self._settle_preamble()
        return self

    @property
    def items(self) -> dict[str, FoundValue]:
        return self.fields.items

    @property
    def goal_lines(self) -> list[FoundValue]:
        return self.fields.goal_lines

    @property
    def rows(self) -> dict[str, list[dict[str, FoundValue]]]:
        return self.grids.rows

    @property
    def shown(self) -> set[str]:
        """The fields and columns (``grid.field``) that some label announces."""
        return self.fields.announced | self.columns.shown

    def _row(self, row: int, cells: Cells, keys: list[str]) -> None:
        grid = self.columns.grid_of(keys)
        if grid:
            self._section = grid
            self.grids.begin(grid, row, cells, keys)
            return
        section = self._announced_section(keys[0], cells[0][0])
        if section:
            self.labels.add(label_key(cells[0][1]))
            self._section = section
            if keys[0] not in self.words.items:
                cells, keys = cells[1:], keys[1:]
        if not cells:
            return
        if not self._section and not any(key in self.words.items for key in keys):
            self._before(row, cells)
        elif self._section in self.rows:
            self.grids.read_row(self._section, row, cells, keys)
        elif not self._is_aside(row, cells, keys):
            self.fields.read_row(row, cells, keys)

    def _announced_section(self, key: str, column: int) -> str:
        """The section that a row's first cell announces, or ""."""
        heads = self.grids.heads
        if self._section in heads and column >= heads[self._section].first:
            return ""
        return self.words.sections.get(key) or ("optional_tasks" if key.startswith(OPTIONAL) else "")

    def _is_aside(self, row: int, cells: Cells, keys: list[str]) -> bool:
        """Whether a line among the single values is none of them: a signature, a date, a note."""
        if any(key in self.words.items for key in keys):
            return False
        found = [FoundValue(value, row, column) for column, value in cells]
        whys = line_asides([str(one.value) for one in found], lambda: False)
        for why, one in zip(whys, found, strict=False):
            self.ledger.leave_out(why, one)
            self.ledger.say("R07", Severity.INFO, f"“{shorten_text(str(one.value))}”在表格之外，未读入", one.cell)
        return bool(whys)

    # --- lines above the table ---

    def _before(self, row: int, cells: Cells) -> None:
        """The title, a date, a unit for the whole sheet, who fills it in."""
        for column, value in cells:
            unit = unit_in(value)
            if unit:
                self.fields.sheet_unit = self.columns.sheet_unit = unit
            self.preamble.append(FoundValue(value, row, column))

    def _settle_preamble(self) -> None:
        """Lines above the table are listed; 填报单位 there names the department where the table itself does not."""
        for found in self.preamble:
            if "department" not in self.items and (named := self._department_in(found)):
                self.items["department"] = named
                self.fields.announced.add("department")
                continue
            text = self.ledger.text_of(found)
            aside = aside_of(text)
            if unit_in(found.value) and not aside:
                continue
            why = Why.PAGE_MARK if is_page_mark(text) else Why.TITLE if is_title(text) else Why.NOTE
            self.ledger.leave_out(aside.why if aside and not is_title(text) else why, found)

    def _department_in(self, found: FoundValue) -> FoundValue | None:
        label, _, rest = str(found.value).replace("：", ":").partition(":")
        name = rest.strip().replace("\u3000", "  ").split("  ")[0]
        if name and self.words.items.get(key_of(label)) == "department":
            return FoundValue(name, found.row, found.column)
        return None
