"""Word documents and separated values, made by code: those that must be read and those that must be refused.

Listed with the workbooks of `benign.py` and `hostile.py`, so that whatever is tried with those is tried with these.
"""

import functools
import zipfile
from xml.sax.saxutils import escape

from declarations.files.documents.printed import text_of
from declarations.files.documents.word import write_table
from declarations.sheet.layout import lay_out
from tests.samples import sample
from tests.workbooks import Case
from tests.workbooks.builders import DECLARATION, LINKS, PACKAGE_LINKS, content_types, links, ole, zipped
from tests.workbooks.tables import official_rows

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
DOCUMENT = "word/document.xml"
DTD = '<!DOCTYPE document [<!ENTITY a "x">]>'
BENIGN, HOSTILE = [], []


def passing(file_name="申报表.docx"):
    def enter(build):
        BENIGN.append(Case(build.__name__, functools.cache(build), file_name=file_name))
        return build

    return enter


def refused(code, file_name="申报表.docx"):
    def enter(build):
        HOSTILE.append(Case(build.__name__, functools.cache(build), code, file_name=file_name))
        return build

    return enter


# --- documents by hand -----------------------------------------------------------------------


def docx(body=None, more=None, *, space=WORD, before="", packed=zipfile.ZIP_DEFLATED):
    """A document with this body (default: the official table); ``more``: parts added or, by None, left out."""
    xml = (
        f'{DECLARATION}{before}<w:document xmlns:w="{space}" xmlns:m="{MATH}" xmlns:mc="{COMPATIBILITY}"><w:body>'
        f"{table() if body is None else body}<w:sectPr/></w:body></w:document>"
    )
    parts = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": links([("rId1", "officeDocument", DOCUMENT)]),
        DOCUMENT: xml,
    } | (more or {})
    return zipped({name: content for name, content in parts.items() if content is not None}, packed)


def table(edition="2026", written=None, properties=None):
    """The official table. ``written``: how a text is written instead of as one run; ``properties``: of a cell."""
    written = written or (lambda text: paragraph(run(text)))
    width, below, rows = len(sample(edition).form.widths), {}, []
    for number, row in enumerate(lay_out(sample(edition)), 1):
        begun = {cell.column: cell for cell in row}
        below = {column: cell for column, cell in below.items() if cell.row + cell.rows > number}
        cells, column = "", 1
        while column <= width:
            cell = begun.get(column) or below[column]
            text = text_of(cell) if cell.row == number else ""
            cells += tc(written(text), span=cell.columns, merge=merge_of(cell, number), more=properties or "")
            column += cell.columns
        below |= {cell.column: cell for cell in row if cell.rows > 1}
        rows.append(f"<w:tr>{cells}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def merge_of(cell, number):
    return "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if cell.row == number else "<w:vMerge/>"


def tc(content, span=1, merge="", more=""):
    wide = f'<w:gridSpan w:val="{span}"/>' if span != 1 else ""
    return f"<w:tc><w:tcPr>{wide}{merge}{more}</w:tcPr>{content}</w:tc>"


def paragraph(content):
    return f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{content}</w:p>"


def run(text, properties=""):
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{lines}</w:r>"


def rows_of(xml):
    """The rows of a table."""
    return xml.removeprefix("<w:tbl>").removesuffix("</w:tbl>").replace("</w:tr>", "</w:tr>\0").split("\0")[:-1]


# --- must be read ----------------------------------------------------------------------------


@passing()
def our_own_document():
    return write_table(sample())


@passing()
def our_own_document_of_edition_2023():
    return write_table(sample("2023"))


@passing()
def word_document():
    return docx()


@passing()
def word_document_of_edition_2023():
    return docx(table("2023"))


@passing()
def strict_word_document():
    return docx(space=STRICT)


@passing()
def main_part_of_another_name():
    named = {"_rels/.rels": links([("rId1", "officeDocument", "word/document2.xml")]), DOCUMENT: None}
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{table()}</w:body></w:document>'
    return docx(more=named | {"word/document2.xml": xml})


@passing()
def title_above_the_table():
    rows = rows_of(table())[1:]
    above = paragraph(run("部门整体预算绩效目标申报表")) + paragraph(run("（2026年度）　　单位：万元"))
    return docx(f"{above}<w:tbl>{''.join(rows)}</w:tbl>{paragraph(run('填报人：　　　联系电话：'))}")


@passing()
def table_in_three_parts():
    rows = rows_of(table())
    parts = (rows[:8], rows[8:14], rows[14:])
    return docx(paragraph("").join(f"<w:tbl>{''.join(part)}</w:tbl>" for part in parts))


@passing()
def texts_in_many_runs():
    return docx(table(written=lambda text: paragraph("".join(map(run, text)))))


@passing()
def texts_in_several_paragraphs():
    return docx(table(written=lambda text: "".join(paragraph(run(line)) for line in text.split("\n")) + paragraph("")))


@passing()
def tracked_changes_and_hidden_text():
    gone = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
    hidden = run("看不见", "<w:vanish/>")
    return docx(table(written=lambda text: paragraph(f"{gone}<w:ins>{run(text)}</w:ins>{hidden}")))


@passing()
def content_controls_and_text_boxes():
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback><w:t>两遍</w:t></mc:Fallback>"
        f"</mc:AlternateContent><w:pict><w:txbxContent>{paragraph(run('框中文字'))}</w:txbxContent></w:pict></w:r>"
    )
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    return docx(control.format(table(written=lambda text: control.format(paragraph(run(text) + box)))))


@passing()
def cells_merged_to_the_side_the_old_way():
    department = tc(paragraph(run("云溪市水务局")), span=5)
    pieces = tc(paragraph(run("云溪市水务局")), merge='<w:hMerge w:val="restart"/>')
    pieces += 4 * tc(paragraph(run("不可见")), merge='<w:hMerge w:val="continue"/>')
    return docx(table().replace(department, pieces))


@passing()
def links_to_elsewhere_are_left_alone():
    template = (
        f'<Relationship Id="r1" Type="{LINKS}/attachedTemplate" Target="http://a.invalid/x" TargetMode="External"/>'
    )
    outside = f'<Relationships xmlns="{PACKAGE_LINKS}">{template}</Relationships>'
    return docx(more={"word/_rels/document.xml.rels": outside, "word/_rels/settings.xml.rels": outside})


@passing("申报表.csv")
def commas_in_gbk():
    return separated(",").encode("gbk")


@passing("申报表.csv")
def semicolons_with_a_byte_order_mark():
    return separated(";").encode("utf-8-sig")


@passing("申报表.csv")
def commas_in_utf_16():
    return separated(",").encode("utf-16")


@passing("申报表.csv")
def delimiter_told_to_excel():
    return ("sep=;\n" + separated(";")).encode("utf-8-sig")


def separated(delimiter, rows=None):
    """As Excel writes it: texts with quotes, breaks or delimiters in them stand in quotes."""
    return "\r\n".join(delimiter.join(quoted(value) for value in row) for row in rows or official_rows())


def quoted(value):
    text = "" if value is None else f"{value:,}" if isinstance(value, float) else str(value)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',;"\n') else text


# --- must be refused -------------------------------------------------------------------------


@refused("X18", "申报表.doc")
def old_word_document():
    return ole({"WordDocument": b"\xec\xa5" + bytes(4200)})


@refused("X06")
def encrypted_word_document():
    return ole({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(300)})


@refused("X07", "申报表.docm")
def word_document_with_macros():
    return docx(more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


@refused("X09")
def document_part_that_is_no_document():
    return zipped({"[Content_Types].xml": content_types(), DOCUMENT: "<w/>"})


@refused("X09")
def document_without_its_part():
    return zipped({"[Content_Types].xml": content_types(), "word/styles.xml": "<w/>"})


@refused("X09")
def document_cut_off():
    return docx(more={DOCUMENT: f'<w:document xmlns:w="{WORD}"><w:body><w:tbl>'})


@refused("X09")
def span_that_is_no_number():
    return docx(table().replace('<w:gridSpan w:val="5"/>', '<w:gridSpan w:val="五"/>'))


@refused("X14")
def span_of_a_hundred_thousand_columns():
    return docx(table().replace('<w:gridSpan w:val="5"/>', '<w:gridSpan w:val="99999"/>'))


@refused("X14")
def ten_thousand_rows_and_one():
    return docx(f"<w:tbl>{'<w:tr/>' * 20_000}<w:tr>{tc(paragraph(''))}</w:tr></w:tbl>")


@refused("X15")
def too_many_cells_in_a_document():
    row = f"<w:tr>{'<w:tc/>' * 250}</w:tr>"
    return docx(f"<w:tbl>{row * 2_100}</w:tbl>", packed=zipfile.ZIP_STORED)


@refused("X15")
def text_longer_than_a_cell_may_hold():
    return docx(table().replace("云溪市水务局", "长" * 40_000))


@refused("X12")
def document_with_a_dtd():
    return docx(before=DTD)


@refused("X12")
def unread_part_of_a_document_with_a_dtd():
    return docx(more={"word/styles.xml": f"{DTD}<w:styles/>"})


@refused("X26")
def table_within_a_table():
    return docx(f"<w:tbl><w:tr>{tc(table())}</w:tr></w:tbl>")


@refused("X50")
def letter_without_a_table():
    return docx(paragraph(run("关于报送部门整体预算绩效目标的函")))


@refused("X50")
def document_with_another_table():
    return docx(f"<w:tbl><w:tr>{tc(paragraph(run('序号')))}{tc(paragraph(run('姓名')))}</w:tr></w:tbl>")


@refused("X11")
def document_that_grows_a_thousandfold():
    return docx(more={"word/media.xml": "<a>" + " " * 8_000_000 + "</a>"})
