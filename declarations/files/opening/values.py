"""The values of a workbook, by python-calamine, with the addresses they have in the file."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from declarations.files.appearance.appearance import Appearance, apply_appearance
from declarations.files.guarding.bounds import judge_cells
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import Place, Sheet, value_at

UNREPRESENTABLE = "#NUM!"


@dataclass(slots=True)
class Notes:
    """What a scan of a sheet adds to its values: see `Sheet`.

    ``appearance``: how a person sees it, where that differs from what the cells hold.
    """

    name: str
    hidden: bool = False
    percentages: list[Place] = field(default_factory=list)
    faults: dict[Place, str] = field(default_factory=dict)
    appearance: Appearance | None = None


def open_workbook(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise explain_error(error) from None


def read_worksheet(workbook: CalamineWorkbook, index: int) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_index(index)
    except CalamineError as error:
        raise explain_error(error) from None


def explain_error(error: CalamineError):
    """Of the errors of calamine only two say something to the owner of a file."""
    return refusal_of("X06") if "assword" in str(error) or "ncrypt" in str(error) else refuse_damaged("工作表内容有误")


def sheet_of(source: CalamineSheet, notes: Notes) -> Sheet:
    """Values and notes together. Numbers that are none (overflow, NaN) become faults."""
    if source.start is None:
        return Sheet(notes.name, [], faults=notes.faults, hidden=notes.hidden)
    top, left = source.start[0] + 1, source.start[1] + 1
    rows = source.to_python(skip_empty_area=True)
    sheet = Sheet(notes.name, rows, top, left, set(), notes.faults, notes.hidden)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value.__class__ is float and not math.isfinite(value):
                values[column] = None
                sheet.faults[top + row, left + column] = UNREPRESENTABLE
    sheet.percentages = {place for place in notes.percentages if is_number(value_at(sheet, place))}
    if notes.appearance:
        apply_appearance(sheet, notes.appearance)
    return sheet


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class CellCount:
    """Adds up the rectangles of the sheets of one file."""

    def __init__(self) -> None:
        self.total = 0

    def add(self, source: CalamineSheet) -> None:
        self.total += source.width * source.height
        judge_cells(self.total)
