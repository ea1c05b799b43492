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
from declarations.sheet.layout import LINE_GAP, WORD_PART

SAME_LINE = 0.5
"""Of the height of a glyph: how far two baselines of one line may be apart."""
WORD_GAP, SCRIPT_GAP = 0.3, 0.25
"""Of the height: a gap between two letters that is a space; the one that is left between Chinese and figures."""
UNIT = re.compile(r"[（《“‘「『【〔(\[<]*(?:[!-~]+|.)[，。、；：！？）》」』】〕’”…,.;:!?)\]%]*")
"""What has to go to a next line together: a word, or a character, with the marks that may not begin a line."""
MOST_PITCHES = 3
"""Lines further apart than so many lines have a page between them."""
LAST_RUN = re.compile(r"[!-~]*$")


@dataclass(slots=True)
class TextLine:
    """A line: its text, how far it reaches, the height of its letters."""

    text: str
    left: float
    right: float
    height: float
    top: float
    baseline: float
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
        return TextLine("", 0, 0, 0, 0, 0, [])
    height = max(glyph.height for glyph in seen)
    return TextLine("".join(chars), seen[0].left, seen[-1].right, height, seen[0].middle, seen[0].baseline, widths)


def needs_space(last: Glyph, glyph: Glyph) -> bool:
    """Some programs move on instead of printing a space between words."""
    if last.char.isspace() or glyph.char.isspace() or not (is_letter(last.char) and is_letter(glyph.char)):
        return False
    return glyph.left - last.right > WORD_GAP * glyph.height


def is_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


def is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) == "W"


@dataclass(frozen=True, slots=True)
class Setting:
    """How the texts of a document are set: ``inset`` from the lines of a cell, in points.

    ``pitch``: from one line to the next within a paragraph, of a document that sets typed lines apart; else 0.
    """

    inset: float = 0.0
    pitch: float = 0.0


def text_of(glyphs: Iterable[Glyph], width: float, setting: Setting) -> str:
    """The text of a cell so many points wide: line breaks stay where they were typed, as far as can be seen."""
    lines = lines_of(glyphs)
    if not lines:
        return ""
    room = max(width - 2 * setting.inset, *(line.width for line in lines))
    text = lines[0].text
    for above, line in pairwise(lines):
        text = (
            continue_text(text, line.text)
            if is_wrapped(above, line, room, setting)
            else f"{text.rstrip()}\n{line.text}"
        )
    return text.rstrip()


def is_wrapped(above: TextLine, line: TextLine, room: float, setting: Setting) -> bool:
    """Whether a line goes on below only because there was no room left, or as the document sets its lines."""
    if setting.pitch and line.baseline - above.baseline < MOST_PITCHES * setting.pitch:
        return line.baseline - above.baseline < setting.pitch + LINE_GAP / 2
    gap = SCRIPT_GAP * line.height if is_wide(above.text[-1]) != is_wide(line.text[0]) else 0.0
    return above.width + gap + line.first_unit > room


def pitch_of(cells: Iterable[Iterable[Glyph]]) -> float:
    """The least distance of two lines in any of the cells; 0 where none has two."""
    gaps = [line.baseline - above.baseline for glyphs in cells for above, line in pairwise(lines_of(glyphs))]
    return min(gaps, default=0.0)


def continue_text(text: str, more: str) -> str:
    """Two lines as one; between words a space was lost where the line ended, unless the printing parted one word."""
    needs = text[-1:].isascii() and text[-1:].isalpha() and more[0].isascii() and more[0].isalpha()
    run = LAST_RUN.search(text)
    return f"{text} {more}" if needs and run and len(run[0]) % WORD_PART else text + more
