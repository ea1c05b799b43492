"""Problems as the fill page lists them: in words, the worst first, each with the control it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from declarations.sheet.controls import name_of
from declarations.sheet.places import place_in_words
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import ROW_CLASSES, Table

ROW = re.compile(r".*?第\d+项(“.*”)?(?=的)")


@dataclass(frozen=True)
class ListedFinding:
    """A problem as the page lists it: ``where`` in words, ``target`` the id to go to (empty: nowhere)."""

    problem: Problem
    where: str
    target: str

    @property
    def short(self) -> str:
        """The message without the place it begins with (the field, else its row), for where that is plain to see."""
        row = ROW.match(self.where)
        rest = self.problem.message.removeprefix(self.where).removeprefix(row[0] if row else "")
        rest = rest.removeprefix("中的").lstrip("：，的")
        return self.problem.message if rest[:1] in ("", " ", "、") else rest

    def to_json(self) -> dict[str, str]:
        return self.problem.to_json() | {"where": self.where, "target": self.target, "short": self.short}


def findings_of(table: Table, problems: Iterable[Problem], refused: Mapping[str, str]) -> list[ListedFinding]:
    """All that is to be said about a table; ``refused``: why a text was not taken, by its control."""
    findings = [ListedFinding(problem, _where(table, problem), _target(table, problem)) for problem in problems]
    findings += [ListedFinding(Problem("", Severity.ERROR, reason), "", name) for name, reason in refused.items()]
    return sorted(findings, key=lambda finding: list(Severity).index(finding.problem.severity))


def _where(table: Table, problem: Problem) -> str:
    return place_in_words(table, problem.field) if problem.field else ""


def _target(table: Table, problem: Problem) -> str:
    """The id in the page: of the control, of the panel for a whole grid; empty for what the form does not have."""
    grid, *rest = problem.field.split(".")
    if not rest:
        return f"panel-{grid}" if grid in ROW_CLASSES else grid if grid != "department" else ""
    return name_of(table, problem.field) if problem.row < len(table.rows[grid]) else f"panel-{grid}"
