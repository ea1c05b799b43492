"""Tables -> Word: the official table as one real table with merged cells, to fill in, to sign and to read back.

python-docx makes the document, its styles and its pages; the table itself is written as XML, since setting
cell by cell takes ten times as long. Word repeats only the rows at a table's beginning: here the title.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from declarations.files.documents.printed import (
    BODY_FONT,
    BODY_SIZE,
    DATE,
    FORM,
    HEADING_FONT,
    MARGIN,
    PAPER,
    SIGNERS,
    SMALL_SIZE,
    TITLE_SIZE,
    Stamp,
    align_of,
    is_short,
    text_of,
    year_line,
)
from declarations.sheet.layout import CellRole, LayoutCell, lay_out
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text

MADE = datetime.datetime(2000, 1, 1)
TWIPS_A_MILLIMETRE = 1440 / 25.4
TEXT_WIDTH = PAPER[0] - 2 * MARGIN
BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}
LINE = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
BORDERS = "".join(LINE.format(side) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
NO_BORDERS = "".join(f'<w:{side} w:val="nil"/>' for side in ("top", "left", "right"))


def write_table(table: Table, stamp: Stamp | None = None) -> bytes:
    """The table as a .docx."""
    document = Document()
    set_page(document.sections[0])
    set_fonts(document.styles["Normal"])
    document.core_properties.title, document.core_properties.author = FORM, ""
    document.core_properties.created = document.core_properties.modified = MADE
    body = document.element.body
    body.insert(0, parse_xml(table_xml(table)))
    for line in ("　" * 4).join(f"{name}：" for name in SIGNERS), DATE:
        keep_signature_together(document.add_paragraph(line), is_date=line == DATE)
    set_footer(document.sections[0].footer.paragraphs[0], table, stamp)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def set_page(section) -> None:
    section.page_width, section.page_height = Mm(PAPER[0]), Mm(PAPER[1])
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(14), Mm(17)
    section.header_distance, section.footer_distance = Mm(8), Mm(8)


def set_fonts(style) -> None:
    """Chinese characters follow ``eastAsia``, which python-docx does not set."""
    style.font.name, style.font.size = BODY_FONT, Pt(BODY_SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def keep_signature_together(paragraph: Paragraph, *, is_date: bool) -> None:
    """Kept with the next line, so that the two stand together."""
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.keep_with_next = not is_date
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_date else WD_ALIGN_PARAGRAPH.LEFT


def set_footer(paragraph: Paragraph, table: Table, stamp: Stamp | None) -> None:
    """Whose table it is, page n of m, and which version."""
    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH / 2), WD_TAB_ALIGNMENT.CENTER)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    pieces = (shorten_text(table.department, 24), "\t第 ", "PAGE", " 页　共 ", "NUMPAGES", f" 页\t{stamp or ''}")
    for piece in pieces:
        run = paragraph.add_run("" if piece.isupper() and piece.isascii() else piece)
        run.font.size = Pt(SMALL_SIZE)
        if piece in ("PAGE", "NUMPAGES"):
            field = f'<w:fldSimple {nsdecls("w")} w:instr="{piece}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            run._r.addnext(parse_xml(field))


# --- the table -------------------------------------------------------------------------------


def table_xml(table: Table) -> str:
    rows, widths = lay_out(table), widths_in_twips(table.form.widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    below: dict[int, LayoutCell] = {}
    lines = [row_xml(i, row, below, widths, table) for i, row in enumerate(rows, 1)]
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def widths_in_twips(widths: tuple[float, ...]) -> list[int]:
    """The widths of the columns so that together they fill the page, in twentieths of a point."""
    return [round(width / sum(widths) * TEXT_WIDTH * TWIPS_A_MILLIMETRE) for width in widths]


def row_xml(number: int, row: list[LayoutCell], below: dict[int, LayoutCell], widths: list[int], table: Table) -> str:
    """A row; ``below`` holds, by column, the merged cells that reach down into it, and is kept up to date."""
    whole = "<w:cantSplit/>" if is_short(row, table.form.widths) else ""
    head = "<w:tblHeader/>" if row and row[0].role is CellRole.TITLE else ""
    cells = {cell.column: cell for cell in row} | below
    written = "".join(cell_xml(cells[column], number, widths, table) for column in sorted(cells))
    below |= {cell.column: cell for cell in row if cell.rows > 1}
    for column in [column for column, cell in below.items() if cell.row + cell.rows - 1 <= number]:
        del below[column]
    return f"<w:tr><w:trPr>{whole}{head}</w:trPr>{written}</w:tr>"


def cell_xml(cell: LayoutCell, row: int, widths: list[int], table: Table) -> str:
    width = sum(widths[cell.column - 1 : cell.column - 1 + cell.columns])
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    is_first = cell.row == row
    merge = f'<w:vMerge w:val="{"restart" if is_first else "continue"}"/>' if cell.rows > 1 else ""
    borders = f"<w:tcBorders>{NO_BORDERS}</w:tcBorders>" if cell.role is CellRole.TITLE else ""
    content = "".join(cell_paragraphs(cell, table)) if is_first else "<w:p/>"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{borders}<w:vAlign w:val="center"/></w:tcPr>'
        f"{content}</w:tc>"
    )


def cell_paragraphs(cell: LayoutCell, table: Table) -> Iterator[str]:
    properties = f'<w:pPr><w:spacing w:before="40" w:after="40"/><w:jc w:val="{align_of(cell)}"/></w:pPr>'
    is_title = cell.role is CellRole.TITLE
    yield f"<w:p>{properties}{run_xml(text_of(cell), TITLE if is_title else '')}</w:p>"
    if is_title and year_line(table):
        yield f"<w:p>{properties}{run_xml(year_line(table))}</w:p>"


TITLE = (
    f'<w:rPr><w:rFonts w:ascii="{HEADING_FONT}" w:hAnsi="{HEADING_FONT}" w:eastAsia="{HEADING_FONT}"/>'
    f'<w:sz w:val="{TITLE_SIZE * 2:g}"/></w:rPr>'
)


def run_xml(text: str, properties: str = "") -> str:
    """A run of text, its line breaks and tabs as Word has them."""
    pieces, plain = [], ""
    for letter in text:
        if letter in BREAKS:
            pieces += [text_xml(plain), BREAKS[letter]]
            plain = ""
        else:
            plain += letter
    return f"<w:r>{properties}{''.join(pieces)}{text_xml(plain)}</w:r>" if text else ""


def text_xml(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""
