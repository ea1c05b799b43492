"""Finding the tables of a sheet: its filled rows, walked over once, and where among them a table begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from declarations.files.opening.sheet import Sheet
from declarations.files.reading.convert import Fault
from declarations.files.reading.heads import Cells
from declarations.files.reading.other_forms import FormPart, other_form, parts
from declarations.files.reading.scan import Row
from declarations.files.reading.vocabulary import key_of, vocabulary
from declarations.sheet.official.labels import fold_text

NEEDED = ("部门名称", "基本信息", "预算整体情况", "总体绩效目标", "年度重点工作任务", "绩效指标")
ENOUGH = 3
"""How many of the section labels a sheet must show to be taken for the table."""
NEXT_FIELDS = ("staff_count", "subordinate_unit_count")


@dataclass(frozen=True, slots=True)
class SheetRegions:
    """A sheet with its filled rows, the parts of it that are different forms, and the rows of each table."""

    sheet: Sheet
    rows: list[Row]
    parts: list[FormPart]
    tables: list[list[Row]]

    @classmethod
    def of(cls, sheet: Sheet) -> SheetRegions:
        rows = filled_rows(sheet)
        split = [FormPart(part, other_form(part)) for part in parts(rows)]
        own = [] if sheet.hidden else [part.rows for part in split if not part.form]
        return cls(sheet, rows, split, [table for part in own for table in _tables_in(part)])

    @property
    def form(self) -> str:
        """What the sheet as a whole is where it is another form, else ""."""
        return self.parts[0].form if len(self.parts) == 1 else other_form(self.rows)

    @property
    def labels_shown(self) -> set[str]:
        return _keys(self.rows).intersection(NEEDED)


def filled_rows(sheet: Sheet) -> list[Row]:
    """The rows with their filled cells, numbered as in the file; faults take the place of missing values."""
    filled: dict[int, Cells] = {}
    for number, values in enumerate(sheet.rows, sheet.first_row):
        cells = [
            (column, value)
            for column, value in enumerate(values, sheet.first_column)
            if value is not None and value != ""
        ]
        if cells:
            filled[number] = [cell for cell in cells if type(cell[1]) is not str or not cell[1].isspace()]
    for (number, column), text in sheet.faults.items():
        filled[number] = sorted([*filled.get(number, []), (column, Fault(text))], key=lambda cell: cell[0])
    return [(number, cells, [key_of(value) for _, value in cells]) for number, cells in sorted(filled.items()) if cells]


def _keys(rows: list[Row]) -> set[str]:
    return {key for _, _, keys in rows for key in keys}


def _tables_in(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows of each table; a table begins at 部门名称 or at the title just above it."""
    items = vocabulary().items
    starts = [i for i, row in enumerate(rows) if items.get(row[2][0]) == "department" and _goes_on(rows, i)]
    bounds = [0, *(_title_above(rows, i) for i in starts[1:]), len(rows)]
    tables: list[list[Row]] = []
    above: list[Row] = []
    for first, last in pairwise(bounds):
        region = above + rows[first:last]
        above = []
        if _is_table(region):
            tables.append(region)
        elif tables:  # what only begins like a table belongs to the one above, or to the first
            tables[-1] = tables[-1] + region
        else:
            above = region
    yield from tables


def _is_table(rows: list[Row]) -> bool:
    keys = _keys(rows)
    return len(keys.intersection(NEEDED)) >= ENOUGH or _has_sections(keys)


def _has_sections(keys: set[str]) -> bool:
    """Whether enough sections are there under some of their known spellings."""
    words = vocabulary()
    shown = {words.sections[key] if words.sections[key] != "fields" else key for key in keys if key in words.sections}
    return len(shown) >= ENOUGH and "indicators" in shown


def _goes_on(rows: list[Row], i: int) -> bool:
    """Whether what follows 部门名称 is what follows it in the table."""
    items = vocabulary().items
    return any(items.get(key) in NEXT_FIELDS for key in _keys(rows[i : i + 4]))


def _title_above(rows: list[Row], i: int) -> int:
    for above in range(max(0, i - 3), i):
        if any("绩效目标" in fold_text(value)[:60] for _, value in rows[above][1]):
            return above
    return i
