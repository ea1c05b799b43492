"""The import desk: files of one batch, read, planned and applied, in steps that may be interrupted.

Every step works on what is still to be done and commits chunk by chunk, so that a step that was cut
off is simply taken again: nothing is lost, nothing is done twice. A file whose content was brought in
before, into declarations that have not changed since, is not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from declarations.batch.known import Known
from declarations.batch.outlines import outlined, save_rows, summarise
from declarations.batch.plan import Key, Planner, sources_of
from declarations.batch.rows import Result, Row, mark_clashes
from declarations.batch.scanned import clean, is_clean
from declarations.batch.writing import Expected, Writer, Written
from declarations.files import Entry, read_all, taken_apart
from declarations.models import Bureau, ImportBatch, Upload, User
from declarations.models.upload import ImportState, UploadState
from declarations.problems import Refused
from declarations.workbook.gate import ZIP
from declarations.workbook.sandbox import Sandbox

READ_AT_ONCE = 25
"""Files between two commits while reading: how often progress can be seen."""
WRITTEN_AT_ONCE = 250
LONGEST_NAME = 255


# --- files in --------------------------------------------------------------------------------


def add_file(batch: ImportBatch, name: str, content: File) -> Upload:
    """Keeps an uploaded file under a name of our own, with the hash of its content."""
    digest = hashlib.sha256()
    for part in content.chunks():
        digest.update(part)
    upload = Upload(batch=batch, original_name=clipped(name), sha256=digest.hexdigest(), size=content.size)
    upload.file.save("", content, save=False)
    upload.save(force_insert=True)
    return upload


def clipped(name: str) -> str:
    """A file name as it is kept: printable, and its end, which says most, where it is too long."""
    printable = "".join(letter if letter.isprintable() else "_" for letter in name)
    return printable if len(printable) <= LONGEST_NAME else "…" + printable[1 - LONGEST_NAME :]


def unpack_archives(batch: ImportBatch) -> None:
    """Each archive becomes an upload a member. Members have fixed keys: doing it again adds nothing."""
    for upload in batch.uploads.filter(state=UploadState.STORED):
        data = archive_of(upload)
        if data is None or not is_clean(upload):
            continue
        found = list(taken_apart(upload.original_name, data)) if data else []
        if len(found) == 1 and found[0].source is data:
            continue
        if len(found) == 1 and found[0].name == upload.original_name:
            upload.state, upload.result = UploadState.REFUSED, refused_result(found[0].refused)
        else:
            for entry in found:
                add_member(upload, entry)
            upload.state, upload.result = UploadState.READ, {"archive": len(found)}
        upload.save(update_fields=["state", "result"])


def archive_of(upload: Upload) -> bytes | None:
    """The content of an upload that begins like a zip."""
    path = Path(upload.file.path)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return ZIP + file.read() if file.read(len(ZIP)) == ZIP else None


def add_member(archive: Upload, entry: Entry) -> None:
    key = uuid5(NAMESPACE_URL, f"{archive.pk}/{entry.name}")
    if Upload.objects.filter(pk=key).exists():
        return
    content = entry.source or b""
    member = Upload(
        pk=key,
        batch=archive.batch,
        original_name=clipped(entry.name),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    if entry.refused:
        member.state, member.result = UploadState.REFUSED, refused_result(entry.refused)
    else:
        member.file.storage.delete(member.file.field.generate_filename(member, ""))
        member.file.save("", ContentFile(content), save=False)
    member.save(force_insert=True)


def refused_result(refused: Refused) -> dict[str, Any]:
    return {"refused": refused.to_json(), "tables": [], "rows": []}


# --- reading and planning --------------------------------------------------------------------


def read(batch: ImportBatch, sandbox: Sandbox) -> bool:
    """Reads and plans whatever of the batch is not read yet; False where it was cancelled meanwhile."""
    if not advance(batch, ImportState.READING, (ImportState.UPLOADED, ImportState.READING, ImportState.FAILED)):
        return False
    unpack_archives(batch)
    planner, known = Planner(batch.bureau), Known(batch.bureau, batch.year)
    waiting = batch.uploads.filter(state=UploadState.STORED).order_by("original_name", "pk")
    while chunk := list(waiting[:READ_AT_ONCE]):
        if not still(batch, ImportState.READING):
            return False
        read_chunk(planner, known, sandbox, chunk)
    compare(batch)
    return advance(batch, ImportState.READY, (ImportState.READING,))


def read_chunk(planner: Planner, known: Known, sandbox: Sandbox, chunk: Sequence[Upload]) -> None:
    before = known.of([upload.sha256 for upload in chunk])
    fresh = clean(upload for upload in chunk if upload.sha256 not in before)
    entries = (Entry(upload.original_name, Path(upload.file.path)) for upload in fresh)
    results = read_all(entries, sandbox, year=known.year)
    for upload, result in zip(fresh, results, strict=True):
        upload.result = result.to_json()
    plan_uploads(planner, fresh)
    for upload in chunk:
        if upload.state == UploadState.REFUSED:
            continue
        if upload.sha256 in before:
            upload.result = known_result(upload.original_name, before[upload.sha256])
        upload.state = UploadState.REFUSED if upload.result["refused"] else UploadState.READ
    Upload.objects.bulk_update(chunk, ["state", "result"])


def known_result(name: str, rows: Iterable[Row]) -> dict[str, Any]:
    """A file that was brought in before, as it was planned then."""
    for row in (kept := list(rows)):
        row.file = name
    return {"refused": None, "tables": [], "rows": [row.to_json() for row in kept]}


def plan_uploads(planner: Planner, uploads: Sequence[Upload], choices: Mapping[Key, int] | None = None) -> None:
    """Plans the tables of these uploads and puts the rows into their results, unsaved."""
    sources = [source for upload in uploads for source in sources_of_upload(upload)]
    rows: dict[str, list[dict[str, Any]]] = {str(upload.pk): [] for upload in uploads}
    for planned in planner.plan(sources, choices):
        rows[planned.source.key[0]].append(planned.row().to_json())
    for upload in uploads:
        upload.result["rows"] = rows[str(upload.pk)]


def sources_of_upload(upload: Upload):
    return sources_of(str(upload.pk), upload.original_name, upload.result["tables"])


def compare(batch: ImportBatch) -> None:
    """Finds the files that claim the same declaration, and counts."""
    uploads = list(outlined(batch))
    rows = [(upload.sha256, row) for upload in uploads for row in upload.rows]
    altered = {id(row) for row in mark_clashes(rows)}
    touched = [upload for upload in uploads if any(id(row) in altered for row in upload.rows)]
    save_rows(touched)
    summarise(batch, uploads)


def choose(batch: ImportBatch, departments: Mapping[Key, int | None], left_out: Iterable[Key] | None = None) -> None:
    """What a person decided in the preview: whose table it is, what is not to come in."""
    uploads = list(outlined(batch))
    out = None if left_out is None else set(left_out)
    for upload in uploads:
        for row in upload.rows:
            row.left_out = row.left_out if out is None else (str(upload.pk), row.index) in out
    save_rows(uploads)
    keys = {UUID(key) for key, _ in departments}
    if not keys:
        return summarise(batch, uploads)
    full = list(batch.uploads.filter(pk__in=keys))
    choices = {(str(upload.pk), row["index"]): row["chosen"] for upload in full for row in upload.result["rows"]}
    choices = {key: chosen for key, chosen in (choices | dict(departments)).items() if chosen is not None}
    plan_uploads(Planner(batch.bureau), full, choices)
    keep_left_out(full, out or set())
    Upload.objects.bulk_update(full, ["result"])
    return compare(batch)


def keep_left_out(uploads: Iterable[Upload], out: set[Key]) -> None:
    for upload in uploads:
        for row in upload.result["rows"]:
            row["left_out"] = (str(upload.pk), row["index"]) in out


# --- writing ---------------------------------------------------------------------------------


def apply(batch: ImportBatch, actor: User | None, source_address: str | None = None) -> bool:
    """Writes what is wanted of the batch; a chunk of tables and the note that they are done in one transaction."""
    if not advance(batch, ImportState.APPLYING, (ImportState.READY, ImportState.APPLYING, ImportState.FAILED)):
        return False
    writer = Writer(Planner(batch.bureau), actor, source_address)
    waiting = [upload.pk for upload in outlined(batch) if any(not row.result for row in upload.rows)]
    for start in range(0, len(waiting), WRITTEN_AT_ONCE):
        if not still(batch, ImportState.APPLYING):
            return False
        write_chunk(writer, batch, waiting[start : start + WRITTEN_AT_ONCE])
        batch.report["done"] = min(start + WRITTEN_AT_ONCE, len(waiting))
        ImportBatch.objects.filter(pk=batch.pk).update(report=batch.report)
    batch.applied_at = timezone.now()
    summarise(batch, list(outlined(batch)))
    return advance(batch, ImportState.APPLIED, (ImportState.APPLYING,))


@transaction.atomic
def write_chunk(writer: Writer, batch: ImportBatch, keys: Sequence[UUID]) -> None:
    uploads = list(batch.uploads.select_for_update().filter(pk__in=keys).order_by("original_name", "pk"))
    write_uploads(writer, uploads)
    Upload.objects.bulk_update(uploads, ["state", "result"])


def write_uploads(writer: Writer, uploads: Sequence[Upload]) -> None:
    """Writes what is wanted of these uploads and puts what became of it into their rows, unsaved."""
    rows = {
        (str(upload.pk), data["index"]): Row.from_json(data) for upload in uploads for data in upload.result["rows"]
    }
    wanted = {key: row for key, row in rows.items() if row.is_wanted and not row.result}
    sources = [
        source for upload in uploads if upload.result["tables"] for source in sources_of_upload(upload)
        if source.key in wanted
    ]  # fmt: skip
    expected = {key: Expected(row.effective, row.department, row.version) for key, row in wanted.items()}
    choices = {key: row.chosen for key, row in wanted.items() if row.chosen is not None}
    for key, written in writer.write(sources, expected, choices).items() if sources else ():
        note(rows[key], written)
    for row in rows.values():
        settle(row)
    for upload in uploads:
        mine = [rows[str(upload.pk), data["index"]] for data in upload.result["rows"]]
        upload.result["rows"] = [row.to_json() for row in mine]
        upload.state = state_of(mine, upload.state)


def state_of(rows: Sequence[Row], before: str) -> str:
    """An upload is brought in once every table of it is."""
    return UploadState.APPLIED if rows and all(row.result in (Result.WRITTEN, Result.SAME) for row in rows) else before


def note(row: Row, written: Written) -> None:
    row.result, row.said = written.result.value, written.said
    if written.declaration is not None:
        row.declaration, row.version = str(written.declaration.pk), written.declaration.version


def settle(row: Row) -> None:
    """What was not to be written has its result too."""
    if row.result:
        return
    if row.effective.writes:
        row.result = Result.LEFT_OUT.value
    elif row.effective.value == "same":
        row.result = Result.SAME.value
    else:
        row.result, row.said = Result.BLOCKED.value, "；".join(problem["message"] for problem in row.reasons)


# --- the batch -------------------------------------------------------------------------------


def advance(batch: ImportBatch, target: ImportState, sources: Iterable[ImportState]) -> bool:
    """Moves the batch on unless somebody moved it elsewhere first."""
    moved = ImportBatch.objects.filter(pk=batch.pk, state__in=list(sources)).update(state=target)
    if moved:
        batch.state = target
    return bool(moved)


def still(batch: ImportBatch, state: ImportState) -> bool:
    """Whether nobody cancelled in the meantime."""
    return ImportBatch.objects.filter(pk=batch.pk, state=state).exists()


def new_batch(bureau: Bureau, actor: User | None, year: int | None) -> ImportBatch:
    return ImportBatch.objects.create(bureau=bureau, created_by=actor, year=year)
