"""One pass over the XML of a worksheet: what the gate must know, and what the reader of values loses.

A cell counts as content when it has a value element; formatted but empty cells, however far out,
cost nothing. Cells and rows without a reference take the place after the one before them.
"""

from __future__ import annotations

from enum import IntEnum

from declarations.files.guarding import limits, markup
from declarations.files.guarding.bounds import judge_merges, judge_references, position_of
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import address


class Element(IntEnum):
    """The elements of a worksheet that matter here."""

    OTHER = 0
    CELL = 1
    VALUE = 2
    ROW = 3
    FORMULA = 4
    MERGE = 5


ELEMENTS = {
    "c": Element.CELL,
    "v": Element.VALUE,
    "is": Element.VALUE,
    "row": Element.ROW,
    "f": Element.FORMULA,
    "mergeCell": Element.MERGE,
}
CELL, VALUE, ROW, FORMULA, MERGE = Element.CELL, Element.VALUE, Element.ROW, Element.FORMULA, Element.MERGE


class Elements(dict):
    """Element by name as written; a name with a prefix is looked up without it, once."""

    def __missing__(self, name: str) -> Element:
        element = self[name] = ELEMENTS.get(markup.local_name(name), Element.OTHER)
        return element


Cell = tuple[str, str, str]
"""Reference, style (``s``) and type (``t``) of a cell, each empty where the file does not say."""


class SheetScan:
    """What one pass over a worksheet found: the cells with a value, those with a formula, the merged areas."""

    __slots__ = ("cell", "elements", "filled", "formulas", "merges", "root", "row")

    def __init__(self) -> None:
        self.elements = Elements(ELEMENTS)
        self.cell: list[str] = []
        self.row = 0
        self.root = ""
        self.filled: list[Cell] = []
        self.formulas: list[Cell] = []
        self.merges: list[str] = []

    def start(self, name: str, attributes: list[str]) -> None:
        element = self.elements[name]
        if element is CELL:
            if not attributes or attributes[0] != "r":
                attributes = self.placed(attributes)
            self.cell = attributes
        elif element is VALUE:
            if self.cell:
                self.filled.append(cell_of(self.cell))
        else:
            self.other(element, name, attributes)
        if len(attributes) > 2 * limits.ATTRIBUTES:
            raise refusal_of("X13", reason="元素的属性过多")

    def other(self, element: Element, name: str, attributes: list[str]) -> None:
        if element is ROW:
            stated = attributes[1] if attributes[:1] == ["r"] else markup.attribute_pairs(attributes).get("r")
            self.row = row_number(stated) if stated else self.row + 1
            self.cell = []
        elif element is FORMULA and self.cell:
            self.formulas.append(cell_of(self.cell))
        elif element is MERGE:
            self.merges.append(
                attributes[1] if attributes[:1] == ["ref"] else markup.attribute_pairs(attributes).get("ref", "")
            )
        elif not self.root:
            self.root = markup.local_name(name)

    def placed(self, attributes: list[str]) -> list[str]:
        """The attributes of a cell with its reference in front, stated later or worked out."""
        known = markup.attribute_pairs(attributes)
        column = position_of(self.cell[1])[1] + 1 if self.cell else 1
        reference = known.pop("r", None) or address(max(self.row, 1), column)
        return ["r", reference, *(part for pair in known.items() for part in pair)]

    def judge(self) -> int:
        """How many cells reading the sheet may take; raises `Refused` where it is out of bounds."""
        judge_merges(self.merges)
        return judge_references([cell[0] for cell in self.filled])

    @property
    def errors(self) -> list[tuple[int, int]]:
        """The cells with an error value (``t="e"``)."""
        return [position_of(reference) for reference, _, kind in self.filled if kind == "e"]

    def styled(self, styles: frozenset[str]) -> list[tuple[int, int]]:
        """The filled cells with one of these styles."""
        return [position_of(reference) for reference, style, _ in self.filled if (style or "0") in styles]


def cell_of(attributes: list[str]) -> Cell:
    """``attributes`` begin with ``"r"`` and the reference (see `SheetScan.placed`)."""
    known = markup.attribute_pairs(attributes)
    return known["r"], known.get("s", ""), known.get("t", "")


def scan_sheet(xml: bytes) -> SheetScan:
    scan = SheetScan()
    markup.parse_xml(xml, scan.start)
    return scan


def row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise refuse_damaged("行号有误")
    return int(text)


class SheetTexts:
    """A second pass, only for sheets with faults: the formula and value texts of the cells asked for."""

    def __init__(self, xml: bytes, wanted: set[tuple[int, int]]) -> None:
        self.wanted = wanted
        self.found: dict[tuple[int, int], str] = {}
        self.shared: dict[str, str] = {}
        self.scan = SheetScan()
        self.inside, self.text, self.group = "", [], ""
        markup.parse_xml(xml, self.start, self.end, self.text_part)

    def start(self, name: str, attributes: list[str]) -> None:
        self.scan.start(name, attributes)
        self.inside, self.text = markup.local_name(name), []
        self.group = markup.attribute_pairs(attributes).get("si", "") if self.inside == "f" else ""

    def text_part(self, text: str) -> None:
        if self.inside in ("f", "v"):
            self.text.append(text)

    def end(self, name: str) -> None:
        if self.inside in ("f", "v") and self.scan.cell:
            self.keep("".join(self.text).strip())
        self.inside = ""

    def keep(self, text: str) -> None:
        place = position_of(self.scan.cell[1])
        if self.inside == "f":
            text = "=" + (text or self.shared.get(self.group, ""))
            if self.group:
                self.shared.setdefault(self.group, text[1:])
        if place in self.wanted and text:
            self.found[place] = text
