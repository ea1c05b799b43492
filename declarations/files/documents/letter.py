"""A letter of the bureau as a value, and as Word: heading, paragraphs, numbered opinions, a table, who signs.

The page on screen shows the same value, so that what is read there is what is printed.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from declarations.files.documents.printed import BODY_FONT, HEADING_FONT
from declarations.sheet.table import clean_text

LETTER_VERSION = 1
MADE = datetime.datetime(2000, 1, 1)
PAPER, MARGINS = (210, 297), {"left": 28, "right": 26, "top": 37, "bottom": 35}
"""A4 and the margins of official documents (党政机关公文格式 GB/T 9704—2012, 5.2), in millimetres."""
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, FOOT_SIZE = 22, 16, 10.5, 9
"""二号, 三号, 五号 and 小五, in points (GB/T 9704—2012, 5.2.2)."""
INDENT = 2
"""Characters by which a paragraph begins later (GB/T 9704—2012, 7.3.3)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``flush``: begins at the margin, as the line does that says whom the letter is for."""

    text: str
    flush: bool = False


@dataclass(frozen=True, slots=True)
class LetterGrid:
    """A table; ``widths`` are shares of the page, ``numeric`` the columns that stand on the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Letter:
    title: str
    blocks: tuple[Paragraph | LetterGrid, ...]
    signature: str
    date: str
    foot: str = ""


def write_letter(letter: Letter) -> bytes:
    """The letter as a .docx; the same letter gives the same words in the same places."""
    document = Document()
    _set_up(document, letter)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(BODY_SIZE)
    _run(title, letter.title, TITLE_SIZE, HEADING_FONT)
    for block in letter.blocks:
        _add_table(document, block) if isinstance(block, LetterGrid) else _add_paragraph(document, block)
    _add_signature(document, letter)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: WordDocument, letter: Letter) -> None:
    section, style = document.sections[0], document.styles["Normal"]
    section.page_width, section.page_height = Mm(PAPER[0]), Mm(PAPER[1])
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    style.font.name, style.font.size = BODY_FONT, Pt(BODY_SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean_text(letter.title), "", ""
    properties.created = properties.modified = MADE
    if letter.foot:
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(foot, letter.foot, FOOT_SIZE)


def _run(paragraph, text: str, size: float, font: str = BODY_FONT) -> None:
    run = paragraph.add_run(clean_text(text))
    run.font.size, run.font.name = Pt(size), font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _add_paragraph(document: WordDocument, block: Paragraph) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(28)
    if not block.flush:
        paragraph.paragraph_format.first_line_indent = Pt(INDENT * BODY_SIZE)
    _run(paragraph, block.text, BODY_SIZE)


def _add_table(document: WordDocument, grid: LetterGrid) -> None:
    table = document.add_table(rows=1, cols=len(grid.head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    room = PAPER[0] - MARGINS["left"] - MARGINS["right"]
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Mm(room * width / sum(grid.widths))
    _fill(table.rows[0].cells, grid.head, grid, is_head=True)
    _repeat(table.rows[0])
    for row in grid.rows:
        _fill(table.add_row().cells, row, grid)


def _fill(cells, texts: tuple[str, ...], grid: LetterGrid, *, is_head: bool = False) -> None:
    for number, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        numeric = number in grid.numeric and not is_head
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if numeric else (WD_ALIGN_PARAGRAPH.CENTER if is_head else None)
        _run(paragraph, text, TABLE_SIZE, HEADING_FONT if is_head else BODY_FONT)


def _repeat(row) -> None:
    """The head of the table stands again on each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add_signature(document: WordDocument, letter: Letter) -> None:
    """Whose letter it is and of which day, at the right; room for the seal above."""
    for number, text in enumerate((letter.signature, letter.date)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(INDENT * BODY_SIZE)
        paragraph.paragraph_format.space_before = Pt(0 if number else 2 * BODY_SIZE)
        paragraph.paragraph_format.keep_with_next = not number
        _run(paragraph, text, BODY_SIZE)
