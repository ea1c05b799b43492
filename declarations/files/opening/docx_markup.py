"""The XML of a Word document: names, switches and numbers as its elements write them."""

from __future__ import annotations

from declarations.files.guarding.refusals import refuse_damaged

WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
OFF = ("0", "false", "off", "none")
CHANGES = frozenset({"rPrChange", "pPrChange", "trPrChange"})
"""Within these stands the look that something had before it was changed."""
Known = dict[str, str]
"""The attributes of an element by their local names."""


def tag_of(name: str) -> str:
    """The local name of an element of Word, a formula's text, a picture, an alternative; "" for any other."""
    space, _, tag = name.rpartition(" ")
    is_read = space in WORD or tag in ("Fallback", "blip", "imagedata") or (tag == "t" and space.endswith("/math"))
    return tag if is_read else ""


def number_of(known: Known) -> int:
    """The value of an element that counts columns; one that is no plain number is damage."""
    value = known.get("val", "")
    if not (value.isascii() and value.isdigit() and len(value) < 6):
        raise refuse_damaged("表格的列数有误")
    return int(value)


def trim_paragraphs(lines: list[str]) -> list[str]:
    """The paragraphs of a cell without the empty ones before and after."""
    filled = [i for i, line in enumerate(lines) if line]
    return lines[filled[0] : filled[-1] + 1] if filled else []
