"""The workbook that an office prints, signs and sends: its looks, and that nothing in it is lost or cut."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.cell import MergedCell

from declarations.files.writing.measure import (
    BODY_SIZE,
    HIGHEST_ROW,
    column_pixels,
    count_lines,
    height_pieces,
    text_height,
)
from declarations.files.writing.writer import LONGEST_NAME, WriteError, sheet_names, write_table, write_tables
from declarations.sheet.layout import CellRole
from declarations.sheet.table import LONGEST_TEXT, KeyTaskRow, Table
from tests.files.golden import described, golden_table, golden_workbook
from tests.samples import find, rows_of, sample


def workbook_of(*tables):
    file = io.BytesIO()
    write_tables(tables, file)
    return file


def sheet_of(table):
    return load_workbook(workbook_of(table)).active


def cell_beside(sheet, label, offset=1):
    """The cell ``offset`` columns to the right of the one that says ``label``."""
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    return sheet.cell(at.row, at.column + offset)


# --- looks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_the_workbook_is_cell_by_cell_the_one_that_was_looked_at(edition):
    expected, actual = described(golden_workbook(edition)), described(workbook_of(golden_table(edition)))
    different = {
        key for key in expected["cells"] | actual["cells"] if expected["cells"].get(key) != actual["cells"].get(key)
    }
    assert not different, "if it is meant: python -m tests.files.golden, and look at it"
    assert actual == expected


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_cells_stand_where_the_form_has_them(edition):
    table, sheet = sample(edition), sheet_of(sample(edition))
    for i, row in enumerate(rows_of(table), 1):
        for j, value in enumerate(row, 1):
            assert sheet.cell(i, j).value == (None if value == "" else value)


def test_it_prints_on_upright_a4_one_page_wide_with_title_and_page_numbers_on_every_page():
    page = described(workbook_of(sample()))
    assert page["paper"] == (9, "portrait", 1, 0)
    assert page["fits"] and page["centred"]
    assert page["titles"] == "$1:$1"
    assert page["area"].endswith(f"$A$1:$F${len(page['heights'])}")
    assert page["footer"].endswith("第 &P 页 共 &N 页")


def test_title_is_heiti_and_body_fangsong_with_a_border_around_every_cell():
    sheet = sheet_of(sample())
    assert (sheet["A1"].font.name, sheet["A1"].font.sz) == ("黑体", 20)
    body = [cell for row in sheet.iter_rows(min_row=2) for cell in row if not isinstance(cell, MergedCell)]
    assert {(cell.font.name, cell.font.sz) for cell in body} == {("仿宋_GB2312", 12)}
    assert {cell.border.bottom.style for cell in body} == {"thin"}


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "written", "number_format"),
    [
        ("1069.37", 1069.37, "#,##0.00"),
        ("0", 0, "#,##0.00"),
        ("2150.4567", 2150.4567, "#,##0.00####"),
        ("82800.92", 82800.92, "#,##0.00"),
        ("0.000001", 0.000001, "#,##0.00####"),
    ],
)
def test_an_amount_is_a_number_that_shows_all_its_decimals(amount, written, number_format):
    cell = cell_beside(sheet_of(sample(basic_expenditure=Decimal(amount))), "基本支出")
    assert (cell.value, cell.number_format) == (written, number_format)
    assert cell.alignment.horizontal == "right"


def test_an_amount_with_more_digits_than_a_number_holds_is_written_out():
    sheet = sheet_of(sample(basic_expenditure=Decimal("123456789012.123456")))
    assert cell_beside(sheet, "基本支出").value == "123,456,789,012.123456"


def test_an_amount_too_wide_for_its_column_shrinks_instead_of_showing_hashes():
    assert cell_beside(sheet_of(sample(other_funds=Decimal("999999999999.99"))), "其他资金").alignment.shrink_to_fit


def test_task_funding_is_printed_in_the_unit_of_the_edition():
    assert cell_beside(sheet_of(sample("2026")), "中小河流治理", 2).value == 5_600_000
    assert cell_beside(sheet_of(sample("2023")), "中小河流治理", 2).value == 560


def test_what_was_typed_where_a_number_belongs_is_still_there():
    table = sample(staff_count=None, unread={"staff_count": "约三十人"})
    assert cell_beside(sheet_of(table), "财政供养人员数").value == "约三十人"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "650", "100%", "http://a.example", "{=A1}"])
def test_text_stays_text_whatever_it_begins_with(text):
    cell = cell_beside(sheet_of(sample(department=text)), "部门名称")
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_characters_that_no_workbook_holds_are_left_out():
    assert cell_beside(sheet_of(sample(department="云\x00溪\x1f市")), "部门名称").value == "云溪市"


def test_text_that_looks_like_the_markup_of_a_workbook_stays_text():
    text = "<r><t>&</t></r>"
    assert cell_beside(sheet_of(sample(department=text)), "部门名称").value == text


def test_a_text_that_a_cell_cannot_hold_whole_is_refused_and_nothing_written():
    file = io.BytesIO()
    with pytest.raises(WriteError, match="overall_goal"):
        write_table(sample(overall_goal="长" * 32_768), file)
    assert file.getvalue() == b""


def test_the_longest_text_a_table_may_have_is_written_whole():
    text = "字" * LONGEST_TEXT
    assert cell_beside(sheet_of(sample(overall_goal=text)), "总体绩效目标").value == text


# --- heights ---------------------------------------------------------------------------------


def test_no_text_needs_more_room_than_its_cells_have():
    long = "推进GIS-BIM融合平台（Phase II）建设，完成率≥98.5%；"
    task = KeyTaskRow("任务" * 30, long * 30, Decimal(1), long * 9)
    sheet = sheet_of(sample(overall_goal="\n".join([long] * 40), key_tasks=(task, *sample().key_tasks)))
    merged = {str(area).split(":")[0]: area for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows(min_row=2):
        for cell in filter(lambda cell: isinstance(cell.value, str), row):
            area = merged.get(cell.coordinate)
            columns = range(cell.column, (area.max_col if area else cell.column) + 1)
            rows = range(cell.row, (area.max_row if area else cell.row) + 1)
            pixels = sum(column_pixels(sample().form.widths[column - 1]) for column in columns)
            room = sum(sheet.row_dimensions[number].height for number in rows)
            assert room >= text_height(cell.value, pixels, CellRole.TEXT) - 0.01, cell.coordinate


def test_a_row_too_tall_for_a_workbook_becomes_several_merged_in_every_column():
    table = sample(key_tasks=(replace(sample().key_tasks[0], content="很长的话，" * 500),))
    sheet = sheet_of(table)
    i, _ = find(rows_of(table), "中小河流治理")
    areas = {area.min_col: area for area in sheet.merged_cells.ranges if area.min_row == i + 1}
    assert {areas[column].max_row for column in (2, 3, 4, 5)} == {areas[2].max_row}
    assert areas[2].max_row > i + 1
    assert max(row.height for row in sheet.row_dimensions.values()) <= 409


@pytest.mark.parametrize("height", [24.0, HIGHEST_ROW, HIGHEST_ROW + 1, 5000.3])
def test_pieces_of_a_height_add_up_and_fit(height):
    parts = height_pieces(height)
    assert height <= sum(parts) < height + len(parts)
    assert max(parts) <= 409


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("十个汉字刚好放得下啊", 1),
        ("", 1),
        ("一\n二\n三", 3),
        ("十一个汉字这一行放不下啊", 2),
        ("字" * 44, 6),  # a line of ten counts as 8.5: a mark may take the character before it to the next
    ],
)
def test_lines_are_counted_by_the_width_of_the_characters(text, lines):
    ten_characters = 10 * BODY_SIZE * 96 / 72 + 9
    assert count_lines(text, ten_characters, BODY_SIZE) == lines


def test_a_word_is_not_broken_while_it_fits_on_a_line_of_its_own():
    pixels = column_pixels(20)
    together = count_lines("一二三四五六七abcdefgh", pixels, BODY_SIZE)
    assert together == 2
    assert count_lines("abcdefghijk abcdefghijk abcdefghijk", pixels, BODY_SIZE) >= 3


# --- sheets and file -------------------------------------------------------------------------


def test_the_sheet_tells_the_year_that_the_title_of_2026_does_not():
    assert sheet_names([sample(year=2027)]) == ["2027年"]
    assert sheet_names([sample(year=None)]) == ["部门整体预算绩效目标申报表"]


def test_sheets_of_a_workbook_have_names_that_a_workbook_may_have():
    departments = ["水务局", "水务局", "[a]:*?/\\", "'", "", "很长的名称" * 20, "很长的名称" * 20, "Abc", "aBC", "😀局"]
    names = sheet_names([sample(department=name) for name in departments])
    assert len({name.lower() for name in names}) == len(departments)
    assert max(map(len, names)) <= LONGEST_NAME
    assert not set("".join(names)) & set("[]:*?/\\😀")
    assert load_workbook(workbook_of(*(sample(department=name) for name in departments))).sheetnames == names


def test_a_year_within_a_department_is_not_taken_for_the_year_of_the_form():
    assert sheet_names([sample(year=None, department="2025年专班")] * 2) == [
        "部门整体预算绩效目标申报表",
        "部门整体预算绩效目标申报表(2)",
    ]


def test_the_same_tables_give_the_same_bytes():
    assert workbook_of(sample(), sample("2023")).getvalue() == workbook_of(sample(), sample("2023")).getvalue()


def test_a_workbook_says_nothing_of_the_machine_it_was_written_on():
    with zipfile.ZipFile(workbook_of(sample())) as package:
        said = b"".join(package.read(name) for name in package.namelist() if name.startswith("docProps/"))
    assert "部门整体预算绩效目标申报表".encode() in said
    assert b"<dc:creator></dc:creator>" in said
    assert b"/" + b"work" not in said and b"/tmp" not in said and b"/home" not in said


def test_an_empty_table_is_the_blank_form():
    sheet = sheet_of(Table("2026"))
    shown = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {level for pair in sample().form.levels for level in pair} <= shown


def test_a_workbook_of_no_table_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        workbook_of()
