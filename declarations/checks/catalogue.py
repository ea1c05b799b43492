"""The catalogue: what a check is, how it enters, how all of them run.

A check is a generator function of a `CheckedCase` that yields a `CheckFinding` for each thing it objects to.
Its keyword-only arguments are its parameters (thresholds, word lists): their defaults are stated
there and a cycle may override them, as it may the severity.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from declarations.checks.case import CheckedCase
from declarations.checks.links import can_tell_links
from declarations.sheet.codes import enter
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import Table


class Need(StrEnum):
    """What a check cannot do without."""

    YEAR = "申报年度"
    LAST_YEAR = "上年申报表"
    TREE = "部门的下属单位"
    LIMITS = "下达的控制数"
    LINKS = "任务与指标的对应关系"


class CheckFinding(NamedTuple):
    """Where (a field path), what is wrong, what to do; ``severity`` where it is milder than its check's."""

    field: str
    message: str
    hint: str
    severity: Severity | None = None


@dataclass(frozen=True)
class Context:
    """What surrounds a table. Everything is optional: a check that needs what is not here is not run.

    ``year``: the form year, where the table does not say it itself. ``subordinate_units``: how many
    the department tree has. ``limits``: 控制数 in 万元 by field. ``is_imported``: a past year, never
    blocked, so that E shows as W. ``severities`` and ``parameters`` override the catalogue by code;
    ``off``: the checks that the bureau switched off, with its reason.
    """

    year: int | None = None
    last_year: Table | None = None
    subordinate_units: int | None = None
    limits: Mapping[str, Decimal] | None = None
    is_imported: bool = False
    severities: Mapping[str, Severity] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    off: Mapping[str, str] = field(default_factory=dict)

    def year_of(self, table: Table) -> int | None:
        return self.year if self.year is not None else table.year

    def has(self, need: Need, table: Table) -> bool:
        if need is Need.LINKS:
            return can_tell_links(table)
        return {
            Need.YEAR: self.year_of(table),
            Need.LAST_YEAR: self.last_year,
            Need.TREE: self.subordinate_units,
            Need.LIMITS: self.limits,
        }[need] is not None


@dataclass(frozen=True)
class Parameter:
    """A threshold or word list of a check: ``label`` for whoever edits it, ``default`` gives the type."""

    name: str
    label: str
    default: Decimal | int | tuple[str, ...]

    def read(self, value: Any) -> Decimal | int | tuple[str, ...]:
        """A value as JSON keeps it (``"0.01"``, ``["增长"]``), in the type of the default; raises ValueError."""
        if isinstance(self.default, tuple):
            if isinstance(value, str) or not all(isinstance(word, str) and word for word in value):
                raise ValueError(f"{self.label}应为词语的列表")
            return tuple(value)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ValueError(f"{self.label}应为数字") from None
        if not number.is_finite() or (isinstance(self.default, int) and number % 1):
            raise ValueError(f"{self.label}应为{'整数' if isinstance(self.default, int) else '数字'}")
        return type(self.default)(number)


@dataclass(frozen=True)
class Check:
    """One entry of the catalogue; ``reason`` is the regulation or the sense behind it."""

    code: str
    severity: Severity
    title: str
    reason: str
    find: Callable[..., Iterator[CheckFinding]]
    parameters: tuple[Parameter, ...] = ()
    needs: frozenset[Need] = frozenset()

    def missing(self, table: Table, context: Context) -> list[Need]:
        return [need for need in Need if need in self.needs and not context.has(need, table)]

    def run(self, case: CheckedCase) -> list[Problem]:
        context = case.context
        severity = context.severities.get(self.code, self.severity)
        if context.is_imported and severity is Severity.ERROR:
            severity = Severity.WARNING
        given = context.parameters.get(self.code)
        found = self.find(case, **self._read(given)) if given else self.find(case)
        is_set = self.code in context.severities
        findings = (CheckFinding(*one) for one in found)
        return [
            Problem(self.code, (not is_set and f.severity) or severity, f.message, f.hint, f.field) for f in findings
        ]

    def _read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        known = {parameter.name: parameter for parameter in self.parameters}
        return {name: known[name].read(value) for name, value in given.items()}


@dataclass(frozen=True)
class NotRun:
    """A check that could not run, which must be said: it is never silently passed."""

    check: Check
    needs: tuple[Need, ...]

    def __str__(self) -> str:
        return f"{self.check.code} {self.check.title}：未检查，缺少{'、'.join(self.needs)}"


CATALOGUE: dict[str, Check] = {}
LETTERS = "BFYTVLWSC"
"""Amounts, completeness, years, kinds, values, links, wording, publishing, comparison."""


def in_code_order() -> list[Check]:
    """All checks as people look them up."""
    return sorted(CATALOGUE.values(), key=lambda check: (LETTERS.index(check.code[0]), check.code))


def enters(code: str, severity: Severity, title: str, reason: str, *, needs: tuple[Need, ...] = (), **labels: str):
    """Decorator: the function is the check ``code``; ``labels`` names each of its parameters for people."""

    def entered(find: Callable[..., Iterator[CheckFinding]]) -> Callable[..., Iterator[CheckFinding]]:
        arguments = inspect.signature(find).parameters.values()
        defaults = {a.name: a.default for a in arguments if a.kind is inspect.Parameter.KEYWORD_ONLY}
        parameters = tuple(Parameter(name, labels.pop(name), default) for name, default in defaults.items())
        if labels:
            raise ValueError(f"{code} has no parameter {', '.join(labels)}")
        CATALOGUE[enter(code, title)] = Check(code, severity, title, reason, find, parameters, frozenset(needs))
        return find

    return entered


NOTHING_KNOWN = Context()


def check(table: Table, *, context: Context = NOTHING_KNOWN) -> list[Problem]:
    """Everything that the checks object to, in the order of the catalogue; never raises for a table."""
    case = CheckedCase(table, context)
    lacking = {need for need in Need if not context.has(need, table)}
    problems: list[Problem] = []
    for entry in CATALOGUE.values():
        if entry.code not in context.off and entry.needs.isdisjoint(lacking):
            problems += entry.run(case)
    return problems


def not_run(table: Table, *, context: Context = NOTHING_KNOWN) -> list[NotRun]:
    """The checks that `check` had to leave out, with what they lack; not those that were switched off."""
    lacking = ((entry, entry.missing(table, context)) for entry in CATALOGUE.values() if entry.code not in context.off)
    return [NotRun(entry, tuple(needs)) for entry, needs in lacking if needs]
