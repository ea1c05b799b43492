"""The import desk: files of one batch, read, planned and applied, in steps that may be interrupted.

Every step works on what is still to be done and commits chunk by chunk, so that a step that was cut
off is simply taken again: nothing is lost, nothing is done twice. A file whose content was brought in
before, into declarations that have not changed since, is not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from declarations.files.guarding.gate import ZIP
from declarations.files.guarding.sandbox import Sandbox
from declarations.importing.batch.known import Known
from declarations.importing.batch.moving import advance_batch, hold_batch, is_still
from declarations.importing.batch.outlines import outlines_of, save_rows, summarise_batch
from declarations.importing.batch.plan import Key, Planner, sources_of
from declarations.importing.batch.reading import read_some
from declarations.importing.batch.rows import ImportResult, PlannedRow, mark_clashes
from declarations.importing.batch.scanned import is_clean
from declarations.importing.batch.writing import BatchWriter, Expected, Written
from declarations.importing.files import FileEntry, taken_apart
from declarations.importing.questions.again import answers_for, decided_before, redo_corrections
from declarations.models import Bureau, ImportBatch, Upload, User
from declarations.models.upload import ImportState, UploadState
from declarations.record import bulk
from declarations.sheet.problems import Refused

READ_AT_ONCE = 100
"""Files between two commits while reading; where they are slow, `reading.KEPT_EVERY` says when."""
WRITTEN_AT_ONCE = 250
LONGEST_NAME = 255


# --- files in --------------------------------------------------------------------------------


def add_file(batch: ImportBatch, name: str, content: File) -> Upload:
    """Keeps an uploaded file under a name of our own, with the hash of its content."""
    digest = hashlib.sha256()
    for part in content.chunks():
        digest.update(part)
    upload = Upload(batch=batch, original_name=clip_name(name), sha256=digest.hexdigest(), size=content.size)
    upload.file.save("", content, save=False)
    upload.save(force_insert=True)
    return upload


def clip_name(name: str) -> str:
    """A file name as it is kept: printable, and its end, which says most, where it is too long."""
    printable = "".join(letter if letter.isprintable() else "_" for letter in name)
    return printable if len(printable) <= LONGEST_NAME else "…" + printable[1 - LONGEST_NAME :]


def unpack_archives(batch: ImportBatch) -> None:
    """Each archive becomes an upload a member. Members have fixed keys: doing it again adds nothing."""
    for key in batch.uploads.filter(state=UploadState.STORED).values_list("pk", flat=True):
        with transaction.atomic():
            # another worker may have taken it up meanwhile
            for upload in batch.uploads.select_for_update().filter(pk=key, state=UploadState.STORED):
                unpack_upload(upload)


def unpack_upload(upload: Upload) -> None:
    """One after the other: unpacked together the members may be larger than the memory."""
    data = archive_of(upload)
    if data is None or not is_clean(upload):
        return
    found = taken_apart(upload.original_name, data)
    first = next(found)
    if first.source is data:
        return
    if first.name == upload.original_name:
        upload.state, upload.result = UploadState.REFUSED, refused_result(first.refused)
    else:
        upload.state, upload.result = UploadState.READ, {"archive": add_members(upload, chain([first], found))}
    upload.save(update_fields=["state", "result"])


def archive_of(upload: Upload) -> bytes | None:
    """The content of an upload that begins like a zip."""
    path = Path(upload.file.path)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        begins_so = file.read(len(ZIP)) == ZIP
    return path.read_bytes() if begins_so else None


def add_members(archive: Upload, found: Iterable[FileEntry]) -> int:
    """How many uploads the members become, or became before. Their files are written one by one, their rows at once."""
    before = set(archive.batch.uploads.values_list("pk", flat=True))
    made: dict[UUID, Upload | None] = {}
    for entry in found:
        key = uuid5(NAMESPACE_URL, f"{archive.pk}/{entry.name}")
        if key not in made:
            made[key] = None if key in before else member_of(archive, key, entry)
    bulk.copy_rows(Upload, filter(None, made.values()))
    return len(made)


def member_of(archive: Upload, key: UUID, entry: FileEntry) -> Upload:
    """One member as an upload, unsaved; its file is on the disk."""
    content = entry.source or b""
    member = Upload(
        pk=key,
        batch=archive.batch,
        original_name=clip_name(entry.name),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    if entry.refused:
        member.state, member.result = UploadState.REFUSED, refused_result(entry.refused)
    else:
        member.file.storage.delete(member.file.field.generate_filename(member, ""))
        member.file.save("", ContentFile(content), save=False)
    return member


def refused_result(refused: Refused) -> dict[str, Any]:
    return {"refused": refused.to_json(), "tables": [], "rows": []}


# --- reading and planning --------------------------------------------------------------------


def read_batch(batch: ImportBatch, sandbox: Sandbox) -> bool:
    """Reads and plans whatever of the batch is not read yet; False where it was cancelled meanwhile."""
    if not advance_batch(batch, ImportState.READING, (ImportState.UPLOADED, ImportState.READING, ImportState.FAILED)):
        return False
    unpack_archives(batch)
    planner, known = planner_for(batch), Known(batch.bureau, batch.year)
    answers = answers_for(batch)
    waiting = batch.uploads.filter(state=UploadState.STORED).order_by("original_name", "pk")
    while chunk := list(waiting[:READ_AT_ONCE]):
        for some in read_some(known, sandbox, chunk, answers):
            if not is_still(batch, ImportState.READING):
                return False
            keep_read(planner, some)
    with hold_batch(batch, ImportState.READING) as is_held:
        if is_held:
            compare_claims(batch)
            advance_batch(batch, ImportState.READY, (ImportState.READING,))
        return is_held


@transaction.atomic
def keep_read(planner: Planner, uploads: Sequence[Upload]) -> None:
    """Plans and keeps what was read, but for what another worker was quicker with."""
    left = Upload.objects.select_for_update().filter(pk__in=[one.pk for one in uploads], state=UploadState.STORED)
    keys = set(left.values_list("pk", flat=True))
    mine = [upload for upload in uploads if upload.pk in keys]
    decided = decided_before(mine)
    redo_corrections(mine)
    choices = {key: row["chosen"] for key, row in decided.items() if row["chosen"] is not None}
    plan_uploads(planner, [upload for upload in mine if "rows" not in upload.result], choices, decided)
    for upload in mine:
        upload.state = UploadState.REFUSED if upload.result["refused"] else UploadState.READ
    bulk.update_rows(mine, ["state", "result"])


def planner_for(batch: ImportBatch) -> Planner:
    """The planner of a batch: past years are made only where a person said the year, or agreed to it."""
    agreed = [*batch.new_years, *([batch.year] if batch.year else [])]
    return Planner(batch.bureau, new_years=agreed, is_year_stated=batch.year is not None)


def plan_uploads(
    planner: Planner,
    uploads: Sequence[Upload],
    choices: Mapping[Key, int] | None = None,
    decided: Mapping[Key, Mapping[str, Any]] | None = None,
) -> None:
    """Plans the tables of these uploads and puts the rows into their results, unsaved.

    ``decided``: the rows as they were: whether a person left one out stays. What wants a look stays out until then.
    """
    sources = [source for upload in uploads for source in sources_of_upload(upload)]
    rows: dict[str, list[dict[str, Any]]] = {str(upload.pk): [] for upload in uploads}
    for planned in planner.plan(sources, choices):
        row, before = planned.row(), (decided or {}).get(planned.source.key, {})
        row.by_hand = bool(before.get("by_hand"))
        row.left_out = bool(before.get("left_out")) if row.by_hand else row.wants_look
        rows[planned.source.key[0]].append(row.to_json())
    for upload in uploads:
        upload.result["rows"] = rows[str(upload.pk)]


def sources_of_upload(upload: Upload):
    corrected = upload.result.get("corrected", 0)
    return sources_of(str(upload.pk), upload.original_name, upload.result["tables"], corrected)


def compare_claims(batch: ImportBatch) -> None:
    """Finds the files that claim the same declaration, and counts."""
    uploads = list(outlines_of(batch))
    rows = [(upload.identity, row) for upload in uploads for row in upload.rows]
    altered = {id(row) for row in mark_clashes(rows)}
    touched = [upload for upload in uploads if any(id(row) in altered for row in upload.rows)]
    save_rows(touched)
    summarise_batch(batch, uploads)


# --- writing ---------------------------------------------------------------------------------


def apply_batch(batch: ImportBatch, actor: User | None, source_address: str | None = None) -> bool:
    """Writes what is wanted of the batch; a chunk of tables and the note that they are done in one transaction."""
    if not advance_batch(batch, ImportState.APPLYING, (ImportState.READY, ImportState.APPLYING, ImportState.FAILED)):
        return False
    writer = BatchWriter(planner_for(batch), actor, source_address, batch)
    batch.report["done"], waiting = still_waiting(batch)
    for start in range(0, len(waiting), WRITTEN_AT_ONCE):
        if not write_chunk(writer, batch, waiting[start : start + WRITTEN_AT_ONCE]):
            return False
    with hold_batch(batch, ImportState.APPLYING) as is_held:
        if is_held:
            batch.applied_at = timezone.now()
            summarise_batch(batch, list(outlines_of(batch)))
            advance_batch(batch, ImportState.APPLIED, (ImportState.APPLYING,))
        return is_held


def still_waiting(batch: ImportBatch) -> tuple[int, list[UUID]]:
    """How many tables are written already, and the uploads that have some left; their rows are not held on to."""
    done, waiting = 0, []
    for upload in outlines_of(batch):
        done += sum(row.is_wanted and bool(row.result) for row in upload.rows)
        waiting += [upload.pk] if any(not row.result for row in upload.rows) else []
    return done, waiting


def write_chunk(writer: BatchWriter, batch: ImportBatch, keys: Sequence[UUID]) -> bool:
    """False where the batch was cancelled, or brought to its end by another worker."""
    with hold_batch(batch, ImportState.APPLYING) as is_held:
        if is_held:
            uploads = list(batch.uploads.select_for_update().filter(pk__in=keys).order_by("original_name", "pk"))
            batch.report["done"] += write_uploads(writer, uploads)
            bulk.update_rows(uploads, ["state", "result"])
            ImportBatch.objects.filter(pk=batch.pk).update(report=batch.report)
        return is_held


def write_uploads(writer: BatchWriter, uploads: Sequence[Upload]) -> int:
    """Writes what is wanted of these uploads and puts what became of it into their rows, unsaved; how many tables."""
    rows = {
        (str(upload.pk), data["index"]): PlannedRow.from_json(data)
        for upload in uploads
        for data in upload.result["rows"]
    }
    wanted = {key: row for key, row in rows.items() if row.is_wanted and not row.result}
    sources = [
        source for upload in uploads if upload.result["tables"] for source in sources_of_upload(upload)
        if source.key in wanted
    ]  # fmt: skip
    expected = {key: Expected(row.effective, row.department, row.version) for key, row in wanted.items()}
    choices = {key: row.chosen for key, row in wanted.items() if row.chosen is not None}
    for key, written in writer.write(sources, expected, choices).items() if sources else ():
        note_written(rows[key], written)
    for row in rows.values():
        settle_row(row)
    for upload in uploads:
        mine = [rows[str(upload.pk), data["index"]] for data in upload.result["rows"]]
        upload.result["rows"] = [row.to_json() for row in mine]
        upload.state = state_of(mine, upload.state)
    return len(wanted)


def state_of(rows: Sequence[PlannedRow], before: str) -> str:
    """An upload is brought in once every table of it is."""
    return (
        UploadState.APPLIED
        if rows and all(row.result in (ImportResult.WRITTEN, ImportResult.SAME) for row in rows)
        else before
    )


def note_written(row: PlannedRow, written: Written) -> None:
    row.result, row.said = written.result.value, written.said
    if written.declaration is not None:
        row.declaration, row.version = str(written.declaration.pk), written.declaration.version


def settle_row(row: PlannedRow) -> None:
    """What was not to be written has its result too."""
    if row.result:
        return
    if row.effective.writes:
        row.result = ImportResult.LEFT_OUT.value
    elif row.effective.value == "same":
        row.result = ImportResult.SAME.value
    else:
        row.result, row.said = ImportResult.BLOCKED.value, "；".join(problem["message"] for problem in row.reasons)


# --- the batch -------------------------------------------------------------------------------


def new_batch(bureau: Bureau, actor: User | None, year: int | None) -> ImportBatch:
    return ImportBatch.objects.create(bureau=bureau, created_by=actor, year=year)
