"""The pages of a PDF as what lies on them: glyphs, straight lines and pictures, by pdfium.

Only what is drawn is looked at. Scripts, attachments, links, comments and form fields are never touched: pdfium is
built without a script engine, and nothing here asks it for them. Coordinates are points from the upper left corner
of the page as a person sees it, turned pages included.
"""

from __future__ import annotations

import ctypes
import math

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening_pdf.page_content import CountedContent, Glyph, Page, Placing
from declarations.files.opening_pdf.pdf_lines import draw_objects

ASLANT = math.radians(3)
CODE_POINTS = 0x110000
HYPHEN = 0x02
"""What pdfium says for a hyphen by which a word seems to be parted."""


def open_pages(data: bytes) -> tuple[list[Page], str]:
    """Every page in its order, and the keywords of the document.

    Raises `Refused` for a PDF that is damaged, has a password or is out of bounds.
    """
    document = open_document(data)
    try:
        if len(document) > limits.PDF_PAGES:
            raise refusal_of("X15", reason=f"共 {len(document)} 页，最多读取 {limits.PDF_PAGES} 页")
        counted = CountedContent()
        pages = [read_page(document, number, counted) for number in range(len(document))]
        return pages, document.get_metadata_value("Keywords")
    except PdfiumError:
        raise refuse_damaged("PDF 的页面不完整") from None
    finally:
        document.close()


def open_document(data: bytes) -> PdfDocument:
    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise refusal_of("X27") from None
        raise refuse_damaged("PDF 结构不完整") from None


def read_page(document: PdfDocument, number: int, counted: CountedContent) -> Page:
    source = document[number]
    try:
        page, place = Page(), Placing(source)
        draw_objects(page, source, place, counted)
        read_text(page, source, place, counted)
        return page
    finally:
        source.close()


def read_text(page: Page, source, place: Placing, counted: CountedContent) -> None:
    text = source.get_textpage()
    try:
        count = max(0, pdfium.FPDFText_CountChars(text))
        counted.add(glyphs=count)
        aslant = []
        for i in range(count):
            code = code_at(text, i)
            if code < 0x20 or code >= CODE_POINTS or pdfium.FPDFText_IsGenerated(text, i) == 1:
                continue
            if is_aslant(pdfium.FPDFText_GetCharAngle(text, i)):
                aslant.append(chr(code))
            else:
                page.glyphs.append(glyph_of(text, i, chr(code), place))
        page.aslant = "".join(aslant).strip()
    finally:
        text.close()


def code_at(text, i: int) -> int:
    """The character; a hyphen at the end of a line is one, whatever pdfium takes it for."""
    code = pdfium.FPDFText_GetUnicode(text, i)
    return ord("-") if code == HYPHEN or pdfium.FPDFText_IsHyphen(text, i) == 1 else code


def is_aslant(angle: float) -> bool:
    """Whether a text runs neither level nor upright."""
    rest = abs(angle) % (math.pi / 2)
    return ASLANT < rest < math.pi / 2 - ASLANT


def glyph_of(text, i: int, char: str, place: Placing) -> Glyph:
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetLooseCharBox(text, i, box)
    pdfium.FPDFText_GetCharOrigin(text, i, x, y)
    left, top = place.point(box.left, box.top)
    right, bottom = place.point(box.right, box.bottom)
    _, baseline = place.point(x.value, y.value)
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    return Glyph(char, left, right, (top + bottom) / 2, baseline, bottom - top)
