"""Workbooks of LibreOffice and OpenOffice (OpenDocument).

Only the content is read: no scripts, no linked sources, no embedded objects. A cell or row
repeated a million times is normal where it is empty, and refused where it has content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from declarations.files.guarding import limits, markup
from declarations.files.guarding.bounds import Box, judge_cells, judge_merges, judge_sheets
from declarations.files.guarding.gate import ODS
from declarations.files.guarding.package import Package, pack_parts
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import Place, Sheet, address
from declarations.files.opening.values import CellCount, Notes, open_workbook, read_worksheet, sheet_of
from declarations.files.opening.xlsx import refuse_doctypes

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MACROS = re.compile(r"(?:basic|scripts)/[^/]+/(?!script-l[bc]\.xml$)[^/]+")
PLAIN_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
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


def open_ods(package: Package) -> list[Sheet]:
    if any(MACROS.fullmatch(name) for name in package.entries):
        raise refusal_of("X07")
    if MANIFEST in package and b"encryption-data" in package.read(MANIFEST):
        raise refusal_of("X06")
    content = markup.normal_xml(package.read(CONTENT))
    refuse_doctypes(package, {CONTENT})
    scan = ContentScan()
    markup.parse_xml(content, scan.start, scan.end, scan.text)
    judge_sheets(len(scan.tables))
    judge_cells(sum(table.box.area for table in scan.tables))
    judge_merges([area for table in scan.tables for area in table.merges])
    canonical = pack_parts([("mimetype", ODS.encode()), (CONTENT, content), (MANIFEST, PLAIN_MANIFEST)])
    return read_values(canonical, scan.tables)


def read_values(canonical: bytes, tables: list[TableScan]) -> list[Sheet]:
    workbook, cells, sheets = open_workbook(canonical), CellCount(), []
    listed = workbook.sheets_metadata
    if len(listed) != len(tables):
        raise refuse_damaged("工作表内容有误")
    for index, (table, known) in enumerate(zip(tables, listed, strict=True)):
        source = read_worksheet(workbook, index)
        cells.add(source)
        hidden = "Visible" not in repr(known.visible)
        sheets.append(sheet_of(source, Notes(table.name, hidden, table.percentages, table.faults)))
    return sheets


class ContentScan:
    """One pass over content.xml. Names are compared as written, as the reader of values does."""

    def __init__(self) -> None:
        self.tables: list[TableScan] = []
        self.inside = 0
        self.row = self.column = self.row_repeat = 0
        self.cell: dict[str, str] = {}
        self.words: list[str] = []

    def start(self, name: str, attributes: list[str]) -> None:
        if len(attributes) > 2 * limits.ATTRIBUTES:
            raise refusal_of("X13", reason="元素的属性过多")
        if name == "table:table":
            self.tables.append(TableScan(markup.attribute_pairs(attributes).get("table:name", "")))
            self.inside += 1
            self.row = self.row_repeat = 0
        elif name == "table:table-row" and self.inside:
            self.row += self.row_repeat or 1
            self.row_repeat = repeats_of(markup.attribute_pairs(attributes), "table:number-rows-repeated")
            self.column = 1
        elif name in CELLS and self.inside:
            self.cell, self.words = markup.attribute_pairs(attributes), []

    def text(self, text: str) -> None:
        if self.cell:
            self.words.append(text)

    def end(self, name: str) -> None:
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
        self.merge(table, cell)
        self.column += repeat

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
