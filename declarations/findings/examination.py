"""A stored declaration under the checks: what stands against it, what a reviewer dismissed, what could not run.

`examine` for one, `examine_all` for many in as many queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from declarations.checks import Context, NotRun, check, not_run
from declarations.checks.catalogue import CATALOGUE, Check, Need
from declarations.findings.context import contexts_of
from declarations.findings.doubts import fingerprint_of, place_of
from declarations.models import Declaration, Dismissal
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import Table

Dismissals = Mapping[tuple[str, str, str], Dismissal]
"""Those that stand, by code, place and fingerprint."""
WHY = {
    Need.YEAR: "没有申报年度",
    Need.LAST_YEAR: "没有已批复的上年申报表",
    Need.TREE: "系统中没有登记下属单位",
    Need.LIMITS: "没有下达控制数",
    Need.LINKS: "任务和指标之间没有对应关系，文字上也无从判断",
}


@dataclass(frozen=True)
class ChecksLeftOut:
    """Checks that did not run, for one reason."""

    why: str
    checks: list[Check]


@dataclass(frozen=True)
class Examined:
    """``problems`` count; ``dismissed`` are those that a reviewer found to be wrong, which count nowhere."""

    table: Table
    context: Context
    problems: list[Problem]
    dismissed: list[tuple[Problem, Dismissal]]

    @property
    def left_out(self) -> list[ChecksLeftOut]:
        """What was not checked, and why: what is lacking, then what the bureau switched off."""
        by_why: dict[str, list[Check]] = defaultdict(list)
        for left in not_run(self.table, context=self.context):
            by_why[_why(left)].append(left.check)
        for code, reason in self.context.off.items():
            by_why[f"财政局已停用（{reason}）"].append(CATALOGUE[code])
        return [ChecksLeftOut(why, checks) for why, checks in by_why.items()]


def _why(left: NotRun) -> str:
    return "，".join(WHY[need] for need in left.needs)


def examine(declaration: Declaration, table: Table) -> Examined:
    """One declaration, of which ``table`` is the text now or as somebody is typing it."""
    return examine_all([(declaration, table)])[0]


def examine_all(pairs: Sequence[tuple[Declaration, Table]]) -> list[Examined]:
    """Many declarations with their tables, in order; the queries do not grow with their number."""
    declarations = [declaration for declaration, _ in pairs]
    contexts, dismissals = contexts_of(declarations), dismissals_of(declarations)
    return [_examined(table, contexts[one.pk], dismissals.get(one.pk, {})) for one, table in pairs]


def _examined(table: Table, context: Context, dismissals: Dismissals) -> Examined:
    found = check(table, context=context)
    dismissed = list(_dismissed(table, found, dismissals)) if dismissals else []
    wrong = {id(problem) for problem, _ in dismissed}
    return Examined(table, context, [problem for problem in found if id(problem) not in wrong], dismissed)


def _dismissed(table: Table, found: Iterable[Problem], dismissals: Dismissals) -> Iterator[tuple[Problem, Dismissal]]:
    about = {(code, place) for code, place, _ in dismissals}
    for problem in found:
        code, place = problem.code, place_of(table, problem.field)
        if problem.severity is Severity.ERROR or (code, place) not in about:
            continue
        dismissal = dismissals.get((code, place, fingerprint_of(table, problem)))
        if dismissal:
            yield problem, dismissal


def dismissals_of(declarations: Iterable[Declaration]) -> dict[object, Dismissals]:
    """The dismissals that stand, by key of the declaration: one query."""
    rows = Dismissal.objects.filter(declaration__in=[one.pk for one in declarations]).select_related("author")
    found: dict[object, dict[tuple[str, str, str], Dismissal]] = defaultdict(dict)
    for row in rows.newest():
        if not row.is_taken_back:
            found[row.declaration_id][row.code, row.place, row.fingerprint] = row
    return found
