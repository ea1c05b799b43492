"""What the reader says beside the values: problems, cells left out, questions; and the answers it was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from declarations.files.opening.sheet import LeftOut, Sheet, Value, Why, address
from declarations.files.reading.convert import as_text
from declarations.sheet.official.labels import label_key
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.units import Unit, shorten_text

UNITS = frozenset(Unit)


@dataclass(frozen=True, slots=True)
class Question:
    """What the file does not settle, for a person to answer: ``text`` as it stands at ``cell``, and what it may be.

    ``kind``: ``label`` (is this the field?), ``column``, ``unit``, ``year``. ``candidates``: the possible answers,
    likeliest first: field names (of a column ``grid.field``), units (``元``) or years, as texts.
    """

    kind: str
    cell: str
    text: str
    message: str
    candidates: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        answers = list(self.candidates)
        return {"kind": self.kind, "cell": self.cell, "text": self.text, "message": self.message, "candidates": answers}


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value where it stands; ``unit`` is the one its label names, if any."""

    value: Value
    row: int
    column: int
    unit: Unit | None = None

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(slots=True)
class Ledger:
    """Collects for one table. ``near``: the label that may be the one of a field, for what is said to be missing."""

    sheet: Sheet
    answers: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)

    def text_of(self, found: FoundValue) -> str:
        """The text a person sees in the cell."""
        place = (found.row, found.column)
        return self.sheet.displayed.get(place) or as_text(found.value, place in self.sheet.percentages)

    def leave_out(self, why: Why, *found: FoundValue) -> None:
        for one in found:
            text = self.text_of(one) or str(one.value)
            self.left_out.append(LeftOut(one.cell, text, why))

    def say(self, code: str, severity: Severity, message: str, cell: str = "", hint: str = "", path: str = "") -> None:
        problem = Problem(code, severity, message, hint, path, cell)
        if problem not in self.problems:
            self.problems.append(problem)

    def answer_to(self, text: object) -> str | None:
        """What a person said of a label: a candidate, "" for none of them, None where nobody was asked."""
        return self.answers.get(label_key(text)) if self.answers else None

    def ask(self, kind: str, found: FoundValue, message: str, candidates: Iterable[str]) -> None:
        """Ask once about the same text, wherever it stands."""
        text = str(found.value)
        question = Question(kind, found.cell, text, message, tuple(candidates))
        self.questions.setdefault((kind, label_key(text)), question)

    def ask_unit(self, found: FoundValue) -> None:
        message = f"“{shorten_text(str(found.value))}”没有写明单位，以下金额是万元还是元？"
        self.ask("unit", found, message, (Unit.WAN.value, Unit.YUAN.value, Unit.THOUSAND.value))

    def unit_said(self, text: object) -> Unit | None:
        """The unit that a person named for a label."""
        answer = self.answer_to(text)
        return Unit(answer) if answer in UNITS else None
