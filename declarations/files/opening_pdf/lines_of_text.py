"""From glyphs to the text that a person typed.

Lines that only the width of a cell had parted are put together again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from declarations.files.opening_pdf.page_content import Glyph

SAME_LINE = 0.5
"""Of the height of a glyph: how far two baselines of one line may be apart."""
WORD_GAP, SCRIPT_GAP = 0.3, 0.25
"""Of the height: a gap between two letters that is a space; the one that is left between Chinese and figures."""
UNIT = re.compile(r"[（《“‘「『【〔(\[<]*(?:[!-~]+|.)[，。、；：！？）》」』】〕’”…,.;:!?)\]%]*")
"""What has to go to a next line together: a word, or a character, with the marks that may not begin a line."""
LAST_RUN = re.compile(r"[!-~]*$")
PART = 8
"""Letters after which `declarations.files.documents.pdf` parts a word that no line holds."""


@dataclass(slots=True)
class TextLine:
    """A line: its text, how far it reaches, the height of its letters."""

    text: str
    left: float
    right: float
    height: float
    top: float
    widths: list[float]

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def first_unit(self) -> float:
        """The width of what would have had to fit on the line before."""
        match = UNIT.match(self.text)
        return sum(self.widths[: match.end()]) if match else 0.0


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """The lines from top to bottom, the glyphs of each from left to right."""
    groups: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.baseline, glyph.left)):
        if groups and glyph.baseline - groups[-1][-1].baseline <= SAME_LINE * max(glyph.height, 1.0):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    lines = (line_of(sorted(group, key=lambda glyph: glyph.left)) for group in groups)
    return [line for line in lines if line.text]


def line_of(glyphs: list[Glyph]) -> TextLine:
    while glyphs and glyphs[0].char.isspace():
        glyphs = glyphs[1:]
    chars, widths, last = [], [], None
    for glyph in glyphs:
        if last and needs_space(last, glyph):
            chars.append(" ")
            widths.append(glyph.left - last.right)
        chars.append(glyph.char)
        widths.append(glyph.right - glyph.left)
        last = glyph
    seen = [glyph for glyph in glyphs if not glyph.char.isspace()]
    if not seen:
        return TextLine("", 0, 0, 0, 0, [])
    height = max(glyph.height for glyph in seen)
    return TextLine("".join(chars), seen[0].left, seen[-1].right, height, seen[0].middle, widths)


def needs_space(last: Glyph, glyph: Glyph) -> bool:
    """Some programs move on instead of printing a space between words."""
    if last.char.isspace() or glyph.char.isspace() or not (is_letter(last.char) and is_letter(glyph.char)):
        return False
    return glyph.left - last.right > WORD_GAP * glyph.height


def is_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


def is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) == "W"


def text_of(glyphs: Iterable[Glyph], room: float) -> str:
    """The text of a cell whose lines may be ``room`` points wide: line breaks stay where the line had room left."""
    lines = lines_of(glyphs)
    if not lines:
        return ""
    room = max(room, *(line.width for line in lines))
    text = lines[0].text
    for above, line in pairwise(lines):
        gap = SCRIPT_GAP * line.height if is_wide(above.text[-1]) != is_wide(line.text[0]) else 0.0
        is_wrapped = above.width + gap + line.first_unit > room and not was_typed(above.text)
        text = continued(text, line.text) if is_wrapped else f"{text.rstrip()}\n{line.text}"
    return text.rstrip()


def was_typed(line: str) -> bool:
    """Whether the line ends as `declarations.files.documents.pdf` ends one that was typed so: with a space after Chinese."""
    return line.endswith(" ") and is_wide(line.rstrip()[-1:] or "a")


def continued(text: str, more: str) -> str:
    """Two lines as one; between words a space was lost where the line ended, unless the printing parted one word."""
    needs = text[-1:].isascii() and text[-1:].isalpha() and more[0].isascii() and more[0].isalpha()
    return f"{text} {more}" if needs and len(LAST_RUN.search(text)[0]) % PART else text + more
