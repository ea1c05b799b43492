"""One table of a batch: what would change, what was found in it, and which of its values can be corrected here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from declarations.comparing.differences import Difference
from declarations.importing.batch import correcting, desk
from declarations.importing.batch.correcting import CorrectableField
from declarations.importing.batch.plan import PlannedTable, is_fault
from declarations.importing.batch.rows import PlannedRow
from declarations.models import ImportBatch, Upload
from declarations.models.upload import ImportState
from declarations.sheet.problems import Problem, Severity
from declarations.views.importing.sheet_page import ImportSheetView

GROUPED_FROM = 12
CORRECTABLE = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class ImportFinding:
    """A problem, and the value to correct, once for each value. ``is_pressing``: it cannot stay as it is."""

    problem: Problem
    field: CorrectableField | None
    is_pressing: bool


@dataclass(frozen=True)
class Repeated:
    """Findings of one code: folded behind how many there are, where these are very many."""

    label: str
    findings: list[ImportFinding]

    @property
    def is_many(self) -> bool:
        return len(self.findings) > GROUPED_FROM


@dataclass(frozen=True)
class FoundText:
    """What was found of one severity."""

    severity: Severity
    kinds: list[Repeated]

    @classmethod
    def of(cls, severity: Severity, findings: Iterable[ImportFinding]) -> FoundText:
        """By code, in the order in which the codes first appear."""
        kinds: dict[str, list[ImportFinding]] = defaultdict(list)
        for finding in findings:
            kinds[finding.problem.code].append(finding)
        return cls(severity, [Repeated(label_of(some), some) for some in kinds.values()])

    @property
    def count(self) -> int:
        return sum(len(kind.findings) for kind in self.kinds)


def label_of(findings: list[ImportFinding]) -> str:
    """What the findings of a code have in common: what is to be done about them, or the first of them."""
    first = findings[0].problem
    return (first.hint or first.message).rstrip("。")


@dataclass(frozen=True)
class TableForPage:
    """``key``: upload and place; ``can_mend``: the batch still waits, and the file was read this time.

    ``sheet``: everything that was read, value by value; ``said``: what became of the last decision about it;
    ``is_sheet_open``: it was taken in the sheet, which stays open.
    """

    key: str
    upload: Upload
    row: PlannedRow
    changes: list[Difference]
    problems: list[FoundText]
    can_mend: bool
    sheet: ImportSheetView | None = None
    said: tuple[str, ...] = ()
    is_sheet_open: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.changes and not self.problems

    @property
    def can_correct(self) -> bool:
        return any(finding.field for found in self.problems for kind in found.kinds for finding in kind.findings)


def upload_of(batch: ImportBatch, key: str) -> Upload | None:
    """A file of the batch that still plays a part in it; None for a key that leads nowhere."""
    try:
        return batch.uploads.filter(pk=uuid.UUID(key), replacement__isnull=True).first()
    except ValueError:
        return None


def split_key(key: str) -> tuple[str, int]:
    """``<upload>.<index>``; an index that is none is -1."""
    upload, _, index = key.partition(".")
    return upload, int(index) if index.isascii() and index.isdigit() and len(index) < 6 else -1


def table_of(batch: ImportBatch, key: str, said: Iterable[str] = ()) -> TableForPage | None:
    """One table planned anew, so that it shows what would change now; None for a key that leads nowhere."""
    upload_key, index = split_key(key)
    upload = upload_of(batch, upload_key)
    rows = (upload.result.get("rows") or []) if upload else []
    row = next((PlannedRow.from_json(data) for data in rows if data["index"] == index), None)
    if row is None:
        return None
    planned = plan_one(batch, upload, row)
    waits = batch.state == ImportState.READY
    findings = list(findings_of(planned, upload, waits)) if planned else []
    grouped = (
        FoundText.of(severity, (one for one in findings if one.problem.severity is severity)) for severity in Severity
    )
    changes = planned.changes if planned else []
    problems = [found for found in grouped if found.kinds]
    sheet = ImportSheetView.of(upload.result["tables"][index]) if planned else None
    return TableForPage(key, upload, row, changes, problems, waits and bool(planned), sheet, tuple(said))


def plan_one(batch: ImportBatch, upload: Upload, row: PlannedRow) -> PlannedTable | None:
    """None for a file that was known and not read again."""
    sources = [one for one in desk.sources_of_upload(upload) if one.key[1] == row.index]
    choices = {sources[0].key: row.chosen} if sources and row.chosen is not None else {}
    return desk.planner_for(batch).plan(sources, choices)[0] if sources else None


def findings_of(planned: PlannedTable, upload: Upload, can_mend: bool) -> Iterator[ImportFinding]:
    """The gravest first; the value of a field stands with its gravest problem."""
    order = list(Severity)
    read = correcting.read_table(upload.result["tables"][planned.source.key[1]]) if can_mend else None
    offered: set[str] = set()
    for problem in sorted(planned.problems, key=lambda problem: order.index(problem.severity)):
        path = problem.field
        field = None
        if read and problem.severity in CORRECTABLE and path not in offered and is_of_file(planned, problem):
            field = correcting.field_of(read, path)
            offered.add(path)
        yield ImportFinding(problem, field, problem.severity is Severity.ERROR or is_fault(problem))


def is_of_file(planned: PlannedTable, problem: Problem) -> bool:
    """Not an objection to the department: that is answered by naming one."""
    objections: Iterable[Problem] = planned.objections
    return problem.field != "department" or problem not in objections
