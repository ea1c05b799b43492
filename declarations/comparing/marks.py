"""What a compared table says at a cell: what was changed, added, dropped or moved."""

from __future__ import annotations

from dataclasses import dataclass

from declarations.comparing.differences import CellChange
from declarations.comparing.wordmarks import Piece
from declarations.sheet.layout import LayoutCell

WORDS = {
    CellChange.CHANGED: ("改动", "±"),
    CellChange.ADDED: ("新增", "＋"),
    CellChange.REMOVED: ("删除", "－"),
    CellChange.MOVED: ("移动", "↕"),
}
"""What a person reads of a change, and the sign that goes with the words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One change. ``number`` counts from 1 in printed order, ``label`` is its place in words.

    Of a changed value, ``pieces`` are both texts in one and ``percent`` by how much an amount changed (``+7.0%``);
    ``year`` is how that is to last year's table, where three are compared, and ``year_text`` what that says, where it
    is too long to stand in the words. ``note``: what else there is to say of a row.
    """

    kind: CellChange
    number: int
    label: str
    pieces: tuple[Piece, ...] = ()
    percent: str = ""
    year: str = ""
    year_text: str = ""
    note: str = ""

    @property
    def is_row(self) -> bool:
        """Whether it is about a whole row."""
        return self.kind is not CellChange.CHANGED

    @property
    def word(self) -> str:
        return WORDS[self.kind][0]

    @property
    def sign(self) -> str:
        return WORDS[self.kind][1]

    @property
    def look(self) -> str:
        return self.kind.name.lower()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A cell of the table with the marks in it. ``row``: what became of its row, None where it is as it was."""

    cell: LayoutCell
    marks: tuple[Mark, ...] = ()
    row: CellChange | None = None

    @property
    def is_gone(self) -> bool:
        return self.row is CellChange.REMOVED

    @property
    def says_all(self) -> bool:
        """Whether a mark tells the text of the cell, which then need not stand beside it."""
        return any(not mark.is_row for mark in self.marks)
