"""Where a page ends in a table: rows that it parts become one again, what every page prints is no row.

A row that goes on overleaf has no mark of its own. It is told by what it lacks: in a grid the name stands in one of
the two parts only, in a row of a single value the label is missing or said again.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from declarations.files.opening_pdf.lines_of_text import Setting, text_of
from declarations.files.opening_pdf.page_content import Glyph
from declarations.files.opening_pdf.ruled import Printed
from declarations.files.reading.vocabulary import key_of, vocabulary

HEAD_CELLS = 3
NEXT_PAGE = 100_000.0
"""Points by which glyphs of a following page are moved down, below all of the page before."""
DIGITS = re.compile(r"[\d\s]+")


@dataclass(slots=True, eq=False)
class PageRow:
    """A row of a table with its cells by column, or a line ``outside`` one."""

    top: float
    cells: dict[int, Printed] = field(default_factory=dict)
    outside: str = ""
    setting: Setting = field(default_factory=Setting)

    def text(self, column: int) -> str:
        cell = self.cells.get(column)
        return text_of(cell.glyphs, cell.width, self.setting) if cell else ""

    def texts(self) -> dict[int, str]:
        return {0: self.outside} if self.outside else {column: self.text(column) for column in self.cells}

    def keys(self) -> dict[int, str]:
        """The folded label that each cell may be, by column."""
        return {column: key_of(text) for column, text in self.texts().items() if text}


def without_furniture(pages: list[list[PageRow]]) -> list[str]:
    """Take out of the pages what most of them print above and below the table; the lines that were taken out, once.

    A title stays where a table begins.
    """
    common = Counter(key for page in pages for key in {plain(row) for row in page if row.outside})
    taken: dict[str, str] = {}
    for number, page in enumerate(pages):
        last = max((row.top for row in page if not row.outside), default=0.0)
        first = min((row.top for row in page if not row.outside), default=0.0)
        keeps_head = number == 0 or begins_table(page)
        for row in [row for row in page if row.outside and common[plain(row)] > 1]:
            is_head = row.top < first
            if row.top > last or (is_head and not keeps_head):
                page.remove(row)
                taken.setdefault(plain(row), row.outside)
    return list(taken.values())


def plain(row: PageRow) -> str:
    """A line without the figures that count pages."""
    return DIGITS.sub("", row.outside)


def begins_table(page: list[PageRow]) -> bool:
    """Whether a new table begins at the top of the page: with the department."""
    items = vocabulary().items
    firsts = [row for row in page if not row.outside][:2]
    return any(items.get(key) == "department" for row in firsts for key in row.keys().values())


def merged_rows(rows: list[PageRow], page: list[PageRow]) -> list[PageRow]:
    """The rows so far and those of one more page, whose first row below the head may be the rest of the last one."""
    last = next((row for row in reversed(rows) if not row.outside), None)
    following = next((row for row in page if not row.outside and not is_head(row)), None)
    if last is None or following is None or is_head(last) or not continues(last, following, name_column(rows)):
        return [*rows, *page]
    rest = {column: lower_rows(cell, last) for column, cell in following.cells.items()}
    for column, cell in following.cells.items():
        if column not in last.cells:
            last.cells[column] = cell
        elif following.text(column) != last.text(column):
            last.cells[column].glyphs += rest[column]
    above = page[: page.index(following)]
    return [*rows, *(row for row in page if row is not following and not (row in above and is_head(row)))]


def lower_rows(cell: Printed, last: PageRow) -> list[Glyph]:
    """The glyphs of a cell moved down below all that was gathered of the pages before."""
    lowest = max((glyph.baseline for above in last.cells.values() for glyph in above.glyphs), default=0.0)
    down = NEXT_PAGE * (1 + lowest // NEXT_PAGE)
    return [replace(glyph, baseline=glyph.baseline + down) for glyph in cell.glyphs]


def is_head(row: PageRow) -> bool:
    return len(vocabulary().heads.intersection(row.keys().values())) >= HEAD_CELLS


def name_column(rows: list[PageRow]) -> int | None:
    """The column of the names in the grid that the last row is in; None above the first grid."""
    head = next((row for row in reversed(rows) if not row.outside and is_head(row)), None)
    if head is None:
        return None
    names = {key for columns in vocabulary().columns.values() for key, name in columns.items() if name == "name"}
    return next((column for column, key in head.keys().items() if key in names), None)


def continues(last: PageRow, row: PageRow, names: int | None) -> bool:
    """Whether ``row``, the first of a page, is the rest of ``last``."""
    if names is not None:
        both = last.cells.get(names) and row.cells.get(names)
        return (
            bool(both) and bool(last.text(names)) != bool(row.text(names)) and last.cells.keys() >= beyond(row, names)
        )
    if last.cells.keys() != row.cells.keys() or len(row.cells) != 2:
        return False
    first, value = sorted(row.cells)
    label, more = last.text(first), row.text(first)
    return bool(row.text(value)) and (more in ("", label) or key_of(label + more) in vocabulary().sections)


def beyond(row: PageRow, names: int) -> set[int]:
    return {column for column in row.cells if column >= names}
