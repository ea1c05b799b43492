"""Web pages and XML that pass for workbooks, made as Excel, LibreOffice and web sites write them.

Listed with the workbooks of `benign.py` and `hostile.py`, so that whatever is tried with those is tried with these.
"""

import base64
import functools
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from declarations.files.documents.printed import text_of
from declarations.sheet.layout import lay_out
from tests.samples import sample
from tests.workbooks import Case
from tests.workbooks.builders import OASIS, ods_cell
from tests.workbooks.tables import official_rows

BENIGN, HOSTILE = [], []
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
EXCEL_HEAD = '<html xmlns:x="urn:schemas-microsoft-com:office:excel">'
OFFICE_COMMENT = "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:Name>{}</x:Name></x:ExcelWorkbook></xml><![endif]-->"


def passing(file_name="申报表.xls"):
    def enter(build):
        BENIGN.append(Case(build.__name__, functools.cache(build), file_name=file_name))
        return build

    return enter


def refused(code, file_name="申报表.xls"):
    def enter(build):
        HOSTILE.append(Case(build.__name__, functools.cache(build), code, file_name=file_name))
        return build

    return enter


# --- pages -----------------------------------------------------------------------------------


def table(edition="2026", more=lambda cell: "", **changes):
    """The official table in HTML with its merged cells; ``more``: attributes of a cell."""
    rows = "".join(
        f"<tr>{''.join(td(cell, more) for cell in row)}</tr>\n" for row in lay_out(sample(edition, **changes))
    )
    return f"<table border=1>\n{rows}</table>"


def td(cell, more):
    text = escape(text_of(cell)).replace("\n", "<br>")
    return f"<td rowspan={cell.rows} colspan={cell.columns}{more(cell)}>{text}</td>"


def page(body=None, head='<meta charset="utf-8">', before="<html>", encoding="utf-8"):
    body = table() if body is None else body
    return f"{before}<head>{head}</head><body>{body}</body></html>".encode(encoding)


@passing()
def page_of_a_web_site_in_gb2312():
    return page(head='<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', encoding="gb18030")


@passing()
def page_without_a_head():
    return table().encode()


@passing()
def page_by_excel():
    style = "<style><!--table {mso-displayed-decimal-separator:'\\.';} .xl65 {mso-number-format:'0\\.00';} --></style>"
    head = f'<meta http-equiv=Content-Type content="text/html; charset=utf-8">{OFFICE_COMMENT.format("申报表")}{style}'
    empty = "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=72></td></tr><![endif]>"
    return page(table(more=number_of_excel).replace("</table>", f"{empty}</table>"), head, EXCEL_HEAD)


def number_of_excel(cell):
    return f' class=xl65 x:num="{cell.value}"' if is_number(cell) else " class=xl66"


@passing()
def page_by_libreoffice():
    body = table(more=number_of_libreoffice).replace("<td", "\n\t\t<td").replace("<br>", "<br/>")
    return page(f"<p></p>{body}<!-- *** -->", before="<!DOCTYPE html>\n<html>")


def number_of_libreoffice(cell):
    return f' align="center" sdval="{cell.value}" sdnum="2052;0;#,##0.00"' if is_number(cell) else ' valign="middle"'


@passing("申报表.html")
def page_with_a_table_for_its_looks():
    return page(f"<table><tr><td>&nbsp;</td></tr><tr><td>{table()}</td></tr></table>")


@passing("申报表.html")
def page_with_scripts_and_forms():
    form = "<form><input value=1><select><option>甲</option></select></form><script>var a='<td>错</td>';</script>"
    return page(f"{form}{table()}<noscript>请打开脚本</noscript>")


@passing()
def page_in_utf_16():
    return page(encoding="utf-16")


@passing()
def page_whose_tags_are_never_closed():
    return page(table().replace("</td>", "").replace("</tr>", "").replace("</table>", ""))


@passing("申报表.mht")
def packed_page():
    return packed({"sheet001.htm": page()})


def packed(parts, encoding="base64"):
    """A page in one file, as browsers and Excel save it."""
    lines = ["MIME-Version: 1.0", 'Content-Type: multipart/related; boundary="----=_Part"', ""]
    for name, content in parts.items():
        kind = "text/html" if name.endswith("htm") else "image/png"
        lines += ["------=_Part", f"Content-Location: file:///C:/a/{name}", f"Content-Transfer-Encoding: {encoding}"]
        lines += [f'Content-Type: {kind}; charset="utf-8"', "", base64.encodebytes(content).decode(), ""]
    return "\r\n".join([*lines, "------=_Part--", ""]).encode()


# --- XML -------------------------------------------------------------------------------------


def xml_2003(rows=None, *, before="", styles="", name="申报表", more=""):
    """An XML spreadsheet of Excel 2003; ``rows``: as XML, by default those of the official table."""
    rows = "".join(map(xml_row, lay_out(sample("2026")))) if rows is None else rows
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n{before}'
        f'<Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}" xmlns:html="http://www.w3.org/TR/REC-html40">'
        f"<Styles>{styles}</Styles>"
        f"<Worksheet ss:Name={quoteattr(name)}><Table>{rows}</Table>{more}</Worksheet></Workbook>"
    ).encode()


def xml_row(row):
    return f'<Row ss:Index="{row[0].row}">{"".join(map(xml_cell, row))}</Row>'


def xml_cell(cell, style=""):
    kind = "Number" if is_number(cell) else "String"
    text = escape(str(cell.value)).replace("\n", "&#10;")
    data = "" if cell.value is None else f'<Data ss:Type="{kind}">{text}</Data>'
    merge = f' ss:MergeAcross="{cell.columns - 1}" ss:MergeDown="{cell.rows - 1}"'
    return f'<Cell ss:Index="{cell.column}"{merge}{style}>{data}</Cell>'


def is_number(cell):
    return isinstance(cell.value, int | Decimal)


@passing()
def spreadsheet_in_xml():
    return xml_2003()


def fods(tables=None, more="", kind="spreadsheet"):
    """A spreadsheet in one XML file, as LibreOffice writes it."""
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text", "script"))
    tables = fods_table() if tables is None else tables
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {spaces} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">{more}'
        f"<office:body><office:{kind}>{tables}</office:{kind}></office:body></office:document>"
    ).encode()


def fods_table():
    rows = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in official_rows())
    return f'<table:table table:name="申报表">{rows}</table:table>'


@passing("申报表.fods")
def flat_opendocument():
    return fods()


@passing("申报表.et")
def page_with_spans_without_end():
    return page(table().replace("<td rowspan=1 colspan=6", "<td rowspan=0 colspan=99999999").replace("</table>", "")
                + "<tr><td rowspan=99999999>&nbsp;</td></tr></table>")  # fmt: skip


@passing()
def spreadsheet_in_xml_in_gb2312():
    return xml_2003().replace(b"UTF-8", b"gb2312").decode().encode("gb18030")


# --- what must be refused ----------------------------------------------------------------------


@refused("X50")
def page_without_a_table():
    return page("<p>部门整体预算绩效目标申报表见附件</p>")


@refused("X29")
def page_that_frames_others():
    return page("", before='<html><frameset><frame src="a_files/sheet001.htm"></frameset>')


@refused("X26")
def page_with_a_table_in_a_cell_of_text():
    return page("<table><tr><td>总体绩效目标<table><tr><td>甲</td></tr></table></td></tr></table>")


@refused("X13")
def page_with_a_million_nested_tags():
    return b"<html><body>" + b"<div>" * 1_000_000


@refused("X13")
def page_with_tables_in_tables():
    return page("<table><tr><td>" * 50_000)


@refused("X15")
def page_with_a_million_cells():
    return page("<table><tr>" + "<td>" * 1_000_000)


@refused("X14")
def page_with_too_many_rows():
    return page(f"<table>{'<tr><td>1' * 30_000}</table>")


@refused("X14")
def page_with_a_value_far_to_the_right():
    return page(f"<table><tr>{'<td colspan=1000>' * 1000}<td>1</table>")


@refused("X15")
def page_with_an_endless_text():
    return page(f"<table><tr><td>{'长' * 40_000}</table>")


@refused("X19")
def page_of_bytes():
    return b"<html><body><table>" + bytes(range(128, 256)) * 300


@refused("X09", "申报表.mht")
def packed_page_in_pieces_in_pieces():
    deep = "".join(f'Content-Type: multipart/related; boundary="b{i}"\r\n\r\n--b{i}\r\n' for i in range(4_000))
    return f"MIME-Version: 1.0\r\n{deep}".encode()


@refused("X11", "申报表.mht")
def packed_page_of_thousands_of_pieces():
    return packed({f"{number}.htm": b"1" for number in range(6_000)})


@refused("X12")
def spreadsheet_in_xml_with_a_bomb_of_entities():
    entities = "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))
    return xml_2003(
        before=f'<!DOCTYPE x [<!ENTITY e0 "x">{entities}]>', rows="<Row><Cell><Data>&e9;</Data></Cell></Row>"
    )


@refused("X14")
def spreadsheet_in_xml_with_a_cell_far_below():
    return xml_2003('<Row ss:Index="900000"><Cell><Data ss:Type="Number">1</Data></Cell></Row>')


@refused("X15")
def spreadsheet_in_xml_with_too_many_cells():
    return xml_2003('<Row><Cell ss:Index="256"><Data ss:Type="Number">1</Data></Cell></Row>' * 4_000)


@refused("X16")
def spreadsheet_in_xml_with_whole_columns_merged():
    return xml_2003('<Row><Cell ss:MergeAcross="9" ss:MergeDown="65535"><Data ss:Type="String">甲</Data></Cell></Row>')


@refused("X09")
def spreadsheet_in_xml_with_a_row_that_is_no_number():
    return xml_2003('<Row ss:Index="1e9"/>')


@refused("X09")
def spreadsheet_in_xml_that_is_cut_off():
    return xml_2003()[:-200]


@refused("X13")
def spreadsheet_in_xml_with_a_million_nested_tags():
    return xml_2003("<a>" * 1_000_000 + "</a>" * 1_000_000)


@refused("X05", "申报表.doc")
def document_in_xml():
    return b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="x"/>'


@refused("X12", "申报表.fods")
def flat_opendocument_with_a_document_type():
    return fods().replace(b"<office:document ", b'<!DOCTYPE x [<!ENTITY a "x">]><office:document ', 1)


@refused("X07", "申报表.fods")
def flat_opendocument_with_macros():
    basic = "<office:scripts><script:module>Sub Main</script:module></office:scripts>"
    return fods(more=basic)


@refused("X04", "申报表.fodt")
def flat_opendocument_of_text():
    return fods("<text:p>文字</text:p>", kind="text")


@refused("X09", "申报表.fods")
def flat_opendocument_that_is_cut_off():
    return fods()[:-300]
