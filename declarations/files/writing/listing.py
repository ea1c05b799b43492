"""The last sheet of a marked copy: every problem with a link to its cell, what belongs there, an example."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from declarations.files.reading.problem_list import NAME, TITLE
from declarations.sheet.table import UNWRITABLE

HEADS = (
    ("序号", 6), ("级别", 11), ("文件", 26), ("工作表", 16), ("单元格", 9), ("栏目", 28), ("问题", 44),
    ("应当怎样", 44), ("示例", 32),
)  # fmt: skip
WORDS = {"E": "错误", "W": "疑点", "I": "提示", "C": "已在线改正"}
FILLS = {"E": "FFC7CE", "W": "FFEB9C", "C": "C6EFCE"}
HOW = "红色是错误，黄色是疑点，绿色是已在系统中改正的内容；点单元格地址可以跳到该处。改好后直接上传本文件即可。"
ANEW = (
    "原文件不是 .xlsx 工作簿，或过大、无法原样打开：此副本是按读出的文字和数字另建的 .xlsx，"
    "只含申报表所在的工作表，不含原来的格式和合并单元格。"
)
LINK = Font(color="0563C1", underline="single")
LINE = Side(style="thin", color="BFBFBF")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")


def list_problems(book: Workbook, marks: Sequence[dict[str, str]], file: str, is_anew: bool) -> None:
    sheet = book.create_sheet(free_name(book))
    write_text(sheet["A1"], TITLE).font = Font(bold=True, size=14)
    write_text(sheet["A2"], f"{HOW}{ANEW if is_anew else ''}")
    for column, (head, width) in enumerate(HEADS, 1):
        cell = write_text(sheet.cell(3, column), head)
        cell.font, cell.fill, cell.border = Font(bold=True), PatternFill("solid", fgColor="DDE6F2"), BOX
        sheet.column_dimensions[cell.column_letter].width = width
    for number, mark in enumerate(marks, 1):
        write_line(sheet, number, mark, file, mark["sheet"] in book.sheetnames)
    sheet.freeze_panes, sheet.print_title_rows = "A4", "3:3"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.auto_filter.ref = f"A3:I{max(4, 3 + len(marks))}"


def free_name(book: Workbook) -> str:
    """The sheet's name, told apart from a sheet of the user's own with the same."""
    number, name = 2, NAME
    while name in book.sheetnames:
        number, name = number + 1, f"{NAME}{number}"
    return name


def write_line(sheet: Worksheet, number: int, mark: dict[str, str], file: str, has_sheet: bool) -> None:
    said = (mark["place"], mark["message"], mark["hint"], mark["example"])
    row = (number, WORDS[mark["severity"]], file, mark["sheet"], mark["cell"], *said)
    for column, value in enumerate(row, 1):
        cell = sheet.cell(3 + number, column)
        write_text(cell, str(value))
        cell.alignment, cell.border = WRAPPED, BOX
    if mark["severity"] in FILLS:
        sheet.cell(3 + number, 2).fill = PatternFill("solid", fgColor=FILLS[mark["severity"]])
    if mark["cell"] and has_sheet:
        write_link(sheet.cell(3 + number, 5), mark)


def write_link(cell: Cell, mark: dict[str, str]) -> None:
    name = mark["sheet"].replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{mark['cell']}", display=mark["cell"])
    cell.font = LINK


def write_text(cell: Cell, value: str) -> Cell:
    """A text as text, also one that begins with =."""
    cell.value = UNWRITABLE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith("=")
    return cell
