"""A sheet as the reader sees it: values at addresses, whatever kind of file they came from."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Value = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None


@lru_cache(maxsize=512)
def column_letters(column: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell, both numbers counted from 1: (28, 6) -> F28."""
    return f"{column_letters(column)}{row}"


@dataclass(slots=True)
class Sheet:
    """One sheet of a file.

    ``rows[i][j]`` is the value of the cell ``first_row + i``, ``first_column + j`` (addresses
    counted from 1); an empty cell is None or "". Cells covered by a merge are empty but for the
    first. ``percentages`` holds the addresses (row, column) of numbers that the file shows as
    percentages, ``faults`` the cells that have no value to read and why: an error value
    (``#DIV/0!``) or a formula that was never computed (its text, with the leading ``=``).
    """

    name: str
    rows: list[list[Value]]
    first_row: int = 1
    first_column: int = 1
    percentages: set[tuple[int, int]] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False

    def to_json(self) -> dict[str, Any]:
        """``name``, ``rows``, ``first_row``, ``faults`` by address; dates as ISO text, what else JSON lacks as text."""
        faults = {address(*place): found for place, found in self.faults.items()}
        rows = [[_bare(cell) for cell in row] for row in self.rows]
        return {"name": self.name, "rows": rows, "first_row": self.first_row, "faults": faults}


def _bare(value: Value) -> str | int | float | bool | None:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    plain = value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if plain else str(value)
