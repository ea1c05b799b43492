"""What the page of a batch shows, made ready for the template."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from declarations import lasting
from declarations.batch import desk
from declarations.batch.outlines import Outline, outlined
from declarations.batch.plan import Key, Planned, Planner
from declarations.batch.rows import Outcome, Result, Row
from declarations.differences import Difference
from declarations.models import Department, ImportBatch
from declarations.models.upload import ImportState, UploadState
from declarations.problems import Problem, Severity

GROUPED_FROM = 12
LISTED_OF_A_KIND = 300
MOST_OPTIONS = 6_000
ASKING = ("P01", "P02")
UNDER_WAY = (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
DONE = (ImportState.APPLIED, ImportState.CANCELLED, ImportState.UNDONE)
ORDER = {Outcome.BLOCKED: 0, Outcome.CHANGED: 1, Outcome.NEW: 2, Outcome.SAME: 3}
KINDS = {
    "R01": "填的不是金额或数字",
    "R02": "公式没有算出结果",
    "R03": "缺少栏目",
    "R04": "看不出年度",
    "R05": "没有写明二级指标",
    "R11": "文字过长",
    "P01": "没有对应的部门",
    "P02": "不能确定是哪个部门",
    "P03": "看不出年度",
    "P04": "该年度不能导入",
    "P05": "已有申报表，不能覆盖",
    "P07": "同一部门、同一年度有两份不同的表",
    "P08": "部门已停用",
}


@dataclass(frozen=True)
class Entry:
    """One planned table with the names of its controls: ``key`` is its upload and its place there."""

    key: str
    row: Row

    @property
    def outcome(self) -> Outcome:
        return self.row.effective

    @property
    def asks_department(self) -> bool:
        return self.row.chosen is not None or self.needs_department

    @property
    def needs_department(self) -> bool:
        """Nothing stands against it but that nobody knows whose it is."""
        return bool(self.row.objections) and all(one["code"] in ASKING for one in self.row.objections)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with a file, in words."""

    file: str
    sheet: str
    cell: str
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Kind:
    """Troubles of one kind; ``is_many``: folded behind how many there are."""

    label: str
    troubles: list[Trouble]
    count: int

    @property
    def is_many(self) -> bool:
        return self.count > GROUPED_FROM


@dataclass(frozen=True)
class Progress:
    label: str
    done: int
    total: int
    is_writing: bool
    has_worker: bool
    is_interrupted: bool = False
    is_undoing: bool = False


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    same: list[Entry]
    out: list[Kind]
    out_count: int
    asking: int
    faults: list[Kind]
    faults_count: int
    departments: list[Department]
    progress: Progress | None
    is_done: bool
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def writable(self) -> int:
        return sum(entry.outcome.writes for entry in self.entries)


def page_of(batch: ImportBatch) -> Page:
    """Four queries, however many files."""
    progress = progress_of(batch)
    uploads = [] if progress else [upload for upload in outlined(batch) if upload.archive is None]
    entries = [Entry(f"{upload.pk}.{row.index}", row) for upload in uploads for row in upload.rows]
    entries.sort(key=lambda entry: (ORDER[entry.outcome], not entry.row.faults))
    is_done = batch.state in DONE
    out, faults = list(left_out(uploads, is_done)), list(faults_of(entries))
    lists = sum(entry.asks_department for entry in entries)
    return Page(
        entries=[entry for entry in entries if entry.outcome is not Outcome.SAME],
        same=[entry for entry in entries if entry.outcome is Outcome.SAME],
        out=by_kind(out),
        out_count=len({(trouble.file, trouble.sheet) for trouble in out}),
        asking=0 if is_done else sum(entry.needs_department for entry in entries),
        faults=by_kind(faults),
        faults_count=len(faults),
        departments=choosable(batch, lists) if batch.state == ImportState.READY else [],
        progress=progress,
        is_done=is_done,
        figures=batch.report,
    )


def choosable(batch: ImportBatch, lists: int) -> list[Department]:
    """Every department of the bureau, where the lists of a page can hold them."""
    if not lists:
        return []
    found = list(Department.objects.filter(bureau=batch.bureau, is_active=True).only("pk", "name", "code"))
    return found if len(found) * lists <= MOST_OPTIONS else []


def progress_of(batch: ImportBatch) -> Progress | None:
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
    is_interrupted = lasting.is_interrupted(batch=str(batch.pk))
    return Progress(label, done, total, is_writing, lasting.has_worker(), is_interrupted, is_undoing)


def left_out(uploads: Iterable[Outline], is_done: bool) -> Iterable[Trouble]:
    """What will not come in, or did not: refused files, blocked tables, with the reasons."""
    for upload in uploads:
        if upload.refused:
            yield trouble(upload.file, "", upload.refused)
        for row in upload.rows:
            if is_out(row, is_done):
                reasons = [] if row.result == Result.STALE else row.reasons
                reasons = reasons or [{"code": "P20", "message": row.said, "hint": ""}]
                yield from (trouble(row.file, row.sheet, reason) for reason in reasons)


def is_out(row: Row, is_done: bool) -> bool:
    """Not one that only waits for its department to be named."""
    is_barred = row.effective is Outcome.BLOCKED and (is_done or not Entry("", row).needs_department)
    return is_barred or row.result in (Result.STALE, Result.BLOCKED)


def trouble(file: str, sheet: str, problem: dict[str, str]) -> Trouble:
    return Trouble(file, sheet, problem.get("cell", ""), problem["code"], problem["message"], problem["hint"])


def faults_of(entries: Iterable[Entry]) -> Iterable[Trouble]:
    """What could not be read in tables that do come in."""
    for entry in entries:
        row = entry.row
        for fault in row.faults if row.effective.writes else ():
            yield trouble(row.file, row.sheet, fault)


def by_kind(troubles: Iterable[Trouble]) -> list[Kind]:
    """By code, those of which there are few first; of very many the first ones."""
    kinds: dict[str, list[Trouble]] = defaultdict(list)
    for trouble in troubles:
        kinds[trouble.code].append(trouble)
    found = [
        Kind(KINDS.get(code, some[0].message.rstrip("。")), some[:LISTED_OF_A_KIND], len(some))
        for code, some in kinds.items()
    ]
    return sorted(found, key=lambda kind: kind.is_many)


# --- what a person decided -------------------------------------------------------------------


@dataclass(frozen=True)
class Choices:
    """From the form of the preview: which tables are not to come in, whose tables some are."""

    left_out: set[Key]
    departments: dict[Key, int | None]

    @classmethod
    def read(cls, posted: QueryDict, batch: ImportBatch) -> Choices:
        """What had a box that is not ticked stays out; a department that was not changed says nothing."""
        taken = set(posted.getlist("take"))
        out, departments = set(), {}
        for upload in outlined(batch):
            for row in upload.rows:
                key, name = (str(upload.pk), row.index), f"{upload.pk}.{row.index}"
                if row.effective.writes and name not in taken:
                    out.add(key)
                given = posted.get(f"department-{name}")
                if given is not None and (chosen := number(given)) != row.chosen:
                    departments[key] = chosen
        return cls(out, departments)

    def save(self, batch: ImportBatch) -> None:
        desk.choose(batch, self.departments, self.left_out)


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


# --- one table -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlannedTable:
    key: str
    row: Row
    changes: list[Difference]
    problems: list[tuple[Severity, list[Problem]]]

    @property
    def is_clean(self) -> bool:
        return not self.changes and not self.problems


def table_of(batch: ImportBatch, key: str) -> PlannedTable | None:
    """One table planned anew, so that it shows what would change now; None for a key that leads nowhere."""
    upload_key, _, index = key.partition(".")
    try:
        upload = batch.uploads.filter(pk=uuid.UUID(upload_key)).first()
    except ValueError:
        return None
    rows: list[dict[str, Any]] = (upload.result.get("rows") or []) if upload else []
    row = next((Row.from_json(data) for data in rows if str(data["index"]) == index), None)
    if row is None:
        return None
    planned = plan_one(batch, upload, row)
    problems = planned.problems if planned else []
    grouped = [(severity, [one for one in problems if one.severity is severity]) for severity in Severity]
    changes = planned.changes if planned else []
    return PlannedTable(key, row, changes, [(severity, some) for severity, some in grouped if some])


def plan_one(batch: ImportBatch, upload, row: Row) -> Planned | None:
    """None for a file that was known and not read again."""
    sources = [one for one in desk.sources_of_upload(upload) if one.key[1] == row.index]
    choices = {sources[0].key: row.chosen} if sources and row.chosen is not None else {}
    return Planner(batch.bureau).plan(sources, choices)[0] if sources else None
