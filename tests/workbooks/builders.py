"""Workbooks made part by part, so that any part can be made wrong.

An xlsx is a dictionary of part name to content; `zipped` writes it. `book` gives the parts of a
good workbook with the official table, to be changed by the caller.
"""

import io
import struct
import warnings
import zipfile
import zlib
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter
import xlwt

from declarations.files.opening.sheet import address
from tests.workbooks.tables import official_merges, official_rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
WORKBOOK_LINKS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip of parts: a dictionary, or pairs where a name shall come twice."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")  # of a name that comes twice, which is meant
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return buffer.getvalue()


# --- xlsx by hand ----------------------------------------------------------------------------


def book(rows=None, **more):
    """The parts of a workbook with one sheet, as text or bytes by name. ``more``: see `sheet_xml`."""
    rows = official_rows() if rows is None else rows
    strings = list(dict.fromkeys(value for row in rows for value in row if isinstance(value, str)))
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": links([("rId1", "officeDocument", WORKBOOK)]),
        WORKBOOK: workbook_xml([("Sheet1", "rId1", "")]),
        WORKBOOK_LINKS: links(
            [
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "styles", "styles.xml"),
                ("rId3", "sharedStrings", "sharedStrings.xml"),
            ]
        ),
        SHEET: sheet_xml(rows, strings, **more),
        STRINGS: strings_xml(strings),
        STYLES: styles_xml(),
    }


def xlsx(changes=None, rows=None, **more):
    """A workbook with parts replaced or added; a part replaced by None is left out."""
    parts = book(rows, **more) | (changes or {})
    return zipped({name: content for name, content in parts.items() if content is not None})


def content_types():
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.sheet.main+xml"/></Types>'
    )


def links(entries, more=""):
    listed = "".join(
        f'<Relationship Id="{link}" Type="{LINKS}/{kind}" Target="{target}"/>' for link, kind, target in entries
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE_LINKS}">{listed}{more}</Relationships>'


def workbook_xml(sheets, properties="<workbookPr/>"):
    """``sheets``: name, relationship id, state."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}"{state and f" state={quoteattr(state)}"} r:id="{link}"/>'
        for number, (name, link, state) in enumerate(sheets, 1)
    )
    return f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{properties}<sheets>{listed}</sheets></workbook>'


def strings_xml(strings, attributes=""):
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    return f'{DECLARATION}<sst xmlns="{MAIN}"{attributes}>{items}</sst>'


def styles_xml(formats=(0, 9), custom=""):
    """``formats``: number format of each cell style; ``custom``: numFmt elements."""
    listed = "".join(f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in formats)
    return (
        f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts>{custom}</numFmts><cellXfs>{listed}</cellXfs></styleSheet>'
    )


def sheet_xml(rows, strings, *, top=1, left=1, before="", after="", inside=""):
    """``before`` and ``after`` the data, ``inside`` it below the last row."""
    lines = "".join(row_xml(number, row, strings, left) for number, row in enumerate(rows, top))
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{LINKS}">{before}'
        f"<sheetData>{lines}{inside}</sheetData>{after}</worksheet>"
    )


def row_xml(number, row, strings, left):
    cells = (cell_xml(address(number, column), value, strings) for column, value in enumerate(row, left))
    return f'<row r="{number}">{"".join(cells)}</row>'


def cell_xml(place, value, strings):
    if value is None or value == "":
        return f'<c r="{place}" s="0"/>'
    if isinstance(value, str):
        return f'<c r="{place}" t="s"><v>{strings.index(value)}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def merges_xml(areas):
    listed = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return f'<mergeCells count="{len(areas)}">{listed}</mergeCells>'


# --- by the libraries that people use ---------------------------------------------------------


def by_openpyxl(change=None, edition="2026"):
    """The official table with merges; ``change(workbook, sheet)`` before it is saved."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in official_rows(edition):
        sheet.append(row)
    for area in official_merges(edition):
        sheet.merge_cells(area)
    if change:
        change(workbook, sheet)
    return saved(workbook.save)


def by_xlsxwriter(change=None, edition="2026"):
    """The official table without merges; ``change(workbook, sheet)`` before it is closed."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet("申报表")
    for number, row in enumerate(official_rows(edition)):
        sheet.write_row(number, 0, row)
    if change:
        change(workbook, sheet)
    workbook.close()
    return buffer.getvalue()


def by_xlwt(change=None, edition="2026"):
    """The official table as .xls of Excel 97; ``change(workbook, sheet)`` before it is saved."""
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("申报表", cell_overwrite_ok=True)
    for number, row in enumerate(official_rows(edition)):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    if change:
        change(workbook, sheet)
    return saved(workbook.save)


def saved(save):
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


# --- OpenDocument ------------------------------------------------------------------------------

ODS_MANIFEST = f'{DECLARATION}<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>'
ODS_TAIL = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def ods(tables=None, **changes):
    """``tables``: XML of the tables; ``changes``: ``content``, ``manifest``, ``mimetype``, or ``more`` parts."""
    tables = ods_table("申报表", official_rows()) if tables is None else tables
    parts = {
        "mimetype": changes.get("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        "content.xml": changes.get("content", ods_content(tables)),
        "META-INF/manifest.xml": changes.get("manifest", ODS_MANIFEST),
    }
    return zipped(parts | changes.get("more", {}))


def ods_content(tables):
    spaces = "".join(f' xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    return (
        f"{DECLARATION}<office:document-content{spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def ods_table(name, rows, tail=ODS_TAIL):
    """As LibreOffice writes it: empty cells and rows up to the end of the sheet, repeated."""
    lines = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}{ODS_REST}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}">{lines}{tail}</table:table>'


ODS_REST = '<table:table-cell table:number-columns-repeated="16378"/>'


def ods_cell(value):
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
    typed = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {typed}><text:p>{value}</text:p></table:table-cell>"


# --- OLE containers ----------------------------------------------------------------------------

SECTOR = 512
FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams):
    """An OLE container with these streams at its root (version 3, every stream at least 4,096 bytes long)."""
    fat, content, entries = [FAT_SECTOR], b"", []
    directory_sectors = -(-(len(streams) + 1) // 4)
    fat += chain(1, directory_sectors)
    for name, stream in streams.items():
        padded = stream.ljust(4096, b"\0")
        first, sectors = len(fat), -(-len(padded) // SECTOR)
        fat += chain(first, sectors)
        content += padded.ljust(sectors * SECTOR, b"\0")
        entries.append((name, 2, first, len(padded)))
    directory = b"".join(directory_entries(entries)).ljust(directory_sectors * SECTOR, b"\0")
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    assert len(table) == SECTOR, "one sector of FAT is enough for tests"
    return ole_header() + table + directory + content


def chain(first, length):
    return [*range(first + 1, first + length), END_OF_CHAIN]


def ole_header():
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6) + struct.pack("<4I", 0, 1, 1, 0)
    head += struct.pack("<5I", 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    return head + struct.pack("<109I", 0, *[FREE] * 108)


def directory_entries(entries):
    """The root and its children, linked as a list to the right."""
    yield directory_entry("Root Entry", 5, END_OF_CHAIN, 0, child=1 if entries else FREE)
    for number, (name, kind, first, size) in enumerate(entries, 1):
        yield directory_entry(name, kind, first, size, right=number + 1 if number < len(entries) else FREE)


def directory_entry(name, kind, first, size, right=FREE, child=FREE):
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<H2B", len(encoded) + 2, kind, 1)
    return head + struct.pack("<3I", FREE, right, child) + b"\0" * 36 + struct.pack("<IQ", first, size)


def biff(*records):
    """A stream of BIFF records: pairs of type and content."""
    return b"".join(struct.pack("<2H", kind, len(content)) + content for kind, content in records)


# --- zips that lie -----------------------------------------------------------------------------


def patched(data, signature, offset, value, *, every=True):
    """The same zip with a four-byte field changed in its local (PK 3 4) or central (PK 1 2) headers."""
    changed, start = bytearray(data), data.find(signature)
    while start >= 0:
        changed[start + offset : start + offset + 4] = struct.pack("<I", value)
        start = data.find(signature, start + 4) if every else -1
    return bytes(changed)


def repeated(names, content, *, overlapping=False):
    """A zip with the same content under each name; ``overlapping``: packed once, after David Fifield's zip bomb."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    sizes = struct.pack("<3I", zlib.crc32(content), len(packed), len(content))
    body, central = b"", b""
    for name in names:
        offset = 0 if overlapping else len(body)
        if not (overlapping and body):
            body += struct.pack("<4s5H", b"PK\x03\x04", 20, 0, 8, 0, 33) + sizes
            body += struct.pack("<2H", len(name), 0) + name + packed
        central += struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 0, 8, 0, 33) + sizes
        central += struct.pack("<5H2I", len(name), 0, 0, 0, 0, 0, offset) + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(names), len(names), len(central), len(body), 0)
    return body + central + end
