"""Web pages, packed web pages, XML spreadsheets and flat OpenDocument: values, places, what is not shown."""

import datetime

import pytest

from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import Why, address
from declarations.files.reading.reader import read_sheets
from declarations.sheet.problems import Refused
from tests.samples import sample
from tests.workbooks import builders as make
from tests.workbooks import pages
from tests.workbooks.pages import fods, packed, page, xml_2003


def cells(data):
    """Filled cells of the first sheet by address."""
    sheet = open_sheets(data)[0]
    rows = enumerate(sheet.rows, sheet.first_row)
    return {address(i, j): value for i, row in rows for j, value in enumerate(row, 1) if value not in (None, "")}


def of_table(inside, **more):
    return cells(page(f"<table>{inside}</table>", **more))


@pytest.mark.parametrize("case", pages.BENIGN, ids=[case.name for case in pages.BENIGN])
def test_the_table_is_read_whatever_wrote_the_page(case):
    [read] = read_sheets(open_sheets(case.build()), year=2026)
    assert read.table == sample("2026")


def test_merged_cells_push_the_others_to_the_right():
    rows = "<tr><td rowspan=2 colspan=2>甲<td>乙</tr><tr><td>丙</tr><tr><td>丁</tr>"
    assert of_table(rows) == {"A1": "甲", "C1": "乙", "C2": "丙", "A3": "丁"}


def test_spaces_of_the_source_are_none_and_breaks_of_the_page_are():
    rows = "<tr><td>\n  在市域\n  内设&nbsp;点<br>第二行<p>第三行</p></td></tr>"
    assert of_table(rows) == {"A1": "在市域内设 点\n第二行\n第三行"}


def test_numbers_are_as_exact_as_the_page_states():
    rows = '<tr><td x:num="1820.5512">1,820.55<td sdval="0.985">98.5%<td x:num="3200">3200亩<td x:num>7'
    assert of_table(rows) == {"A1": 1820.5512, "B1": 0.985, "C1": "3200亩", "D1": "7"}
    assert open_sheets(page(f"<table>{rows}</table>"))[0].percentages == {(1, 2)}


def test_an_error_value_of_a_page_is_a_fault():
    [sheet] = open_sheets(page('<table><tr><td x:err="#DIV/0!">#DIV/0!</td></tr></table>'))
    assert sheet.faults == {(1, 1): "#DIV/0!"}


@pytest.mark.parametrize(
    "struck",
    ["<s>≥3000亩</s>", "<span style='text-decoration:line-through'>≥3000亩</span>", "<font class=f5>≥3000亩</font>"],
)
def test_struck_out_text_is_left_out_and_said(struck):
    head = "<meta charset=utf-8><style>.f5 {color:red; text-decoration:line-through;}</style>"
    [sheet] = open_sheets(page(f"<table><tr><td>{struck}≥3200亩</td></tr></table>", head))
    assert sheet.rows == [["≥3200亩"]]
    assert [(left.cell, left.text, left.why) for left in sheet.left_out] == [("A1", "≥3000亩", Why.STRUCK_OUT)]


def test_hidden_rows_are_read_and_said():
    [sheet] = open_sheets(page("<table><tr><td>甲</tr><tr style='display:none'><td>乙</tr></table>"))
    assert sheet.rows == [["甲"], ["乙"]] and sheet.hidden_rows == {2}


def test_what_is_not_displayed_in_a_cell_is_no_text():
    assert of_table("<tr><td>甲<span style='display:none'>乙</span><script>丙</script><!-- 丁 --></tr>") == {"A1": "甲"}


def test_lines_above_the_table_are_rows():
    assert cells(page("<h1>2026年申报表</h1><p>单位：万元</p><table><tr><td>甲</table>")) == {
        "A1": "2026年申报表", "A2": "单位：万元", "A3": "甲",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "encoding"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("gbk", "utf-8"), ("", "gbk")]
)
def test_a_page_is_read_in_the_encoding_it_is_really_in(stated, encoding):
    assert of_table("<tr><td>编制", head=f'<meta charset="{stated}">', encoding=encoding) == {"A1": "编制"}


def test_a_few_characters_that_cannot_be_read_cost_only_themselves():
    data = page("<table><tr><td>部门名称</table>").replace("名".encode(), "名".encode()[:1])
    assert "部门" in cells(data)["A1"]


def test_the_pages_of_a_packed_workbook_are_its_sheets():
    names = pages.OFFICE_COMMENT.format("说明</x:Name><x:Name>申报表")
    data = packed({
        "book.htm": page("", f"<meta charset=utf-8>{names}", before="<html><frameset></frameset>"),
        "sheet001.htm": page("<table><tr><td>请填写</table>"),
        "sheet002.htm": page("<table><tr><td>部门名称</table>"),
        "image001.png": b"\x89PNG",
    })  # fmt: skip
    assert [(sheet.name, sheet.rows) for sheet in open_sheets(data)] == [
        ("说明", [["请填写"]]),
        ("申报表", [["部门名称"]]),
    ]


# --- XML ---------------------------------------------------------------------------------------


def test_values_of_a_spreadsheet_in_xml_have_their_types_and_places():
    data = xml_2003(
        '<Row ss:Index="3"><Cell ss:Index="2" ss:StyleID="p"><Data ss:Type="Number">0.9</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2026-11-01T00:00:00.000</Data></Cell>'
        '<Cell ss:MergeAcross="1"><Data ss:Type="String">甲&#10;乙</Data><Comment><Data>批注</Data></Comment></Cell>'
        '<Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>',
        styles='<Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style>',
    )
    assert cells(data) == {"B3": 0.9, "C3": datetime.datetime(2026, 11, 1), "D3": "甲\n乙"}
    [sheet] = open_sheets(data)
    assert sheet.percentages == {(3, 2)} and sheet.faults == {(3, 6): "#REF!"}


def test_struck_out_text_and_hidden_parts_of_a_spreadsheet_in_xml_are_known():
    html = '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><S>≥3000</S><B>≥3200</B></ss:Data>'
    [sheet] = open_sheets(
        xml_2003(
            f'<Column ss:Index="3" ss:Hidden="1"/><Row ss:Hidden="1"><Cell>{html}</Cell></Row>',
            more="<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>",
        )
    )
    assert sheet.rows == [["≥3200"]] and [left.text for left in sheet.left_out] == ["≥3000"]
    assert sheet.hidden and sheet.hidden_rows == {1} and sheet.hidden_columns == {3}


def test_flat_opendocument_keeps_percentages():
    cell = '<table:table-cell office:value-type="percentage" office:value="1"><text:p>100%</text:p></table:table-cell>'
    data = fods(f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>')
    assert open_sheets(data)[0].percentages == {(1, 1)}


# --- WPS, templates ------------------------------------------------------------------------------


@pytest.mark.parametrize("build", [make.by_xlwt, make.xlsx], ids=["old container", "new package"])
def test_a_table_of_wps_is_what_it_holds(build):
    assert read_sheets(open_sheets(build()), year=2026)[0].table == sample("2026")


def test_a_text_of_wps_in_an_old_container_is_refused_in_words():
    with pytest.raises(Refused) as refusal:
        open_sheets(make.ole({"WordDocument": b"x"}))
    assert refusal.value.code == "X18"


@pytest.mark.parametrize("kind", ["template.main", "sheet.macroEnabled.main"])
def test_templates_and_workbooks_that_could_hold_macros_but_do_not_are_read(kind):
    types = make.content_types().replace("sheet.main", kind)
    assert read_sheets(open_sheets(make.xlsx({"[Content_Types].xml": types})), year=2026)[0].table == sample("2026")
