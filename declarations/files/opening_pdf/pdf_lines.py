"""The straight lines and the pictures of a page of a PDF, by pdfium.

A line is what is stroked, or a filled rectangle so thin that it looks like one: programs differ.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pypdfium2.raw as pdfium

from declarations.files.opening_pdf.page_content import CountedContent, Page, Placing, RuledLine

THIN = 3.0
"""A filled rectangle of at most so many points in one direction is a line."""
STRAIGHT = 1.0
DEEPEST_FORM = 8
"""How many drawings within drawings are followed."""

Matrix = tuple[float, float, float, float, float, float]


def draw_objects(page: Page, source, place: Placing, counted: CountedContent) -> None:
    count = pdfium.FPDFPage_CountObjects(source)
    counted.judge(count)
    get = partial(pdfium.FPDFPage_GetObject, source)
    draw(page, (get(i) for i in range(count)), (1, 0, 0, 1, 0, 0), place, counted)


def draw(
    page: Page, objects: Iterator, matrix: Matrix, place: Placing, counted: CountedContent, depth: int = 0
) -> None:
    for drawn in objects:
        counted.add(objects=1)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            trace(page, drawn, multiply_matrices(matrix_of(drawn), matrix), place, counted)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            page.pictures += 1
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            get = partial(pdfium.FPDFFormObj_GetObject, drawn)
            inner = (get(i) for i in range(max(0, pdfium.FPDFFormObj_CountObjects(drawn))))
            draw(page, inner, multiply_matrices(matrix_of(drawn), matrix), place, counted, depth + 1)


def matrix_of(drawn) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def multiply_matrices(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    o, p, q, r, s, t = outer
    return a * o + b * q, a * p + b * r, c * o + d * q, c * p + d * r, e * o + f * q + s, e * p + f * r + t


def trace(page: Page, path, matrix: Matrix, place: Placing, counted: CountedContent) -> None:
    """The straight lines of a path: what is stroked, and what is filled but as thin as a line."""
    fill, is_stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, is_stroked)
    for points in subpaths(path, matrix, place, counted):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
        if min(right - left, bottom - top) <= THIN and len(points) > 2:
            add_line(page, left, top, right, bottom)
        elif is_stroked.value:
            for (x, y), (to_x, to_y) in pairwise(points):
                add_line(page, x, y, to_x, to_y)


def subpaths(path, matrix: Matrix, place: Placing, counted: CountedContent) -> Iterator[list[tuple[float, float]]]:
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
        page.levels.append(RuledLine((y + to_y) / 2, min(x, to_x), max(x, to_x)))
    elif across <= max(STRAIGHT, min(THIN, down / 4)) and down > across:
        page.uprights.append(RuledLine((x + to_x) / 2, min(y, to_y), max(y, to_y)))
