"""Which words of a text were taken out and which were put in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"[A-Za-z]+|[0-9][0-9.,]*|.", re.DOTALL)
"""A number or a Latin word as a whole, anything else by character, as Chinese is read."""
MOST_WORDS = 800
"""Beyond so many words on either side the two texts stand whole, one after the other: comparing takes their product."""
LEAST_SHARED = 0.35
"""A text of which less is left, counted against the longer one, reads better whole, the old one and then the new."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. ``kind``: ``same``, ``del`` (only in the old text) or ``ins`` (only in the new one)."""

    kind: str
    text: str


def mark_words(old: str, new: str) -> list[Piece]:
    """Both texts as one, with what differs marked; the ``same`` and ``del`` pieces together are the old text."""
    before, after = WORD.findall(old), WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return _pieces(("del", old), ("ins", new))
    pieces: list[tuple[str, str]] = []
    for tag, i, to_i, j, to_j in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[i:to_i])))
        else:
            pieces += [("del", "".join(before[i:to_i])), ("ins", "".join(after[j:to_j]))]
    return _pieces(*pieces)


def mark_legibly(old: str, new: str) -> list[Piece]:
    """`mark_words`, but two texts that have little in common stand whole, one after the other."""
    pieces = mark_words(old, new)
    shared = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if shared < LEAST_SHARED * max(len(old), len(new)):
        return _pieces(("del", old), ("ins", new))
    return pieces


def _pieces(*pairs: tuple[str, str]) -> list[Piece]:
    return [Piece(kind, text) for kind, text in pairs if text]
