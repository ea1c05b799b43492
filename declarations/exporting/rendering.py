"""The forms in which a table leaves: workbook, Word, PDF, JSON. Each library is loaded when first wanted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from declarations.files.documents.printed import DOCX_VERSION, PDF_VERSION, DocumentError, Stamp
from declarations.files.writing.writer import XLSX_VERSION, WriteError, write_table
from declarations.sheet.table import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Write = Callable[[Table, Stamp | None], bytes]


class RenderError(Exception):
    """Why a table cannot leave in this form, in Chinese."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A form in which declarations leave; menus, texts and limits are made of it.

    ``key`` in addresses, ``ending`` of the file's name, ``label`` for people. ``offer``: words of the menu of one
    declaration, empty where it has none there; ``list_offer``: of the menu of a list. ``direct_up_to``: so many
    tables of a list leave at once, in two seconds or so; more are made by a job. ``in_one_file``: whether a list
    leaves as one file, and not as an archive with a file of each department.
    """

    key: str
    ending: str
    label: str
    content_type: str
    icon: str
    list_offer: str
    direct_up_to: int
    offer: str = ""
    in_one_file: bool = False

    @property
    def list_name(self) -> str:
        """The name of a list's file, without its ending."""
        return "申报数据" if self.in_one_file else f"申报表_{self.key}"

    @property
    def list_ending(self) -> str:
        return self.ending if self.in_one_file else "zip"

    @property
    def list_content_type(self) -> str:
        return self.content_type if self.in_one_file else "application/zip"


@dataclass(frozen=True, kw_only=True)
class ExportForm(Format):
    """One that a single table leaves in; ``kept``: whether reading one costs less than making it."""

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
    form.key: form
    for form in (
        ExportForm(
            key="xlsx",
            ending="xlsx",
            label="Excel 工作簿",
            content_type=XLSX,
            icon="file-earmark-spreadsheet",
            list_offer="Excel，一部门一个文件（.zip）",
            direct_up_to=150,
            version=XLSX_VERSION,
            write=_xlsx,
        ),
        ExportForm(
            key="docx",
            ending="docx",
            label="Word 文档",
            content_type=DOCX,
            icon="file-earmark-text",
            offer="Word 文档（.docx）",
            list_offer="Word，一部门一个文件（.zip）",
            direct_up_to=60,
            version=DOCX_VERSION,
            write=_docx,
        ),
        ExportForm(
            key="pdf",
            ending="pdf",
            label="PDF",
            content_type="application/pdf",
            icon="printer",
            offer="PDF（盖章报送用）",
            list_offer="PDF，一部门一个文件（.zip）",
            direct_up_to=20,
            version=PDF_VERSION,
            write=_pdf,
        ),
        ExportForm(
            key="json",
            ending="json",
            label="JSON 数据",
            content_type="application/json; charset=utf-8",
            icon="list-ul",
            offer="JSON 数据",
            list_offer="JSON 数据（.zip）",
            direct_up_to=400,
            version=1,
            write=_json,
            kept=False,
        ),
    )
}
"""``version``: raise it with every change of what a writer writes; files kept of earlier versions are left aside."""
FLAT = Format(
    key="flat",
    ending="xlsx",
    label="全部数据汇总（Excel）",
    content_type=XLSX,
    icon="table",
    list_offer="全部数据汇总，供分析（.xlsx）",
    direct_up_to=400,
    in_one_file=True,
)
LIST_FORMS: dict[str, Format] = {**FORMS, FLAT.key: FLAT}
"""The forms in which a list leaves."""


def names_of(forms: Iterable[str]) -> str:
    """Return keys in words: ``xlsx、docx 或 pdf``."""
    *others, last = forms
    return f"{'、'.join(others)} 或 {last}" if others else last
