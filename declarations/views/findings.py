"""Findings as pages show them: counted for a list, grouped and linked for one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from declarations import permissions, store
from declarations.checks import check
from declarations.models import Declaration
from declarations.problems import Problem, Severity
from declarations.table import Table


@dataclass(frozen=True)
class Tally:
    """How many findings of each severity; ``known`` is False where the content may not be read."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    known: bool = True

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Tally:
        count = Counter(problem.severity for problem in problems)
        return cls(count[Severity.ERROR], count[Severity.WARNING], count[Severity.INFO])

    @property
    def is_clean(self) -> bool:
        return self.known and not (self.errors or self.warnings or self.infos)


@dataclass(frozen=True)
class Found:
    """One finding with the words for its place and the cell it is linked to (empty: the whole table)."""

    problem: Problem
    place: str
    link: str


@dataclass(frozen=True)
class Group:
    severity: Severity
    found: list[Found]


@dataclass(frozen=True)
class Doubt:
    """A warning that stays or is mended; ``key`` names it in the record, ``reason`` is why it stays."""

    problem: Problem
    key: str
    reason: str


def doubts(table: Table, problems: Iterable[Problem], reasons: Mapping[str, str]) -> list[Doubt]:
    """The warnings, each with a key of its own: the code, and the place where several share a code."""
    found = [problem for problem in problems if problem.severity is Severity.WARNING]
    count = Counter(problem.code for problem in found)

    def key(problem: Problem) -> str:
        return problem.code if count[problem.code] == 1 else f"{problem.code} {table.form.describe(problem.field)}"

    return [Doubt(problem, key(problem), reasons.get(key(problem), "")) for problem in found]


def tally(user, declaration: Declaration) -> Tally:
    """Counted from rows read ahead (`store.with_rows`): no queries."""
    if not permissions.may_read_content(user, declaration):
        return Tally(known=False)
    return Tally.of(check(store.table_of(declaration)))


def grouped(table: Table, problems: list[Problem], anchors: set[str] | None = None) -> list[Group]:
    """Findings by severity, E first; ``anchors`` are the field paths that the page has a cell for."""
    found = [Found(problem, table.form.describe(problem.field), anchor(problem.field, anchors)) for problem in problems]
    groups = [Group(severity, [item for item in found if item.problem.severity is severity]) for severity in Severity]
    return [group for group in groups if group.found]


def anchor(field: str, anchors: set[str] | None) -> str:
    """The cell for a field path: its own, else the first of its row or grid (``anchors`` in printed order)."""
    if not field or anchors is None or field in anchors:
        return field
    return next((path for path in sorted(anchors, key=place_of) if path.startswith(f"{field}.")), "")


def place_of(path: str) -> tuple:
    return tuple(int(part) if part.isdigit() else 0 for part in path.split("."))
