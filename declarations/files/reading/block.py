"""A block of cells pasted into a form: the labels, heads, units and asides of a file, without its frame.

Cells are the texts that a person sees. A block with a head row is read by it, whatever it is copied from; one without
by its 二级指标, else by the place where it is pasted. A block that holds a whole form is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from declarations.files.opening.sheet import LeftOut, Sheet, Why
from declarations.files.reading.block_place import head_at
from declarations.files.reading.heads import UNKNOWN, Cells, Head
from declarations.files.reading.ledger import FoundValue, Ledger, Question
from declarations.files.reading.lines import needs_unit
from declarations.files.reading.other_forms import form_of
from declarations.files.reading.reader import read_sheets
from declarations.files.reading.scan import Row, Scan
from declarations.files.reading.vocabulary import key_of, printed_keys, vocabulary
from declarations.sheet.official import Edition
from declarations.sheet.official.labels import label_key
from declarations.sheet.official.wordings import SERIAL_NUMBERS
from declarations.sheet.problems import Refused
from declarations.sheet.units import Unit

HEAD_WITHIN = 3
"""In so many rows from its beginning a narrow block shows its head."""
FEW_VALUES = 3
LINES = frozenset({Why.SIGNATURE, Why.OPINION, Why.DATE, Why.NOTE, Why.TITLE, Why.PAGE_MARK, Why.SUM_ROW, Why.STRAY})
"""Why whole lines are left out, not columns."""


@dataclass(frozen=True, slots=True)
class PlaceOfBlock:
    """Where a block is pasted: ``grid`` (empty: the single values) and ``start``, the field of the cell.

    ``answers`` are those to questions of the reader, ``unit`` the one that a person named for amounts without one.
    """

    edition: Edition
    grid: str = ""
    start: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    unit: Unit | None = None

    @property
    def kind_of_rows(self) -> str:
        return self.edition.grids[self.grid].rows if self.grid else ""


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """``rows`` by grid, ``columns`` the fields that they have, ``items`` the single values by field.

    ``skipped``: the heads of columns that found no place, "" for a column without a head; ``department``: whose whole
    form it is, None where it is none; ``other_form``: what else it is, if a title says so.
    """

    rows: dict[str, list[dict[str, FoundValue]]]
    columns: dict[str, tuple[str, ...]]
    items: dict[str, FoundValue]
    skipped: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    has_head: bool = False
    department: str | None = None
    other_form: str = ""


def read_block(texts: Sequence[Sequence[str]], place: PlaceOfBlock) -> ReadBlock:
    """Read a block of texts that is pasted somewhere into the form."""
    sheet = Sheet("", [list(row) for row in texts])
    rows = _rows_of(texts)
    scan = _scan_of(sheet, place)
    has_head = any(scan.columns.grid_of(keys) for _, _, keys in rows)
    if has_head or not place.grid or _holds_single_values(sheet, rows, place):
        scan.read(rows)
    else:
        has_head = _read_narrow(scan, rows, place)
    department = _department_of_form(sheet, place)
    is_other = department is None and not has_head and not scan.items
    return ReadBlock(
        scan.rows,
        {name: tuple(head.columns) for name, head in scan.grids.heads.items()},
        scan.items,
        tuple(_skipped(scan.grids.heads, rows)),
        tuple(_lines(scan.ledger.left_out)),
        tuple(scan.ledger.questions.values()),
        has_head,
        department,
        _title_of_other_form(rows) if is_other else "",
    )


def _scan_of(sheet: Sheet, place: PlaceOfBlock) -> Scan:
    scan = Scan(vocabulary(), Ledger(sheet, place.answers))
    scan.fields.sheet_unit = scan.columns.sheet_unit = place.unit
    return scan


def _holds_single_values(sheet: Sheet, rows: list[Row], place: PlaceOfBlock) -> bool:
    """Whether a block for a grid is a part of the budget: a task may be called like a field, three are none."""
    return len(_scan_of(sheet, place).read(rows).items) >= FEW_VALUES


def _rows_of(texts: Sequence[Sequence[str]]) -> list[Row]:
    filled: list[Cells] = [[(column, text) for column, text in enumerate(row, 1) if text.strip()] for row in texts]
    return [(number, cells, [key_of(text) for _, text in cells]) for number, cells in enumerate(filled, 1)]


def _department_of_form(sheet: Sheet, place: PlaceOfBlock) -> str | None:
    """Whose form a block holds that can be read like a file; None where it is a part of a form, or none."""
    try:
        return read_sheets([sheet], answers=dict(place.answers))[0].table.department
    except Refused:
        return None


def _title_of_other_form(rows: list[Row]) -> str:
    return next((form for _, cells, _ in rows for _, text in cells if (form := form_of(text))), "")


# --- blocks that hold no full head -------------------------------------------------------------------


def _read_narrow(scan: Scan, rows: list[Row], place: PlaceOfBlock) -> bool:
    """Read a block by the few heads it shows, else by place; return whether it shows any."""
    kind = place.kind_of_rows
    at = next((i for i, row in enumerate(rows[:HEAD_WITHIN]) if _is_narrow_head(scan, rows, row, place)), None)
    if at is not None:
        scan.grids.begin(kind, *rows[at])
        rows = [row for row in rows[at + 1 :] if not _is_narrow_head(scan, rows, row, place)]
    else:
        item_columns = place.edition.grids[place.grid].columns
        scan.grids.heads[kind] = head_at(rows, item_columns, place.start)
    head = scan.grids.heads[kind]
    if "name" in head.columns and len(head.columns) > 1:
        for row in rows:
            if row[1]:
                scan.grids.read_row(kind, *row)
    else:
        scan.rows[kind] += _bare_rows(head, rows)
        if head.amounts and any(needs_unit(row["funding"].value) for row in scan.rows[kind] if "funding" in row):
            scan.ledger.ask_unit(head.amounts)
    return at is not None


def _is_narrow_head(scan: Scan, rows: list[Row], row: Row, place: PlaceOfBlock) -> bool:
    """Whether a row names two columns, or the one that the block has, as the form prints it."""
    _, cells, keys = row
    known = scan.words.columns[place.kind_of_rows]
    count = sum(key in known or key in SERIAL_NUMBERS for key in keys)
    if count < 2:
        is_column = len(rows) > 1 and row is rows[0] and all(len(cells) < 2 for _, cells, _ in rows)
        return is_column and count == 1 and label_key(cells[0][1]) in printed_keys(place.edition.code)
    return count * 2 >= len(keys) and any(key in known for key in keys)


def _bare_rows(head: Head, rows: list[Row]) -> list[dict[str, FoundValue]]:
    """The rows of columns that were chosen by hand: an empty cell among them keeps its place."""
    found: list[dict[str, FoundValue]] = []
    above: dict[str, FoundValue] = {}
    last = max((number for number, cells, _ in rows if cells), default=0)
    for number, cells, _ in rows:
        values = {
            name: FoundValue(text, number, column, head.unit)
            for column, text in cells
            if (name := head.owner(column)) in head.columns
        }
        if head.columns.keys() <= {"level1", "level2"}:
            above = {**({} if "level1" in values else above), **values}
            values = above
        if number <= last:
            found.append(values)
    return found


# --- what is left ------------------------------------------------------------------------------------


def _skipped(heads: dict[str, Head], rows: list[Row]) -> list[str]:
    """The heads of the columns that are no field; "" for one that has none."""
    heads_of = {id(head): head for head in heads.values()}.values()
    unknown = {column for head in heads_of for column, kind in head.others.items() if kind == UNKNOWN}
    return [_head_above(rows, column, list(heads_of)) for column in sorted(unknown)]


def _head_above(rows: list[Row], column: int, heads: list[Head]) -> str:
    """The text of the head row in a column, "" in a block without heads."""
    known = vocabulary().heads
    for _, cells, keys in rows:
        if len(known.intersection(keys)) >= 2:
            text = next((text for at, text in cells if at == column), "")
            if text:
                return str(text).strip()
    return ""


def _lines(left_out: list[LeftOut]) -> list[str]:
    """The first text of each line that is no content."""
    firsts: dict[str, str] = {}
    for entry in left_out:
        if entry.why in LINES:
            firsts.setdefault(entry.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), entry.text)
    return list(firsts.values())
