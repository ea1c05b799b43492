"""Workbooks of LibreOffice and OpenOffice (OpenDocument).

Only the content is read: no scripts, no linked sources, no embedded objects. A cell or row
repeated a million times is normal where it is empty, and refused where it has content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from declarations.files.appearance.appearance import PICTURE_TEXT, Appearance
from declarations.files.guarding import limits, markup
from declarations.files.guarding.bounds import Box, judge_cells, judge_merges, judge_sheets
from declarations.files.guarding.gate import ODS
from declarations.files.guarding.package import Package, pack_parts
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.ods_looks import (
    CellText,
    Styles,
    adds_to_value,
    column_styles,
    duration_text,
    scale_between,
)
from declarations.files.opening.sheet import Place, Sheet, address
from declarations.files.opening.values import CellCount, Notes, open_workbook, read_worksheet, sheet_of
from declarations.files.opening.xlsx import refuse_doctypes

CONTENT, STYLES, MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
MACROS = re.compile(r"(?:basic|scripts)/[^/]+/(?!script-l[bc]\.xml$)[^/]+")
FLAT_MACROS = re.compile(rb"<(?:ooo|script):module[\s>]")
PLAIN_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
GROUPS = ("table:table-row-group", "table:table-column-group")
CELLS = ("table:table-cell", "table:covered-table-cell")
FORMULA_PREFIX = re.compile(r"^[A-Za-z]+:(?==)")
BARE_REFERENCE = re.compile(r"\[\.([^\].]*?)(?::\.([^\].]*))?\]")
ERROR_TEXT = re.compile(r"#[A-Z/0]+[!?A]?|Err:\d+|错误:\d+")


@dataclass(slots=True)
class TableScan:
    """One table: where its content lies, its percentages and the cells without a value."""

    name: str
    box: Box = field(default_factory=Box)
    percentages: list[Place] = field(default_factory=list)
    faults: dict[Place, str] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    looks: Appearance = field(default_factory=lambda: Appearance(may_have_pictures=True))
    scales: dict[Place, int] = field(default_factory=dict)


def open_ods(package: Package) -> list[Sheet]:
    if any(MACROS.fullmatch(name) for name in package.entries):
        raise refusal_of("X07")
    if MANIFEST in package and b"encryption-data" in package.read(MANIFEST):
        raise refusal_of("X06")
    content = markup.normal_xml(package.read(CONTENT))
    refuse_doctypes(package, {CONTENT})
    return read_content(content, named_styles(package))


def open_flat_ods(data: bytes) -> list[Sheet]:
    """A spreadsheet in a single XML file (.fods), with the same elements. Raises `Refused` for texts and drawings."""
    content = markup.normal_xml(data)
    if FLAT_MACROS.search(content):
        raise refusal_of("X07")
    if b"<office:spreadsheet" not in content:
        raise refusal_of("X04", kind="平面 XML 的 ODF 文档，其中没有表格")
    return read_content(content, Styles())


def read_content(content: bytes, styles: Styles) -> list[Sheet]:
    """The sheets of the XML that holds them, whichever file it stood in; ``styles``: those named elsewhere."""
    scan = ContentScan(styles)
    markup.parse_xml(content, scan.start, scan.end, scan.text)
    judge_sheets(len(scan.tables))
    judge_cells(sum(table.box.area for table in scan.tables))
    judge_merges([area for table in scan.tables for area in table.merges])
    canonical = pack_parts([("mimetype", ODS.encode()), (CONTENT, content), (MANIFEST, PLAIN_MANIFEST)])
    return read_values(canonical, scan.tables)


def named_styles(package: Package) -> Styles:
    """The styles that cells inherit from; read only where one of them strikes out."""
    styles = Styles()
    xml = markup.normal_xml(package.read(STYLES)) if STYLES in package else b""
    if b"line-through" in xml:
        markup.parse_xml(xml, styles.start, styles.end)
    return styles


def read_values(canonical: bytes, tables: list[TableScan]) -> list[Sheet]:
    workbook, cells, sheets = open_workbook(canonical), CellCount(), []
    listed = workbook.sheets_metadata
    if len(listed) != len(tables):
        raise refuse_damaged("工作表内容有误")
    for index, (table, known) in enumerate(zip(tables, listed, strict=True)):
        source = read_worksheet(workbook, index)
        cells.add(source)
        hidden = "Visible" not in repr(known.visible)
        sheet = sheet_of(source, Notes(table.name, hidden, table.percentages, table.faults, table.looks))
        sheet.scales |= {
            place: scale for place, scale in table.scales.items() if scale != 1 and place in sheet.displayed
        }
        sheets.append(sheet)
    return sheets


class ContentScan:
    """One pass over content.xml. Names are compared as written, as the reader of values does."""

    def __init__(self, styles: Styles) -> None:
        self.tables: list[TableScan] = []
        self.inside = 0
        self.row = self.column = self.row_repeat = 0
        self.cell: dict[str, str] = {}
        self.words: list[str] = []
        self.styles, self.cell_text = styles, CellText(styles)
        self.axes = Axes(styles)

    def start(self, name: str, attributes: list[str]) -> None:
        if len(attributes) > 2 * limits.ATTRIBUTES:
            raise refusal_of("X13", reason="元素的属性过多")
        if name == "table:table":
            self.tables.append(TableScan(markup.attribute_pairs(attributes).get("table:name", "")))
            self.inside += 1
            self.row = self.row_repeat = 0
            self.axes = Axes(self.styles)
        elif name == "table:table-row" and self.inside:
            self.row += self.row_repeat or 1
            known = markup.attribute_pairs(attributes)
            self.row_repeat = repeats_of(known, "table:number-rows-repeated")
            self.column = 1
            self.axes.start_row(known, self.row, self.row_repeat, self.tables[-1].looks)
        elif name in CELLS and self.inside:
            self.cell, self.words = markup.attribute_pairs(attributes), []
            self.cell_text.begin()
        elif self.inside:
            self.cell_text.start(name, attributes)
            self.axes.start(name, attributes, self.tables[-1].looks)
        else:
            self.styles.start(name, attributes)

    def text(self, text: str) -> None:
        if self.cell:
            self.words.append(text)
            self.cell_text.add(text)
        elif not self.inside:
            self.styles.text(text)

    def end(self, name: str) -> None:
        if not self.inside:
            self.styles.end(name)
        elif self.cell and name not in CELLS:
            self.cell_text.end(name)
        else:
            self.axes.end(name)
        if name == "table:table":
            self.inside -= 1
        elif name in CELLS and self.inside:
            self.finish(self.tables[-1], repeats_of(self.cell, "table:number-columns-repeated"))
            self.cell = {}

    def finish(self, table: TableScan, repeat: int) -> None:
        cell, words = self.cell, "".join(self.words).strip()
        if self.has_content(cell, words):
            table.box.add(self.row, self.column)
            table.box.add(self.row + self.row_repeat - 1, self.column + repeat - 1)
            if cell.get("office:value-type") == "percentage":
                table.percentages += self.places(repeat)
            fault = fault_of(cell, words)
            if fault:
                table.faults.update(dict.fromkeys(self.places(repeat), fault))
            self.note_looks(table, repeat)
        self.merge(table, cell)
        self.column += repeat

    def note_looks(self, table: TableScan, repeat: int) -> None:
        """Note what the cell shows beside its value: words of its format, struck-out text, a picture."""
        cell, looks = self.cell, table.looks
        shown = self.cell_text.shown or duration_text(cell.get("office:time-value", ""))
        style = cell.get("table:style-name") or self.axes.style_of(self.column)
        kind, code = cell.get("office:value-type", ""), self.styles.code_of(style)
        adds, is_struck = adds_to_value(kind, shown) and bool(shown), self.styles.is_struck(style)
        is_picture = bool(PICTURE_TEXT.match(FORMULA_PREFIX.sub("", cell.get("table:formula", ""))))
        if not (adds or is_struck or is_picture or code or self.cell_text.has_struck):
            return
        for place in self.places(repeat):
            if adds:
                looks.displayed[place] = shown
                if (scale := scale_between(cell.get("office:value", ""), shown)) != 1:
                    table.scales[place] = scale
            elif code:
                looks.formats.append((place, code))
            if is_struck:
                looks.struck.add(place)
            if self.cell_text.has_struck:
                looks.runs[place] = self.cell_text.runs
            if is_picture:
                looks.pictures[place] = FORMULA_PREFIX.sub("", cell["table:formula"])

    @staticmethod
    def has_content(cell: dict[str, str], words: str) -> bool:
        return bool(words) or "office:value-type" in cell or "table:formula" in cell

    def places(self, repeat: int) -> list[Place]:
        judge_cells(self.row_repeat * repeat)
        rows = range(self.row, self.row + self.row_repeat)
        return [(row, column) for row in rows for column in range(self.column, self.column + repeat)]

    def merge(self, table: TableScan, cell: dict[str, str]) -> None:
        rows, columns = (repeats_of(cell, f"table:number-{axis}-spanned") for axis in ("rows", "columns"))
        if rows * columns > 1:
            table.merges.append(f"A1:{address(min(rows, 9_999_999), min(columns, 16_384))}")
            table.looks.merges.append((self.row, self.column, self.row + rows - 1, self.column + columns - 1))


class Axes:
    """The rows and columns of one table: which are hidden, and the styles that columns give to their cells."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.column = 1
        self.defaults: dict[int, str] = {}
        self.groups: list[bool] = []

    def start(self, name: str, attributes: list[str], looks: Appearance) -> None:
        if name in GROUPS:
            self.groups.append(markup.attribute_pairs(attributes).get("table:display") == "false")
        elif name == "table:table-column":
            known = markup.attribute_pairs(attributes)
            repeat = repeats_of(known, "table:number-columns-repeated")
            if self.is_hidden(known):
                looks.hidden_columns.append((self.column, self.column + repeat - 1))
            self.defaults |= column_styles(self.column, repeat, known.get("table:default-cell-style-name", ""))
            self.column += repeat

    def end(self, name: str) -> None:
        if name in GROUPS and self.groups:
            self.groups.pop()

    def start_row(self, known: dict[str, str], row: int, repeat: int, looks: Appearance) -> None:
        if self.is_hidden(known):
            looks.hidden_rows.append((row, row + repeat - 1))

    def is_hidden(self, known: dict[str, str]) -> bool:
        stated = known.get("table:visibility", "visible") != "visible"
        return stated or any(self.groups) or known.get("table:style-name", "") in self.styles.nothing

    def style_of(self, column: int) -> str:
        return self.defaults.get(column, "")


def repeats_of(known: dict[str, str], name: str) -> int:
    """How often a row or a cell is repeated; 1 where nothing is said."""
    text = known.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and int(text) > 0):
        raise refuse_damaged("重复行列的数量有误")
    return int(text)


def fault_of(cell: dict[str, str], words: str) -> str:
    """Why a cell has no value to read: its error value, or the formula that was never computed."""
    if "table:formula" not in cell:
        return ""
    if cell.get("calcext:value-type") == "error" or ERROR_TEXT.fullmatch(words):
        return words or "#N/A"
    if "office:value-type" not in cell:
        formula = FORMULA_PREFIX.sub("", cell["table:formula"])
        return BARE_REFERENCE.sub(lambda match: ":".join(filter(None, match.groups())), formula)
    return ""
