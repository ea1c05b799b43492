"""Findings as pages show them: counted for a list, grouped and linked for one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from declarations.findings.doubts import fingerprint_of, key_of
from declarations.findings.examination import Examined, examine_all
from declarations.models import Declaration, Dismissal
from declarations.people import permissions
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import Table


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
class FoundList:
    """One finding with the words for its place and the cell it is linked to (empty: the whole table).

    ``key`` and ``fingerprint`` name it; ``reason``: why the department leaves it; ``dismissal``: why it is wrong.
    """

    problem: Problem
    place: str
    link: str
    key: str
    fingerprint: str
    reason: str = ""
    dismissal: Dismissal | None = None


@dataclass(frozen=True)
class FindingGroup:
    severity: Severity
    found: list[FoundList]


def finding_tallies(user, declarations: Sequence[Declaration]) -> dict[object, Tally]:
    """By key of the declaration; read ahead (`store.with_reported`): the queries do not grow with their number."""
    told = {one.pk: Tally(known=False) for one in declarations}
    pairs = [(one, table) for one in declarations if (table := permissions.readable_table(user, one))]
    for (declaration, _), found in zip(pairs, examine_all(pairs), strict=True):
        told[declaration.pk] = Tally.of(found.problems)
    return told


def group_findings(found: Examined, reasons: Mapping[str, str], anchors: set[str] | None = None) -> list[FindingGroup]:
    """Findings by severity, E first; ``anchors`` are the field paths that the page has a cell for."""
    listed = [found_of(found.table, problem, reasons, anchors) for problem in found.problems]
    groups = [
        FindingGroup(severity, [item for item in listed if item.problem.severity is severity]) for severity in Severity
    ]
    return [group for group in groups if group.found]


def dismissed_findings(found: Examined, anchors: set[str] | None = None) -> list[FoundList]:
    """What a reviewer found to be wrong, with what they said."""
    return [
        replace(found_of(found.table, problem, {}, anchors), dismissal=dismissal)
        for problem, dismissal in found.dismissed
    ]


def found_of(table: Table, problem: Problem, reasons: Mapping[str, str], anchors: set[str] | None) -> FoundList:
    key = key_of(table, problem)
    return FoundList(
        problem,
        place=table.form.describe(problem.field),
        link=anchor_of(problem.field, anchors),
        key=key,
        fingerprint=fingerprint_of(table, problem),
        reason=reasons.get(key, "") if problem.severity is Severity.WARNING else "",
    )


def anchor_of(field: str, anchors: set[str] | None) -> str:
    """The cell for a field path: its own, else the first of its row or grid (``anchors`` in printed order)."""
    if not field or anchors is None or field in anchors:
        return field
    return next((path for path in sorted(anchors, key=place_of) if path.startswith(f"{field}.")), "")


def place_of(path: str) -> tuple:
    return tuple(int(part) if part.isdigit() else 0 for part in path.split("."))
