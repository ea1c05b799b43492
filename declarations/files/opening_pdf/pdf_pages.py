"""The pages of a PDF as what lies on them: glyphs, straight lines and pictures, by pdfium.

Only what is drawn is looked at. Scripts, attachments, links, comments and form fields are never touched: pdfium is
built without a script engine, and nothing here asks it for them. Coordinates are points from the upper left corner
of the page as a person sees it, turned pages included.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of, refuse_damaged

THIN = 3.0
"""A filled rectangle of at most so many points in one direction is a line."""
STRAIGHT = 1.0
ASLANT = math.radians(3)
DEEPEST_FORM = 8
"""How many drawings within drawings are followed."""
CODE_POINTS = 0x110000
HYPHEN = 0x02
"""What pdfium says for a hyphen by which a word seems to be parted."""

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character where it stands: ``left`` and ``right`` of its advance, ``middle`` of its height, its baseline."""

    char: str
    left: float
    right: float
    middle: float
    baseline: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line: level at height ``at`` or upright at ``at``, from ``start`` to ``end`` in the other direction."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """What is on a page; ``aslant`` is the text of watermarks that run across it."""

    glyphs: list[Glyph] = field(default_factory=list)
    levels: list[Line] = field(default_factory=list)
    uprights: list[Line] = field(default_factory=list)
    pictures: int = 0
    aslant: str = ""


def open_pages(data: bytes) -> list[Page]:
    """Every page in its order. Raises `Refused` for a PDF that is damaged, has a password or is out of bounds."""
    document = open_document(data)
    try:
        if len(document) > limits.PDF_PAGES:
            raise refusal_of("X15", reason=f"共 {len(document)} 页，最多读取 {limits.PDF_PAGES} 页")
        counted = Counted()
        return [read_page(document, number, counted) for number in range(len(document))]
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


class Counted:
    """What all pages of a file may hold together."""

    def __init__(self) -> None:
        self.glyphs = self.objects = 0

    def add(self, *, glyphs: int = 0, objects: int = 0) -> None:
        self.glyphs += glyphs
        self.objects += objects
        if self.glyphs > limits.PDF_GLYPHS:
            raise refusal_of("X15", reason=f"文字超过 {limits.PDF_GLYPHS} 字")
        if self.objects > limits.PDF_OBJECTS:
            raise refusal_of("X15", reason=f"图形超过 {limits.PDF_OBJECTS} 个")


def read_page(document: PdfDocument, number: int, counted: Counted) -> Page:
    source = document[number]
    try:
        page, place = Page(), Placing(source)
        draw_objects(page, source, place, counted)
        read_text(page, source, place, counted)
        return page
    finally:
        source.close()


class Placing:
    """From the coordinates of a page as stored to those of the page as seen."""

    def __init__(self, page) -> None:
        self.turns = page.get_rotation() // 90 % 4
        left, bottom, right, top = page.get_mediabox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


# --- lines -----------------------------------------------------------------------------------


def draw_objects(page: Page, source, place: Placing, counted: Counted) -> None:
    count = pdfium.FPDFPage_CountObjects(source)
    get = partial(pdfium.FPDFPage_GetObject, source)
    draw(page, (get(i) for i in range(count)), (1, 0, 0, 1, 0, 0), place, counted)


def draw(page: Page, objects: Iterator, matrix: Matrix, place: Placing, counted: Counted, depth: int = 0) -> None:
    for drawn in objects:
        counted.add(objects=1)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            trace(page, drawn, multiplied(matrix_of(drawn), matrix), place, counted)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            page.pictures += 1
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            get = partial(pdfium.FPDFFormObj_GetObject, drawn)
            inner = (get(i) for i in range(max(0, pdfium.FPDFFormObj_CountObjects(drawn))))
            draw(page, inner, multiplied(matrix_of(drawn), matrix), place, counted, depth + 1)


def matrix_of(drawn) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def multiplied(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    o, p, q, r, s, t = outer
    return a * o + b * q, a * p + b * r, c * o + d * q, c * p + d * r, e * o + f * q + s, e * p + f * r + t


def trace(page: Page, path, matrix: Matrix, place: Placing, counted: Counted) -> None:
    """The straight lines of a path: what is stroked, and what is filled but as thin as a line."""
    fill, is_stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, is_stroked)
    for points in subpaths(path, matrix, place, counted):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        if min(right - left, bottom - top) <= THIN and len(points) > 2:
            add_line(page, left, top, right, bottom)
        elif is_stroked.value:
            for (x, y), (to_x, to_y) in zip(points, points[1:], strict=False):
                add_line(page, x, y, to_x, to_y)


def subpaths(path, matrix: Matrix, place: Placing, counted: Counted) -> Iterator[list[tuple[float, float]]]:
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    count = max(0, pdfium.FPDFPath_CountSegments(path))
    counted.add(objects=count)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(place.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def add_line(page: Page, x: float, y: float, to_x: float, to_y: float) -> None:
    """The line between two points, where it runs level or upright."""
    across, down = abs(to_x - x), abs(to_y - y)
    if not math.isfinite(across + down):
        return
    if down <= max(STRAIGHT, min(THIN, across / 4)) and across > down:
        page.levels.append(Line((y + to_y) / 2, min(x, to_x), max(x, to_x)))
    elif across <= max(STRAIGHT, min(THIN, down / 4)) and down > across:
        page.uprights.append(Line((x + to_x) / 2, min(y, to_y), max(y, to_y)))


# --- text ------------------------------------------------------------------------------------


def read_text(page: Page, source, place: Placing, counted: Counted) -> None:
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
