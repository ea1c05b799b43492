"""Workbooks of Excel 2007 and later (OOXML, transitional and strict; WPS writes them too).

The parts that hold values (sheets, shared strings, styles) are found, judged and put into a new
package of one canonical shape, and only that is handed to python-calamine. Left behind unread:
links to other workbooks, embedded objects, DDE, controls, pictures, queries; a formula's stored
result is used and nothing is ever computed or fetched. A workbook with macros is refused.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from declarations.files.appearance.appearance import Run, apply_appearance
from declarations.files.guarding import bounds, markup
from declarations.files.guarding.memory import remember_small
from declarations.files.guarding.package import Package
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.plain_scan import quick_scan
from declarations.files.opening.sheet import Sheet, value_at
from declarations.files.opening.sheet_looks import looks_of, may_have_pictures, struck_strings
from declarations.files.opening.sheet_scan import SheetScan, SheetTexts
from declarations.files.opening.styles import CellStyles, cell_styles
from declarations.files.opening.values import CellCount, Notes, open_workbook, read_worksheet, sheet_of
from declarations.files.opening.xlsx_package import rebuild

MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
OTHER_SHEETS = frozenset({"chartsheet", "dialogsheet"})
MACRO_SHEETS = frozenset({"xlMacrosheet", "xlIntlMacrosheet"})
XML_PARTS = (".xml", ".rels", ".vml")
CELL_PICTURES = "xl/richdata/richvaluerel.xml"
"""The part by which Excel ties pictures to the cells that they lie in."""
DIMENSION = re.compile(rb"<(?:[\w.-]+:)?dimension\s[^<>]*>(?:\s*</(?:[\w.-]+:)?dimension\s*>)?")
HEAD_BYTES = 8_192
"""Within these the extent stands, before any row."""
STATED_STRINGS = re.compile(rb"^[^<]*<(?:[^<>\s:]+:)?sst\s[^>]*")
COUNT = re.compile(rb"ount\s*=\s*[\"']([^\"']*)")

ROOT, WORKBOOK = "_rels/.rels", "xl/workbook.xml"
USUAL = re.compile(rb"[\"']/?xl/workbook\.xml[\"']")


@dataclass(frozen=True, slots=True)
class Link:
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class PackageEntry:
    """A sheet as the workbook lists it: ``part`` is its name in the package."""

    name: str
    hidden: bool
    part: str


def open_xlsx(package: Package) -> list[Sheet]:
    refuse_macros(package)
    workbook_part = main_part(package)
    book = parse_book(package.read(workbook_part))
    links = read_links(package, workbook_part)
    entries = worksheets_of(book, links)
    strings_part, styles_part = target_of(links, "sharedStrings"), target_of(links, "styles")
    strings, styles = optional_part(package, strings_part), optional_part(package, styles_part)
    judge_strings(strings)
    parts = {entry.part: without_dimension(markup.normal_xml(package.read(entry.part))) for entry in entries}
    refuse_doctypes(package, {workbook_part, links_of(workbook_part), strings_part, styles_part, *parts})
    scans = [judge_part(parts[entry.part]) for entry in entries]
    canonical = rebuild(book.date1904, strings, styles, [parts[entry.part] for entry in entries])
    looks = cell_styles(styles)
    strings_looks = struck_strings(strings, bool(looks.struck)), CELL_PICTURES in package, may_have_pictures(strings)
    book_looks = BookLooks(looks, *strings_looks, book.date1904)
    return read_values(canonical, entries, scans, parts, book_looks)


def refuse_macros(package: Package) -> None:
    if any(name.endswith(MACRO_PARTS) or name.startswith("xl/macrosheets/") for name in package.entries):
        raise refusal_of("X07")


def links_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def main_part(package: Package) -> str:
    """The workbook part that the package names; the usual one where it names none."""
    if ROOT in package and USUAL.search(package.read(ROOT)) and WORKBOOK in package:
        return WORKBOOK
    target = target_of(read_links(package, ""), "officeDocument")
    return target if target in package else WORKBOOK


def read_links(package: Package, part: str) -> dict[str, Link]:
    """The relationships of a part by id, their targets as names in the package."""
    if links_of(part) not in package:
        return {}
    return parse_links(package.read(links_of(part)), posixpath.dirname(part))


@remember_small
def parse_links(data: bytes, folder: str) -> dict[str, Link]:
    links: dict[str, Link] = {}

    def start(name: str, attributes: list[str]) -> None:
        if markup.local_name(name) == "Relationship":
            known = markup.attribute_pairs(attributes)
            kind = known.get("Type", "").rpartition("/")[2]
            target = resolve_target(known.get("Target", ""), folder)
            links[known.get("Id", "")] = Link(kind, target, known.get("TargetMode") == "External")

    markup.parse_xml(markup.normal_xml(data), start)
    return links


def resolve_target(target: str, folder: str) -> str:
    """A target relative to its folder as the lower-case name of a part."""
    path = posixpath.normpath(posixpath.join("/", folder, unquote(target.replace("\\", "/"))))
    return path.lstrip("/").lower()


class Book:
    """What workbook.xml says: the sheets as (name, state, relationship id), and the date system."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.date1904 = False

    def start(self, name: str, attributes: list[str]) -> None:
        if name.endswith(" sheet"):
            known = {
                markup.local_name(key) if " " in key else key: text
                for key, text in markup.attribute_pairs(attributes).items()
            }
            self.sheets.append((known.get("name", ""), known.get("state", "visible"), known.get("id", "")))
        elif name.endswith(" workbookPr"):
            self.date1904 = markup.attribute_pairs(attributes).get("date1904") in ("1", "true", "on")


@remember_small
def parse_book(data: bytes) -> Book:
    book = Book()
    markup.parse_xml(markup.normal_xml(data), book.start, namespaces=True)
    bounds.judge_sheets(len(book.sheets))
    return book


def worksheets_of(book: Book, links: dict[str, Link]) -> list[PackageEntry]:
    """The worksheets in the order of the workbook; charts and dialogs are passed over."""
    entries = []
    for name, state, link_id in book.sheets:
        link = links.get(link_id)
        if link is None or link.external:
            raise refuse_damaged("缺少工作表的内容")
        if link.kind in MACRO_SHEETS:
            raise refusal_of("X07")
        if link.kind not in OTHER_SHEETS:
            entries.append(PackageEntry(name, state != "visible", link.target))
    bounds.judge_sheets(len(entries))
    if len({entry.part for entry in entries}) != len(entries):
        raise refuse_damaged("多个工作表指向同一内容")
    return entries


def target_of(links: dict[str, Link], kind: str) -> str:
    return next((link.target for link in links.values() if link.kind == kind and not link.external), "")


def optional_part(package: Package, part: str) -> bytes:
    return markup.normal_xml(package.read(part)) if part in package else b""


def judge_strings(xml: bytes) -> None:
    """calamine reserves memory for as many shared strings as the part says it has: it must not lie upwards."""
    stated = STATED_STRINGS.match(xml)
    markers = xml.count(b"<")
    for count in COUNT.findall(stated[0]) if stated else ():
        if not (count.isdigit() and len(count) <= 9):
            raise refuse_damaged("共享字符串的数量有误")
        if int(count) > 100 * markers + 100_000:
            raise refusal_of("X15", reason="共享字符串的数量异常")
    if xml:
        markup.parse_xml(xml)


def refuse_doctypes(package: Package, done: set[str]) -> None:
    """Parts that nobody reads must be harmless as well: the file is kept and handed to others."""
    for name in package.entries:
        if name.endswith(XML_PARTS) and name not in done:
            markup.judge_unread(package.read(name))


def without_dimension(xml: bytes) -> bytes:
    """The sheet without the extent that it claims, which no program trusts and some get wrong (``A0:F24``)."""
    named = xml.find(b"dimension", 0, HEAD_BYTES)
    claimed = DIMENSION.match(xml, xml.rfind(b"<", 0, named)) if named > 0 else None
    return xml[: claimed.start()] + xml[claimed.end() :] if claimed else xml


def judge_part(xml: bytes) -> SheetScan:
    scan = quick_scan(xml)
    if scan.root != "worksheet":
        raise refuse_damaged("工作表的内容不是表格")
    bounds.judge_cells(scan.judge())
    return scan


@dataclass(frozen=True, slots=True)
class BookLooks:
    """What the parts beside the sheets say about the looks of cells."""

    styles: CellStyles
    strings: dict[int, list[Run]]
    has_cell_pictures: bool
    has_picture_texts: bool
    is_1904: bool


def read_values(
    canonical: bytes, entries: list[PackageEntry], scans: list[SheetScan], parts: dict[str, bytes], book: BookLooks
) -> list[Sheet]:
    workbook, cells, sheets = open_workbook(canonical), CellCount(), []
    for index, (entry, scan) in enumerate(zip(entries, scans, strict=True)):
        source, xml = read_worksheet(workbook, index), parts[entry.part]
        cells.add(source)
        percent = book.styles.percent
        looks = looks_of(
            xml, scan, book.styles, book.strings, has_cell_pictures=book.has_cell_pictures, is_1904=book.is_1904
        )
        looks.may_have_pictures |= book.has_picture_texts
        notes = Notes(entry.name, entry.hidden, scan.styled(percent) if percent else [])
        sheet = sheet_of(source, notes)
        add_faults(sheet, scan, xml)
        apply_appearance(sheet, looks)
        sheets.append(sheet)
    return sheets


def add_faults(sheet: Sheet, scan: SheetScan, xml: bytes) -> None:
    """Error values, and formulas that were never computed: both would look like empty cells."""
    wanted = set(scan.errors)
    for reference, _, kind in scan.formulas:
        place = bounds.position_of(reference)
        if kind != "str" and value_at(sheet, place) in (None, ""):
            wanted.add(place)
    if wanted:
        sheet.faults.update(SheetTexts(xml, wanted).found)
