"""The quick way through a worksheet that is written plainly, as nearly all are.

Where every character between ``<sheetData>`` and ``</sheetData>`` belongs to a row or a cell of
one plain form (no comment, no prefix, attributes in the usual order, every cell with its
reference, of entities only characters), a regular expression tells as much as a walk with expat,
in a third of the time. What stands before and after the data still goes through expat. Any other
sheet is left to the full walk of `sheet_scan.py`; tests hold the two against each other.
"""

from __future__ import annotations

import re

from declarations.files.opening.sheet_scan import SheetScan, scan_sheet

OPEN, CLOSE = b"<sheetData>", b"</sheetData>"
# Possessive throughout: what does not fit fails at once instead of being tried in every way.
FORMULA = "<f(?: [^<>/]*+)?+(?:/>|>[^<]*+</f>)"
VALUE = "<v>[^<]*+</v>|<v ?/>|<is><t[^<>]*+>[^<]*+</t></is>"
CELL = (
    '<c r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+'
    f"(?: ?/>|>({FORMULA})?+({VALUE})?+</c>)"
)
TOKEN = re.compile(rf'({CELL}|<row r="[0-9]{{1,7}}"[^<>]*+>|</row>|[ \t\r\n]++)')
REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|amp|lt|gt|quot|apos);")


def is_plain(data: str) -> bool:
    """Whether every ``&`` in the data stands for a character that a document may hold, as lxml writes Chinese."""
    if "\ufffd" in data:
        return False
    if "&" not in data:
        return True
    found = REFERENCE.findall(data)
    return len(found) == data.count("&") and all(may_stand(int(number)) for number in set(found) if number)


def may_stand(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def quick_scan(xml: bytes) -> SheetScan:
    """What `scan_sheet` finds, sooner where the sheet is written plainly."""
    start, end = xml.find(OPEN) + len(OPEN), xml.rfind(CLOSE)
    if b"<!" in xml or xml.count(b"sheetData") != 2 or not len(OPEN) <= start <= end:
        return scan_sheet(xml)
    data = xml[start:end].decode("utf-8", "replace")
    tokens = TOKEN.findall(data) if is_plain(data) else []
    # Tokens never overlap: they are the whole of the data exactly when they are as long as it.
    if sum([len(token[0]) for token in tokens]) != len(data):
        return scan_sheet(xml)
    scan = scan_sheet(xml[:start] + xml[end:])
    if scan.cell:
        return scan_sheet(xml)
    scan.filled += [(reference, style, kind) for _, reference, style, kind, _, value in tokens if value]
    scan.formulas += [(reference, style, kind) for _, reference, style, kind, formula, _ in tokens if formula]
    return scan
