"""Tables with ruled lines of text PDFs as one sheet: what this system prints, and what Word, Excel and WPS print.

A scan has no text, a text without lines has no cells: both are refused in words. Columns are those of all pages
together, rows are counted from the top of the first page.
"""

from __future__ import annotations

from declarations.files.guarding import limits
from declarations.files.guarding.bounds import judge_cells, require_within
from declarations.files.guarding.refusals import refusal_of
from declarations.files.opening.sheet import LeftOut, Sheet, Value, Why, address
from declarations.files.opening_pdf.lines_of_text import Setting, lines_of, pitch_of
from declarations.files.opening_pdf.page_breaks import PageRow, merged_rows, without_furniture
from declarations.files.opening_pdf.page_content import Page, RuledLine
from declarations.files.opening_pdf.pdf_pages import open_pages
from declarations.files.opening_pdf.ruled import RuledGrid, clusters, grid_of, table_lines
from declarations.sheet.layout import LINES_APART

FEWEST_GLYPHS = 30
"""With less text than this a PDF is a scan, with a stamp of its maker at most."""
FEWEST_CELLS = 6
INSET = 2.0
LEAST_INSET = 0.5
"""Points between the line of a cell and its text: where nothing shows them, and the least that is believed."""


def open_pdf(data: bytes) -> list[Sheet]:
    """One sheet. Raises `Refused`: encrypted, damaged, scanned, without a ruled table, out of bounds."""
    pages, keywords = open_pages(data)
    if sum(len(page.glyphs) for page in pages) < FEWEST_GLYPHS:
        raise refusal_of("X28")
    lines = [table_lines(page) for page in pages]
    columns = clusters(x for levels, uprights in lines for x in edges_of(levels, uprights))
    grids = [grid_of(page, *drawn, columns) for page, drawn in zip(pages, lines, strict=True)]
    if sum(len(grid.cells) for grid in grids) < FEWEST_CELLS:
        raise refusal_of("X34")
    judge_cells(sum(len(grid.edges) for grid in grids) * len(columns))
    return [sheet_of(pages, grids, sets_lines_apart=LINES_APART in keywords)]


def edges_of(levels: list[RuledLine], uprights: list[RuledLine]) -> list[float]:
    return [*(line.at for line in uprights), *(x for line in levels for x in (line.start, line.end))]


def sheet_of(pages: list[Page], grids: list[RuledGrid], *, sets_lines_apart: bool) -> Sheet:
    setting = setting_of(grids, sets_lines_apart=sets_lines_apart)
    by_page = [page_rows(grid, setting) for grid in grids]
    furniture = without_furniture(by_page)
    rows: list[PageRow] = []
    for page in by_page:
        rows = merged_rows(rows, page)
    sheet = Sheet("", [values_of(row) for row in rows])
    judge_texts(sheet)
    below = address(len(rows) + 1, 1)
    sheet.left_out += [LeftOut(below, text, Why.PAGE_MARK) for text in furniture]
    sheet.left_out += [LeftOut(below, page.aslant, Why.PAGE_MARK) for page in pages[:1] if page.aslant]
    sheet.left_out += [
        LeftOut(below, f"第{number}页", Why.PICTURE)
        for number, page in enumerate(pages, 1)
        if page.pictures and not page.glyphs
    ]
    return sheet


def setting_of(grids: list[RuledGrid], *, sets_lines_apart: bool) -> Setting:
    """How far texts stay away from the lines of their cells, by the nearest of them, and how far lines are apart."""
    filled = [cell for grid in grids for cell in grid.cells if cell.glyphs]
    gaps = [min(glyph.left for glyph in cell.glyphs) - cell.left for cell in filled]
    inset = min((gap for gap in gaps if gap >= LEAST_INSET), default=INSET)
    return Setting(inset, pitch_of(cell.glyphs for cell in filled) if sets_lines_apart else 0.0)


def page_rows(grid: RuledGrid, setting: Setting) -> list[PageRow]:
    """The rows of one page, lines outside the table among them where they stand."""
    rows: dict[int, PageRow] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, PageRow(grid.edges[cell.row], setting=setting)).cells[cell.column] = cell
    outside = [PageRow(line.top, outside=line.text.strip()) for line in lines_of(grid.outside)]
    return sorted([*rows.values(), *(row for row in outside if row.outside)], key=lambda row: row.top)


def values_of(row: PageRow) -> list[Value]:
    texts = row.texts()
    return [texts.get(column) or None for column in range(max(texts) + 1)]


def judge_texts(sheet: Sheet) -> None:
    for number, row in enumerate(sheet.rows, 1):
        require_within(number, len(row))
        for column, text in enumerate(row, 1):
            if isinstance(text, str) and len(text) > limits.TEXT_LENGTH:
                raise refusal_of("X15", reason=f"{address(number, column)} 的文字超过 {limits.TEXT_LENGTH} 字")
