"""A table's findings as a reader takes them in: by weight, one kind at a time, nothing twice in other words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from declarations.checks.catalogue import CATALOGUE
from declarations.sheet.problems import Problem, Severity

COVERED_BY = {"V04": ("V10", "V03"), "L02": ("V11", "V17"), "F01": ("R03",), "T05": ("V15",), "V16": ("V11",)}
"""A check, and those whose finding at the same cell says the same in other words."""
WEIGHTS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Fold(NamedTuple):
    """The findings of one kind in a table: its code, its title, the heaviest severity, and each of them."""

    code: str
    title: str
    severity: Severity
    problems: tuple[Problem, ...]


def fold_findings(problems: Iterable[Problem]) -> list[Fold]:
    """Return the findings by kind, errors first, then the kinds in the order in which they were found.

    What another finding at the same cell covers is left out: `COVERED_BY`. A code that is no check's, as the
    reader's,
    has its first message as title.
    """
    every = list(problems)
    said = {(problem.code, problem.field) for problem in every}
    kinds: dict[str, list[Problem]] = {}
    for problem in every:
        if not any((code, problem.field) in said for code in COVERED_BY.get(problem.code, ())):
            kinds.setdefault(problem.code, []).append(problem)
    folds = [_fold(code, alike) for code, alike in kinds.items()]
    return sorted(folds, key=lambda fold: WEIGHTS[fold.severity])


def _fold(code: str, alike: list[Problem]) -> Fold:
    severity = min((problem.severity for problem in alike), key=WEIGHTS.__getitem__)
    title = CATALOGUE[code].title if code in CATALOGUE else alike[0].message
    return Fold(code, title, severity, tuple(alike))
