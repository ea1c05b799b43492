"""What lies on a printed page: glyphs, straight lines, pictures, each at its place as a person sees the page.

Places are points from the upper left corner. Nothing here knows a kind of file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character where it stands: ``left`` and ``right`` of its advance, ``middle`` of its height, its baseline."""

    char: str
    left: float
    right: float
    middle: float
    baseline: float
    height: float


@dataclass(frozen=True, slots=True)
class RuledLine:
    """A straight line, level or upright: ``at`` a height or a place, from ``start`` to ``end``."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """What is on a page; ``aslant`` is the text of watermarks that run across it."""

    glyphs: list[Glyph] = field(default_factory=list)
    levels: list[RuledLine] = field(default_factory=list)
    uprights: list[RuledLine] = field(default_factory=list)
    pictures: int = 0
    aslant: str = ""


class CountedContent:
    """What all pages of a file may hold together."""

    def __init__(self) -> None:
        self.glyphs = self.objects = 0

    def add(self, *, glyphs: int = 0, objects: int = 0) -> None:
        self.glyphs += glyphs
        self.objects += objects
        self.judge()

    def judge(self, more: int = 0) -> None:
        """Raises `Refused` where it is too much, or will be with so many objects ``more``."""
        if self.glyphs > limits.PDF_GLYPHS:
            raise refusal_of("X15", reason=f"文字超过 {limits.PDF_GLYPHS} 字")
        if self.objects + more > limits.PDF_OBJECTS:
            raise refusal_of("X15", reason=f"图形超过 {limits.PDF_OBJECTS} 个")


class Placing:
    """From the coordinates of a page as stored to those of the page as seen."""

    def __init__(self, page) -> None:
        self.turns = page.get_rotation() // 90 % 4
        left, bottom, right, top = page.get_mediabox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y
