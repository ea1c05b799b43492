"""XML spreadsheets of Excel 2002 and 2003, which many web sites still write under the name of a .xls.

One pass with expat over the normal form of the file (no document type, no entities: see `markup`). Rows and cells
say their number where some were left out; a style says whether a number is a percentage, or struck out.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from declarations.files.guarding import limits, markup
from declarations.files.guarding.bounds import judge_cells, judge_sheets, require_within
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import LeftOut, Sheet, Value, Why, address
from declarations.files.opening.styles import is_percentage

HTML = "http://www.w3.org/TR/REC-html40"
LARGEST_NUMBER = 7
DEEPEST = 100
NOT_COMPUTED = "=（公式没有结果）"
PERCENT_NAMES = ("percent",)


@dataclass(slots=True)
class Style:
    is_percentage: bool = False
    is_struck: bool = False


@dataclass(slots=True)
class OpenCell:
    row: int
    column: int
    style: str
    kind: str = ""
    has_formula: bool = False
    words: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)


class Xml2003Walk:
    """The sheets, collected while elements begin and end."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.styles: dict[str, Style] = {}
        self.style: Style | None = None
        self.cell: OpenCell | None = None
        self.row = self.column = self.cells = self.merged = 0
        self.column_number = 0
        self.in_data = self.struck = self.in_comment = self.depth = 0
        self.in_visible = False

    def start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise refusal_of("X13", reason="元素套得过深")
        space, _, tag = name.rpartition(" ")
        if self.in_data:
            self.struck += tag == "S" and space == HTML
            return
        known = {markup.local_name(key): value for key, value in markup.attribute_pairs(attributes).items()}
        if tag in BEGIN and (not self.in_comment or tag == "Comment"):
            BEGIN[tag](self, known)

    def end(self, name: str) -> None:
        self.depth -= 1
        space, _, tag = name.rpartition(" ")
        if self.in_data and space == HTML:
            self.struck -= tag == "S"
        elif tag == "Data":
            self.in_data = 0
        elif tag == "Comment":
            self.in_comment -= 1
        elif tag == "Cell" and self.cell:
            self.end_cell(self.cell)
            self.cell = None
        elif tag == "Style":
            self.style = None
        elif tag == "Visible":
            self.in_visible = False

    def text(self, text: str) -> None:
        if self.in_data and self.cell:
            (self.cell.struck if self.struck else self.cell.words).append(text)
        elif self.in_visible and self.sheets and "Hidden" in text:
            self.sheets[-1].hidden = True

    # --- where elements begin --------------------------------------------------------------------

    def begin_style(self, known: dict[str, str]) -> None:
        self.style = self.styles.setdefault(known.get("ID", ""), Style())

    def begin_number_format(self, known: dict[str, str]) -> None:
        code = known.get("Format", "")
        if self.style and code:
            self.style.is_percentage = code.lower() in PERCENT_NAMES or is_percentage(code)

    def begin_font(self, known: dict[str, str]) -> None:
        if self.style and known.get("StrikeThrough") == "1":
            self.style.is_struck = True

    def begin_worksheet(self, known: dict[str, str]) -> None:
        self.sheets.append(Sheet(known.get("Name", ""), []))
        judge_sheets(len(self.sheets))
        self.row = self.column_number = 0

    def begin_column(self, known: dict[str, str]) -> None:
        first = number(known, "Index", self.column_number + 1)
        self.column_number = first + number(known, "Span", 0)
        if self.sheets and known.get("Hidden") == "1":
            columns = range(first, min(self.column_number, limits.COLUMNS) + 1)
            self.sheets[-1].hidden_columns |= set(columns)

    def begin_row(self, known: dict[str, str]) -> None:
        self.row = number(known, "Index", self.row + 1)
        self.column = 0
        if self.sheets and known.get("Hidden") == "1" and self.row <= limits.ROWS:
            self.sheets[-1].hidden_rows.add(self.row)
        self.row += number(known, "Span", 0)

    def begin_cell(self, known: dict[str, str]) -> None:
        self.column = number(known, "Index", self.column + 1)
        self.cell = OpenCell(self.row, self.column, known.get("StyleID", ""), has_formula="Formula" in known)
        across, down = number(known, "MergeAcross", 0), number(known, "MergeDown", 0)
        self.column += across
        self.merged += (across + 1) * (down + 1) > 1
        if self.merged > limits.MERGES or (across + 1) * (down + 1) > limits.MERGED_CELLS:
            raise refusal_of("X16", reason="合并区域过多或过大")

    def begin_data(self, known: dict[str, str]) -> None:
        if self.cell:
            self.in_data = 1
            self.cell.kind = known.get("Type", "String")

    def begin_comment(self, _: dict[str, str]) -> None:
        self.in_comment += 1

    def begin_visible(self, _: dict[str, str]) -> None:
        self.in_visible = True

    # --- where a cell ends -----------------------------------------------------------------------

    def end_cell(self, cell: OpenCell) -> None:
        text, struck = "".join(cell.words), "".join(cell.struck).strip()
        style = self.styles.get(cell.style, Style())
        if not self.sheets or not (text or struck or cell.has_formula):
            return
        require_within(cell.row, cell.column)
        if len(text) > limits.TEXT_LENGTH:
            raise refusal_of("X15", reason=f"{address(cell.row, cell.column)} 的文字超过 {limits.TEXT_LENGTH} 字")
        if style.is_struck:
            text, struck = "", f"{text}{struck}".strip()
        sheet = self.sheets[-1]
        if struck:
            sheet.left_out.append(LeftOut(address(cell.row, cell.column), struck, Why.STRUCK_OUT))
        if cell.kind == "Error" or (not text and cell.has_formula):
            sheet.faults[cell.row, cell.column] = text or NOT_COMPUTED
        elif text:
            self.put(sheet, cell, value_of(cell.kind, text), style)

    def put(self, sheet: Sheet, cell: OpenCell, value: Value, style: Style) -> None:
        missing = cell.row - len(sheet.rows)
        self.cells += max(0, missing)
        sheet.rows += [[] for _ in range(missing)]
        row = sheet.rows[cell.row - 1]
        self.cells += max(0, cell.column - len(row))
        judge_cells(self.cells)
        row += [None] * (cell.column - len(row))
        row[cell.column - 1] = value
        if style.is_percentage and isinstance(value, float):
            sheet.percentages.add((cell.row, cell.column))


BEGIN: dict[str, Callable[[Xml2003Walk, dict[str, str]], None]] = {
    "Style": Xml2003Walk.begin_style,
    "NumberFormat": Xml2003Walk.begin_number_format,
    "Font": Xml2003Walk.begin_font,
    "Worksheet": Xml2003Walk.begin_worksheet,
    "Column": Xml2003Walk.begin_column,
    "Row": Xml2003Walk.begin_row,
    "Cell": Xml2003Walk.begin_cell,
    "Data": Xml2003Walk.begin_data,
    "Comment": Xml2003Walk.begin_comment,
    "Visible": Xml2003Walk.begin_visible,
}


def number(known: dict[str, str], name: str, otherwise: int) -> int:
    """A count or place that an element states; ``otherwise`` where it states none. What is no number is damage."""
    text = known.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= LARGEST_NUMBER):
        raise refuse_damaged("行列号有误")
    return int(text)


def value_of(kind: str, text: str) -> Value:
    """A value of its type; a text that is none of it stays a text."""
    try:
        if kind == "Number" and len(text) < 40:
            value = float(text)
            return value if abs(value) < float("inf") else text
        if kind == "DateTime":
            return datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return text == "1" if kind == "Boolean" else text


def open_xml_2003(data: bytes) -> list[Sheet]:
    """Every worksheet in its order, hidden ones too."""
    walk = Xml2003Walk()
    markup.parse_xml(markup.normal_xml(data), walk.start, walk.end, walk.text, namespaces=True)
    judge_sheets(len(walk.sheets))
    return walk.sheets
