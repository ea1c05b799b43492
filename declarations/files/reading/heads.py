"""The head row of a grid: which column holds what, and where a row belongs whose leading cells were lost."""

from __future__ import annotations

from dataclasses import dataclass, field

from declarations.files.opening.sheet import Value
from declarations.files.reading.ledger import FoundValue
from declarations.sheet.units import Unit
from indicators.taxonomy import kind_of

Cells = list[tuple[int, Value]]
SERIAL, MEASURE, SIGN, UNKNOWN = "serial number", "measure unit", "sign", "unknown"
"""What columns may be that are no field of the table."""


@dataclass(slots=True)
class Head:
    """``columns``: the column of each field; ``unit``: the one that 拟投入的资金 names, if any.

    ``others``: the columns with a head that is no field, and what they are (`SERIAL`, `MEASURE`, `SIGN`, `UNKNOWN`):
    each owns its cells like any other. ``amounts``: the head of the amounts where it names no unit.
    """

    columns: dict[str, int]
    unit: Unit | None = None
    others: dict[int, str] = field(default_factory=dict)
    amounts: FoundValue | None = None
    first: int = 0
    last: int = 0
    name: int = 0
    left: int = 0
    right: int = 0
    _owners: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.first, self.last = min(self.columns.values()), max(self.columns.values())
        self.name = self.columns.get("name", self.first)
        by_column = {column: name for name, column in self.columns.items()}
        by_column |= self.others
        first, last = min(by_column), max(by_column)
        owner = by_column[first]
        for column in range(first, last + 1):
            owner = by_column.get(column, owner)
            self._owners[column] = owner
        self.left, self.right = first, last

    def has_own(self, column: int) -> bool:
        """Whether a column has a head of its own."""
        return column in self.others or column in self.columns.values()

    def owner(self, column: int) -> str:
        """The field that a cell belongs to: of the last head not to its right (heads may be merged over several)."""
        return self._owners.get(column) or self._owners[self.left if column < self.left else self.right]

    def shift(self, cells: Cells, keys: list[str], first_levels: set[str]) -> int:
        """How far to the right a row belongs whose leading merged cells were lost; 0 for a whole row."""
        column = cells[0][0]
        if column >= self.name or any(other < self.last for other in self.others):
            return 0
        home = self._home(cells, keys, first_levels) if "level2" in self.columns else self.name
        lost = self.last - cells[-1][0]
        # A row that is filled to its end has lost nothing, whatever its first cell says.
        return max(0, home - column if lost < 0 else min(home - column, lost))

    def _home(self, cells: Cells, keys: list[str], first_levels: set[str]) -> int:
        """The column in which the first cell of an indicator row belongs."""
        column, key = cells[0][0], keys[0]
        level1, level2 = self.columns.get("level1", column), self.columns["level2"]
        is_second = kind_of(key) is not None
        next_is_second = len(keys) > 1 and kind_of(keys[1]) is not None
        if key in first_levels and (not is_second or next_is_second or column == level1):
            return level1
        if is_second:
            return level2
        all_lost = self.last - cells[-1][0] == self.name - column
        return self.name if column < level1 or all_lost else column
