"""Workbooks of Excel 97 to 2003 (BIFF8 in an OLE container), as Excel, WPS and LibreOffice write them.

The container is opened by olefile, the values are read by python-calamine. Between the two, one
walk over the records finds what calamine does not tell: the extent of the content, encryption,
macros, percentages, error values.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from declarations.files.appearance.appearance import Appearance
from declarations.files.appearance.number_format import is_bare
from declarations.files.guarding.bounds import Box, judge_cells, judge_sheets
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import Place, Sheet
from declarations.files.opening.styles import BUILT_IN_CODES, is_percentage
from declarations.files.opening.values import CellCount, Notes, open_workbook, read_worksheet, sheet_of
from declarations.files.opening.xls_looks import (
    LOOKS_RECORDS,
    BiffLooks,
    note_cell,
    note_record,
    struck_fonts,
    struck_strings,
)

BOF, EOF, FILEPASS, BOUNDSHEET, XF, FORMAT = 0x809, 0x0A, 0x2F, 0x85, 0xE0, 0x41E
FONT, DATE_MODE, SST, CONTINUE = 0x31, 0x22, 0xFC, 0x3C
NUMBER, RK, MULRK, LABELSST, LABEL, BOOLERR, FORMULA = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0x205, 0x06
CELLS = frozenset({NUMBER, RK, LABELSST, LABEL, BOOLERR, FORMULA})
BIFF8, WORKSHEET, MACRO_SHEET = 0x600, 0x00, 0x01
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
NOT_COMPUTED = "=（公式没有结果）"
HEADER = struct.Struct("<2H")
CELL = struct.Struct("<3H")
STRUCK_OUT = 0x08
BOOK_RECORDS = frozenset({XF, FORMAT, FONT, DATE_MODE, SST})
OTHER_STREAMS = {"powerpoint document": "PPT 演示文稿", "visiodocument": "Visio 绘图"}


@dataclass(slots=True)
class Bound:
    """A sheet as the workbook lists it."""

    offset: int
    hidden: bool
    kind: int


@dataclass(slots=True)
class Globals:
    """What comes before the sheets: the list of sheets, and how the cell formats show values.

    ``styles``: number format and font of each cell format; ``fonts``: whether each is struck out; ``strings``: the
    shared strings as they are stored, in several records.
    """

    bounds: list[Bound] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[tuple[int, int]] = field(default_factory=list)
    fonts: list[bool] = field(default_factory=list)
    strings: list[bytes] = field(default_factory=list)
    is_1904: bool = False

    @property
    def percent_styles(self) -> frozenset[int]:
        return frozenset(index for index, (number, _) in enumerate(self.styles) if self.shows_percent(number))

    def shows_percent(self, number: int) -> bool:
        return is_percentage(self.formats[number]) if number in self.formats else number in (9, 10)

    @property
    def looks(self) -> BiffLooks:
        codes = BUILT_IN_CODES | {9: "0%", 10: "0.00%"} | self.formats
        shown = {index: codes[number] for index, (number, _) in enumerate(self.styles) if number in codes}
        fonts = struck_fonts(self.fonts)
        return BiffLooks(
            {index: code for index, code in shown.items() if not is_bare(code)},
            frozenset(index for index, (_, font) in enumerate(self.styles) if font in fonts),
            struck_strings(self.strings, fonts) if fonts else {},
            self.is_1904,
        )


@dataclass(slots=True)
class BiffScan:
    box: Box = field(default_factory=Box)
    percentages: list[Place] = field(default_factory=list)
    faults: dict[Place, str] = field(default_factory=dict)
    looks: Appearance = field(default_factory=Appearance)


def open_xls(data: bytes) -> list[Sheet]:
    stream = workbook_stream(data)
    try:
        found = read_globals(stream)
        percent, looks = found.percent_styles, found.looks
        scans = [scan_sheet(stream, bound.offset, percent, looks) for bound in found.bounds]
    except (struct.error, IndexError):
        raise refuse_damaged("记录不完整") from None
    judge_sheets(sum(bound.kind == WORKSHEET for bound in found.bounds))
    judge_cells(sum(scan.box.area for scan in scans))
    return read_values(data, found.bounds, scans)


def workbook_stream(data: bytes) -> bytes:
    """The stream with the workbook; refuses other OLE files, saying what they are."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {path[0].lower(): path for path in container.listdir(streams=True, storages=True)}
            judge_streams(streams)
            return container.openstream(streams["workbook"]).read()
    except (OSError, ValueError, IndexError, struct.error):
        raise refuse_damaged("文件不完整") from None


def judge_streams(streams: dict[str, list[str]]) -> None:
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        raise refusal_of("X06")
    if "worddocument" in streams:
        raise refusal_of("X18")
    for name, kind in OTHER_STREAMS.items():
        if name in streams:
            raise refusal_of("X04", kind=kind)
    if "workbook" not in streams and "book" in streams:
        raise refusal_of("X05", kind="旧版 Excel 表格（Excel 95 及以前）")
    if "workbook" not in streams:
        raise refusal_of("X03")
    if "_vba_project_cur" in streams:
        raise refusal_of("X07")


def records_of(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Record type and content, from an offset to the end of the substream that begins there."""
    depth = 0
    while True:
        kind, length = HEADER.unpack_from(stream, offset)
        content = stream[offset + 4 : offset + 4 + length]
        if len(content) < length:
            raise refuse_damaged("记录不完整")
        yield kind, content
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        offset += 4 + length


def read_globals(stream: bytes) -> Globals:
    found, before = Globals(), 0
    for number, (kind, content) in enumerate(records_of(stream, 0)):
        if number == 0 and (kind != BOF or struct.unpack_from("<H", content)[0] != BIFF8):
            raise refusal_of("X05", kind="旧版 Excel 表格（Excel 95 及以前）")
        if kind == FILEPASS:
            raise refusal_of("X06")
        if kind == BOUNDSHEET:
            offset, state, sheet_kind = struct.unpack_from("<I2B", content)
            found.bounds.append(Bound(offset, bool(state & 3), sheet_kind))
        elif kind in BOOK_RECORDS or (kind == CONTINUE and before == SST):
            note_style(found, kind, content)
        before = before if kind == CONTINUE else kind
    if any(bound.kind == MACRO_SHEET for bound in found.bounds):
        raise refusal_of("X07")
    return found


def note_style(found: Globals, kind: int, content: bytes) -> None:
    """Keep what a record says about the looks of cells, and the shared strings."""
    if kind == XF:
        font, number = struct.unpack_from("<2H", content)
        found.styles.append((number, font))
    elif kind == FORMAT:
        found.formats[struct.unpack_from("<H", content)[0]] = unicode_text(content[2:])
    elif kind == FONT:
        found.fonts.append(bool(struct.unpack_from("<2H", content)[1] & STRUCK_OUT))
    elif kind == DATE_MODE:
        found.is_1904 = content[:1] == b"\x01"
    else:
        found.strings.append(content)


def unicode_text(content: bytes) -> str:
    """A string with a two-byte length and one byte of flags (BIFF8)."""
    length, flags = struct.unpack_from("<HB", content)
    if flags & 1:
        return content[3 : 3 + 2 * length].decode("utf-16-le", "replace")
    return content[3 : 3 + length].decode("latin-1")


def scan_sheet(stream: bytes, offset: int, percent: frozenset[int], looks: BiffLooks) -> BiffScan:
    scan = BiffScan(looks=Appearance(is_1904=looks.is_1904, may_have_pictures=True))
    for kind, content in records_of(stream, offset):
        if kind in CELLS:
            scan_cell(scan, kind, content, percent)
            note_cell(scan.looks, looks, content, is_shared=kind == LABELSST)
        elif kind in LOOKS_RECORDS:
            note_record(scan.looks, kind, content)
        elif kind == MULRK:
            row, first = struct.unpack_from("<2H", content)
            for index in range((len(content) - 6) // 6):
                style = struct.unpack_from("<H", content, 4 + 6 * index)[0]
                add_number(scan, row, first + index, style in percent)
                note_cell(scan.looks, looks, CELL.pack(row, first + index, style))
    return scan


def scan_cell(scan: BiffScan, kind: int, content: bytes, percent: frozenset[int]) -> None:
    row, column, style = CELL.unpack_from(content)
    add_number(scan, row, column, style in percent)
    fault = ""
    if kind == BOOLERR and content[7]:
        fault = ERRORS.get(content[6], "#N/A")
    elif kind == FORMULA and content[12:14] == b"\xff\xff":
        fault = {2: ERRORS.get(content[8], "#N/A"), 3: NOT_COMPUTED}.get(content[6], "")
    if fault:
        scan.faults[row + 1, column + 1] = fault


def add_number(scan: BiffScan, row: int, column: int, shows_percent: bool) -> None:
    scan.box.add(row + 1, column + 1)
    if shows_percent:
        scan.percentages.append((row + 1, column + 1))


def read_values(data: bytes, bounds: list[Bound], scans: list[BiffScan]) -> list[Sheet]:
    workbook, cells, sheets = open_workbook(data), CellCount(), []
    if len(workbook.sheet_names) != len(bounds):
        raise refuse_damaged("工作表的数量不一致")
    for index, (name, bound, scan) in enumerate(zip(workbook.sheet_names, bounds, scans, strict=True)):
        if bound.kind == WORKSHEET:
            source = read_worksheet(workbook, index)
            cells.add(source)
            sheets.append(sheet_of(source, Notes(name, bound.hidden, scan.percentages, scan.faults, scan.looks)))
    return sheets
