"""The user's own file back: bad cells coloured and commented, and a last sheet that lists the problems.

Runs in the child process, for it opens a foreign file with openpyxl. Values, formulas with their results, formats
and merges of a workbook stay; what openpyxl cannot carry over (drawings, charts, pictures) is not in the copy. What
is no .xlsx, or cannot be opened so, comes back as a new workbook with the values that were read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from declarations.files.guarding.gate import FileKind, admit_workbook
from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import Sheet
from declarations.files.reading.problem_list import NAME, is_problem_list
from declarations.files.writing.keeping_results import Results, write_book
from declarations.files.writing.listing import list_problems
from declarations.files.writing.rebuilt import Place, rebuild_workbook
from declarations.sheet.table import UNWRITABLE

Mark = dict[str, str]
"""``severity`` (E, W, I or C for corrected), ``sheet``, ``cell``, ``place`` (the field in words), ``message``,
``hint``, ``example``."""

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
FILLS = {"E": "FFC7CE", "W": "FFEB9C", "C": "C6EFCE"}
WORDS = {"E": "错误", "W": "疑点", "I": "提示", "C": "已在线改正"}
AUTHOR = "系统核对"
MOST_CELLS = 60_000
"""What openpyxl carries over within the time of a file; of larger ones only the sheets with tables come back."""
LONGEST_COMMENT = 4_000


def annotate_workbook(data: bytes, marks: Sequence[Mark], file: str, *, rebuild: bool = False) -> tuple[bytes, bool]:
    """The marked copy, and whether it had to be built anew. Raises `Refused` for a file that is not opened at all."""
    sheets = [sheet for sheet in open_sheets(data) if not is_problem_list(sheet)]
    anew = rebuild or admit_workbook(data).kind is not FileKind.XLSX or sum(map(size_of, sheets)) > MOST_CELLS
    if anew:
        named = {mark["sheet"] for mark in marks}
        book, places = rebuild_workbook([sheet for sheet in sheets if sheet.name in named] or sheets)
    else:
        book, places = openpyxl.load_workbook(io.BytesIO(data), rich_text=True), {}
        remove_old_list(book)
    placed = [move_mark(mark, places.get(mark["sheet"])) for mark in marks]
    paint_marks(book, placed)
    list_problems(book, placed, file, anew)
    return saved_workbook(book, () if anew else sheets), anew


def size_of(sheet: Sheet) -> int:
    return sum(map(len, sheet.rows))


def move_mark(mark: Mark, place: Place | None) -> Mark:
    """A mark at the place that its cell has in a workbook built anew."""
    match = ADDRESS.fullmatch(mark["cell"])
    if place is None:
        return mark
    cell = f"{match[1]}{int(match[2]) + place.down}" if match else ""
    return mark | {"sheet": place.title, "cell": cell}


def remove_old_list(book: openpyxl.Workbook) -> None:
    """A marked copy that was marked before: its list and colours of then would mislead; the list goes."""
    for sheet in list(book.worksheets):
        seen = Sheet(sheet.title, [[sheet["A1"].value]])
        if sheet.title.startswith(NAME) and is_problem_list(seen) and len(book.worksheets) > 1:
            book.remove(sheet)


def paint_marks(book: openpyxl.Workbook, marks: Iterable[Mark]) -> None:
    at: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark["sheet"] in book.sheetnames and ADDRESS.fullmatch(mark["cell"]) and mark["severity"] in FILLS:
            at[mark["sheet"], mark["cell"]].append(mark)
    for (sheet, cell), here in at.items():
        paint_cell(book[sheet], cell, here)


def paint_cell(sheet: Worksheet, address: str, marks: Sequence[Mark]) -> None:
    """The colour of the gravest, a comment with all; of a merged area its first cell."""
    cell = sheet[anchor_of(sheet, address)]
    gravest = min((mark["severity"] for mark in marks), key=list(FILLS).index)
    cell.fill = PatternFill("solid", fgColor=FILLS[gravest])
    said = "\n".join(sentence_of(mark) for mark in marks)
    before = f"{cell.comment.text}\n————\n" if cell.comment and cell.comment.author != AUTHOR else ""
    text = UNWRITABLE.sub("", before + said)[:LONGEST_COMMENT]
    lines = sum(1 + len(line) // 22 for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, width=300, height=min(400, 24 + 18 * lines))


def sentence_of(mark: Mark) -> str:
    example = f"例：{mark['example']}" if mark["example"] else ""
    return f"【{WORDS[mark['severity']]}】{mark['message']}\n{mark['hint']}{example}".rstrip()


def anchor_of(sheet: Worksheet, address: str) -> str:
    match = ADDRESS.fullmatch(address)
    row, column = int(match[2]), column_index_from_string(match[1])
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return area.start_cell.coordinate
    return address


def saved_workbook(book: openpyxl.Workbook, sheets: Iterable[Sheet]) -> bytes:
    results = Results({sheet.name: sheet for sheet in sheets}, book.epoch)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        write_book(book, archive, results)
    return file.getvalue()


def answer_request(data: bytes, options: dict[str, Any]) -> tuple[bytes, bool]:
    """As the sandbox asks for it: ``marks``, ``name``, ``rebuild``."""
    return annotate_workbook(data, options["marks"], options["name"], rebuild=options["rebuild"])
