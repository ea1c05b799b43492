"""Findings by what they are about, so that what people say of one stays with it: keys, reasons, groups of doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from declarations.checks import CATALOGUE
from declarations.findings.listing import ListedFinding, findings_of
from declarations.sheet.canonical import fingerprint
from declarations.sheet.controls import control_name
from declarations.sheet.places import place_in_words
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import Table


def place_of(table: Table, path: str) -> str:
    """A field path with the identity of its row instead of its position: ``indicators-<uuid>-name``, ``indicators``."""
    grid, *rest = path.split(".")
    if not rest or int(rest[0]) >= len(table.rows[grid]):
        return path
    return control_name(grid, table.rows[grid][int(rest[0])].id, ".".join(rest[1:]))


def key_of(table: Table, problem: Problem) -> str:
    """What names a finding in the record: ``V03 indicators-<uuid>-annual_value``; for the whole table the code."""
    return f"{problem.code} {place_of(table, problem.field)}".strip()


def split_key(key: str) -> tuple[str, str]:
    """A key as code and place."""
    code, _, where = key.partition(" ")
    return code, where


def fingerprint_of(table: Table, problem: Problem) -> str:
    """Of what was found and the text it was found in; moving the row changes neither."""
    words = problem.message.replace(place_in_words(table, problem.field), "") if problem.field else problem.message
    return fingerprint([problem.code, words, _text_at(table, problem.field)])


def _text_at(table: Table, path: str) -> Any:
    """The cell, row, grid or table at a field path, as JSON."""
    at: Any = table.to_json()
    for part in filter(None, path.split(".")):
        inner = dict(enumerate(at)) if isinstance(at, list) else at
        at = (inner or {}).get(int(part) if part.isdigit() else part)
    return [at, table.unread.get(path)]


@dataclass(frozen=True)
class Doubt:
    """A warning that is mended, or stays for a ``reason``."""

    finding: ListedFinding
    key: str
    reason: str

    @property
    def problem(self) -> Problem:
        return self.finding.problem


@dataclass(frozen=True)
class DoubtGroup:
    """The doubts of one check, which one reason may cover."""

    code: str
    title: str
    doubts: list[Doubt]

    @property
    def common(self) -> str:
        """The reason that they share, as far as they have one; empty where reasons differ."""
        given = {doubt.reason for doubt in self.doubts if doubt.reason}
        return given.pop() if len(given) == 1 else ""

    @property
    def has_own(self) -> bool:
        """Whether some have a reason that others do not share."""
        return any(doubt.reason for doubt in self.doubts) and not self.common

    @property
    def missing(self) -> int:
        return sum(not doubt.reason for doubt in self.doubts)


def doubts_of(table: Table, problems: Iterable[Problem], reasons: Mapping[str, str]) -> list[Doubt]:
    """The warnings among ``problems`` with the ``reasons`` given, by key."""
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    keyed = [(finding, key_of(table, finding.problem)) for finding in findings_of(table, warnings, {})]
    return [Doubt(finding, key, reasons.get(key, "")) for finding, key in keyed]


def group_doubts(doubts: Iterable[Doubt]) -> list[DoubtGroup]:
    """By code, in the order of the catalogue; a place that several doubts of a code share is asked about once."""
    groups: dict[str, dict[str, Doubt]] = {}
    for doubt in doubts:
        groups.setdefault(doubt.problem.code, {}).setdefault(doubt.key, doubt)
    return [DoubtGroup(code, title_of(code), [*found.values()]) for code, found in groups.items()]


def title_of(code: str) -> str:
    """A check in words; the code itself where the catalogue does not know it any more."""
    return CATALOGUE[code].title if code in CATALOGUE else code


def reasons_of_event(confirmations: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """The reasons in an event of the record: code, of how many findings, reason."""
    counted = Counter((split_key(key)[0], reason) for key, reason in confirmations.items())
    return [(code, count, reason) for (code, reason), count in counted.items()]
