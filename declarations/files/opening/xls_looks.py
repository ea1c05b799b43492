"""What the records of a BIFF8 workbook say about what a person sees: number formats, struck-out text, what is hidden.

After [MS-XLS]: Row 2.4.221, ColInfo 2.4.53, MergeCells 2.4.168, SST 2.4.265 with XLUnicodeRichExtendedString.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise

from declarations.files.appearance.appearance import Appearance, Run
from declarations.files.guarding import limits

ROW, DEFAULT_ROW_HEIGHT, COLUMN_INFO, MERGED_CELLS = 0x208, 0x225, 0x7D, 0xE5
LOOKS_RECORDS = frozenset({ROW, COLUMN_INFO, MERGED_CELLS})
ROW_HIDDEN, COLUMN_HIDDEN = 0x20, 0x01
HEIGHT = 0x7FFF
CELL = struct.Struct("<3H")
MISSING_FONT = 4
"""No font has this number: those behind it are counted one too high."""


@dataclass(frozen=True, slots=True)
class BiffLooks:
    """How the cell formats of a workbook show values, and the shared strings of which a part is struck out."""

    formats: dict[int, str]
    struck: frozenset[int]
    strings: dict[int, list[Run]]
    is_1904: bool


def struck_fonts(fonts: list[bool]) -> frozenset[int]:
    """Return the numbers of the fonts that are struck out, as cell formats and runs name them."""
    return frozenset(index + (index >= MISSING_FONT) for index, is_struck in enumerate(fonts) if is_struck)


def note_cell(looks: Appearance, book: BiffLooks, content: bytes, *, is_shared: bool = False) -> None:
    """Note what the format of a cell adds; ``is_shared``: its text is a shared string."""
    row, column, style = CELL.unpack_from(content)
    place = row + 1, column + 1
    if style in book.formats:
        looks.formats.append((place, book.formats[style]))
    if style in book.struck:
        looks.struck.add(place)
    if is_shared and book.strings:
        runs = book.strings.get(struct.unpack_from("<I", content, 6)[0])
        if runs:
            looks.runs[place] = runs


def note_record(looks: Appearance, kind: int, content: bytes) -> None:
    """Note hidden rows and columns, and merged areas; of those no more than any real sheet has."""
    if kind == ROW:
        row, _, _, height = struct.unpack_from("<4H", content)
        if struct.unpack_from("<H", content, 12)[0] & ROW_HIDDEN or not height & HEIGHT:
            looks.hidden_rows.append((row + 1, row + 1))
    elif kind == COLUMN_INFO:
        first, last, width, _, options = struct.unpack_from("<5H", content)
        if options & COLUMN_HIDDEN or not width:
            looks.hidden_columns.append((first + 1, last + 1))
    else:
        for i in range(struct.unpack_from("<H", content)[0]):
            top, bottom, left, right = struct.unpack_from("<4H", content, 2 + 8 * i)
            size = (min(bottom, limits.ROWS) - top + 1) * (min(right, limits.COLUMNS) - left + 1)
            looks.merged_cells += max(size, 1)
            if len(looks.merges) < limits.MERGES and looks.merged_cells <= limits.MERGED_CELLS:
                looks.merges.append((top + 1, left + 1, bottom + 1, right + 1))


# --- shared strings ----------------------------------------------------------------------------


def struck_strings(records: list[bytes], fonts: frozenset[int]) -> dict[int, list[Run]]:
    """Return the shared strings with a struck-out run, by number."""
    found: dict[int, list[Run]] = {}
    if not records:
        return found
    stored = StoredStrings(records)
    count = struct.unpack("<2I", stored.take(8))[1]
    for number in range(count):
        if stored.is_at_end:
            break
        text, runs = stored.rich_text()
        if any(font in fonts for _, font in runs):
            found[number] = cut_text(text, runs, fonts)
    return found


def cut_text(text: bytes, runs: list[tuple[int, int]], fonts: frozenset[int]) -> list[Run]:
    """Return a text (UTF-16) in its runs; what stands before the first has the font of the cell."""
    bounds = [(0, None), *((start, font in fonts) for start, font in runs), (len(text) // 2, None)]
    pieces = [
        (text[2 * start : 2 * end].decode("utf-16-le", "replace"), is_struck)
        for (start, is_struck), (end, _) in pairwise(bounds)
    ]
    return [piece for piece in pieces if piece[0]]


class StoredStrings:
    """Reads strings that run on over the records that continue theirs."""

    def __init__(self, records: list[bytes]) -> None:
        self.records, self.record, self.at = records, 0, 0

    @property
    def is_at_end(self) -> bool:
        return self.record == len(self.records) - 1 and self.at >= len(self.records[-1])

    @property
    def left(self) -> int:
        return len(self.records[self.record]) - self.at

    def next_record(self) -> None:
        self.record, self.at = self.record + 1, 0  # behind the last one: IndexError, a damaged file

    def take(self, count: int) -> bytes:
        taken = b""
        while count:
            if not self.left:
                self.next_record()
            part = self.records[self.record][self.at : self.at + count]
            self.at, count, taken = self.at + len(part), count - len(part), taken + part
        return taken

    def rich_text(self) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the next string in UTF-16, and where which font begins."""
        length, flags = struct.unpack("<HB", self.take(3))
        count = struct.unpack("<H", self.take(2))[0] if flags & 8 else 0
        more = struct.unpack("<I", self.take(4))[0] if flags & 4 else 0
        text = self.characters(length, bool(flags & 1))
        runs = list(struct.iter_unpack("<2H", self.take(4 * count)))
        self.skip(more)
        return text, runs

    def characters(self, length: int, is_wide: bool) -> bytes:
        """Return characters in UTF-16; each record that continues them says anew how wide they are."""
        text = []
        while length:
            if not self.left:
                self.next_record()
                is_wide = bool(self.take(1)[0] & 1)
            count = min(length, self.left // (1 + is_wide))
            part = self.take(count * (1 + is_wide))
            text.append(part if is_wide else part.decode("latin-1").encode("utf-16-le"))
            length -= count
            if not count and self.left:
                raise IndexError("half a character at the end of a record")
        return b"".join(text)

    def skip(self, count: int) -> None:
        while count:
            if not self.left:
                self.next_record()
            step = min(count, self.left)
            self.at, count = self.at + step, count - step
