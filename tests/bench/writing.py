"""Writing the official table: our writer against the same layout by openpyxl."""

import io
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from declarations.files.writing.measure import row_heights
from declarations.files.writing.writer import write_table
from declarations.sheet.layout import CellRole, lay_out
from tests.bench.corpus import tables
from tests.bench.timing import best_of, say

AIM, ROUNDS = 7, 3
SIDE = Side(style="thin")
BORDER = Border(SIDE, SIDE, SIDE, SIDE)
FONTS = (Font(name="仿宋_GB2312", size=12), Font(name="黑体", size=18))
WRAP = Alignment(wrap_text=True, vertical="center")


def by_openpyxl(table, file):
    """The same cells, merges, borders, fonts, number formats, widths, heights and print setup."""
    book = Workbook()
    sheet = book.active
    sheet.title = f"{table.year}年"
    rows = lay_out(table)
    for row in rows:
        for cell in row:
            put(sheet, cell)
    for i, width in enumerate(table.form.widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    for i, height in enumerate(row_heights(rows, table.form.widths), 1):
        sheet.row_dimensions[i].height = height
    set_page(sheet)
    book.save(file)


def put(sheet, cell):
    for i in range(cell.row, cell.row + cell.rows):
        for j in range(cell.column, cell.column + cell.columns):
            sheet.cell(i, j).border = BORDER
    there = sheet.cell(cell.row, cell.column, cell.value)
    there.font, there.alignment = FONTS[cell.role is CellRole.TITLE], WRAP
    if isinstance(cell.value, Decimal):
        there.number_format = "#,##0.00"
    if cell.rows * cell.columns > 1:
        last = sheet.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1)
        sheet.merge_cells(f"{there.coordinate}:{last.coordinate}")


def set_page(sheet):
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows, sheet.print_area = "1:1", sheet.dimensions
    sheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.7, bottom=0.75)
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"


def main(count=200):
    made = list(tables(count))
    times = best_of(ROUNDS, lambda: write_all(write_table, made), lambda: write_all(by_openpyxl, made))
    say(f"writing {count} tables, against openpyxl", *times, count, AIM)


def write_all(write, made):
    for table in made:
        write(table, io.BytesIO())
