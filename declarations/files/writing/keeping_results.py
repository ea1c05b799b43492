"""Writing a workbook that openpyxl loaded without losing what its formulas had come to.

openpyxl writes a formula without its result; a program that does not compute would then find an empty cell. The
results that were read before are put back. Nothing is written to disk: the process that does this may not.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from declarations.files.guarding.bounds import position_of
from declarations.files.opening.sheet import Sheet, value_at

FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f(?:[^>]*/>|[^>]*>[^<]*</f>))<v ?/?>(?:</v>)?</c>')


class Results:
    """What the formulas of a file had come to, by sheet and cell."""

    def __init__(self, sheets: Mapping[str, Sheet], epoch: datetime.datetime) -> None:
        self.sheets, self.epoch = sheets, epoch

    def put_back(self, title: str, xml: bytes) -> bytes:
        sheet = self.sheets.get(title)
        return FORMULA.sub(lambda match: self._with_result(sheet, match), xml) if sheet else xml

    def _with_result(self, sheet: Sheet, match: re.Match[bytes]) -> bytes:
        place = position_of(match[1].decode())
        fault = sheet.faults.get(place, "")
        kind, text = ("e", fault) if fault.startswith("#") else typed_value(value_at(sheet, place), self.epoch)
        if not text:
            return match[0]
        stated = f' t="{kind}"'.encode() if kind else b""
        value = escape(text).encode()
        return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (match[1], match[2], stated, match[3], value)


def typed_value(value: object, epoch: datetime.datetime) -> tuple[str, str]:
    """A value as (type of cell, text): numbers have no type, dates are numbers."""
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, int | float):
        return "", repr(value)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return "", repr(to_excel(value, epoch))
    return ("str", value) if isinstance(value, str) else ("", "")


class InMemory(ExcelWriter):
    """openpyxl's writer, but for the temporary file of each sheet."""

    def __init__(self, book: Workbook, archive: zipfile.ZipFile, results: Results) -> None:
        super().__init__(book, archive)
        self.results = results

    def write_worksheet(self, ws) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        out = io.BytesIO()
        writer = WorksheetWriter(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], self.results.put_back(ws.title, out.getvalue()))
        self.manifest.append(ws)


def write_book(book: Workbook, archive: zipfile.ZipFile, results: Results) -> None:
    InMemory(book, archive, results).write_data()
