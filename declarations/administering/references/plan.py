"""What one file would change, row by row, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from declarations.sheet.canonical import fingerprint


class ReferenceOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"

    @property
    def label(self) -> str:
        return {"new": "新增", "changed": "有变化", "same": "相同", "error": "有错误"}[self.value]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One cell that cannot be taken: ``column`` is its label (empty: the whole row), ``found`` what stands there."""

    column: str
    found: str
    message: str


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """One row of a file; ``row`` as the spreadsheet numbers it.

    ``cells``: what will be said, column by column; for a row with mistakes what the file says.
    ``old``: what was said before, of the columns that change.
    """

    row: int
    outcome: ReferenceOutcome
    cells: list[str]
    old: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        mistakes = [[one.column, one.found, one.message] for one in self.mistakes]
        return {"row": self.row, "is": self.outcome.value, "cells": self.cells, "old": self.old, "mistakes": mistakes}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReferenceLine:
        mistakes = [Mistake(*one) for one in data["mistakes"]]
        return cls(data["row"], ReferenceOutcome(data["is"]), data["cells"], data["old"], mistakes)


def digest_of(kind: str, bureau: int, lines: Iterable[dict[str, Any]]) -> str:
    """The fingerprint of what a list would change where; two plans with the same one do the same."""
    return fingerprint([kind, bureau, list(lines)])


def counts_of(lines: Sequence[ReferenceLine]) -> dict[str, int]:
    counted = Counter(line.outcome.value for line in lines)
    return {outcome.value: counted[outcome.value] for outcome in ReferenceOutcome}
