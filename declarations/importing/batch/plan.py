"""What bringing a table in would do: to which department's declaration of which year, and what changes.

Codes of what blocks: P01 no department of this bureau; P02 not sure which; P03 no year; P04 a year
that takes no tables; P05 a declaration that may not be written over; P07 two files for one
declaration (`rows`); P08 a department no longer in use; P10 a past year that is not there yet and that nobody agreed
to make. And W P09: another edition than the year's.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from declarations.comparing.differences import Difference, differences_of
from declarations.files.opening.sheet import Why
from declarations.importing.batch.approvals import approvals_of
from declarations.importing.batch.keeping import as_kept
from declarations.importing.batch.losing import with_kept_fields, worded_losses
from declarations.importing.batch.rows import NEW_YEAR, ImportOutcome, PlannedRow
from declarations.importing.batch.years import Year, Years, YearStanding
from declarations.importing.matching import How, Match, Matcher, Named
from declarations.importing.questions.naming import doubts_of
from declarations.models import Bureau, Declaration, Department, State
from declarations.record import store
from declarations.sheet.codes import enter_all
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from declarations.sheet.units import grouped_amount, plain_amount

Key = tuple[str, int]
FAULTS_KEPT = 100
KINDS = enter_all(
    {
        "P01": "没有对应的部门",
        "P02": "不能确定是哪个部门",
        "P03": "看不出年度",
        "P04": "该年度不能导入",
        "P05": "已有申报表，不能覆盖",
        "P07": "同一部门、同一年度有两份不同的表",
        "P08": "部门已停用",
        "P09": "表样与年度不符",
        "P20": "没有导入",
    }
)
STRANGE_KEPT = 30
LONGEST_LABEL = 100
UNKNOWN, UNKNOWN_CODES = (Why.UNKNOWN_COLUMN, Why.UNKNOWN_LABEL), ("R08", "R09")
ASKING = ("P01", "P02")
"""What a person settles by naming the department."""


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A table as it was read. ``key``: its file (a name, or an upload's key) and its place there.

    ``corrected``: how many values of the file a person corrected since; ``settled``: their paths in this table;
    ``absent``: what no label of the file announces, as ``ReadTable.absent``; ``questions``, ``strange``: see
    `PlannedRow`; ``left_out``: what stands in the file and not in the table (as JSON, see `sheet.LeftOut`);
    ``removed``: rows taken out.
    """

    key: Key
    file: str
    sheet: str
    table: Table
    cells: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    corrected: int = 0
    settled: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    questions: tuple[dict[str, Any], ...] = ()
    strange: tuple[list[str], ...] = ()
    left_out: tuple[dict[str, Any], ...] = ()
    removed: int = 0


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """``table`` is what would be kept (None where it is not known whose); ``declaration`` what it would go into.

    ``approved``, ``doubts``: see `PlannedRow`.
    """

    source: ImportSource
    match: Match
    outcome: ImportOutcome
    department: Department | None = None
    year: Year | None = None
    table: Table | None = None
    declaration: Declaration | None = None
    before: Table | None = None
    chosen: int | None = None
    objections: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    approved: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Everything found; in a past year the checks block nothing, so their E shows as W."""
        found = self.source.problems
        if self.year and self.year.standing is YearStanding.PAST:
            found = tuple(soften_problem(problem) for problem in found)
        return [*self.objections, *self.notes, *found]

    @property
    def changes(self) -> list[Difference]:
        if self.before is None or self.table is None or self.outcome is not ImportOutcome.CHANGED:
            return []
        return differences_of(self.before, self.table)

    def row(self) -> PlannedRow:
        table, department, match = self.source.table, self.department, self.match
        problems = self.problems
        faults = [problem.to_json() for problem in self.source.problems if is_fault(problem)]
        return PlannedRow(
            file=self.source.file,
            sheet=self.source.sheet,
            index=self.source.key[1],
            outcome=self.outcome.value,
            named=table.department,
            year=table.year,
            edition=table.edition,
            department=department.pk if department else None,
            department_name=department.name if department else "",
            department_code=department.code if department else "",
            confidence=match.confidence,
            how=match.how,
            candidates=[list(candidate) for candidate in match.candidates] if self.asks_person else [],
            chosen=self.chosen,
            standing=self.year.standing.value if self.year else "",
            declaration=str(self.declaration.pk) if self.declaration else None,
            version=self.declaration.version if self.declaration else None,
            changes=len(self.changes),
            total=total_of(table),
            tasks=len(table.key_tasks),
            indicators=len(table.indicators),
            errors=sum(problem.severity is Severity.ERROR for problem in problems),
            warnings=sum(problem.severity is Severity.WARNING for problem in problems),
            objections=[problem.to_json() for problem in self.objections],
            faults=faults[:FAULTS_KEPT],
            approved=self.approved if self.outcome is ImportOutcome.CHANGED else "",
            lost=worded_losses(self.source.problems, self.before),
            kept=self._kept_labels(),
            doubts=list(self.doubts),
            questions=list(self.source.questions),
            strange=list(self.source.strange),
            amount=plain_amount(expenditure) if (expenditure := expenditure_of(table)) is not None else "",
            removed=self.source.removed,
        )

    def _kept_labels(self) -> list[str]:
        """Of the fields that stay as they are because the file has no label of theirs."""
        if self.before is None:
            return []
        form = self.source.table.form
        return [item.label for name, item in form.items.items() if name in self.source.absent and name != "department"]

    @property
    def asks_person(self) -> bool:
        """Whether a person has to name the department, or may want to name another one."""
        return self.department is None or self.chosen is not None or self.match.how == How.LIKENESS


def is_fault(problem: Problem) -> bool:
    """Something in the file that could not be read; what the checks say of what was read is another matter."""
    return problem.code.startswith("R") and problem.severity is Severity.ERROR


def soften_problem(problem: Problem) -> Problem:
    is_check = problem.severity is Severity.ERROR and not problem.code.startswith("R")
    return replace(problem, severity=Severity.WARNING) if is_check else problem


def expenditure_of(table: Table) -> Decimal | None:
    """支出合计 in 万元; None where neither part is known."""
    known = [part for part in (table.basic_expenditure, table.project_expenditure) if part is not None]
    return sum(known, Decimal()) if known else None


def total_of(table: Table) -> str:
    """支出合计 in 万元 as people read it; empty where neither part is known."""
    total = expenditure_of(table)
    return "" if total is None else grouped_amount(total)


def absent_in(read: dict[str, Any]) -> frozenset[str]:
    """Fields and grids of which a table has no label: those the reader names, and those it says R03 of."""
    said = {problem["field"] for problem in read["problems"] if problem["code"] == "R03" and problem["field"]}
    return frozenset(said | set(read.get("absent", ())))


def strange_in(read: dict[str, Any]) -> list[list[str]]:
    """Heads of unknown columns and labels of unknown fields, each its text and cell: what a person may give a name."""
    said = {problem["cell"] for problem in read["problems"] if problem["code"] in UNKNOWN_CODES}
    found = [
        [entry["text"][:LONGEST_LABEL], entry["cell"]]
        for entry in read.get("left_out", ())
        if entry["why"] in UNKNOWN and entry["cell"] in said
    ]
    return found[:STRANGE_KEPT]


def sources_of(key: str, file: str, tables: Iterable[dict[str, Any]], corrected: int = 0) -> list[ImportSource]:
    """The tables of one file as `read_tables` writes them, and as the desk keeps them (see `correcting`)."""
    return [
        ImportSource(
            key=(key, index),
            file=file,
            sheet=read["sheet"],
            table=Table.from_json(read["table"]),
            cells=read["cells"],
            problems=tuple(Problem.from_json(problem) for problem in read["problems"]),
            corrected=corrected,
            settled=frozenset(read.get("settled", ())),
            absent=absent_in(read),
            questions=tuple(read.get("questions", ())),
            strange=tuple(strange_in(read)),
            left_out=tuple(read.get("left_out", ())),
            removed=len(read.get("removed", ())),
        )
        for index, read in enumerate(tables)
    ]


class Planner:
    """Plans for one bureau; departments and years are read once, declarations a chunk at a time.

    ``new_years``: the past years that may be made where they are not there yet; None: any. ``is_year_stated``: a
    person said the year of all files, whatever their names say.
    """

    def __init__(
        self,
        bureau: Bureau,
        now: datetime.datetime | None = None,
        *,
        new_years: Collection[int] | None = None,
        is_year_stated: bool = False,
    ) -> None:
        self.bureau, self.new_years, self.is_year_stated = bureau, new_years, is_year_stated
        self.departments = {department.pk: department for department in bureau.departments.order_by("pk")}
        named = (Named(one.pk, one.code, one.name, tuple(one.former_names)) for one in self.departments.values())
        self.matcher = Matcher(list(named), bureau.name)
        self.years = Years(bureau, now)
        self._editions: dict[int, str] = {}
        self._approvals: dict[UUID, str] = {}

    def plan(
        self, sources: Sequence[ImportSource], choices: Mapping[Key, int] | None = None, *, lock: bool = False
    ) -> list[PlannedTable]:
        """In four queries however many tables; ``lock`` holds the declarations until the transaction ends."""
        chosen = choices or {}
        matches = [self._match(source, chosen.get(source.key)) for source in sources]
        kept = self._declarations(sources, matches, lock)
        self._approvals = approvals_of(kept.values())
        pairs = zip(sources, matches, strict=True)
        return [self._planned(source, match, kept, chosen.get(source.key)) for source, match in pairs]

    def _match(self, source: ImportSource, chosen: int | None) -> Match:
        named = source.table.department
        if chosen is not None and chosen in self.departments:
            return self.matcher.chosen(named, chosen)
        return self.matcher.match(named)

    def _declarations(self, sources, matches, lock) -> dict[tuple[int, int], Declaration]:
        """What is there already, by department and year."""
        years = {source.table.year for source in sources} - {None}
        cycles = [cycle.pk for year in years if (cycle := self.years.of(year).cycle)]
        departments = {match.department for match in matches} - {None}
        if not cycles or not departments:
            return {}
        found = store.with_rows(Declaration.objects.filter(cycle__in=cycles, department__in=departments))
        found = found.order_by("pk").select_for_update(of=("self",)) if lock else found
        return {(one.department_id, one.cycle.year): one for one in found}

    def _planned(self, source: ImportSource, match: Match, kept: Mapping, chosen: int | None) -> PlannedTable:
        department = self.departments.get(match.department)
        year = self.years.of(source.table.year) if source.table.year is not None else None
        declaration = kept.get((match.department, source.table.year))
        objections = tuple(self._objections(source, match, department, year, declaration))
        planned = PlannedTable(
            source, match, ImportOutcome.BLOCKED, department, year, None, declaration, None, chosen, objections
        )
        planned = replace(planned, doubts=self._doubts(source, department, chosen))
        if department is None or year is None or year.standing is YearStanding.CLOSED:
            return planned
        first_seen = self._editions.setdefault(source.table.year, source.table.edition)
        edition = year.cycle.edition if year.cycle else first_seen
        before = store.table_of(declaration) if declaration else None
        table = as_kept(replace(source.table, department=department.name, edition=edition))
        table = with_kept_fields(table, before, source.absent)
        planned = replace(planned, table=table, before=before, notes=notes_on(source.table, edition))
        # what changes nothing is let pass wherever it is
        same = before == table
        if objections and not same:
            return planned
        is_new = before is None or is_blank(before)
        outcome = ImportOutcome.SAME if same else ImportOutcome.NEW if is_new else ImportOutcome.CHANGED
        approved = self._approvals.get(declaration.pk, "") if declaration else ""
        return replace(planned, outcome=outcome, objections=(), approved=approved)

    def _objections(
        self, source: ImportSource, match: Match, department: Department | None, year: Year | None, declaration
    ) -> Iterable[Problem]:
        table = source.table
        yield from objections_to(source, match, department, year, declaration)
        is_missing = year is not None and year.standing is YearStanding.PAST and year.cycle is None
        is_agreed = self.new_years is None or table.year in self.new_years or "year" in source.settled
        if is_missing and not is_agreed:
            hint = "请核对年度；年度没有错的，请在核对页面同意新建这一年度。"
            yield objection_of(NEW_YEAR, f"本财政局还没有{table.year}年度，没有同意新建，不能导入", hint, "year")

    def _doubts(self, source: ImportSource, department: Department | None, chosen: int | None) -> tuple[str, ...]:
        """What a person settled is no doubt any more."""
        year = None if self.is_year_stated or "year" in source.settled else source.table.year
        whose = None if chosen is not None or "department" in source.settled else department
        return tuple(doubts_of(source.file, year, whose, self.matcher, self.departments))


def objections_to(
    source: ImportSource,
    match: Match,
    department: Department | None,
    year: Year | None,
    declaration: Declaration | None,
) -> Iterable[Problem]:
    table = source.table
    if department is None:
        yield no_department(match)
    if year is None:
        hint = "请在上传时指定年度，或在表的标题中写明年度后重新上传。"
        yield objection_of("P03", "看不出是哪一年度的申报表，不能导入", hint, "year")
    elif any(problem.code == "R04" and problem.severity is Severity.ERROR for problem in source.problems):
        hint = "请核对年度：在上传时指定年度，或在表中改正后重新上传。"
        yield objection_of("P03", "文件中的年度前后不一致，不能导入", hint, "year")
    elif year.standing is YearStanding.CLOSED:
        hint = "往年和正在申报的年度可以导入；请核对年度，或先设定申报年度。"
        yield objection_of("P04", f"{year.reason}，不能导入", hint, "year")
    elif department and year.standing is YearStanding.OPEN and not department.is_active:
        hint = "请核对部门；如仍需申报，请先在部门资料中恢复“在用”。"
        yield objection_of("P08", f"“{department}”已停用，不参加{table.year}年度申报", hint, "department")
    if declaration is not None and not may_write_over(declaration, year):
        yield in_the_way(declaration)


def no_department(match: Match) -> Problem:
    if not match.named.strip():
        return objection_of("P01", "表中没有部门名称", "请补上部门名称后重新上传，或在核对页面选定部门。", "department")
    if match.candidates:
        likely = "、".join(f"{one.name}（{one.confidence}%）" for one in match.candidates[:3])
        hint = "请在核对页面选定部门，或在部门资料中把它登记为曾用名后重新导入。"
        return objection_of("P02", f"不能确定“{match.named}”是哪个部门，可能是：{likely}", hint, "department")
    hint = "请核对部门名称；确有此部门的，请先在部门资料中登记，或在核对页面选定部门。"
    return objection_of("P01", f"本财政局没有名为“{match.named}”的部门", hint, "department")


def may_write_over(declaration: Declaration, year: Year | None) -> bool:
    """History that was imported, and what a department has not sent yet in the year being declared."""
    if declaration.is_imported:
        return declaration.state == State.APPROVED
    return year is not None and year.standing is YearStanding.OPEN and declaration.state in State.WRITABLE


def in_the_way(declaration: Declaration) -> Problem:
    state = declaration.get_state_display()
    message = f"该部门{declaration.cycle}的申报表是在系统中申报的，状态为“{state}”，不能覆盖"
    return objection_of("P05", message, "如确需修改，请由审核人员退回后，由部门修改或再次导入。")


def objection_of(code: str, message: str, hint: str, path: str = "") -> Problem:
    return Problem(code, Severity.ERROR, message, hint, path)


def notes_on(table: Table, edition: str) -> tuple[Problem, ...]:
    if table.edition == edition:
        return ()
    message = f"文件用的是“{table.edition}”表样，该年度的表样是“{edition}”"
    return (Problem("P09", Severity.WARNING, message, "将按该年度的表样保存，请核对分类和指标值两栏。", ""),)


def is_blank(table: Table) -> bool:
    """Whether nothing was filled in yet; categories laid out ready to be filled in are nothing."""
    rows = (*table.key_tasks, *(replace(row, level1="", level2="") for row in table.indicators))
    blank = replace(table, department="", year=None, key_tasks=(), indicators=())
    empty = (KeyTaskRow(), KeyTaskRow(is_optional=True), IndicatorRow())
    return blank == Table(table.edition) and all(row in empty for row in rows)
