"""A row of filled cells as the reader of single values sees it."""

from __future__ import annotations

import re
from typing import NamedTuple

from declarations.files.opening.sheet import Value
from declarations.files.reading.convert import Fault
from declarations.files.reading.heads import Cells
from declarations.files.reading.ledger import FoundValue
from declarations.sheet.official import EDITIONS
from declarations.sheet.units import Unit, is_nothing

UNKNOWN = "unknown"
"""What a label announces that names no field: its value is left out with it."""


class SectionHead(NamedTuple):
    """A heading above amounts and the unit that it names, if any."""

    found: FoundValue
    unit: Unit | None


class Label(NamedTuple):
    """A label whose value comes next: the unit of the value, and the head (or the label) that should name it."""

    name: str
    found: FoundValue
    unit: Unit | None
    head: FoundValue


class SheetLine(NamedTuple):
    """A row of filled cells, the label that each may be, and the fields that known labels name."""

    row: int
    cells: Cells
    keys: list[str]
    names: list[str]

    def found(self, i: int, unit: Unit | None = None) -> FoundValue:
        column, value = self.cells[i]
        return FoundValue(value, self.row, column, unit)

    def has_value_after(self, i: int) -> bool:
        return i + 1 < len(self.cells) and not self.names[i + 1]

    def has_number_after(self, i: int) -> bool:
        return self.has_value_after(i) and any(character.isdigit() for character in str(self.cells[i + 1][1]))

    def has_visible_after(self, i: int, hidden: set[int]) -> bool:
        """Whether a cell that people see follows before the next known label."""
        for (column, _), name in zip(self.cells[i + 1 :], self.names[i + 1 :], strict=True):
            if name:
                return False
            if column not in hidden:
                return True
        return False


def label_of(name: str) -> str:
    """A field as the newest edition prints it."""
    newest = max(EDITIONS.values(), key=lambda edition: edition.years[0])
    return newest.describe(name) or name


def needs_unit(value: Value) -> bool:
    """Whether an amount does not say its unit itself."""
    if isinstance(value, str):
        return not is_nothing(value) and not isinstance(value, Fault) and not re.search("[万亿元]", value)
    return value is not None
