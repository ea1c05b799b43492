"""What was brought into a draft and is still 未确认, as the fill page and the last look show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from declarations.filling.bringing import copying
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.models import Copying, Declaration, Origin
from declarations.sheet.controls import name_of
from declarations.sheet.places import place_in_words
from declarations.sheet.table import Table


@dataclass(frozen=True)
class Brought:
    """``waiting``: what is not confirmed, in the order of the form; ``copying``: the one that can be taken back."""

    table: Table
    waiting: Sequence[Origin]
    copying: Copying | None = None

    @property
    def lines(self) -> list[tuple[str, Origin]]:
        """(where in words, origin) of each that is not confirmed."""
        places = {name_of(self.table, path): path for path in self.table.paths()}
        return [(place_in_words(self.table, places[origin.name]), origin) for origin in self.waiting]

    def to_json(self) -> dict[str, dict[str, str]]:
        """By control: the text that was brought, and where from."""
        return {o.name: {"text": o.text, "place": o.place, "original": o.original} for o in self.waiting}


def brought_values(declaration: Declaration, shown: FillingDesk | TypedTable) -> Brought:
    """Two queries."""
    waiting = copying.unconfirmed_values(declaration, shown.texts)
    return Brought(shown.table, waiting, copying.last_copying(declaration))
