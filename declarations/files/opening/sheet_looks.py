"""How the XML of a worksheet says what a person sees: hidden rows and columns, struck-out runs, pictures.

Few workbooks have any of it. A look at the text of the parts tells which; only those are walked once more.
"""

from __future__ import annotations

import re
from functools import lru_cache

from declarations.files.appearance.appearance import PICTURE_TEXT, Appearance, Run
from declarations.files.guarding import markup
from declarations.files.guarding.bounds import AREA, column_number, position_of
from declarations.files.guarding.memory import remember_small
from declarations.files.opening.sheet import Place
from declarations.files.opening.sheet_scan import SheetScan
from declarations.files.opening.styles import CellStyles

# A search for fixed bytes costs next to nothing; a pattern is tried only where its bytes are there.
HEAD_MARKS = {
    b"zeroHeight": re.compile(rb"zeroHeight\s*=\s*[\"'](?!0|false|off)"),
    b'Height="0': re.compile(rb'Height="0*(?:\.0*)?"'),
    b' width="0': re.compile(rb' width="0*(?:\.0*)?"'),
    b"='": re.compile(rb"='"),  # attributes in the other quotation marks: a rare program, whose sheets are all walked
}
MARKS = {
    b"hidden": re.compile(rb"hidden\s*=\s*[\"'](?!0|false|off)"),
    b' ht="0': re.compile(rb' ht="0*(?:\.0*)?"'),
    b"strike": re.compile(rb"strike[\s/>]"),
    b"DISPIMG": re.compile(rb"DISPIMG\s*\("),
    b"IMAGE": re.compile(rb"IMAGE\s*\("),
    b' vm="': re.compile(rb' vm="'),
}
"""What may be in a worksheet that looks otherwise than it is stored, before its rows and anywhere, and the pattern
that it then fits."""
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
OFF = ("0", "false", "off")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


def is_marked(xml: bytes) -> bool:
    """Whether a worksheet has anything that a person sees otherwise than it is stored, but for styles and merges."""
    head = xml[: max(0, xml.find(b"sheetData"))]
    return any(hint in head and pattern.search(head) for hint, pattern in HEAD_MARKS.items()) or any(
        hint in xml and pattern.search(xml) for hint, pattern in MARKS.items()
    )


def may_have_pictures(xml: bytes) -> bool:
    return b"DISPIMG" in xml or b"IMAGE" in xml


def is_on(known: dict[str, str], name: str) -> bool:
    return known.get(name, "0") not in OFF


def is_zero(known: dict[str, str], name: str) -> bool:
    return name in known and not known[name].strip("0.") and bool(known[name])


def unescape_text(text: str) -> str:
    """Return a text with the characters that a workbook writes as ``_x000D_``."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class RunReader:
    """Collects the runs of one rich text (``si`` or ``is``) while its elements begin and end."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.words: list[str] = []
        self.is_struck: bool | None = None
        self.has_style = self.is_text = self.is_phonetic = False

    def begin(self, tag: str, attributes: list[str]) -> None:
        if tag in ("si", "is"):
            self.runs = []
        if tag in ("si", "is", "r"):
            self.is_struck = None
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "rPr":
            self.is_struck = False
        elif tag == "strike":
            self.is_struck = markup.attribute_pairs(attributes).get("val", "1") not in OFF
        elif tag == "t":
            self.is_text, self.words = not self.is_phonetic, []

    def text(self, text: str) -> None:
        if self.is_text:
            self.words.append(text)

    def end(self, tag: str) -> None:
        if tag == "t" and self.is_text:
            self.runs.append((unescape_text("".join(self.words)), self.is_struck))
            self.is_text = False
        elif tag == "rPh":
            self.is_phonetic = False

    @property
    def has_struck(self) -> bool:
        return any(is_struck is not None for _, is_struck in self.runs)


@remember_small
def struck_strings(xml: bytes, has_struck_cells: bool = False) -> dict[int, list[Run]]:
    """Return the shared strings with runs of their own look, by number, where those or their cells are struck out."""
    found: dict[int, list[Run]] = {}
    if b"strike" not in xml and not (has_struck_cells and b"rPr" in xml):
        return found
    reader, count = RunReader(), 0

    def end(name: str) -> None:
        nonlocal count
        tag = markup.local_name(name)
        reader.end(tag)
        if tag == "si":
            if reader.has_struck:
                found[count] = reader.runs
            count += 1

    markup.parse_xml(xml, lambda name, attributes: reader.begin(markup.local_name(name), attributes), end, reader.text)
    return found


class LooksWalk:
    """One walk over a marked worksheet."""

    def __init__(self, looks: Appearance, strings: dict[int, list[Run]], has_cell_pictures: bool) -> None:
        self.looks, self.strings, self.has_cell_pictures = looks, strings, has_cell_pictures
        self.scan, self.reader = SheetScan(), RunReader()
        self.inside = ""
        self.words: list[str] = []
        self.kind, self.has_rich_value = "", False
        self.is_hidden_by_default = False
        self.stated_rows: set[int] = set()

    def start(self, name: str, attributes: list[str]) -> None:
        self.scan.start(name, attributes)
        tag = self.inside = markup.local_name(name)
        self.words = []
        self.reader.begin(tag, attributes)
        if tag == "c":
            known = markup.attribute_pairs(attributes)
            self.kind, self.has_rich_value = known.get("t", ""), "vm" in known
        elif tag == "row":
            self.note_row(markup.attribute_pairs(attributes))
        elif tag == "col":
            self.note_column(markup.attribute_pairs(attributes))
        elif tag == "sheetFormatPr":
            known = markup.attribute_pairs(attributes)
            self.is_hidden_by_default = is_on(known, "zeroHeight") or is_zero(known, "defaultRowHeight")

    def note_row(self, known: dict[str, str]) -> None:
        self.stated_rows.add(self.scan.row)
        by_default = self.is_hidden_by_default and "ht" not in known and "hidden" not in known
        if is_on(known, "hidden") or is_zero(known, "ht") or by_default:
            self.looks.hidden_rows.append((self.scan.row, self.scan.row))

    def note_column(self, known: dict[str, str]) -> None:
        first, last = known.get("min", ""), known.get("max", "")
        stated = first.isascii() and first.isdigit() and last.isascii() and last.isdigit() and len(first + last) < 12
        if stated and (is_on(known, "hidden") or is_zero(known, "width")):
            self.looks.hidden_columns.append((int(first), min(int(last), LAST_COLUMN)))

    def text(self, text: str) -> None:
        self.reader.text(text)
        if self.inside in ("f", "v"):
            self.words.append(text)

    def end(self, name: str) -> None:
        tag = markup.local_name(name)
        self.reader.end(tag)
        if tag in ("f", "v", "is") and self.scan.cell:
            self.note_cell(tag, position_of(self.scan.cell[1]), "".join(self.words).strip())
        self.inside = ""

    def note_cell(self, tag: str, place: Place, text: str) -> None:
        if tag == "is":
            if self.reader.has_struck:
                self.looks.runs[place] = self.reader.runs
        elif tag == "f":
            if PICTURE_TEXT.match(text):
                self.looks.pictures[place] = f"={text.lstrip('=')}"
        elif self.kind == "s" and text.isascii() and text.isdigit() and len(text) < 10:
            if int(text) in self.strings:
                self.looks.runs[place] = self.strings[int(text)]
        elif self.kind == "e" and self.has_rich_value and self.has_cell_pictures and text == "#VALUE!":
            self.looks.pictures.setdefault(place, "（图片）")


def looks_of(
    xml: bytes,
    scan: SheetScan,
    styles: CellStyles,
    strings: dict[int, list[Run]],
    *,
    has_cell_pictures: bool,
    is_1904: bool,
) -> Appearance:
    """Return how a worksheet looks; ``has_cell_pictures``: whether the workbook keeps pictures inside cells."""
    looks = Appearance(is_1904=is_1904, may_have_pictures=may_have_pictures(xml))
    looks.merges = [area for area in map(area_of, scan.merges) if area]
    if styles.formats or styles.struck:
        add_styled(looks, scan, styles)
    if strings or is_marked(xml) or (styles.struck and b"rPr" in xml):
        walk = LooksWalk(looks, strings, has_cell_pictures)
        markup.parse_xml(xml, walk.start, walk.end, walk.text)
    return looks


def add_styled(looks: Appearance, scan: SheetScan, styles: CellStyles) -> None:
    for reference, style, _ in scan.filled:
        style = style or "0"
        if style in styles.formats:
            looks.formats.append((position_of(reference), styles.formats[style]))
        if style in styles.struck:
            looks.struck.add(position_of(reference))


@lru_cache(maxsize=4_096)
def area_of(text: str) -> tuple[int, int, int, int] | None:
    """Return A1:F2 as (1, 1, 2, 6); None for a single cell."""
    found = AREA.fullmatch(text)
    if found is None or found[3] is None:
        return None
    left, top, right, bottom = found.groups()
    rows, columns = sorted((int(top), int(bottom))), sorted((column_number(left), column_number(right)))
    return rows[0], columns[0], rows[1], columns[1]
