"""Everything that was read of one table, value by value beside its cell, with what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from declarations.files.opening.sheet import LeftOut
from declarations.files.reading.reader import ReadTable
from declarations.importing.batch import correcting, removing
from declarations.importing.batch.correcting import CorrectableField

GRIDS = ("key_tasks", "indicators")


@dataclass(frozen=True)
class ImportRowView:
    """One row of a grid: ``path`` (``indicators.3``), its number from 1 and its values."""

    path: str
    number: int
    fields: list[CorrectableField]

    @property
    def name(self) -> str:
        """What the row is called, for those who hear the page."""
        return next((one.text for one in self.fields if one.path.endswith(".name")), "") or f"第{self.number}行"


@dataclass(frozen=True)
class ImportGridView:
    label: str
    columns: list[str]
    rows: list[ImportRowView]


@dataclass(frozen=True)
class ImportSheetView:
    """``removed``: rows that were taken out, in a few words, by their place among those."""

    fields: list[CorrectableField]
    grids: list[ImportGridView]
    removed: list[str]
    left_out: list[LeftOut]

    @classmethod
    def of(cls, data: dict[str, Any]) -> ImportSheetView:
        """Of the JSON of a read table as the desk keeps it."""
        read = correcting.read_table(data)
        paths = [correcting.YEAR, *read.table.form.items]
        fields = [field for path in paths if (field := correcting.field_of(read, path))]
        removed = [removing.worded_row(kept) for kept in data.get("removed", ())]
        return cls(fields, [grid_view(read, name) for name in GRIDS], removed, list(read.left_out))

    @property
    def count(self) -> int:
        return len(self.fields) + sum(len(row.fields) for grid in self.grids for row in grid.rows)


def grid_view(read: ReadTable, name: str) -> ImportGridView:
    grid = read.table.form.grids[name]
    rows = [
        ImportRowView(f"{name}.{at}", at + 1, row_fields(read, f"{name}.{at}", grid.columns))
        for at in range(len(getattr(read.table, name)))
    ]
    return ImportGridView(grid.label, [column_label(column) for column in grid.columns], rows)


def column_label(column) -> str:
    """With its unit, where the label does not name it already."""
    return f"{column.label}（{column.unit}）" if column.unit and str(column.unit) not in column.label else column.label


def row_fields(read: ReadTable, path: str, columns) -> list[CorrectableField]:
    found = (correcting.field_of(read, f"{path}.{column.field}") for column in columns)
    return [field for field in found if field]
