"""From the bytes of a file to sheets, whatever kind of file it is. Raises `Refused`.

Meant for the child process of `sandbox.py`: the gate keeps out what is known to hurt, the
process limits contain what is not.
"""

from __future__ import annotations

from declarations.files.guarding.gate import FileKind, admit_workbook
from declarations.files.opening.sheet import Sheet
from declarations.files.opening.xlsx import open_xlsx

MARKUP = (FileKind.HTML, FileKind.MHTML, FileKind.XML_2003, FileKind.FLAT_ODS)


def open_sheets(data: bytes) -> list[Sheet]:
    """Every worksheet of the file in its order, hidden ones too. Text and Word: one sheet without a name."""
    admitted = admit_workbook(data)
    if admitted.package and admitted.kind is FileKind.XLSX:
        return open_xlsx(admitted.package)
    return open_other(admitted.kind, data, admitted.package)


def open_other(kind: FileKind, data: bytes, package) -> list[Sheet]:
    """The rarer kinds; their modules are imported when the first such file comes."""
    if kind is FileKind.ODS:
        from declarations.files.opening.ods import open_ods

        return open_ods(package)
    if kind is FileKind.DOCX:
        from declarations.files.opening.docx import open_docx

        return open_docx(package)
    if kind is FileKind.XLS:
        from declarations.files.opening.xls import open_xls

        return open_xls(data)
    if kind in MARKUP:
        return open_markup(kind, data)
    if kind is FileKind.PDF:
        from declarations.files.opening_pdf.pdf import open_pdf

        return open_pdf(data)
    from declarations.files.opening.text import open_text

    return open_text(data)


def open_markup(kind: FileKind, data: bytes) -> list[Sheet]:
    """Web pages and XML that Excel, WPS, LibreOffice and web sites save, often under the name of a workbook."""
    if kind is FileKind.XML_2003:
        from declarations.files.opening_web.xml_2003 import open_xml_2003

        return open_xml_2003(data)
    if kind is FileKind.FLAT_ODS:
        from declarations.files.opening.ods import open_flat_ods

        return open_flat_ods(data)
    from declarations.files.opening_web.web_pages import open_html, open_mhtml

    return open_mhtml(data) if kind is FileKind.MHTML else open_html(data)
