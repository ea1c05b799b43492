"""The cells of a web page: their texts as displayed, their places, the sheet that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from declarations.files.guarding import limits
from declarations.files.guarding.bounds import require_within
from declarations.files.guarding.refusals import refusal_of
from declarations.files.opening.sheet import LeftOut, Sheet, Value, Why, address

MOST_SPAN = 1_000
SPACES = re.compile(r"[ \t\r\n\f]+")
BETWEEN_WIDE = re.compile(r"(?<=[\u2e80-\uffef])[ \t\r\f]*\n[ \t\r\n\f]*(?=[\u2e80-\uffef])")
"""A line break of the source between Chinese characters is no space."""
FIGURE = re.compile(r"[-+]?[\d,]{1,30}(?:\.\d{1,30})?%?")
NUMBER = re.compile(r"[-+]?\d{1,30}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,2})?")
BREAK, EDGE = "\x01", "\x02"
"""A line break, and the edge of a paragraph, in the text of a cell while it is gathered."""


@dataclass(slots=True)
class Cell:
    """A cell being read. ``inner``: rows of tables inside it."""

    rows: int
    columns: int
    number: str = ""
    words: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    inner: list[list[Cell]] = field(default_factory=list)
    column: int = 0
    is_error: bool = False

    @property
    def text(self) -> str:
        return tidy_text("".join(self.words))


def tidy_text(text: str) -> str:
    """As displayed: spaces of the source as one, line breaks where the page has them."""
    text = SPACES.sub(" ", BETWEEN_WIDE.sub("", text)).replace("\xa0", " ")
    lines = [line.strip(" ") for line in text.replace(BREAK, "\n").replace(EDGE, "\n").split("\n")]
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip("\n") if any(lines) else ""


def span(known: dict[str, str], name: str) -> int:
    """As browsers take it: at least 1, at most 1,000, whatever is written."""
    text = known.get(name, "1").strip()
    return max(1, min(int(text), MOST_SPAN)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def place(row: list[Cell], below: dict[int, int]) -> None:
    """Give each cell its column (from 1), past those that cells of rows above reach down into."""
    column, taken = 1, {place for place, rows in below.items() if rows > 0}
    for place_ in list(below):
        below[place_] -= 1
    for cell in row:
        while column in taken:
            column += 1
        cell.column = min(column, limits.COLUMNS + 1)
        for at in range(column, min(column + cell.columns, limits.COLUMNS + 2)):
            if cell.rows > 1:
                below[at] = max(below.get(at, 0), cell.rows - 1)
        column += cell.columns


def flatten_text(row: list[Cell], number: int) -> list[list[Cell]]:
    """Row ``number`` of the page, or the rows of the tables in it where these are all that it holds."""
    if not any(cell.inner for cell in row):
        return [row]
    if any(cell.text for cell in row):
        raise refusal_of("X26", cell=address(number, next(cell.column for cell in row if cell.inner)))
    return [inner for cell in row for inner in cell.inner]


def sheet_of(rows: list[list[Cell]], hidden: set[int], name: str) -> Sheet:
    """The rows as a sheet, numbers as exact as the page states. ``hidden``: the ids of rows that are not displayed."""
    sheet = Sheet(name, [])
    for number, row in enumerate(rows, 1):
        require_within(number, 1)
        values: list[Value] = []
        for cell in row:
            put_value(sheet, values, number, cell)
        sheet.rows.append(values)
        if id(row) in hidden:
            sheet.hidden_rows.add(number)
    return sheet


def put_value(sheet: Sheet, values: list[Value], row: int, cell: Cell) -> None:
    column, text, struck = cell.column or 1, cell.text, tidy_text("".join(cell.struck))
    if len(text) > limits.TEXT_LENGTH:
        raise refusal_of("X15", reason=f"{address(row, column)} 的文字超过 {limits.TEXT_LENGTH} 字")
    if struck:
        sheet.left_out.append(LeftOut(address(row, column), struck, Why.STRUCK_OUT))
    if not text:
        return
    require_within(row, column)
    values += [None] * (column - len(values))
    values[column - 1] = text
    if cell.is_error:
        sheet.faults[row, column] = text
        values[column - 1] = None
    elif cell.number and (number := number_behind(cell.number, text)) is not None:
        values[column - 1] = number
        if text.endswith("%"):
            sheet.percentages.add((row, column))


def number_behind(stated: str, text: str) -> float | None:
    """The exact number where the text shows just a number or a percentage; else the text says more, and counts."""
    if not FIGURE.fullmatch(text) or not NUMBER.fullmatch(stated):
        return None
    return float(stated)
