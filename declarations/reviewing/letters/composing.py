"""A wording and the facts of a decision -> a letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from declarations.files.documents.letter import Letter, LetterGrid, Paragraph
from declarations.reviewing.letters.wording import BLOCKS, PLACE, Wording

Block = Paragraph | LetterGrid
NAMES_SOMEBODY = ("：", ":")


@dataclass(frozen=True)
class Facts:
    """``words``: the text of each place, empty where there is none; ``blocks``: what stands in those of a line.

    ``date``: of the letter, in words. ``foot``: what the foot of its pages says.
    """

    words: dict[str, str]
    blocks: dict[str, tuple[Block, ...]] = field(default_factory=dict)
    date: str = ""
    foot: str = ""


def compose_letter(wording: Wording, facts: Facts) -> Letter:
    return Letter(
        title=fill_places(wording.title, facts),
        blocks=tuple(_blocks(wording.body, facts)),
        signature=fill_places(wording.signature, facts),
        date=facts.date,
        foot=facts.foot,
    )


def fill_places(text: str, facts: Facts) -> str:
    return PLACE.sub(lambda found: facts.words.get(found[1], ""), text)


def _blocks(body: str, facts: Facts) -> Iterator[Block]:
    is_first = True
    for line in filter(str.strip, body.split("\n")):
        name = line.strip().strip("{}")
        if name in BLOCKS:
            yield from facts.blocks.get(name, ())
        elif not _lacks(line, facts):
            text = fill_places(line, facts).strip()
            # the one it is for stands at the margin (GB/T 9704—2012, 7.3.2)
            yield Paragraph(text, flush=is_first and text.endswith(NAMES_SOMEBODY))
        is_first = False


def _lacks(line: str, facts: Facts) -> bool:
    """Whether a line is about something that this letter does not have, such as a mark: then it is left out."""
    names = PLACE.findall(line)
    return bool(names) and not any(facts.words.get(name) for name in names)
