"""A sheet is read as a person sees it, whatever program wrote it."""

import datetime
import io

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from declarations.files.guarding import limits
from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import Why, address, value_at
from tests.workbooks import builders as make
from tests.workbooks import documents

STRUCK = xlwt.easyxf("font: struck_out on").font
PLAIN = xlwt.easyxf("").font
OASIS_NUMBERS = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"


def by_openpyxl(change):
    workbook = openpyxl.Workbook()
    change(workbook.active)
    return make.saved(workbook.save)


def by_xlsxwriter(change):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        change(workbook, workbook.add_worksheet())
    return buffer.getvalue()


def by_xlwt(change):
    workbook = xlwt.Workbook(encoding="utf-8")
    change(workbook.add_sheet("表", cell_overwrite_ok=True))
    return make.saved(workbook.save)


def by_hand(cells, **more):
    """An xlsx of these rows in XML; ``styles``, ``strings`` as parts."""
    parts = {make.STYLES: more.pop("styles", None) or make.styles_xml(), make.STRINGS: more.pop("strings", None)}
    return make.xlsx(parts, rows=[], inside=cells, **more)


def ods(rows, styles="", columns=""):
    content = make.ods_content(f'<table:table table:name="表">{columns}{rows}</table:table>')
    content = content.replace("<office:document-content", f'<office:document-content xmlns:number="{OASIS_NUMBERS}"')
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    return make.ods(content=content.replace("<office:body>", f"{automatic}<office:body>"))


def ods_row(*cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def ods_text(text, more="", tag="table-cell"):
    return f'<table:{tag} office:value-type="string"{more}><text:p>{text}</text:p></table:{tag}>'


def ods_cell(kind, name, value, text, more="", tag="table-cell"):
    typed = f'office:value-type="{kind}" office:{name}="{value}"{more}'
    return f"<table:{tag} {typed}><text:p>{text}</text:p></table:{tag}>"


def word_row(*cells, more=""):
    written = "".join(documents.tc(documents.paragraph(cell)) for cell in cells)
    return f"<w:tr>{more}{written}</w:tr>"


def word(*rows):
    return documents.docx(f"<w:tbl>{''.join(rows)}</w:tbl>")


def only_sheet(data):
    (sheet,) = open_sheets(data)
    return sheet


def shown(sheet):
    return {address(*place): text for place, text in sheet.displayed.items()}


def left_out(sheet):
    return {(entry.cell, entry.text, entry.why) for entry in sheet.left_out}


# --- number formats ----------------------------------------------------------------------------

FORMATS = [
    (3200, '0"亩"'),
    (0.9, '"≥"0%'),
    (datetime.date(2026, 11, 1), 'yyyy"年"m"月"'),
    (2.0, "[h]:mm"),
    (12, "0.00"),
]
FORMATS_SHOWN = {"A1": "3200亩", "B1": "≥90%", "C1": "2026年11月", "D1": "48:00"}


def formats_by_openpyxl():
    def change(sheet):
        for column, (value, code) in enumerate(FORMATS, 1):
            sheet.cell(1, column, value).number_format = code

    return by_openpyxl(change)


def formats_by_xlsxwriter():
    def change(workbook, sheet):
        for column, (value, code) in enumerate(FORMATS):
            style = workbook.add_format({"num_format": code})
            write = sheet.write_datetime if isinstance(value, datetime.date) else sheet.write_number
            write(0, column, value, style)

    return by_xlsxwriter(change)


def formats_by_xlwt():
    def change(sheet):
        for column, (value, code) in enumerate(FORMATS):
            sheet.write(0, column, value, xlwt.easyxf(num_format_str=code))

    return by_xlwt(change)


def formats_by_libreoffice():
    return ods(
        ods_row(
            ods_cell("float", "value", "3200", "3200亩"),
            ods_cell("percentage", "value", "0.9", "≥90%"),
            ods_cell("date", "date-value", "2026-11-01", "2026年11月"),
            ods_cell("time", "time-value", "PT48H00M00S", "48:00"),
            ods_cell("float", "value", "12", "12.00"),
        )
    )


@pytest.mark.parametrize(
    "build",
    [formats_by_openpyxl, formats_by_xlsxwriter, formats_by_xlwt, formats_by_libreoffice],
    ids=lambda f: f.__name__,
)
def test_what_a_number_format_adds_is_kept_beside_the_number(build):
    sheet = only_sheet(build())
    assert shown(sheet) == FORMATS_SHOWN
    assert value_at(sheet, (1, 1)) == 3200


@pytest.mark.parametrize(("number", "value", "text"), [(57, 46327, "2026年11月"), (46, 2, "48:00:00")])
def test_formats_that_are_named_by_their_number_alone_are_known(number, value, text):
    sheet = only_sheet(
        by_hand(f'<row r="1"><c r="A1" s="1"><v>{value}</v></c></row>', styles=make.styles_xml((0, number)))
    )
    assert shown(sheet) == {"A1": text}


def test_a_number_style_of_an_ods_is_used_where_the_shown_text_is_missing():
    style = (
        '<number:number-style style:name="N1"><number:text>≥</number:text><number:number number:decimal-places="0" '
        'number:min-integer-digits="1"/><number:text>亩</number:text></number:number-style>'
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
    )
    cell = '<table:table-cell table:style-name="ce1" office:value-type="float" office:value="3200"/>'
    assert shown(only_sheet(ods(ods_row(cell), style))) == {"A1": "≥3200亩"}


def test_a_number_that_is_shown_divided_says_by_how_much():
    def change(sheet):
        sheet["A1"] = 32000
        sheet["A1"].number_format = '0!.0,"万"'

    sheet = only_sheet(by_openpyxl(change))
    cell = '<table:table-cell office:value-type="float" office:value="32000"><text:p>3.2万</text:p></table:table-cell>'
    assert sheet.scales == only_sheet(ods(ods_row(cell))).scales == {(1, 1): 10_000}


def test_a_number_that_was_kept_as_text_stays_the_text():
    def change(sheet):
        sheet["A1"] = "0012"
        sheet["A1"].quotePrefix = True

    sheet = only_sheet(by_openpyxl(change))
    assert (sheet.rows, sheet.displayed) == ([["0012"]], {})


# --- struck-out text ---------------------------------------------------------------------------


def struck_by_openpyxl():
    def change(sheet):
        sheet["A1"] = CellRichText(TextBlock(InlineFont(strike=True), "≥3000亩"), "≥3200亩")
        sheet["B1"], sheet["C1"] = "旧任务", 900
        sheet["B1"].font = sheet["C1"].font = Font(strike=True)

    return by_openpyxl(change)


def struck_by_xlsxwriter():
    def change(workbook, sheet):
        style = workbook.add_format({"font_strikeout": True})
        sheet.write_rich_string(0, 0, style, "≥3000亩", workbook.add_format(), "≥3200亩")
        sheet.write(0, 1, "旧任务", style)
        sheet.write(0, 2, 900, style)

    return by_xlsxwriter(change)


def struck_by_xlwt():
    def change(sheet):
        sheet.write_rich_text(0, 0, (("≥3000亩", STRUCK), ("≥3200亩", PLAIN)))
        sheet.write(0, 1, "旧任务", xlwt.easyxf("font: struck_out on"))
        sheet.write(0, 2, 900, xlwt.easyxf("font: struck_out on"))

    return by_xlwt(change)


def struck_by_libreoffice():
    line = '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    styles = f'<style:style style:name="T1" style:family="text">{line}'
    styles += f'<style:style style:name="ce1" style:family="table-cell">{line}'
    number = ods_cell("float", "value", "900", "900", ' table:style-name="ce1"')
    span = '<text:span text:style-name="T1">≥3000亩</text:span>≥3200亩'
    return ods(ods_row(ods_text(span), ods_text("旧任务", ' table:style-name="ce1"'), number), styles)


def struck_by_word():
    strike = "<w:strike/>"
    return word(
        word_row(
            documents.run("≥3000亩", strike) + documents.run("≥3200亩"),
            documents.run("旧任务", "<w:dstrike/>"),
            documents.run("900", strike),
        )
    )


@pytest.mark.parametrize(
    "build",
    [struck_by_openpyxl, struck_by_xlsxwriter, struck_by_xlwt, struck_by_libreoffice, struck_by_word],
    ids=lambda f: f.__name__,
)
def test_struck_out_text_is_no_content_and_is_listed(build):
    sheet = only_sheet(build())
    assert [value or None for value in sheet.rows[0]][:3] == (["≥3200亩", None, None][: len(sheet.rows[0])])
    assert left_out(sheet) == {
        ("A1", "≥3000亩", Why.STRUCK_OUT), ("B1", "旧任务", Why.STRUCK_OUT), ("C1", "900", Why.STRUCK_OUT),
    }  # fmt: skip


def test_a_struck_out_line_takes_its_line_break_along_and_phonetic_guides_are_not_read():
    rich = (
        "<si><r><rPr><strike/></rPr><t>旧目标_x000D_\n</t></r><r><rPr><strike val='0'/></rPr><t>新目标</t></r>"
        '<rPh sb="0" eb="1"><t>xin</t></rPh></si>'
    )
    strings = make.strings_xml([]).replace("</sst>", f"{rich}</sst>")
    sheet = only_sheet(by_hand('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=strings))
    assert sheet.rows == [["新目标"]]
    assert left_out(sheet) == {("A1", "旧目标", Why.STRUCK_OUT)}


def test_a_run_without_a_look_of_its_own_has_that_of_its_cell():
    styles = make.styles_xml().replace(
        "<cellXfs>", "<fonts><font/><font><strike/></font></fonts><cellXfs>"
    ).replace("</cellXfs>", '<xf numFmtId="0" fontId="1"/></cellXfs>')  # fmt: skip
    runs = "<is><r><t>旧</t></r><r><rPr><b/></rPr><t>新</t></r></is>"
    sheet = only_sheet(by_hand(f'<row r="1"><c r="A1" s="2" t="inlineStr">{runs}</c></row>', styles=styles))
    assert sheet.rows == [["新"]]


@pytest.mark.parametrize("look", ['<w:strike w:val="0"/>', "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>"])
def test_a_line_that_was_taken_away_again_strikes_nothing_out(look):
    assert only_sheet(word(word_row(documents.run("新目标", look)))).rows == [["新目标"]]


def test_a_style_of_word_that_strikes_out_counts():
    styles = (
        f'<w:styles xmlns:w="{documents.WORD}"><w:style w:styleId="a"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    row = word_row(documents.run("旧", '<w:rStyle w:val="b"/>') + documents.run("新"))
    sheet = only_sheet(documents.docx(f"<w:tbl>{row}</w:tbl>", {"word/styles.xml": styles}))
    assert sheet.rows == [["新"]]
    assert left_out(sheet) == {("A1", "旧", Why.STRUCK_OUT)}


# --- values under merged cells -----------------------------------------------------------------


def covered_by_hand():
    cells = '<row r="1"><c r="A1" t="str"><v>新</v></c><c r="B1" t="str"><v>旧</v></c></row>'
    cells += '<row r="2"><c r="A2"><v>0</v></c></row>'
    return by_hand(cells, after=make.merges_xml(["A1:B2"]))


def covered_by_xlwt():
    def change(sheet):
        sheet.merge(0, 1, 0, 1)
        for row, column, value in ((0, 0, "新"), (0, 1, "旧"), (1, 0, 0)):
            sheet.write(row, column, value)

    return by_xlwt(change)


def covered_by_libreoffice():
    wide = ' table:number-columns-spanned="2" table:number-rows-spanned="2"'
    zero = ods_cell("float", "value", "0", "0", tag="covered-table-cell")
    first = ods_row(ods_text("新", wide), ods_text("旧", tag="covered-table-cell"))
    return ods(first + ods_row(zero, "<table:covered-table-cell/>"))


@pytest.mark.parametrize("build", [covered_by_hand, covered_by_xlwt, covered_by_libreoffice], ids=lambda f: f.__name__)
def test_values_under_a_merged_area_are_no_content(build):
    sheet = only_sheet(build())
    assert [value for row in sheet.rows for value in row if value not in (None, "")] == ["新"]
    assert left_out(sheet) == {("B1", "旧", Why.COVERED), ("A2", "0", Why.COVERED)}


def test_text_in_the_continued_cell_of_a_word_table_is_left_out():
    cells = [
        documents.tc(documents.paragraph(documents.run(text)), merge=merge)
        for text, merge in (("新", '<w:vMerge w:val="restart"/>'), ("旧", "<w:vMerge/>"))
    ]
    sheet = only_sheet(word(*(f"<w:tr>{cell}</w:tr>" for cell in cells)))
    assert left_out(sheet) == {("A2", "旧", Why.COVERED)}


def test_values_whose_leading_cell_was_lost_stay():
    cells = '<row r="1"><c r="B1" t="str"><v>部门名称</v></c></row>'
    sheet = only_sheet(by_hand(cells, after=make.merges_xml(["A1:B1"])))
    assert sheet.rows == [["部门名称"]] and not sheet.left_out


# --- hidden rows and columns -------------------------------------------------------------------


def hidden_by_openpyxl():
    def change(sheet):
        for row in ("甲乙丙", "丁戊己", "庚辛壬"):
            sheet.append(list(row))
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    return by_openpyxl(change)


def hidden_by_nothing_left():
    cells = "".join(
        f'<row r="{row}"{more}><c r="A{row}"><v>1</v></c><c r="C{row}"><v>2</v></c></row>'
        for row, more in ((1, ""), (2, ' ht="0" customHeight="1"'), (3, ""))
    )
    return by_hand(cells, before='<cols><col min="3" max="3" width="0" customWidth="1"/></cols>')


def hidden_by_grouping():
    def change(workbook, sheet):
        for row in range(3):
            sheet.write_row(row, 0, [1, 2, 3])
        sheet.set_row(1, None, None, {"level": 1, "hidden": True})
        sheet.set_column(2, 2, None, None, {"level": 1, "hidden": True})

    return by_xlsxwriter(change)


def hidden_by_xlwt():
    def change(sheet):
        for row in range(3):
            for column in range(3):
                sheet.write(row, column, "字")
        sheet.row(1).hidden = True
        sheet.col(2).hidden = True

    return by_xlwt(change)


def hidden_by_libreoffice():
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    row = [ods_text("字")] * 3
    return ods(ods_row(*row) + ods_row(*row, more=' table:visibility="filter"') + ods_row(*row), columns=columns)


@pytest.mark.parametrize(
    "build",
    [hidden_by_openpyxl, hidden_by_nothing_left, hidden_by_grouping, hidden_by_xlwt, hidden_by_libreoffice],
    ids=lambda f: f.__name__,
)
def test_hidden_rows_and_columns_are_read_and_named(build):
    sheet = only_sheet(build())
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {3})
    assert value_at(sheet, (2, 1))


def test_hidden_columns_without_anything_in_them_are_not_named():
    sheet = only_sheet(
        by_hand('<row r="1"><c r="A1"><v>1</v></c></row>', before='<cols><col min="7" max="16384" hidden="1"/></cols>')
    )
    assert sheet.hidden_columns == set()


def test_a_merged_cell_is_seen_as_long_as_a_part_of_it_is():
    cells = '<row r="1"><c r="A1" t="str"><v>部门名称</v></c><c r="C1"><v>1</v></c></row>'
    hidden = '<cols><col min="1" max="1" hidden="1"/></cols>'
    sheet = only_sheet(by_hand(cells, before=hidden, after=make.merges_xml(["A1:B1"])))
    assert sheet.rows == [[None, "部门名称", 1]] and sheet.hidden_columns == set()


def test_a_hidden_row_of_a_word_table_is_named():
    hidden = "<w:trPr><w:hidden/></w:trPr>"
    sheet = only_sheet(word(word_row(documents.run("甲")), word_row(documents.run("乙"), more=hidden)))
    assert sheet.hidden_rows == {2}


# --- pictures ----------------------------------------------------------------------------------

WPS = '=DISPIMG("ID_1",1)'


def picture_by_wps():
    return by_hand(
        f'<row r="1"><c r="A1" t="str"><f>_xlfn.{WPS[1:]}</f><v>{WPS}</v></c></row>'.replace('"ID', "&quot;ID").replace(
            '1",1', "1&quot;,1"
        )
    )


def picture_by_excel_function():
    return by_hand('<row r="1"><c r="A1" t="e"><f>_xlfn.IMAGE("https://a.example/a.png")</f><v>#NAME?</v></c></row>')


def picture_in_a_cell_of_excel():
    cells = '<row r="1"><c r="A1" t="e" vm="1"><v>#VALUE!</v></c></row>'
    return make.xlsx({"xl/richData/richValueRel.xml": "<richValueRels/>", make.STRINGS: None}, rows=[], inside=cells)


def picture_as_text_in_excel_97():
    return by_xlwt(lambda sheet: sheet.write(0, 0, WPS))


def picture_by_libreoffice():
    cell = (
        '<table:table-cell table:formula="of:=IMAGE(&quot;a&quot;)" office:value-type="string" office:string-value=""/>'
    )
    return ods(ods_row(cell))


def picture_by_word():
    blip = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
    return word(word_row(f"<w:r><w:drawing>{blip}</w:drawing></w:r>"))


@pytest.mark.parametrize(
    "build",
    [
        picture_by_wps, picture_by_excel_function, picture_in_a_cell_of_excel, picture_as_text_in_excel_97,
        picture_by_libreoffice, picture_by_word,
    ],
    ids=lambda f: f.__name__,
)  # fmt: skip
def test_a_picture_is_said_to_be_one(build):
    sheet = only_sheet(build())
    assert sheet.faults == {(1, 1): "图片，不是文字"}
    assert [(entry.cell, entry.why) for entry in sheet.left_out] == [("A1", Why.PICTURE)]
    assert not value_at(sheet, (1, 1))


# --- extents that lie --------------------------------------------------------------------------


@pytest.mark.parametrize("claim", ["A0:F24", "A1", "A1:XFD1048576", "Z9", "", "F24:A0", "??"])
def test_the_extent_that_a_sheet_claims_is_not_believed(claim):
    sheet = only_sheet(by_hand('<row r="3"><c r="B3"><v>5</v></c></row>', before=f'<dimension ref="{claim}"/>'))
    assert value_at(sheet, (3, 2)) == 5


def test_the_plainest_of_sheets_has_no_looks():
    sheet = only_sheet(make.by_openpyxl())
    assert not (sheet.displayed or sheet.left_out or sheet.scales or sheet.hidden_rows or sheet.hidden_columns)


# --- looks without end -------------------------------------------------------------------------


def test_a_format_of_ten_thousand_characters_shows_nothing():
    code = "0!亩" * 3_500
    styles = make.styles_xml((0, 176), f'<numFmt numFmtId="176" formatCode="{code}"/>')
    sheet = only_sheet(by_hand('<row r="1"><c r="A1" s="1"><v>5</v></c></row>', styles=styles))
    assert (sheet.rows, sheet.displayed) == ([[5]], {})


def test_a_text_of_thousands_of_struck_out_runs_is_listed_shortened():
    runs = "<r><rPr><strike/></rPr><t>旧</t></r>" * 20_000
    cells = f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}<r><t>新</t></r></is></c></row>'
    (sheet,) = open_sheets(make.zipped(make.book([], inside=cells), 0))
    assert sheet.rows == [["新"]]
    assert [len(entry.text) for entry in sheet.left_out] == [limits.LEFT_OUT_LENGTH]


def test_spans_as_deep_as_one_likes_are_read():
    line = '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    style = f'<style:style style:name="T1" style:family="text">{line}'
    deep = '<text:span text:style-name="T1">' * 2_000 + "旧" + "</text:span>" * 2_000
    assert left_out(only_sheet(ods(ods_row(ods_text(f"{deep}新")), style))) == {("A1", "旧", Why.STRUCK_OUT)}


def test_more_cells_than_anybody_fills_are_not_all_listed():
    styles = make.styles_xml((0,)).replace("<cellXfs>", "<fonts><font><strike/></font></fonts><cellXfs>")
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="0"><v>1</v></c></row>' for row in range(1, limits.LEFT_OUT + 50))
    assert len(only_sheet(by_hand(rows, styles=styles)).left_out) == limits.LEFT_OUT
