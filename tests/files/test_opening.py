"""Opening: bytes of any kind to sheets with the right values at the right addresses."""

import datetime
import random

import pytest

from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import address
from declarations.sheet.problems import Refused
from tests.workbooks import benign, hostile
from tests.workbooks import builders as make
from tests.workbooks.tables import official_rows, official_text

BY_NAME = {case.name: case for case in benign.CASES}
ROWS = official_rows()
WITH_FAULTS = [case for case in benign.CASES if case.faults]
WITH_PERCENTAGES = [case for case in benign.CASES if case.percentages]


def names(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def values(sheet):
    """Filled cells by address."""
    return {
        address(i, j): value
        for i, row in enumerate(sheet.rows, sheet.first_row)
        for j, value in enumerate(row, sheet.first_column)
        if value not in (None, "")
    }


EXPECTED = {
    address(i, j): value for i, row in enumerate(ROWS, 1) for j, value in enumerate(row, 1) if value not in (None, "")
}
UNCHANGED = [
    "openpyxl_with_merges", "xlsxwriter_without_merges", "wps", "only_what_is_needed", "excel_97", "libreoffice",
    "cells_without_addresses", "dimension_that_lies", "dimension_too_small", "inline_strings",
    "rich_text_and_phonetic_guides", "prefixed_names", "sheet_in_utf_16", "shared_strings_in_utf_16",
    "parts_with_a_byte_order_mark", "single_quotes_and_line_breaks_in_tags", "comments_and_instructions",
    "part_names_in_another_case_and_place", "part_names_with_backslashes", "strict_ooxml",
    "formatted_but_empty_cell_far_away", "formula_with_its_result",
]  # fmt: skip


@pytest.mark.parametrize("name", UNCHANGED)
def test_every_value_has_its_address_whatever_wrote_the_file(name):
    (sheet,) = open_sheets(BY_NAME[name].build())
    assert values(sheet) == EXPECTED
    assert not sheet.faults and not sheet.percentages


def test_a_table_elsewhere_keeps_its_addresses():
    (sheet,) = open_sheets(BY_NAME["not_at_a1"].build())
    assert (sheet.first_row, sheet.first_column) == (4, 3)
    assert values(sheet)["C4"] == EXPECTED["A1"]


@names(WITH_FAULTS)
def test_a_cell_without_a_value_says_why(case):
    (sheet,) = open_sheets(case.build())
    assert {address(*place): text for place, text in sheet.faults.items()} == case.faults


@names(WITH_PERCENTAGES)
def test_numbers_shown_as_percentages_are_marked(case):
    (sheet,) = open_sheets(case.build())
    assert {address(*place) for place in sheet.percentages} == set(case.percentages)
    assert values(sheet)[case.percentages[0]] == 1


def test_a_percent_sign_in_quotes_marks_nothing():
    (sheet,) = open_sheets(BY_NAME["percent_sign_in_quotes_is_none"].build())
    assert not sheet.percentages


def test_a_percent_format_marks_numbers_only():
    changed = (
        make.sheet_xml([["甲", 1.0]], ["甲"])
        .replace('<c r="A1"', '<c r="A1" s="1"')
        .replace('<c r="B1"', '<c r="B1" s="1"')
    )
    (sheet,) = open_sheets(make.xlsx({make.SHEET: changed}, rows=[["甲", 1.0]]))
    assert sheet.percentages == {(1, 2)}


def test_a_formula_with_an_empty_text_as_its_result_is_no_fault():
    cell = '<row r="90"><c r="A90" t="str"><f>IF(1,"","")</f><v></v></c></row>'
    (sheet,) = open_sheets(make.xlsx(inside=cell))
    assert sheet.faults == {}


def test_a_shared_formula_is_told_by_the_text_of_its_first_cell():
    first = '<c r="A90"><f t="shared" si="0" ref="A90:B90">C1+1</f></c>'
    second = '<c r="B90"><f t="shared" si="0"/></c>'
    (sheet,) = open_sheets(make.xlsx(inside=f'<row r="90">{first}{second}</row>'))
    assert sheet.faults == {(90, 1): "=C1+1", (90, 2): "=C1+1"}


def test_sheets_keep_their_order_and_hidden_ones_are_marked():
    sheets = open_sheets(BY_NAME["hidden_sheet_beside_it"].build())
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("字典", True)]
    assert [sheet.name for sheet in open_sheets(BY_NAME["other_sheets_first"].build())] == [
        "填表说明",
        "Sheet2",
        "Sheet",
    ]


def test_chart_sheets_are_passed_over():
    assert [sheet.name for sheet in open_sheets(BY_NAME["chart_sheet_first"].build())] == ["申报表"]


def test_hidden_sheets_of_other_kinds():
    def hide(workbook, sheet):
        sheet.visibility = 1
        workbook.add_sheet("另一张").write(0, 0, "x")

    assert [(sheet.name, sheet.hidden) for sheet in open_sheets(make.by_xlwt(hide))] == [
        ("申报表", True),
        ("另一张", False),
    ]


def test_names_of_sheets_are_unescaped():
    sheets = make.workbook_xml([("收入&支出 <一>", "rId1", "")])
    assert open_sheets(make.xlsx({make.WORKBOOK: sheets}))[0].name == "收入&支出 <一>"


@pytest.mark.parametrize(("first", "date"), [(False, "2024-01-01"), (True, "2028-01-02")])
def test_dates_follow_the_system_of_the_workbook(first, date):
    properties = f'<workbookPr date1904="{str(first).lower()}"/>'
    changes = {
        make.WORKBOOK: make.workbook_xml([("Sheet1", "rId1", "")], properties),
        make.STYLES: make.styles_xml((0, 14)),
        make.SHEET: make.sheet_xml([], [], inside='<row r="1"><c r="A1" s="1"><v>45292</v></c></row>'),
    }
    assert values(open_sheets(make.xlsx(changes))[0])["A1"] == datetime.date.fromisoformat(date)


def test_text_that_looks_like_a_formula_stays_text():
    (sheet,) = open_sheets(make.xlsx(rows=[["=100%", "≥98%"]]))
    assert values(sheet) == {"A1": "=100%", "B1": "≥98%"}


def test_a_workbook_without_a_value_has_empty_sheets():
    (sheet,) = open_sheets(make.xlsx(rows=[]))
    assert sheet.rows == []


# --- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_usual_encoding(encoding):
    (sheet,) = open_sheets(official_text().encode(encoding))
    assert sheet.rows == [line.split("\t") for line in official_text().split("\n")]


def test_a_quoted_cell_keeps_its_line_breaks():
    (sheet,) = open_sheets('甲\t"第一行\n第二行"\t"他说""好"""\n乙'.encode())
    assert sheet.rows == [["甲", "第一行\n第二行", '他说"好"'], ["乙"]]


def test_a_quotation_mark_that_is_never_closed_is_text():
    (sheet,) = open_sheets('甲\t"未完\n乙\t丙'.encode())
    assert sheet.rows == [["甲", '"未完'], ["乙", "丙"]]


def test_an_error_value_in_text_is_a_fault():
    (sheet,) = open_sheets("甲\t#REF!".encode())
    assert sheet.faults == {(1, 2): "#REF!"}


# --- files that hurt ---------------------------------------------------------------------------

IN_THIS_PROCESS = [case for case in hostile.CASES if case.code != "X50"]


@names(IN_THIS_PROCESS)
def test_the_gate_refuses_without_the_help_of_the_sandbox(case):
    with pytest.raises(Refused) as refusal:
        open_sheets(case.build())
    assert refusal.value.code == case.code


# A damaged .xls can abort the process inside calamine: that is for the sandbox, and tested there.
@pytest.mark.parametrize("build", [make.by_openpyxl, make.ods], ids=["xlsx", "ods"])
def test_a_byte_changed_anywhere_never_raises_anything_but_a_refusal(build):
    good, chance = build(), random.Random(7)
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            sheets = open_sheets(bytes(data))
        except Refused as refusal:
            assert refusal.code.startswith("X")
        else:
            assert sheets
