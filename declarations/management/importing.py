"""One run of ``import_tables``: read everything, then plan and, where it is asked for, write portion by portion.

All is read before anything is written, because two files may claim the same declaration. What was
read waits in a temporary file, so that thousands of files need no memory.
"""

from __future__ import annotations

import hashlib
import marshal
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from declarations.files.guarding.limits import FILE_BYTES, MEBIBYTE
from declarations.files.guarding.sandbox import Sandbox
from declarations.importing.batch import desk
from declarations.importing.batch.known import Known
from declarations.importing.batch.plan import ImportSource, PlannedTable, Planner, sources_of
from declarations.importing.batch.rows import ImportResult, PlannedRow, clash_problem, count_rows
from declarations.importing.batch.writing import BatchWriter
from declarations.importing.files import FileEntry, entries_of, read_all
from declarations.models import Bureau, ImportBatch, Upload
from declarations.models.upload import ImportState, UploadState
from declarations.record import bulk

PORTION = 250
PORTION_BYTES = 64 * MEBIBYTE
IN_MEMORY = 8 * MEBIBYTE
Key = tuple[str, int]


@dataclass(slots=True)
class File:
    """One file of the report. ``details``: what of each table goes into the report beside its row."""

    number: int
    path: str
    sha256: str
    refused: dict[str, str] | None = None
    rows: list[PlannedRow] = field(default_factory=list)
    details: list[dict[str, Any]] = field(default_factory=list)
    is_known: bool = False


class Spool:
    """The tables of the files that were read, in order: in memory, or in a temporary file where they are many."""

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Spool]:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            yield cls(file)

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def put(self, number: int, tables: list[dict[str, Any]]) -> None:
        packed = marshal.dumps((number, tables))
        self._file.write(len(packed).to_bytes(8) + packed)

    def __iter__(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        self._file.seek(0)
        while length := self._file.read(8):
            yield marshal.loads(self._file.read(int.from_bytes(length)))


class Run:
    """Imports into one bureau; ``year`` None: each file says its own.

    ``new_years``: the past years that may be made where the bureau has none of them; ``year`` is one of them.
    """

    def __init__(self, bureau: Bureau, year: int | None, spool: Spool, new_years: Collection[int] = ()) -> None:
        self.bureau, self.year, self._spool = bureau, year, spool
        self.new_years = {*new_years, *([year] if year else [])}
        self.planner = Planner(bureau, new_years=self.new_years, is_year_stated=year is not None)
        self.known = Known(bureau, year)
        self.batch: ImportBatch | None = None
        self.files: list[File] = []
        self._claims: dict[tuple[int, int], list[tuple[Key, str, str]]] = defaultdict(list)
        self._clashes: dict[Key, list[str]] = {}

    # --- reading ---

    def read(self, paths: Iterable[str], sandbox: Sandbox) -> None:
        for portion in portions_of(entries_of(paths)):
            hashes = [digest_of(entry) for entry in portion]
            before = self.known.of(filter(None, hashes))
            fresh = [entry for entry, sha256 in zip(portion, hashes, strict=True) if sha256 not in before]
            results = read_all(fresh, sandbox, year=self.year)
            for entry, sha256 in zip(portion, hashes, strict=True):
                if sha256 in before:
                    self._know(entry.name, sha256, before[sha256])
                else:
                    self._take(next(results))
        self._clashes = clashing_tables(self._claims.values())

    def _take(self, result) -> None:
        file = File(len(self.files), result.path, result.sha256, result.refused)
        self.files.append(file)
        self._spool.put(file.number, result.tables)
        for index, read in enumerate(result.tables):
            department = self.planner.matcher.match(read["table"]["department"]).department
            self._claim(file, index, department, read["table"]["year"])

    def _know(self, name: str, sha256: str, rows: Sequence[PlannedRow]) -> None:
        """A file that is in already, as it was planned then."""
        copies = [PlannedRow.from_json(row.to_json() | {"file": name}) for row in rows]
        details = [{"changes": [], "problems": []} for _ in copies]
        self.files.append(File(len(self.files), name, sha256, None, copies, details, is_known=True))
        for row in copies:
            self._claim(self.files[-1], row.index, row.department, row.year)

    def _claim(self, file: File, index: int, department: int | None, year: int | None) -> None:
        if department is not None and year is not None:
            self._claims[department, year].append(((str(file.number), index), file.sha256, file.path))

    # --- planning and writing ---

    def plan(self) -> None:
        for portion in self._portions():
            for planned in self.planner.plan([source for _, sources in portion for source in sources]):
                self._note(planned, planned.row())
        self._settle_known()

    def apply(self) -> None:
        """Each portion in a transaction of its own: tables, record, and the note of what was brought in."""
        if any(self.planner.years.of(year).cycle is None for year in self.new_years):
            self.batch = desk.new_batch(self.bureau, None, self.year)  # what it makes goes again with it
        writer = BatchWriter(self.planner, batch=self.batch)
        for portion in self._portions():
            self._write(writer, portion)
        self._settle_known()
        if self.batch:
            self.batch.state, self.batch.applied_at = ImportState.APPLIED, timezone.now()
            self.batch.report = self.counts
            self.batch.save()

    @transaction.atomic
    def _write(self, writer: BatchWriter, portion: list[tuple[list[dict[str, Any]], list[ImportSource]]]) -> None:
        sources = [source for _, some in portion for source in some]
        wanted = [source for source in sources if source.key not in self._clashes]
        written = writer.write(wanted) if wanted else {}
        barred = [source for source in sources if source.key in self._clashes]
        plans = {one.source.key: one for one in self.planner.plan(barred)} if barred else {}
        for source in sources:
            done = written.get(source.key)
            planned = done.planned if done else plans[source.key]
            row = planned.row()
            if done:
                desk.note_written(row, done)
            self._note(planned, row)
            desk.settle_row(row)
        self._keep([(self.files[int(some[0].key[0])], tables) for tables, some in portion if some])

    def _keep(self, kept: list[tuple[File, list[dict[str, Any]]]]) -> None:
        """One upload a file that changed something or could not; what was the same leaves no trace."""
        touched = [(file, tables) for file, tables in kept if any(row.result != ImportResult.SAME for row in file.rows)]
        if touched:
            self.batch = self.batch or desk.new_batch(self.bureau, None, self.year)
            bulk.copy_rows(Upload, [self._upload(file, tables) for file, tables in touched])

    def _upload(self, file: File, tables: list[dict[str, Any]]) -> Upload:
        result = {"path": file.path, "sha256": file.sha256, "refused": file.refused, "tables": tables}
        return Upload(
            pk=uuid4(),
            batch=self.batch,
            original_name=desk.clip_name(file.path),
            sha256=file.sha256,
            size=0,
            state=desk.state_of(file.rows, UploadState.READ),
            result=result | {"rows": [row.to_json() for row in file.rows]},
        )

    def _portions(self) -> Iterator[list[tuple[list[dict[str, Any]], list[ImportSource]]]]:
        portion, tables_in_it = [], 0
        for number, tables in self._spool:
            portion.append((tables, sources_of(str(number), self.files[number].path, tables)))
            tables_in_it += len(tables)
            if tables_in_it >= PORTION:
                yield portion
                portion, tables_in_it = [], 0
        if portion:
            yield portion

    def _note(self, planned: PlannedTable, row: PlannedRow) -> None:
        file = self.files[int(planned.source.key[0])]
        row.clash = self._clashes.get(planned.source.key, [])
        file.rows.append(row)
        file.details.append(details_of(planned))

    def _settle_known(self) -> None:
        for file in self.files:
            for row in file.rows if file.is_known else ():
                row.clash = self._clashes.get((str(file.number), row.index), [])

    # --- reporting ---

    @property
    def counts(self) -> dict[str, int]:
        refused = sum(file.refused is not None for file in self.files)
        return count_rows((row for file in self.files for row in file.rows), refused, len(self.files))

    def report(self) -> Iterator[dict[str, Any]]:
        for file in self.files:
            tables = [table_report(row, rest) for row, rest in zip(file.rows, file.details, strict=True)]
            yield {"path": file.path, "sha256": file.sha256, "refused": file.refused, "tables": tables}


def clashing_tables(claims: Iterable[list[tuple[Key, str, str]]]) -> dict[Key, list[str]]:
    """The tables that claim what another claims too, with the names of those; the same file twice is no clash."""
    found = {}
    for claim in claims:
        if len({(sha256, key[1]) for key, sha256, _ in claim}) > 1:
            for key, _, _ in claim:
                found[key] = [path for other, _, path in claim if other != key]
    return found


def portions_of(found: Iterable[FileEntry]) -> Iterator[list[FileEntry]]:
    """Some hundred files at a time, fewer where those that are in memory are large."""
    portion, size = [], 0
    for entry in found:
        portion.append(entry)
        size += len(entry.source) if isinstance(entry.source, bytes) else 0
        if len(portion) >= PORTION or size >= PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def digest_of(entry: FileEntry) -> str:
    """The hash of the content; empty for what cannot be read, which the reading then says."""
    if isinstance(entry.source, bytes):
        return hashlib.sha256(entry.source).hexdigest()
    path = entry.source
    try:
        if path is None or not path.is_file() or path.stat().st_size > FILE_BYTES:
            return ""
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def details_of(planned: PlannedTable) -> dict[str, Any]:
    changes = [
        {"field": one.field, "label": one.label, "old": one.old, "new": one.new, "kind": one.kind.value}
        for one in planned.changes
    ]
    source = planned.source
    return {
        "changes": changes,
        "problems": [problem.to_json() for problem in planned.problems],
        "left_out": list(source.left_out),
        "questions": list(source.questions),
    }


def table_report(row: PlannedRow, rest: dict[str, Any]) -> dict[str, Any]:
    """One table of the report; ``result`` is there once something was applied."""
    found = {"code": row.department_code, "name": row.department_name, "confidence": row.confidence, "how": row.how}
    clash = [clash_problem(row.clash)] if row.clash else []
    said = {"result": row.result, "said": row.said} if row.result else {}
    return {
        "sheet": row.sheet,
        "edition": row.edition,
        "year": row.year,
        "named": row.named,
        "department": found if row.department is not None else None,
        "candidates": [{"name": name, "confidence": confidence} for _, name, confidence in row.candidates],
        "outcome": row.effective.value,
        "declaration": row.declaration,
        "changes": rest["changes"],
        "problems": [*clash, *rest["problems"]],
        "left_out": rest.get("left_out", []),
        "questions": rest.get("questions", []),
        **said,
    }
