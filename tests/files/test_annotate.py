"""The user's own file back: what is marked, what stays as it was, and that the copy is a workbook like others."""

import csv
import io
import re
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.styles import Font

from declarations.files.guarding.sandbox import Sandbox
from declarations.files.reading.problem_list import NAME, TITLE
from declarations.sheet.problems import Refused
from tests.workbooks import builders as make
from tests.workbooks import documents
from tests.workbooks.tables import official_text

RED, YELLOW, GREEN = "00FFC7CE", "00FFEB9C", "00C6EFCE"
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(1) as pool:
        yield pool


def mark(cell, severity="E", sheet="Sheet", **values):
    said = {"place": "基本支出", "message": "“一千”不是金额", "hint": "应填以万元为单位的数字。", "example": "1,069.37"}
    return {"severity": severity, "sheet": sheet, "cell": cell} | said | values


def original(change=None):
    def prepared(book, sheet):
        sheet["C5"], sheet["H1"], sheet["H2"] = "一千", "=SUM(C6:C6)", "=text"
        sheet["H2"].data_type = "s"
        sheet["C6"].number_format = "#,##0.00"
        sheet["A1"].font = Font(bold=True, color="FF112233")
        sheet.column_dimensions["B"].width = 33
        if change:
            change(book, sheet)

    return with_result(make.by_openpyxl(prepared))


def with_result(data):
    """As a spreadsheet program leaves it: with what the formula came to."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(rb"(<f>SUM.C6:C6.</f>)<v ?/?>(</v>)?", rb"\1<v>980</v>", part))
    return out.getvalue()


def opened(data, **values):
    return openpyxl.load_workbook(io.BytesIO(data), **values)


def listed(book):
    return [[cell.value for cell in row] for row in book.worksheets[-1].iter_rows(min_row=4)]


def colour(cell):
    return cell.fill.fgColor.rgb if cell.fill.patternType else ""


def test_a_bad_cell_is_coloured_commented_and_listed_with_a_link(sandbox):
    copy, is_anew = sandbox.marked(
        original(), [mark("C5"), mark("C6", "W"), mark("E5", "C"), mark("E6", "I")], "甲.xlsx"
    )
    book = opened(copy)
    sheet = book.worksheets[0]
    assert not is_anew
    assert [colour(sheet[cell]) for cell in ("C5", "C6", "E5", "E6")] == [RED, YELLOW, GREEN, ""]
    assert "“一千”不是金额" in sheet["C5"].comment.text and "例：1,069.37" in sheet["C5"].comment.text
    assert (book.sheetnames[-1], book.worksheets[-1]["A1"].value) == (NAME, TITLE)
    first = listed(book)[0]
    assert first == [
        "1", "错误", "甲.xlsx", "Sheet", "C5", "基本支出", "“一千”不是金额", "应填以万元为单位的数字。", "1,069.37",
    ]  # fmt: skip
    assert book.worksheets[-1]["E4"].hyperlink.location == "'Sheet'!C5"
    assert book.active.title == "Sheet", "the file opens at the table"


def test_everything_else_stays_as_it_was(sandbox):
    def change(book, sheet):
        book.create_sheet("填表说明")["A1"] = "请如实填写"

    data = original(change)
    copy, _ = sandbox.marked(data, [mark("C5")], "甲.xlsx")
    before, after = opened(data), opened(copy)
    for title in before.sheetnames:
        old, new = before[title], after[title]
        assert [[c.value for c in row] for row in new.iter_rows()] == [
            [c.value for c in row] for row in old.iter_rows()
        ]
        assert {str(area) for area in new.merged_cells.ranges} == {str(area) for area in old.merged_cells.ranges}
    sheet = after.worksheets[0]
    assert (sheet["C6"].number_format, sheet["A1"].font.color.rgb) == ("#,##0.00", "FF112233")
    assert (sheet["A1"].font.bold, sheet.column_dimensions["B"].width) == (True, 33)
    assert sheet["H1"].value == "=SUM(C6:C6)"
    assert opened(copy, data_only=True).worksheets[0]["H1"].value == 980, "a formula keeps what it had come to"
    assert (sheet["H2"].value, sheet["H2"].data_type) == ("=text", "s"), "a text stays a text"


def test_in_a_merged_area_its_first_cell_is_marked(sandbox):
    copy, _ = sandbox.marked(original(), [mark("D2"), mark("F10", "W")], "甲.xlsx")
    sheet = opened(copy).worksheets[0]
    assert colour(sheet["B2"]) == RED and sheet["B2"].comment
    assert colour(sheet["B10"]) == YELLOW and sheet["B10"].comment


def test_several_problems_of_a_cell_share_it_and_a_comment_that_was_there_stays(sandbox):
    def change(book, sheet):
        sheet["C5"].comment = Comment("请核对", "科长")
        sheet["C6"] = CellRichText("甲", "乙")

    marks = [mark("C5", "W", message="疑点一"), mark("C5", message="错误一")]
    copy, _ = sandbox.marked(original(change), marks, "甲.xlsx")
    sheet = opened(copy).worksheets[0]
    assert colour(sheet["C5"]) == RED
    assert all(text in sheet["C5"].comment.text for text in ("请核对", "疑点一", "错误一"))


def test_what_could_hurt_in_a_cell_is_a_plain_text(sandbox):
    marks = [mark("C5", message="=HYPERLINK(1)\x00\x1f", example="=1+1")]
    row = opened(sandbox.marked(original(), marks, "=甲.xlsx")[0]).worksheets[-1][4]
    assert [(row[i].value, row[i].data_type) for i in (2, 6, 8)] == [
        ("=甲.xlsx", "s"), ("=HYPERLINK(1)", "s"), ("=1+1", "s"),
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["", "C0", "ZZZZ9", "x", "C5:C6"])
def test_a_problem_without_a_cell_is_listed_without_a_link(sandbox, place):
    book = opened(sandbox.marked(original(), [mark(place, sheet="没有这张表")], "甲.xlsx")[0])
    assert len(listed(book)) == 1 and book.worksheets[-1]["E4"].hyperlink is None


def test_the_copy_comes_back_as_the_same_table_with_the_list_passed_over(sandbox):
    data = original()
    copy, _ = sandbox.marked(data, [mark("C5"), mark("D2")], "甲.xlsx")
    again, _ = sandbox.marked(copy, [mark("C6")], "甲.xlsx")
    first, second, third = (sandbox.read(each, year=2026).tables for each in (data, copy, again))
    assert first[0]["table"] == second[0]["table"] == third[0]["table"]
    assert [one["problems"] for one in first] == [one["problems"] for one in second]
    assert opened(again).sheetnames.count(NAME) == 1 and len(opened(again).sheetnames) == 2


def test_a_sheet_of_the_users_own_of_that_name_stays(sandbox):
    data = original(lambda book, sheet: book.create_sheet(NAME))
    assert opened(sandbox.marked(data, [mark("C5")], "甲.xlsx")[0]).sheetnames == ["Sheet", NAME, f"{NAME}2"]


@pytest.mark.parametrize(
    ("build", "sheet"),
    [
        (make.by_xlwt, "申报表"),
        (make.ods, "申报表"),
        (lambda: official_text(delimiter=",").encode("gb18030"), ""),
        (lambda: official_text().encode(), ""),
        (documents.title_above_the_table, ""),
    ],
    ids=["xls", "ods", "csv", "text", "docx"],
)
def test_other_kinds_come_back_as_a_new_workbook_that_says_so(sandbox, build, sheet):
    data = build()
    (read,) = sandbox.read(data, year=2026).tables
    copy, is_anew = sandbox.marked(data, [mark(read["cells"]["basic_expenditure"], sheet=sheet)], "甲")
    book = opened(copy)
    assert is_anew and "另建的 .xlsx" in book.worksheets[-1]["A2"].value
    place = listed(book)[0][4]
    assert colour(book.worksheets[0][place]) == RED
    (again,) = sandbox.read(copy, year=2026).tables
    assert again["table"] == read["table"]


def test_what_openpyxl_cannot_open_comes_back_as_values(sandbox):
    broken = make.styles_xml().replace("<cellXfs>", '<cellXfs count="x">')
    data = make.xlsx({make.STYLES: broken})
    assert sandbox.read(data).refused is None, "our reader needs less"
    copy, is_anew = sandbox.marked(data, [mark("C5", sheet="Sheet1")], "甲.xlsx")
    assert is_anew and colour(opened(copy)["Sheet1"]["C5"]) == RED


def test_of_a_very_large_workbook_the_sheets_with_problems_come_back(sandbox):
    def change(book, sheet):
        more = book.create_sheet("明细")
        for _ in range(310):
            more.append([1] * 200)

    copy, is_anew = sandbox.marked(original(change), [mark("C5")], "甲.xlsx")
    assert is_anew and opened(copy).sheetnames == ["Sheet", NAME]
    assert colour(opened(copy)["Sheet"]["C5"]) == RED


@pytest.mark.parametrize(("data", "code"), [(b"GIF89a", "X04"), (b"", "X01"), (b"PK\3\4 broken", "X09")])
def test_a_file_that_is_not_opened_has_no_copy(sandbox, data, code):
    with pytest.raises(Refused) as refusal:
        sandbox.marked(data, [mark("")], "甲.xlsx")
    assert refusal.value.code == code


def test_libreoffice_opens_the_copy(sandbox, tmp_path):
    if SOFFICE is None:
        pytest.skip("there is no LibreOffice here: install libreoffice-calc to have the copy opened by it too")
    path = tmp_path / "标红.xlsx"
    path.write_bytes(sandbox.marked(original(), [mark("C5"), mark("D2")], "甲.xlsx")[0])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    sheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = [SOFFICE, profile, "--headless", "--convert-to", sheets, "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    table = list(csv.reader((tmp_path / "标红-Sheet.csv").open(encoding="utf-8")))
    problems = list(csv.reader((tmp_path / f"标红-{NAME}.csv").open(encoding="utf-8")))
    assert (table[4][2], table[0][7]) == ("一千", "980")
    assert problems[0][0] == TITLE and problems[3][4] == "C5"
