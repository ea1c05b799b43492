"""What the page of a batch shows, made ready for the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from declarations.importing.batch.known import HELD
from declarations.importing.batch.outlines import Outline, outlines_of
from declarations.importing.batch.plan import ASKING
from declarations.importing.batch.rows import NEW_YEAR, ImportOutcome, ImportResult, PlannedRow
from declarations.importing.matching import How
from declarations.importing.questions.asking import UNKNOWN, YEAR, AskedQuestion, any_fields, asked_by
from declarations.models import Department, ImportBatch
from declarations.models.upload import ImportState, UploadState
from declarations.operating import jobs
from declarations.views.importing.choices import Refusal
from declarations.views.importing.filters import STATES, ImportFilters, Shown, shown_of
from declarations.views.importing.mended import Mended
from declarations.views.importing.table_page import GROUPED_FROM, TableForPage
from declarations.views.importing.totals import YearTotal, totals_of

LISTED_OF_A_KIND = 300
MOST_OPTIONS = 2_000
UNDER_WAY = (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
DONE = (ImportState.APPLIED, ImportState.CANCELLED, ImportState.UNDONE)
ORDER = {ImportOutcome.BLOCKED: 0, ImportOutcome.CHANGED: 1, ImportOutcome.NEW: 2, ImportOutcome.SAME: 3}
KINDS = {
    "R01": "填的不是金额或数字",
    "R02": "公式没有算出结果",
    "R03": "缺少栏目",
    "R04": "看不出年度",
    "R05": "没有写明二级指标",
    "R11": "文字过长",
    "R15": "不能打印的字符",
    "P01": "没有对应的部门",
    "P02": "不能确定是哪个部门",
    "P03": "看不出年度",
    "P04": "该年度不能导入",
    "P05": "已有申报表，不能覆盖",
    "P07": "同一部门、同一年度有两份不同的表",
    "P08": "部门已停用",
    "P10": "还没有这一年度",
}


@dataclass(frozen=True)
class UploadEntry:
    """One planned table with the names of its controls: ``key`` is its upload and its place there.

    ``refused``: the department that was typed for it and is none.
    """

    key: str
    row: PlannedRow
    refused: Refusal | None = None

    @property
    def upload(self) -> str:
        return self.key.partition(".")[0]

    @property
    def archive(self) -> str:
        """The archives around the file, which say little and are long: ``全市.zip``."""
        return "/".join(part for part in PurePosixPath(self.row.file).parts[:-1] if part.lower().endswith(".zip"))

    @property
    def file(self) -> str:
        """The name of the file with its folders, without the archives around it."""
        return without_archives(self.row.file)

    @property
    def searched(self) -> str:
        """What a search looks through."""
        row = self.row
        said = (row.file, row.sheet, row.named, row.department_name, row.department_code, str(row.year or ""))
        return " ".join(said).lower()

    @property
    def is_waiting(self) -> bool:
        """For an answer: whose it is, whether its year is to be made, what a label means."""
        return self.needs_department or self.row.asks_year or bool(self.row.questions)

    @property
    def year_questions(self) -> list[dict]:
        return [one for one in self.row.questions if one["kind"] == YEAR]

    @property
    def outcome(self) -> ImportOutcome:
        return self.row.effective

    @property
    def asks_department(self) -> bool:
        """There is a question about the department: open, answered, answered by likeness alone, or doubted."""
        return self.row.chosen is not None or self.needs_department or self.is_guessed or bool(self.row.doubts)

    @property
    def is_guessed(self) -> bool:
        return self.row.how == How.LIKENESS

    @property
    def has_errors(self) -> bool:
        """Whether something in the table itself is wrong, not only where it would go."""
        return bool(self.row.faults) or self.row.errors > len(self.row.objections)

    @property
    def has_findings(self) -> bool:
        """Whether there is something to mark in a copy of the file."""
        return bool(self.row.errors or self.row.warnings or self.row.objections)

    @property
    def needs_department(self) -> bool:
        """Nothing stands against it but that nobody knows whose it is, or that its year is to be made."""
        codes = {one["code"] for one in self.row.objections}
        return not codes.isdisjoint(ASKING) and codes <= {*ASKING, NEW_YEAR}


def without_archives(file: str) -> str:
    """``全市.zip/公安局/表.xlsx`` -> ``公安局/表.xlsx``."""
    path = PurePosixPath(file)
    return "/".join([*(part for part in path.parts[:-1] if not part.lower().endswith(".zip")), path.name])


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with a file, in words; ``is_refused``: nothing could be read of it; ``table``: the
    key of the table that it is about, if any."""

    upload: str
    table: str
    is_refused: bool
    file: str
    sheet: str
    cell: str
    code: str
    message: str
    hint: str

    @property
    def can_be_corrected(self) -> bool:
        """Whether the table offers a value to be corrected: what could not be read, or its year."""
        return bool(self.table) and (self.code.startswith("R") or self.code == "P03")

    @property
    def can_be_marked(self) -> bool:
        """Whether the file opens: what holds no table may still be looked at, what is no workbook not."""
        return not self.is_refused or self.code.startswith("X5")


@dataclass(frozen=True)
class ProblemKind:
    """Troubles of one kind; ``is_many``: folded behind how many there are."""

    label: str
    troubles: list[Trouble]
    count: int

    @property
    def is_many(self) -> bool:
        return self.count > GROUPED_FROM


@dataclass(frozen=True)
class BatchProgress:
    label: str
    done: int
    total: int
    is_writing: bool
    has_worker: bool
    is_interrupted: bool = False
    is_undoing: bool = False


@dataclass(frozen=True)
class BatchPage:
    """``opened``: the table whose details show; ``said``: what became of the last decision, in sentences.

    ``shown``: the page of ``entries`` that the filters leave; ``asked``: questions to all files; ``new_years``: years
    that are not there, with how many tables wait for each.
    """

    entries: list[UploadEntry]
    same: list[UploadEntry]
    out: list[ProblemKind]
    out_count: int
    asking: int
    faults: list[ProblemKind]
    departments: list[Department]
    progress: BatchProgress | None
    is_done: bool
    waits: bool
    mended: Mended
    figures: dict[str, int] = field(default_factory=dict)
    opened: TableForPage | None = None
    said: tuple[str, ...] = ()
    shown: Shown | None = None
    filters: ImportFilters = field(default_factory=ImportFilters)
    asked: list[AskedQuestion] = field(default_factory=list)
    new_years: dict[int, int] = field(default_factory=dict)
    totals: list[YearTotal] = field(default_factory=list)

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """The states that one may filter by, each with how many tables are in it; those in which none is are left."""
        counts = {name: sum(map(test, self.entries)) for name, (_, test) in STATES.items()}
        return [(name, label, counts[name]) for name, (label, _) in STATES.items() if counts[name] or not name]

    @property
    def strange(self) -> list[AskedQuestion]:
        """Heads and labels that no file asks about: they were only left out."""
        return [asked for asked in self.asked if asked.kind == UNKNOWN]

    @property
    def elsewhere(self) -> int:
        """Ticked tables that this page does not show."""
        shown = {entry.key for entry in self.shown.entries} if self.shown else set()
        return sum(entry.row.is_wanted and entry.key not in shown for entry in self.entries)

    @property
    def any_fields(self) -> list[tuple[str, str]]:
        return any_fields()

    @property
    def unlooked(self) -> int:
        """Tables that stay out until somebody has looked at them."""
        return sum(entry.outcome.writes and entry.row.left_out and not entry.row.by_hand for entry in self.entries)

    @property
    def replacing(self) -> int:
        """Ticked tables that would replace what was approved in the system."""
        return sum(entry.row.is_wanted and bool(entry.row.approved) for entry in self.entries)

    @property
    def could_replace(self) -> bool:
        return any(entry.row.approved for entry in self.entries)

    @property
    def archives(self) -> list[str]:
        return sorted({entry.archive for entry in self.entries if entry.archive})

    @property
    def faults_count(self) -> int:
        return sum(kind.count for kind in self.faults)

    @property
    def unfinished(self) -> int:
        """Tables of a cancelled batch that would have come in."""
        return sum(entry.row.is_wanted and not entry.row.result for entry in self.entries)

    @property
    def writable(self) -> int:
        return sum(entry.outcome.writes for entry in self.entries)


def page_of(
    batch: ImportBatch,
    opened: TableForPage | None = None,
    said: Iterable[str] = (),
    filters: ImportFilters | None = None,
    refusals: Mapping[str, Refusal] | None = None,
) -> BatchPage:
    """As many queries for one file as for thousands; see `BatchPage`."""
    progress = progress_of(batch)
    uploads = [] if progress else [upload for upload in outlines_of(batch) if upload.archive is None]
    refusals = refusals or {}
    keyed = [(f"{upload.pk}.{row.index}", row) for upload in uploads for row in upload.rows]
    entries = [UploadEntry(key, row, refusals.get(key)) for key, row in keyed]
    entries.sort(key=lambda entry: (ORDER[entry.outcome], not entry.row.faults))
    is_done = batch.state in DONE
    out, faults = list(left_out(uploads, is_done)), list(faults_of(uploads))
    asks, waits = any(entry.asks_department for entry in entries), batch.state == ImportState.READY
    listed = [entry for entry in entries if entry.outcome is not ImportOutcome.SAME]
    there = opened.key if opened else next(iter(refusals), "")
    shown, filters = shown_of(listed, filters or ImportFilters(), there)
    return BatchPage(
        entries=listed,
        shown=shown,
        filters=filters,
        asked=asked_by(uploads) if waits else [],
        new_years=missing_years(entries) if waits else {},
        totals=totals_of(batch, (entry.row for entry in entries if not is_done or entry.row.result in HELD)),
        same=[entry for entry in entries if entry.outcome is ImportOutcome.SAME],
        out=by_kind(out),
        out_count=len({(trouble.file, trouble.sheet) for trouble in out}),
        asking=0 if is_done else sum(entry.is_waiting for entry in entries),
        faults=by_kind(faults),
        departments=choosable_departments(batch) if waits and asks else [],
        progress=progress,
        is_done=is_done,
        waits=waits,
        mended=Mended() if progress else Mended.of(batch),
        figures=batch.report,
        opened=opened,
        said=tuple(said),
    )


def missing_years(entries: Iterable[UploadEntry]) -> dict[int, int]:
    """The past years that are not there yet, each with how many tables wait for it."""
    found: dict[int, int] = defaultdict(int)
    for entry in entries:
        if entry.row.asks_year and entry.row.year is not None:
            found[entry.row.year] += 1
    return dict(sorted(found.items()))


def choosable_departments(batch: ImportBatch) -> list[Department]:
    """Every department of the bureau, where a list can hold them; what is typed is looked for among all."""
    return list(batch.bureau.departments.filter(is_active=True).only("name", "code", "initials")[:MOST_OPTIONS])


def progress_of(batch: ImportBatch) -> BatchProgress | None:
    """How far the job is; None where none is under way."""
    if batch.state not in UNDER_WAY:
        return None
    is_undoing = batch.state == ImportState.UNDOING
    is_writing = batch.state == ImportState.APPLYING or is_undoing
    if is_undoing:
        done, total = batch.report.get("undoing", 0), batch.report.get("result_written", 0)
    elif is_writing:
        done, total = batch.report.get("done", 0), batch.report.get("wanted", 0)
    else:
        total = batch.uploads.count()
        done = batch.uploads.exclude(state__in=(UploadState.STORED, UploadState.READING)).count()
    label = "正在撤销导入" if is_undoing else "正在导入" if is_writing else "正在读取文件"
    is_interrupted = jobs.is_interrupted(batch=str(batch.pk))
    return BatchProgress(label, done, total, is_writing, jobs.has_worker(), is_interrupted, is_undoing)


def left_out(uploads: Iterable[Outline], is_done: bool) -> Iterable[Trouble]:
    """What will not come in, or did not: refused files, blocked tables, with the reasons."""
    for upload in uploads:
        if upload.refused:
            yield trouble_of(upload, None, upload.refused)
        for row in upload.rows:
            if is_out(row, is_done):
                reasons = [] if row.result == ImportResult.STALE else row.reasons
                reasons = reasons or [{"code": "P20", "message": row.said, "hint": ""}]
                yield from (trouble_of(upload, row, reason) for reason in reasons)


def is_out(row: PlannedRow, is_done: bool) -> bool:
    """Not one that only waits for its department to be named or its year to be made."""
    entry = UploadEntry("", row)
    is_barred = row.effective is ImportOutcome.BLOCKED and (is_done or not (entry.needs_department or row.asks_year))
    return is_barred or row.result in (ImportResult.STALE, ImportResult.BLOCKED)


def trouble_of(upload: Outline, row: PlannedRow | None, problem: dict[str, str]) -> Trouble:
    table, sheet = (f"{upload.pk}.{row.index}", row.sheet) if row else ("", "")
    said = problem["code"], problem["message"], problem["hint"]
    file = without_archives(upload.file)
    return Trouble(str(upload.pk), table, bool(upload.refused), file, sheet, problem.get("cell", ""), *said)


def faults_of(uploads: Iterable[Outline]) -> Iterable[Trouble]:
    """What could not be read in tables that do come in."""
    for upload in uploads:
        for row in upload.rows:
            for fault in row.faults if row.effective.writes else ():
                yield trouble_of(upload, row, fault)


def by_kind(troubles: Iterable[Trouble]) -> list[ProblemKind]:
    """By code, those of which there are few first; of very many the first ones."""
    kinds: dict[str, list[Trouble]] = defaultdict(list)
    for trouble in troubles:
        kinds[trouble.code].append(trouble)
    found = [
        ProblemKind(KINDS.get(code, some[0].message.rstrip("。")), some[:LISTED_OF_A_KIND], len(some))
        for code, some in kinds.items()
    ]
    return sorted(found, key=lambda kind: kind.is_many)
