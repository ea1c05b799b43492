"""Is this file safe to open, and what is it? Decided by content, never by name.

A file is judged before it is opened: size, kind, and for zip packages the directory
(`package.py`); the parts themselves are judged while they are read (`markup.py`, `bounds.py`).
Everything here is cheap and allocates no more than it was promised.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum

from declarations.files.guarding import limits
from declarations.files.guarding.package import Package
from declarations.files.guarding.refusals import refusal_of

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY_ZIP, SPLIT_ZIP = b"PK\x05\x06", b"PK\x07\x08"
ODS = "application/vnd.oasis.opendocument.spreadsheet"

PACKED = {
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf\x27\x1c": "7z 压缩包",
    b"\x1f\x8b": "GZIP 压缩文件",
    b"BZh": "BZIP2 压缩文件",
    b"\xfd7zXZ": "XZ 压缩文件",
    b"MSCF": "CAB 压缩包",
}
OTHER_KINDS = {
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"II*\0": "图片",
    b"MM\0*": "图片",
    b"RIFF": "多媒体文件",
    b"MZ": "Windows 程序",
    b"\x7fELF": "程序",
    b"\xca\xfe\xba\xbe": "程序",
    b"{\\rtf": "RTF 文档",
    b"SQLite format 3": "数据库文件",
}
OLD_SHEETS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
PACKAGE_FOLDERS = {"ppt/": "PPT 演示文稿", "visio/": "Visio 绘图"}
OASIS_KINDS = {"text": "ODT 文档", "presentation": "ODP 演示文稿", "graphics": "ODG 绘图", "database": "数据库文件"}
HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|style|div|script)\b", re.IGNORECASE)
SPREADSHEET_XML = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet", re.IGNORECASE)


WORD_XML = re.compile(r"progid=[\"']Word\.Document|schemas\.microsoft\.com/office/(?:word/2003|2006/xmlPackage)")
MHTML = re.compile(r"[A-Za-z][A-Za-z-]*:.*?^MIME-Version:", re.IGNORECASE | re.DOTALL | re.MULTILINE)
MIME = re.compile(r"MIME-Version:", re.IGNORECASE)
PDF, PDF_WITHIN = b"%PDF-", 1024
"""The mark of a PDF, and within how many bytes of junk before it readers still find it."""
HEAD_BYTES = 8_192


class FileKind(StrEnum):
    """What can be opened, and the zip of many workbooks that can be taken apart."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MHTML = "mhtml"
    XML_2003 = "xml"
    FLAT_ODS = "fods"
    TEXT = "text"
    ARCHIVE = "zip"


@dataclass(frozen=True, slots=True)
class Admitted:
    """A file that may be opened; ``package`` for those that are zip files."""

    kind: FileKind
    data: bytes
    package: Package | None = None


def admit_workbook(data: bytes) -> Admitted:
    """Judge a workbook; raises `Refused`. An archive of workbooks is not one."""
    judge_size(data)
    if data.startswith(ZIP):
        package = Package(data)
        kind = package_kind(package)
        if kind is FileKind.ARCHIVE:
            raise refusal_of("X08", kind="ZIP 压缩包")
        return Admitted(kind, data, package)
    if data.startswith(OLE):
        return Admitted(FileKind.XLS, data)
    if PDF in data[:PDF_WITHIN]:
        return Admitted(FileKind.PDF, data)
    refuse_known(data)
    return Admitted(markup_kind(data) or FileKind.TEXT, data)


def judge_size(data: bytes) -> None:
    if not data:
        raise refusal_of("X01")
    if len(data) > limits.FILE_BYTES:
        raise refusal_of("X02", limit=limits.FILE_BYTES // limits.MEBIBYTE)


def package_kind(package: Package) -> FileKind:
    """What a zip file is, by the parts that only that kind has."""
    if "[content_types].xml" in package.entries:
        return office_kind(package)
    if "mimetype" in package.entries:
        return oasis_kind(package)
    if any(name.endswith(".iwa") for name in package.entries):
        raise refusal_of("X05", kind="Numbers 表格")
    if "ofd.xml" in package.entries:
        raise refusal_of("X04", kind="OFD 版式文件")
    return FileKind.ARCHIVE


def office_kind(package: Package) -> FileKind:
    for folder, kind in PACKAGE_FOLDERS.items():
        if any(name.startswith(folder) for name in package.entries):
            raise refusal_of("X04", kind=kind)
    if any(name.endswith("workbook.bin") for name in package.entries):
        raise refusal_of("X05", kind="Excel 二进制工作簿(.xlsb)")
    return FileKind.DOCX if any(name.startswith("word/") for name in package.entries) else FileKind.XLSX


def oasis_kind(package: Package) -> FileKind:
    if package.entries["mimetype"].file_size > limits.NAME_LENGTH:
        raise refusal_of("X03")
    name = package.read("mimetype").decode("ascii", "replace").strip()
    if name in (ODS, f"{ODS}-template"):
        return FileKind.ODS
    family = name.rpartition(".")[2].removesuffix("-template")
    raise refusal_of("X04", kind=OASIS_KINDS[family]) if family in OASIS_KINDS else refusal_of("X03")


def refuse_known(data: bytes) -> None:
    """Refuse what is no text, saying what it is."""
    if data.startswith((EMPTY_ZIP, SPLIT_ZIP)):
        raise refusal_of("X08", kind="空的或分卷的 ZIP 压缩包")
    for mark, kind in PACKED.items():
        if data.startswith(mark):
            raise refusal_of("X08", kind=kind)
    if data[257:262] == b"ustar":
        raise refusal_of("X08", kind="TAR 压缩包")
    for mark, kind in OTHER_KINDS.items():
        if data.startswith(mark):
            raise refusal_of("X04", kind=kind)
    if data.startswith(OLD_SHEETS):
        raise refusal_of("X05", kind="旧版 Excel 表格（Excel 95 及以前）")


def markup_kind(data: bytes) -> FileKind | None:
    """Which web page or XML this is, None for what is neither. Raises `Refused` for XML that holds no spreadsheet."""
    head = beginning(data)
    if MIME.match(head) or MHTML.match(head[:2_000]):
        return FileKind.MHTML
    if re.match(r"[\[{]\s*[\"{]", head):
        raise refusal_of("X04", kind="供程序使用的 JSON 数据")
    if not re.match(r"<[A-Za-z!?]", head):
        return None
    if SPREADSHEET_XML.search(head) and not re.match(r"<(?:!doctype\s+)?html", head, re.IGNORECASE):
        return FileKind.XML_2003
    if "urn:oasis:names:tc:opendocument" in head:
        return FileKind.FLAT_ODS
    if WORD_XML.search(head):
        raise refusal_of("X05", kind="XML 格式的 Word 文档")
    if HTML.search(head):
        return FileKind.HTML
    raise refusal_of("X04", kind="XML 文件")


def beginning(data: bytes) -> str:
    """The first characters, whatever their encoding: what tells the kinds of markup apart is ASCII."""
    head = data[:HEAD_BYTES]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    head = head.removeprefix(codecs.BOM_UTF8)
    return head.replace(b"\0", b"").decode("ascii", "replace").lstrip()
