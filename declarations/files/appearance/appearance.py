"""What a person sees of a sheet, where that is less or other than what its cells hold.

Applied to the values once they are read, whatever kind of file they came from: values under merged cells,
struck-out text and pictures are no content and are listed as left out, each with its cell; what a number
format adds is kept beside the number; hidden rows and columns are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from declarations.files.appearance.number_format import display_text, scale_of
from declarations.files.guarding import limits
from declarations.files.opening.sheet import LeftOut, Place, Sheet, Value, Why, address, value_at
from declarations.files.reading.convert import as_text

Run = tuple[str, bool | None]
"""A part of a text, and whether it is struck out; None where the style of its cell decides."""
Area = tuple[int, int, int, int]
"""A merged area: top, left, bottom, right."""
PICTURE_TEXT = re.compile(r"\s*=?\s*(?:_xlfn\.)?(?:DISPIMG|IMAGE)\s*\(", re.IGNORECASE)
"""What WPS leaves in a cell that shows a picture, and the function of Excel that fetches one."""


@dataclass(slots=True)
class Appearance:
    """What a file says about the looks of a sheet.

    ``formats``: cells with the number format that adds to them, ``displayed``: their text where the file itself
    has it; ``struck``: cells in a struck-out font, ``runs``: texts of which a part is struck out; ``hidden_rows``
    and ``hidden_columns``: ranges, first and last; ``pictures``: cells that show one, and their formula;
    ``may_have_pictures``: whether texts are to be looked through for more of them.
    """

    formats: list[tuple[Place, str]] = field(default_factory=list)
    displayed: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    runs: dict[Place, list[Run]] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    pictures: dict[Place, str] = field(default_factory=dict)
    may_have_pictures: bool = False
    merged_cells: int = 0
    is_1904: bool = False


def apply_appearance(sheet: Sheet, looks: Appearance) -> None:
    if looks.merges:
        leave_out_covered(sheet, looks.merges)
    found = find_pictures(sheet) if looks.may_have_pictures else {}
    for place, text in (looks.pictures | found).items():
        leave_out_picture(sheet, place, text)
    leave_out_struck(sheet, looks)
    show_formats(sheet, looks)
    name_hidden(sheet, looks)


def leave_out(sheet: Sheet, place: Place, why: Why, text: str = "") -> None:
    """Empty a cell and list what it held; the cell's own text, unless another is given."""
    value, fault = value_at(sheet, place), sheet.faults.pop(place, "")
    text = text or fault or sheet.displayed.pop(place, "") or as_text(value, place in sheet.percentages)
    sheet.percentages.discard(place)
    list_left_out(sheet, place, text, why)
    if value is not None:
        put_text(sheet, place, None)


def list_left_out(sheet: Sheet, place: Place, text: str, why: Why) -> None:
    """List what a cell held: as much of it as a person reads, and no more cells than a person ever filled."""
    if len(sheet.left_out) < limits.LEFT_OUT:
        sheet.left_out.append(LeftOut(address(*place), text[: limits.LEFT_OUT_LENGTH], why))


def put_text(sheet: Sheet, place: Place, value: Value) -> None:
    sheet.rows[place[0] - sheet.first_row][place[1] - sheet.first_column] = value


def is_filled(sheet: Sheet, place: Place) -> bool:
    value = value_at(sheet, place)
    return place in sheet.faults or not (value is None or (isinstance(value, str) and not value.strip()))


# --- what is no content ------------------------------------------------------------------------


def leave_out_covered(sheet: Sheet, merges: Iterable[Area]) -> None:
    """Leave out what stands under a merged area beside its first cell, unless that one was lost.

    A program that merges by a format brush keeps the old values below. Where the first cell is empty, the
    others are all there is, and stay.
    """
    rows, first_row, first_column = sheet.rows, sheet.first_row, sheet.first_column
    for top, left, bottom, right in merges:
        for row in range(max(top, first_row), min(bottom, first_row + len(rows) - 1) + 1):
            first = left + 1 if row == top else left
            under = rows[row - first_row][max(0, first - first_column) : max(0, right - first_column + 1)]
            # mostly there is nothing, which is told without a look at each cell
            if (any(under) or 0 in under or sheet.faults) and is_filled(sheet, (top, left)):
                for column in filled_columns(sheet, row, first, right):
                    leave_out(sheet, (row, column), Why.COVERED)


def filled_columns(sheet: Sheet, row: int, first: int, last: int) -> list[int]:
    last = min(last, sheet.first_column + len(sheet.rows[row - sheet.first_row]) - 1)
    columns = range(max(first, sheet.first_column), last + 1)
    return [column for column in columns if is_filled(sheet, (row, column))]


def leave_out_picture(sheet: Sheet, place: Place, text: str) -> None:
    """Leave out a picture, and say at its cell that there is no text to read."""
    leave_out(sheet, place, Why.PICTURE, text)
    sheet.faults[place] = Why.PICTURE.label


def find_pictures(sheet: Sheet) -> dict[Place, str]:
    """Return the cells whose text is the formula of a picture, with that text."""
    return {
        (i, j): value
        for i, row in enumerate(sheet.rows, sheet.first_row)
        for j, value in enumerate(row, sheet.first_column)
        if isinstance(value, str) and "(" in value and PICTURE_TEXT.match(value)
    }


def leave_out_struck(sheet: Sheet, looks: Appearance) -> None:
    """Leave out struck-out cells, and of the others the parts that are. A text that many cells share is cut once."""
    cut: dict[tuple[int, bool], tuple[str, str]] = {}
    for place, runs in looks.runs.items():
        if is_filled(sheet, place):
            key = id(runs), place in looks.struck
            if key not in cut:
                cut[key] = split_runs(runs, is_cell_struck=key[1])
            keep_unstruck(sheet, place, *cut[key])
    for place in sorted(looks.struck - looks.runs.keys()):
        if is_filled(sheet, place):
            leave_out(sheet, place, Why.STRUCK_OUT)


def keep_unstruck(sheet: Sheet, place: Place, kept: str, struck: str) -> None:
    """Keep the text of a cell that is not struck out, and list the rest as one text."""
    if struck and kept:
        list_left_out(sheet, place, struck, Why.STRUCK_OUT)
        put_text(sheet, place, kept)
    elif struck:
        leave_out(sheet, place, Why.STRUCK_OUT)


def split_runs(runs: Iterable[Run], *, is_cell_struck: bool) -> tuple[str, str]:
    """Return what is not struck out, without the breaks and spaces that parted it from the rest, and what is."""
    kept: list[str] = []
    struck: list[str] = []
    for text, is_struck in runs:
        (struck if (is_cell_struck if is_struck is None else is_struck) else kept).append(text)
    return "".join(kept).strip(), "".join(struck).strip()


# --- what is shown otherwise -------------------------------------------------------------------


def show_formats(sheet: Sheet, looks: Appearance) -> None:
    for place, shown in looks.displayed.items():
        if is_filled(sheet, place):
            sheet.displayed[place] = shown
    for place, code in looks.formats:
        value = value_at(sheet, place)
        text = display_text(code, value, is_1904=looks.is_1904)
        if text is not None and place not in looks.displayed:
            sheet.displayed[place] = text
        scale = scale_of(code, value)
        if scale != 1:
            sheet.scales[place] = scale


def name_hidden(sheet: Sheet, looks: Appearance) -> None:
    """Name the hidden rows and columns that hold something. A merged cell is seen as long as a part of it is."""
    if looks.hidden_columns:
        hidden = within_content(sheet, looks.hidden_columns)
        for area in looks.merges:
            move_into_sight(sheet, area, hidden)
        sheet.hidden_columns = {column for column in hidden if any(map(is_cell(sheet, column), rows_of(sheet)))}
    last_row = sheet.first_row + len(sheet.rows) - 1
    for first, last in looks.hidden_rows:
        rows = range(max(first, sheet.first_row), min(last, last_row) + 1)
        sheet.hidden_rows.update(row for row in rows if row not in sheet.hidden_rows and is_row_filled(sheet, row))


def within_content(sheet: Sheet, ranges: Iterable[tuple[int, int]]) -> set[int]:
    """Return the numbers of the columns in these ranges that the sheet's content has."""
    left, right = sheet.first_column, sheet.first_column + max(map(len, sheet.rows), default=0) - 1
    clipped = {(max(first, left), min(last, right)) for first, last in ranges}
    return {column for first, last in clipped for column in range(first, last + 1)}


def rows_of(sheet: Sheet) -> range:
    return range(sheet.first_row, sheet.first_row + len(sheet.rows))


def is_cell(sheet: Sheet, column: int):
    return lambda row: is_filled(sheet, (row, column))


def is_row_filled(sheet: Sheet, row: int) -> bool:
    values = sheet.rows[row - sheet.first_row]
    return any(
        is_filled(sheet, (row, column)) for column in range(sheet.first_column, sheet.first_column + len(values))
    )


def move_into_sight(sheet: Sheet, area: Area, hidden: set[int]) -> None:
    """Move the value of a merged area whose first column is hidden to its first column that is not."""
    top, left, _, right = area
    right = min(right, sheet.first_column + max(map(len, sheet.rows), default=0) - 1)
    seen = next((column for column in range(left, right + 1) if column not in hidden), left)
    if left not in hidden or seen == left or is_filled(sheet, (top, seen)):
        return
    value = value_at(sheet, (top, left))
    if value is None or seen - sheet.first_column >= len(sheet.rows[top - sheet.first_row]):
        return
    put_text(sheet, (top, seen), value)
    put_text(sheet, (top, left), None)
    beside: tuple[dict[tuple[int, int], Any], ...] = (sheet.displayed, sheet.scales)
    for kept in beside:
        if (top, left) in kept:
            kept[top, seen] = kept.pop((top, left))
    if (top, left) in sheet.percentages:
        sheet.percentages.symmetric_difference_update({(top, left), (top, seen)})
