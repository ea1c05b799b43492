"""The forms in which a table leaves: workbook, Word, PDF, JSON. Each library is loaded when first wanted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass

from declarations.files.documents.printed import DOCX_VERSION, PDF_VERSION, DocumentError, Stamp
from declarations.files.writing.writer import VERSION as XLSX_VERSION
from declarations.files.writing.writer import WriteError, write_table
from declarations.sheet.table import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Write = Callable[[Table, Stamp | None], bytes]


class RenderError(Exception):
    """Why a table cannot leave in this form, in Chinese."""


@dataclass(frozen=True)
class ExportForm:
    """``ending`` of the file's name, ``label`` for people; ``kept``: whether reading one costs less than making it."""

    ending: str
    label: str
    content_type: str
    version: int
    write: Write
    kept: bool = True

    def render(self, table: Table, stamp: Stamp | None = None) -> bytes:
        """The file; raises `RenderError`."""
        try:
            return self.write(table, stamp)
        except (WriteError, DocumentError) as error:
            raise RenderError(str(error)) from error


def _xlsx(table: Table, stamp: Stamp | None) -> bytes:
    file = io.BytesIO()
    write_table(table, file)
    return file.getvalue()


def _docx(table: Table, stamp: Stamp | None) -> bytes:
    from declarations.files.documents import word

    return word.write_table(table, stamp)


def _pdf(table: Table, stamp: Stamp | None) -> bytes:
    from declarations.files.documents import pdf

    return pdf.write_table(table, stamp)


def _json(table: Table, stamp: Stamp | None) -> bytes:
    return json.dumps(table.to_json(), ensure_ascii=False, indent=2).encode()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {
    form.ending: form
    for form in (
        ExportForm("xlsx", "Excel 工作簿", XLSX, XLSX_VERSION, _xlsx),
        ExportForm("docx", "Word 文档", DOCX, DOCX_VERSION, _docx),
        ExportForm("pdf", "PDF", "application/pdf", PDF_VERSION, _pdf),
        ExportForm("json", "JSON 数据", "application/json; charset=utf-8", 1, _json, kept=False),
    )
}
"""``version``: raise it with every change of what a writer writes; files kept of earlier versions are left aside."""
