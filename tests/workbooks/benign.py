"""Files that must be read: what real programs and real people make of the official table."""

import datetime
import functools

from tests.workbooks import Case, documents, pages, printed
from tests.workbooks import builders as make
from tests.workbooks.builders import MAIN, SHEET, STRINGS, STYLES, WORKBOOK, WORKBOOK_LINKS, xlsx
from tests.workbooks.tables import official_merges, official_rows, official_text, place_of

CASES = [*documents.BENIGN, *pages.BENIGN, *printed.BENIGN]
ROWS = official_rows()
BASIC = place_of(ROWS, 2150.4567)
"""Where 基本支出 stands in the 2026 table."""


def passing(*, faults=None, percentages=(), file_name="申报表.xlsx"):
    def enter(build):
        CASES.append(Case(build.__name__, functools.cache(build), "", faults or {}, tuple(percentages), file_name))
        return build

    return enter


def sheet_xml():
    return make.book()[SHEET]


def raw_sheet(xml):
    return xlsx({SHEET: xml})


def with_cell(cell):
    """The table with the cell of 基本支出 replaced."""
    return raw_sheet(sheet_xml().replace(f'<c r="{BASIC}"><v>2150.4567</v></c>', cell))


# --- programs ------------------------------------------------------------------------------------


@passing()
def openpyxl_with_merges():
    return make.by_openpyxl()


@passing()
def openpyxl_edition_2023():
    return make.by_openpyxl(edition="2023")


@passing()
def xlsxwriter_without_merges():
    return make.by_xlsxwriter()


@passing()
def xlsxwriter_edition_2023():
    return make.by_xlsxwriter(edition="2023")


@passing()
def wps():
    properties = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>WPS Office</Application></Properties>"
    )
    custom = '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    before = '<sheetPr/><dimension ref="A1:F40"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    return xlsx(
        {"docProps/app.xml": properties, "docProps/custom.xml": custom},
        before=before,
        after=make.merges_xml(official_merges()),
    )


@passing()
def only_what_is_needed():
    return xlsx({"[Content_Types].xml": "<Types/>", STYLES: None})


@passing(file_name="申报表.xls")
def excel_97():
    return make.by_xlwt()


@passing(file_name="申报表.xls")
def excel_97_edition_2023():
    return make.by_xlwt(edition="2023")


@passing(file_name="申报表.ods")
def libreoffice():
    return make.ods()


@passing(file_name="申报表.ods")
def libreoffice_with_two_sheets():
    return make.ods(make.ods_table("说明", [["填表说明"]]) + make.ods_table("申报表", ROWS))


# --- names that lie --------------------------------------------------------------------------------


@passing(file_name="申报表.xls")
def xlsx_named_xls():
    return make.by_openpyxl()


@passing(file_name="申报表.xlsx")
def xls_named_xlsx():
    return make.by_xlwt()


@passing(file_name="申报表")
def no_extension():
    return make.by_xlsxwriter()


@passing(file_name="申报表.xlsx")
def text_named_xlsx():
    return official_text().encode()


# --- text ------------------------------------------------------------------------------------------


@passing(file_name="表.txt")
def text_in_utf_8():
    return official_text().encode()


@passing(file_name="表.txt")
def text_with_a_byte_order_mark_and_windows_lines():
    return official_text().replace("\n", "\r\n").encode("utf-8-sig")


@passing(file_name="表.txt")
def text_in_gbk():
    return official_text().encode("gb18030")


@passing(file_name="表.txt")
def text_in_utf_16():
    return official_text().encode("utf-16")


@passing(file_name="表.txt")
def text_in_utf_16_without_mark():
    return official_text().encode("utf-16-be")


@passing(file_name="表.txt")
def text_with_page_breaks():
    return official_text().replace("\n绩效指标", "\n\f绩效指标").encode()


@passing(file_name="表.txt")
def text_with_a_lonely_quotation_mark():
    return official_text().replace("防汛抗旱", '"防汛抗旱').encode()


@passing(file_name="表.csv")
def comma_separated():
    return official_text(delimiter=",", overall_goal="保障供水").encode()


# --- shapes ----------------------------------------------------------------------------------------


@passing()
def not_at_a1():
    return xlsx(top=4, left=3)


@passing()
def other_sheets_first():
    def change(workbook, sheet):
        workbook.create_sheet("填表说明", 0)["A1"] = "请如实填报"
        workbook.create_sheet("Sheet2", 1)

    return make.by_openpyxl(change)


@passing()
def hidden_sheet_beside_it():
    def change(workbook, sheet):
        other = workbook.create_sheet("字典")
        other["A1"] = "代码"
        other.sheet_state = "veryHidden"

    return make.by_openpyxl(change)


@passing()
def chart_sheet_first():
    def change(workbook, sheet):
        workbook.add_chartsheet("图").set_chart(chart_of(workbook))

    return make.by_xlsxwriter(change)


def chart_of(workbook):
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"values": "=申报表!$C$6:$C$7"})
    return chart


@passing()
def cells_without_addresses():
    bare = "".join(
        f"<row>{''.join(make.cell_xml('', value, strings()).replace(' r=' + chr(34) * 2, '') for value in row)}</row>"
        for row in ROWS
    )
    return raw_sheet(f'<worksheet xmlns="{MAIN}"><sheetData>{bare}</sheetData></worksheet>')


def strings():
    return list(dict.fromkeys(value for row in ROWS for value in row if isinstance(value, str)))


@passing()
def dimension_that_lies():
    return xlsx(before='<dimension ref="A1:XFD1048576"/>')


@passing()
def dimension_too_small():
    return xlsx(before='<dimension ref="A1"/>')


@passing()
def formatted_but_empty_cell_far_away():
    return xlsx(inside='<row r="1048576" ht="15"><c r="XFD1048576" s="0"/></row>')


@passing()
def title_merged_over_a_whole_row():
    return xlsx(after=make.merges_xml(["A1:XFD1"]))


@passing()
def inline_strings():
    rows = "".join(
        f'<row r="{i}">' + "".join(inline(f"{'ABCDEF'[j]}{i}", value) for j, value in enumerate(row)) + "</row>"
        for i, row in enumerate(ROWS, 1)
    )
    return xlsx({STRINGS: None, SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'})


def inline(place, value):
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return make.cell_xml(place, value, [])


@passing()
def rich_text_and_phonetic_guides():
    plain = '<si><t xml:space="preserve">部门名称</t></si>'
    rich = '<si><r><t>部门</t></r><r><rPr><b/></rPr><t>名称</t></r><rPh sb="0" eb="1"><t>bumen</t></rPh></si>'
    return xlsx({STRINGS: make.book()[STRINGS].replace(plain, rich)})


@passing()
def prefixed_names():
    xml = sheet_xml().replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:?xml", "<?xml")
    return raw_sheet(xml.replace("xmlns=", "xmlns:x="))


@passing()
def sheet_in_utf_16():
    return raw_sheet(sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16"))


@passing()
def shared_strings_in_utf_16():
    return xlsx({STRINGS: make.book()[STRINGS].replace("UTF-8", "UTF-16").encode("utf-16")})


@passing()
def parts_with_a_byte_order_mark():
    return xlsx({name: content.encode("utf-8-sig") for name, content in make.book().items()})


@passing()
def single_quotes_and_line_breaks_in_tags():
    return raw_sheet(sheet_xml().replace('"', "'").replace("<c r=", "<c\n  r=").replace("<row r=", "<row\r\n r="))


@passing()
def comments_and_instructions():
    return raw_sheet(sheet_xml().replace("<sheetData>", "<!-- 注 --><?x y?><sheetData><!-- <c r='XFD1048576'> -->"))


@passing()
def part_names_in_another_case_and_place():
    parts = make.book()
    parts["xl/Worksheets/Sheet1.XML"] = parts.pop(SHEET)
    parts[WORKBOOK_LINKS] = parts[WORKBOOK_LINKS].replace('"worksheets/', '"/xl/worksheets/')
    return make.zipped(parts)


@passing()
def part_names_with_backslashes():
    return make.zipped({name.replace("/", "\\"): content for name, content in make.book().items()})


@passing()
def strict_ooxml():
    strict = "http://purl.oclc.org/ooxml/"
    parts = {
        name: content.replace(MAIN, f"{strict}spreadsheetml/main").replace(
            make.LINKS, f"{strict}officeDocument/relationships"
        )
        for name, content in make.book().items()
    }
    return make.zipped(parts)


@passing()
def system_of_dates_from_1904():
    return xlsx({WORKBOOK: make.workbook_xml([("Sheet1", "rId1", "")], '<workbookPr date1904="1"/>')})


@passing()
def link_to_another_workbook():
    return xlsx({"xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><ddeLink/></externalLink>'})


@passing()
def embedded_object_and_picture():
    return xlsx({"xl/embeddings/oleObject1.bin": make.ole({"x": b"y"}), "xl/media/image1.png": bytes(100_000)})


@passing()
def several_departments():
    def change(workbook, sheet):
        other = workbook.copy_worksheet(sheet)
        other.title = "第二张"

    return make.by_openpyxl(change)


@passing()
def a_date_and_a_truth_value_below():
    def change(workbook, sheet):
        sheet.append(["填报日期", datetime.date(2026, 11, 24)])

    return make.by_openpyxl(change)


@passing()
def sheet_protection():
    def change(workbook, sheet):
        sheet.protection.password = "1234"
        sheet.protection.sheet = True

    return make.by_openpyxl(change)


@passing()
def comments_validations_and_print_titles():
    def change(workbook, sheet):
        sheet.write_comment("B2", "请填全称")
        sheet.data_validation("C3", {"validate": "integer", "criteria": ">=", "value": 0})
        sheet.repeat_rows(0)
        sheet.write_url("A60", "https://example.com/", string="链接")

    return make.by_xlsxwriter(change)


# --- values that need care -----------------------------------------------------------------------


@passing()
def formula_with_its_result():
    return with_cell(f'<c r="{BASIC}"><f>SUM(1,2)</f><v>2150.4567</v></c>')


@passing(faults={BASIC: "=SUM(C5:C6)"})
def formula_never_computed():
    return with_cell(f'<c r="{BASIC}"><f>SUM(C5:C6)</f></c>')


@passing(faults={BASIC: "=SUM(C5:C6)"})
def formula_by_openpyxl():
    def change(workbook, sheet):
        sheet[BASIC] = "=SUM(C5:C6)"

    return make.by_openpyxl(change)


@passing(faults={BASIC: "#DIV/0!"})
def error_value():
    return with_cell(f'<c r="{BASIC}" t="e"><f>1/0</f><v>#DIV/0!</v></c>')


@passing(faults={BASIC: "#NUM!"})
def number_beyond_all_numbers():
    return with_cell(f'<c r="{BASIC}"><v>1E+999</v></c>')


@passing(faults={BASIC: "#REF!"}, file_name="申报表.xls")
def error_value_in_excel_97():
    row, column = int(BASIC[1:]) - 1, "ABCDEF".index(BASIC[0])
    return make.by_xlwt(lambda workbook, sheet: sheet.row(row).set_cell_error(column, "#REF!"))


@passing(faults={BASIC: "#DIV/0!"}, file_name="申报表.ods")
def error_value_in_ods():
    cell = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    return make.ods(make.ods_table("表", ROWS).replace(make.ods_cell(2150.4567), cell))


@passing(faults={BASIC: "=SUM(C5:C6)"}, file_name="申报表.ods")
def formula_never_computed_in_ods():
    cell = '<table:table-cell table:formula="of:=SUM([.C5:.C6])"/>'
    return make.ods(make.ods_table("表", ROWS).replace(make.ods_cell(2150.4567), cell))


PERCENT = place_of(ROWS, "100%")


@passing(percentages=[PERCENT])
def percentage_stored_as_a_number():
    shared = f'<c r="{PERCENT}" t="s"><v>{strings().index("100%")}</v></c>'
    return raw_sheet(sheet_xml().replace(shared, f'<c r="{PERCENT}" s="1"><v>1</v></c>'))


@passing(percentages=[PERCENT])
def percentage_in_a_format_of_its_own():
    styles = make.styles_xml((0, 176), '<numFmt numFmtId="176" formatCode="0.0%_ "/>')
    shared = f'<c r="{PERCENT}" t="s"><v>{strings().index("100%")}</v></c>'
    return xlsx({STYLES: styles, SHEET: sheet_xml().replace(shared, f'<c s="1" r="{PERCENT}"><v>1</v></c>')})


@passing()
def percent_sign_in_quotes_is_none():
    styles = make.styles_xml((0, 176), '<numFmt numFmtId="176" formatCode="0.0&quot;%&quot;"/>')
    shared = f'<c r="{PERCENT}" t="s"><v>{strings().index("100%")}</v></c>'
    return xlsx({STYLES: styles, SHEET: sheet_xml().replace(shared, f'<c r="{PERCENT}" s="1"><v>100</v></c>')})


@passing(percentages=[PERCENT], file_name="申报表.xls")
def percentage_in_excel_97():
    row, column = int(PERCENT[1:]) - 1, "ABCDEF".index(PERCENT[0])

    def change(workbook, sheet):
        sheet.write(row, column, 1.0, make.xlwt.easyxf(num_format_str="0%"))

    return make.by_xlwt(change)


@passing(percentages=[PERCENT], file_name="申报表.ods")
def percentage_in_ods():
    cell = '<table:table-cell office:value-type="percentage" office:value="1"><text:p>100%</text:p></table:table-cell>'
    return make.ods(make.ods_table("表", ROWS).replace(make.ods_cell("100%"), cell, 1))


@passing(percentages=[PERCENT])
def percentage_by_openpyxl():
    def change(workbook, sheet):
        sheet[PERCENT] = 1
        sheet[PERCENT].number_format = "0.00%"

    return make.by_openpyxl(change)
