"""Files that must be refused, each with the code of its refusal."""

import functools
import io
import random
import zipfile
import zlib

from tests.workbooks import Case, documents, pages, printed
from tests.workbooks import builders as make
from tests.workbooks.builders import MAIN, SHEET, STRINGS, STYLES, WORKBOOK, WORKBOOK_LINKS, xlsx, zipped
from tests.workbooks.tables import official_text

CASES = [*documents.HOSTILE, *pages.HOSTILE, *printed.HOSTILE]
MEBIBYTE = 1 << 20
DTD = '<!DOCTYPE worksheet [<!ENTITY a "x">]>'


def refused(code, file_name="申报表.xlsx"):
    def enter(build):
        CASES.append(Case(build.__name__, functools.cache(build), code, file_name=file_name))
        return build

    return enter


def sheet_with(inside="", **more):
    return xlsx(inside=inside, **more)


def raw_sheet(xml):
    return xlsx({SHEET: xml})


# --- not a spreadsheet at all ----------------------------------------------------------------


@refused("X01")
def empty_file():
    return b""


@refused("X01", "表.txt")
def only_white_space():
    return b" \r\n\t\n  "


@refused("X02")
def larger_than_20_megabytes():
    return b"PK\x03\x04" + b"\0" * (21 * MEBIBYTE)


@refused("X04")
def picture():
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@refused("X04")
def photograph():
    return b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256))


@refused("X04", "申报表.xlsx.exe")
def windows_program():
    return b"MZ\x90\x00" + bytes(600)


@refused("X04")
def presentation():
    return zipped({"[Content_Types].xml": make.content_types(), "ppt/presentation.xml": "<p/>"})


@refused("X04")
def opendocument_text():
    return make.ods(mimetype="application/vnd.oasis.opendocument.text")


@refused("X04")
def rich_text():
    return rb"{\rtf1\ansi \u37096?\par}"


@refused("X04")
def ofd_document():
    return zipped({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<ofd/>"})


@refused("X08")
def rar_archive():
    return b"Rar!\x1a\x07\x01\x00" + bytes(100)


@refused("X08")
def seven_zip_archive():
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(100)


@refused("X08")
def gzip_file():
    return b"\x1f\x8b\x08" + bytes(100)


@refused("X08")
def zip_of_workbooks():
    return zipped({"甲.xlsx": xlsx(), "乙.xlsx": xlsx()})


@refused("X08")
def empty_zip():
    return zipped({})


@refused("X03")
def unknown_ole_file():
    return make.ole({"Something": b"else"})


@refused("X19", "表.txt")
def binary_named_as_text():
    return random.Random(1).randbytes(20_000)


@refused("X19", "表.txt")
def text_with_nul():
    return official_text().encode() + b"\0\0\0"


@refused("X15", "表.txt")
def text_with_an_endless_line():
    return official_text().encode() + b"\n" + "长".encode() * 1_000_000


@refused("X14", "表.txt")
def text_with_too_many_lines():
    return official_text().encode() + b"\na" * 20_000


@refused("X14", "表.txt")
def text_with_too_many_columns():
    return official_text().encode() + b"\n" + b"a\t" * 5_000


@refused("X50", "表.csv")
def csv_without_a_table():
    return "序号,名称,金额\n1,办公用品,200\n2,差旅,300\n".encode()


@refused("X50")
def workbook_without_a_table():
    return xlsx(rows=[["姓名", "电话"], ["某人", "0"]])


# --- spreadsheets in formats that are not read -------------------------------------------------


@refused("X50", "申报表.xls")
def web_page_named_as_workbook():
    return (
        "<html><head><meta charset=utf-8></head><body><table><tr><td>部门名称</td></tr></table></body></html>".encode()
    )


@refused("X50", "申报表.xls")
def table_element_in_gbk():
    return "\r\n <table border=1><tr><td>部门名称</td></tr></table>".encode("gbk")


@refused("X09", "申报表.xls")
def archived_web_page():
    return b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html></html>"


@refused("X17", "申报表.xls")
def xml_spreadsheet_2003():
    return (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    )


@refused("X05", "申报表.xlsb")
def binary_workbook():
    return zipped({"[Content_Types].xml": make.content_types(), "xl/workbook.bin": b"\x83\x01\x00"})


@refused("X05", "申报表.xls")
def excel_95():
    return make.ole({"Book": make.biff((0x809, b"\x00\x05\x05\x00" + bytes(4)), (0x0A, b""))})


@refused("X05", "申报表.xls")
def excel_4_without_container():
    return make.biff((0x409, b"\x00\x00\x10\x00\x00\x00"), (0x0A, b""))


@refused("X05", "申报表.xls")
def biff_5_in_a_workbook_stream():
    return make.ole({"Workbook": make.biff((0x809, b"\x00\x05\x05\x00" + bytes(4)), (0x0A, b""))})


# --- encrypted, with macros --------------------------------------------------------------------


@refused("X06")
def encrypted_xlsx():
    return make.ole({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(200)})


@refused("X06", "申报表.xls")
def encrypted_xls():
    bof = (0x809, b"\x00\x06\x05\x00" + bytes(12))
    return make.ole({"Workbook": make.biff(bof, (0x2F, b"\x01\x00\x01\x00" + bytes(50)), (0x0A, b""))})


@refused("X06")
def encrypted_zip_entries():
    data = bytearray(xlsx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(signature, start + 4)
    return bytes(data)


@refused("X06", "申报表.ods")
def encrypted_ods():
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    manifest = make.ODS_MANIFEST.replace("/>", f">{entry}</manifest:manifest>")
    return make.ods(manifest=manifest)


@refused("X07", "申报表.xlsm")
def macros_in_xlsm():
    return xlsx({"xl/vbaProject.bin": make.ole({"PROJECT": b"x"})})


@refused("X07")
def macros_in_an_unusual_place():
    return xlsx({"custom/VBAPROJECT.BIN": b"x"})


@refused("X07")
def macro_sheet_of_excel_4():
    return xlsx({WORKBOOK_LINKS: make.links([("rId1", "xlMacrosheet", "worksheets/sheet1.xml")])})


@refused("X07", "申报表.ods")
def macros_in_ods():
    return make.ods(more={"Basic/Standard/Module1.xml": "<x/>"})


@refused("X07", "申报表.xls")
def macros_in_xls():
    good = make.by_xlwt()
    start = good.index(b"\x09\x08")
    return make.ole({"Workbook": good[start:][:20_000], "_VBA_PROJECT_CUR": b"x"})


# --- damaged -----------------------------------------------------------------------------------


@refused("X09")
def cut_in_half():
    data = xlsx()
    return data[: len(data) // 2]


@refused("X09")
def cut_at_the_end():
    return xlsx()[:-30]


@refused("X09")
def only_the_first_bytes():
    return b"PK\x03\x04"


@refused("X09")
def wrong_checksum():
    return make.patched(make.patched(xlsx(), b"PK\x03\x04", 14, 1), b"PK\x01\x02", 16, 1)


@refused("X09")
def flipped_bytes_in_a_part():
    data = bytearray(xlsx())
    start = data.index(b"xl/worksheets/sheet1.xml") + 400
    data[start : start + 40] = bytes(40)
    return bytes(data)


@refused("X09")
def no_workbook_part():
    return xlsx({WORKBOOK: None})


@refused("X09")
def no_sheet_part():
    return xlsx({SHEET: None})


@refused("X09")
def no_relationships():
    return xlsx({WORKBOOK_LINKS: None})


@refused("X09")
def sheet_that_is_no_xml():
    return raw_sheet("这不是 XML")


@refused("X09")
def sheet_with_unclosed_elements():
    return raw_sheet(
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</c></row></sheetData></worksheet>'
    )


@refused("X09")
def sheet_cut_short():
    return raw_sheet(make.book()[SHEET][:2_000])


@refused("X09")
def sheet_that_points_to_the_workbook():
    return xlsx({WORKBOOK_LINKS: make.links([("rId1", "worksheet", "workbook.xml")])})


@refused("X09")
def sheet_outside_the_file():
    link = '<Relationship Id="rId1" Type="x/worksheet" Target="http://example.com/a.xml" TargetMode="External"/>'
    return xlsx({WORKBOOK_LINKS: make.links([], link)})


@refused("X09")
def two_sheets_in_one_part():
    both = make.workbook_xml([("甲", "rId1", ""), ("乙", "rId1", "")])
    return xlsx({WORKBOOK: both})


@refused("X09")
def text_number_that_is_not_there():
    return sheet_with('<row r="90"><c r="A90" t="s"><v>99999</v></c></row>')


@refused("X09")
def undefined_entity():
    return sheet_with('<row r="90"><c r="A90" t="str"><v>&nothing;</v></c></row>')


@refused("X09")
def address_that_is_none():
    return sheet_with('<row r="90"><c r="AAAAAAAAAA99999999999999"><v>1</v></c></row>')


@refused("X09")
def xls_cut_short():
    return make.by_xlwt()[:3_000]


@refused("X09", "申报表.ods")
def ods_without_content():
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "meta.xml": "<x/>"})


@refused("X09", "申报表.ods")
def ods_with_negative_repetition():
    row = '<table:table-row table:number-rows-repeated="-5"><table:table-cell/></table:table-row>'
    return make.ods(f'<table:table table:name="a">{row}</table:table>')


@refused("X17")
def workbook_without_sheets():
    return xlsx({WORKBOOK: make.workbook_xml([])})


@refused("X17")
def workbook_of_charts_only():
    part = f'<chartsheet xmlns="{MAIN}"/>'
    listed = make.links([("rId1", "chartsheet", "chartsheets/sheet1.xml")])
    return xlsx({WORKBOOK_LINKS: listed, "xl/chartsheets/sheet1.xml": part})


# --- zip directories that no program writes ----------------------------------------------------


@refused("X10")
def path_out_of_the_package():
    return xlsx({"../../etc/cron.d/job": "x"})


@refused("X10")
def absolute_path():
    return xlsx({"/etc/passwd": "x"})


@refused("X10")
def windows_path():
    return xlsx({"C:\\Windows\\system.ini": "x"})


@refused("X10")
def path_with_backslashes():
    return xlsx({"..\\..\\a.xml": "x"})


@refused("X10")
def part_twice():
    return zipped([*make.book().items(), (SHEET, make.book(rows=[["另一张表"]])[SHEET])])


@refused("X10")
def part_twice_but_for_case():
    return xlsx({"xl/worksheets/SHEET1.xml": make.book()[SHEET]})


@refused("X10")
def overlapping_parts():
    # Two directory entries for the same bytes, each under the name that its local header has.
    return make.repeated([b"[Content_Types].xml", b"[content_types].XML"], b"<Types/>", overlapping=True)


@refused("X10")
def one_kernel_under_many_names():
    names = [b"[Content_Types].xml", *(b"xl/%d.xml" % number for number in range(50))]
    return make.repeated(names, b"0" * 1_000_000, overlapping=True)


@refused("X10")
def declared_smaller_than_it_is():
    return make.patched(make.patched(xlsx(), b"PK\x03\x04", 22, 100), b"PK\x01\x02", 24, 100)


@refused("X10")
def local_header_of_another_part():
    data = bytearray(xlsx())
    start = data.index(b"xl/styles.xml")
    data[start : start + 13] = b"xl/other1.xml"
    return bytes(data)


@refused("X10")
def packed_by_an_unusual_method():
    return zipped(make.book(), zipfile.ZIP_BZIP2)


@refused("X11")
def zip_bomb():
    return xlsx({"xl/worksheets/sheet2.xml": b" " * (30 * MEBIBYTE)})


@refused("X11")
def many_moderate_parts():
    noise = random.Random(2).randbytes(20_000)
    return make.repeated([b"[Content_Types].xml", *(b"xl/media/%d" % n for n in range(70))], noise * 150)


@refused("X11")
def declared_enormous():
    # 0xFFFFFFFF would announce a zip64 record, so a little less.
    return make.patched(xlsx(), b"PK\x01\x02", 24, 0xFFFFFFF0)


@refused("X11")
def too_many_parts():
    return xlsx({f"xl/media/{number}": b"" for number in range(6_000)})


# --- XML built to hurt -------------------------------------------------------------------------


def laughs():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>'


@refused("X12")
def billion_laughs():
    text = '<row r="90"><c r="A90" t="str"><v>&l9;</v></c></row>'
    return raw_sheet(laughs() + make.book(inside=text)[SHEET].removeprefix(make.DECLARATION))


@refused("X12")
def billion_laughs_in_shared_strings():
    return xlsx({STRINGS: f'{laughs()}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'})


@refused("X12")
def quadratic_blow_up():
    long = f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>'
    return raw_sheet(f'{long}<worksheet xmlns="{MAIN}"><sheetData>{"&a;" * 30_000}</sheetData></worksheet>')


@refused("X12")
def external_entity():
    dtd = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return xlsx({STRINGS: f'{dtd}<sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'})


@refused("X12")
def dtd_in_the_workbook_part():
    return xlsx({WORKBOOK: DTD + make.book()[WORKBOOK].removeprefix(make.DECLARATION)})


@refused("X12")
def dtd_in_the_relationships():
    return xlsx({WORKBOOK_LINKS: DTD + make.book()[WORKBOOK_LINKS].removeprefix(make.DECLARATION)})


@refused("X12")
def dtd_in_a_part_that_nobody_reads():
    return xlsx({"docProps/core.xml": laughs() + "<coreProperties>&l9;</coreProperties>"})


@refused("X12")
def dtd_in_utf_16():
    xml = f'<?xml version="1.0" encoding="UTF-16"?>{DTD}{make.book()[SHEET].removeprefix(make.DECLARATION)}'
    return raw_sheet(xml.encode("utf-16"))


@refused("X12")
def dtd_in_utf_16_in_a_part_that_nobody_reads():
    return xlsx({"docProps/app.xml": f'<?xml version="1.0" encoding="UTF-16"?>{DTD}<Properties/>'.encode("utf-16")})


@refused("X12", "申报表.ods")
def dtd_in_ods():
    return make.ods(content=laughs() + make.ods_content("").removeprefix(make.DECLARATION))


@refused("X13")
def attribute_bomb():
    attributes = " ".join(f'a{number}="x"' for number in range(200_000))
    return raw_sheet(make.book()[SHEET].replace("<sheetData>", f"<sheetPr {attributes}/><sheetData>"))


@refused("X13")
def attribute_bomb_in_shared_strings():
    attributes = " ".join(f'a{number}=">"' for number in range(100_000))
    return xlsx({STRINGS: f'<sst xmlns="{MAIN}"><si {attributes}><t>x</t></si></sst>'})


@refused("X13")
def attribute_bomb_in_styles():
    attributes = " ".join(f"a{number}='1'" for number in range(100_000))
    return xlsx({STYLES: make.styles_xml().replace("<cellXfs>", f"<cellXfs {attributes}>")})


@refused("X13")
def endless_attribute():
    return raw_sheet(make.book()[SHEET].replace("<sheetData>", f'<sheetPr codeName="{random_text()}"/><sheetData>'))


def random_text():
    return zlib.compress(random.Random(3).randbytes(100_000)).hex()


@refused("X13")
def deep_nesting():
    return raw_sheet(f'<worksheet xmlns="{MAIN}">{shuffled_elements(1_800_000)}</worksheet>')


def shuffled_elements(number):
    """Elements in no pattern, so that they do not pack too well."""
    names = random.Random(4).choices("abcdefgh", k=number)
    return "".join(f"<{name}>" for name in names) + "".join(f"</{name}>" for name in reversed(names))


@refused("X13")
def millions_of_empty_cells():
    styles = random.Random(5).choices(range(1000), k=1_700_000)
    rows = "".join(f'<row><c s="{style}"/></row>' for style in styles)
    return raw_sheet(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>')


@refused("X13")
def unknown_encoding():
    return raw_sheet(make.book()[SHEET].replace("UTF-8", "UTF-7"))


# --- too far, too many, too large --------------------------------------------------------------


@refused("X14")
def value_in_the_last_cell():
    return sheet_with('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@refused("X14")
def empty_text_in_the_last_cell():
    return sheet_with('<row r="1048576"><c r="XFD1048576" t="str"><v></v></c></row>')


@refused("X14")
def value_in_xfd10000():
    return sheet_with('<row r="10000"><c r="XFD10000"><v>1</v></c></row>')


@refused("X14")
def value_far_below():
    return sheet_with('<row r="60000"><c r="A60000" t="inlineStr"><is><t>备注</t></is></c></row>')


@refused("X14")
def address_with_a_character_reference():
    return sheet_with('<row r="90"><c r="XFD&#49;048576"><v>1</v></c></row>')


@refused("X14")
def value_far_below_with_a_prefix():
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c r="A999999"><x:v>1</x:v></x:c></x:row></x:sheetData>'
    return raw_sheet(xml + "</x:worksheet>")


@refused("X14")
def rows_without_numbers_far_below():
    return sheet_with('<row r="1048570"/><row><c><v>1</v></c></row>')


@refused("X14")
def value_far_below_in_another_sheet():
    far = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="99999"><c r="A99999"><v>1</v></c></row></sheetData></worksheet>'
    )
    return xlsx(
        {
            WORKBOOK: make.workbook_xml([("表", "rId1", ""), ("远", "rId9", "hidden")]),
            WORKBOOK_LINKS: make.links(
                [
                    ("rId1", "worksheet", "worksheets/sheet1.xml"),
                    ("rId9", "worksheet", "worksheets/sheet9.xml"),
                    ("rId3", "sharedStrings", "sharedStrings.xml"),
                ]
            ),
            "xl/worksheets/sheet9.xml": far,
        }
    )


@refused("X14", "申报表.ods")
def ods_with_content_in_a_million_rows():
    row = f'<table:table-row table:number-rows-repeated="1000000">{make.ods_cell(1)}</table:table-row>'
    return make.ods(f'<table:table table:name="a">{row}</table:table>')


@refused("X14", "申报表.ods")
def ods_with_a_cell_repeated_across():
    cell = make.ods_cell("甲").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
    return make.ods(f'<table:table table:name="a"><table:table-row>{cell}</table:table-row></table:table>')


@refused("X14", "申报表.xls")
def xls_with_a_value_in_the_last_row():
    return make.by_xlwt(lambda workbook, sheet: sheet.write(65535, 255, 1))


@refused("X15")
def too_many_cells():
    corners = '<row r="9000"><c r="A9000"><v>1</v></c><c r="IV9000"><v>1</v></c></row>'
    return sheet_with(corners)


@refused("X15")
def a_hundred_thousand_sheets():
    return xlsx({WORKBOOK: make.workbook_xml([(f"表{number}", "rId1", "") for number in range(100_000)])})


@refused("X15")
def shared_strings_that_claim_billions():
    return xlsx({STRINGS: make.strings_xml(["甲"], ' count="999999999" uniqueCount="999999999"')})


@refused("X09")
def shared_strings_with_a_count_beyond_integers():
    return xlsx({STRINGS: make.strings_xml(["甲"], ' uniqueCount="99999999999999999999"')})


@refused("X16")
def four_merged_columns():
    return xlsx(after=make.merges_xml([f"{letter}1:{letter}1048576" for letter in "ABCD"]))


@refused("X16")
def whole_sheet_merged():
    return xlsx(after=make.merges_xml(["A1:XFD1048576"]))


@refused("X16")
def thousands_of_merges():
    return xlsx(after=make.merges_xml([f"A{number}:B{number}" for number in range(1, 9_000)]))


@refused("X16", "申报表.ods")
def ods_with_merged_columns():
    cell = make.ods_cell("甲").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="1048576"')
    return make.ods(f'<table:table table:name="a"><table:table-row>{cell}</table:table-row></table:table>')


@refused("X08", "打包.xlsx")
def archive_in_a_workbook_name():
    inner = io.BytesIO(zipped({"a.xlsx": xlsx()})).getvalue()
    return zipped({"内.zip": inner})


# --- looks without end -------------------------------------------------------------------------

STRUCK_RUN = "<r><rPr><strike/></rPr><t>x</t></r>"


@refused("X11")
def a_million_struck_out_runs():
    return xlsx({STRINGS: f'<sst xmlns="{MAIN}"><si>{STRUCK_RUN * 1_000_000}</si></sst>'})


@refused("X13")
def struck_out_runs_beyond_number():
    strings = f'<sst xmlns="{MAIN}"><si>{STRUCK_RUN * 450_000}</si></sst>'
    return zipped(make.book() | {STRINGS: strings}, zipfile.ZIP_STORED)
