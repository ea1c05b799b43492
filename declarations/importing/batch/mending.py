"""Files of a batch set right before they are brought in: values corrected, a file replaced, departments named.

The caller holds the batch (it waits for a decision, and nobody else decides meanwhile). The file as it came
is never altered; what was read of it is, with a record of each value (`Correction`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from declarations.files.guarding.sandbox import FileResult, Sandbox
from declarations.importing.batch import correcting, desk
from declarations.importing.batch.outlines import outlines_of, save_rows
from declarations.importing.batch.plan import ASKING, Key, Planner
from declarations.importing.batch.rows import place_of_row
from declarations.importing.matching import fold_name, learnable_name
from declarations.models import Correction, Department, ImportBatch, LearnedName, Upload, User
from declarations.models.upload import UploadState

MOST_NAMES = 50
"""Former names that a department may gather before learning stops."""


def correct_values(batch: ImportBatch, upload: Upload, index: int, texts: dict[str, str], author: User) -> int:
    """Corrects values of one table by their paths, and plans the file again; how many were changed."""
    if index >= len(upload.result.get("tables") or ()):
        return 0
    before = correcting.read_table(upload.result["tables"][index])
    after, changes = correcting.correct_table(before, texts)
    if not changes:
        return 0
    Correction.objects.bulk_create(record_correction(upload, index, before.sheet, change, author) for change in changes)
    upload.result["tables"][index] = after.to_json()
    upload.result["corrected"] = upload.corrections.values("index", "field").distinct().count()
    upload.save(update_fields=["result"])
    plan_again(batch, {upload.pk})
    return len(changes)


def record_correction(upload: Upload, index: int, sheet: str, change: correcting.Corrected, author: User) -> Correction:
    return Correction(
        upload=upload,
        index=index,
        sheet=sheet[:255],
        cell=change.cell,
        field=change.path,
        label=change.label,
        old=change.old,
        new=change.new,
        author=author,
    )


def choose_departments(
    batch: ImportBatch, departments: Mapping[Key, int | None], left_out: Collection[Key] | None = None
) -> None:
    """What a person decided in the preview: whose table it is (None: nobody's yet), what is not to come in."""
    uploads = list(outlines_of(batch))
    for upload in uploads:
        for row in upload.rows if left_out is not None else ():
            row.left_out = (str(upload.pk), row.index) in left_out
    save_rows(uploads)
    if not departments:
        return desk.compare_claims(batch)
    return plan_again(batch, {UUID(key) for key, _ in departments}, departments)


def prefer_table(batch: ImportBatch, key: Key) -> list[str]:
    """Of the tables that claim one declaration this one comes in; the files of the others, which stay out."""
    uploads = list(outlines_of(batch))
    rows = {(str(upload.pk), row.index): row for upload in uploads for row in upload.rows}
    chosen = rows.pop(key, None)
    if chosen is None or not chosen.clash:
        return []
    claim = chosen.department, chosen.year
    others = [row for row in rows.values() if row.clash and (row.department, row.year) == claim]
    for row in others:
        row.left_out = True
    save_rows(uploads)
    desk.compare_claims(batch)
    return [place_of_row(row) for row in others]


def plan_again(batch: ImportBatch, keys: Collection[UUID], departments: Mapping[Key, int | None] | None = None) -> None:
    """Plans these files anew; what a person decided about their tables stays, unless it is decided again."""
    uploads = [upload for upload in batch.uploads.filter(pk__in=keys) if upload.result["tables"]]
    rows = {(str(upload.pk), row["index"]): row for upload in uploads for row in upload.result["rows"]}
    chosen = {key: row["chosen"] for key, row in rows.items()} | dict(departments or {})
    choices = {key: department for key, department in chosen.items() if department is not None}
    desk.plan_uploads(Planner(batch.bureau), uploads, choices)
    for upload in uploads:
        for row in upload.result["rows"]:
            row["left_out"] = rows[str(upload.pk), row["index"]]["left_out"]
    Upload.objects.bulk_update(uploads, ["result"])
    desk.compare_claims(batch)


def replace_file(old: Upload, name: str, content: bytes, result: FileResult, author: User) -> Upload:
    """Puts a file in the place of another one of its batch; the old one is kept. ``result``: what was read of it."""
    batch = old.batch
    new = desk.add_file(batch, name, ContentFile(content))
    new.replaces, new.replaced_by, new.result = old, author, result.to_json() | {"rows": []}
    new.state = UploadState.REFUSED if result.refused else UploadState.READ
    desk.plan_uploads(Planner(batch.bureau), [new])
    new.save()
    desk.compare_claims(batch)
    return new


def read_again(batch: ImportBatch, name: str, content: bytes, sandbox: Sandbox) -> FileResult:
    return sandbox.read(content, name=desk.clip_name(name), year=batch.year)


def stored_file(upload: Upload) -> Path | None:
    """Where the file as it came lies; None where it is not kept, or no longer."""
    path = Path(upload.file.path) if upload.file else None
    return path if path and path.is_file() else None


# --- learning by what names files call a department --------------------------------------------


def learn_name(batch: ImportBatch, department: Department, named: str, author: User) -> str:
    """Takes the name that a file uses into the department's former names; why not, or nothing where it was."""
    name = learnable_name(named)
    if said := why_not_learnt(department, name):
        return said
    department.former_names = [*department.former_names, name]
    department.save(update_fields=["former_names"])
    LearnedName.objects.create(department=department, name=name, batch=batch, author=author)
    return ""


def why_not_learnt(department: Department, name: str) -> str:
    if len(name) < 2 or len(name) > 150:
        return "表中没有可以记住的部门名称，没有记为曾用名。"
    if len(department.former_names) >= MOST_NAMES:
        return f"“{department}”的曾用名已有 {MOST_NAMES} 个，没有再记。"
    for other in other_departments(department):
        if fold_name(name) in map(fold_name, (other.name, *other.former_names)):
            return f"“{name}”也是“{other}”的名称或曾用名，没有记为“{department}”的曾用名。"
    if fold_name(name) in map(fold_name, (department.name, *department.former_names)):
        return f"“{name}”已经是“{department}”的名称或曾用名。"
    return ""


def other_departments(department: Department) -> QuerySet[Department]:
    return Department.objects.filter(bureau=department.bureau_id).exclude(pk=department.pk)


def match_again(batch: ImportBatch) -> int:
    """Plans the files again that wait for their department to be named; how many tables no longer wait."""
    before = waiting_batch(batch)
    if before:
        plan_again(batch, {key for key, _ in before})
    return len(before) - len(waiting_batch(batch)) if before else 0


def waiting_batch(batch: ImportBatch) -> list[tuple[UUID, int]]:
    return [
        (upload.pk, row.index)
        for upload in outlines_of(batch)
        for row in upload.rows
        if any(objection["code"] in ASKING for objection in row.objections)
    ]
