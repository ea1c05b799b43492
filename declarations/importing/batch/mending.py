"""Files of a batch set right before they are brought in: values corrected, a file replaced, departments named.

The caller holds the batch (it waits for a decision, and nobody else decides meanwhile). The file as it came
is never altered; what was read of it is, with a record of each value (`Correction`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from declarations.files.guarding.sandbox import FileResult, Sandbox
from declarations.files.reading.reader import ReadTable
from declarations.importing.batch import correcting, desk, removing
from declarations.importing.batch.outlines import outlines_of, save_rows
from declarations.importing.batch.plan import ASKING, Key, is_fault
from declarations.importing.batch.rows import place_of_row
from declarations.importing.matching import fold_name, learnable_name
from declarations.importing.questions.again import REMOVED, RESTORED, answers_for
from declarations.models import Correction, Department, ImportBatch, LearnedName, Upload, User
from declarations.models.upload import UploadState
from declarations.sheet.table import ROW_CLASSES

MOST_NAMES = 50
"""Former names that a department may gather before learning stops."""


def correct_values(batch: ImportBatch, upload: Upload, index: int, texts: dict[str, str], author: User) -> int:
    """Corrects values of one table by their paths, and plans the file again; how many were changed.

    The year may be confirmed as it is, which answers the question about it.
    """
    if index >= len(upload.result.get("tables") or ()):
        return 0
    data = upload.result["tables"][index]
    before = correcting.read_table(data)
    after, changes = correcting.correct_table(before, texts)
    settled = [one.path for one in changes] + [path for path in texts if path == correcting.YEAR]
    if not settled:
        return 0
    Correction.objects.bulk_create(record_correction(upload, index, before.sheet, change, author) for change in changes)
    if after.table.year is not None and correcting.YEAR in settled:
        after = correcting.without_year_questions(after)
    keep_table(batch, upload, index, correcting.kept_json(data, after, settled))
    return len(changes)


def keep_table(batch: ImportBatch, upload: Upload, index: int, data: dict[str, Any]) -> None:
    """Keeps what became of a table, and plans its file again."""
    upload.result["tables"][index] = data
    upload.result["corrected"] = upload.corrections.values("index", "field").distinct().count()
    upload.save(update_fields=["result"])
    plan_again(batch, {upload.pk})


def take_row(batch: ImportBatch, upload: Upload, index: int, path: str, author: User) -> bool:
    """Takes a row (``indicators.3``) out of a table; False for a path that leads to none."""
    grid, _, number = path.partition(".")
    data = table_data(upload, index)
    if data is None or grid not in ROW_CLASSES or not number.isdecimal():
        return False
    before = correcting.read_table(data)
    if int(number) >= len(getattr(before.table, grid)):
        return False
    after, kept = removing.take_row(before, grid, int(number))
    change = correcting.Corrected(path, row_label(before, path), "", removing.worded_row(kept), REMOVED)
    record_correction(upload, index, before.sheet, change, author).save()
    removed = [*data.get("removed", ()), kept]
    keep_table(batch, upload, index, correcting.kept_json(data, after, ()) | {"removed": removed})
    return True


def put_row(batch: ImportBatch, upload: Upload, index: int, number: str, author: User) -> bool:
    """Puts back a row that was taken out, by its place among those; False where there is none."""
    data = table_data(upload, index)
    removed = list(data.get("removed", ())) if data else []
    if not number.isdecimal() or int(number) >= len(removed):
        return False
    kept = removed.pop(int(number))
    before = correcting.read_table(data)
    path = f"{kept['grid']}.{kept['position']}"
    change = correcting.Corrected(path, row_label(before, path), "", removing.worded_row(kept), RESTORED)
    record_correction(upload, index, before.sheet, change, author).save()
    after = removing.put_row(before, kept)
    keep_table(batch, upload, index, correcting.kept_json(data, after, ()) | {"removed": removed})
    return True


def unread_of(upload: Upload, index: int, paths: Iterable[str]) -> list[str]:
    """Of these values of a table those that still could not be read, each with what is wrong with it."""
    data = table_data(upload, index)
    if data is None:
        return []
    read = correcting.read_table(data)
    wrong = {one.field: one.message for one in read.problems if is_fault(one)}
    return [f"{correcting.label_of(read.table, path)} {wrong[path]}" for path in paths if path in wrong]


def table_data(upload: Upload, index: int) -> dict[str, Any] | None:
    """The JSON of one table of a file as it is kept; None where there is none."""
    tables = upload.result.get("tables") or ()
    return tables[index] if 0 <= index < len(tables) else None


def row_label(read: ReadTable, path: str) -> str:
    """``绩效指标第4行``: where a row stands, in words."""
    grid, _, number = path.partition(".")
    return f"{read.table.form.grids[grid].label}第{int(number) + 1}行"


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
    batch: ImportBatch, departments: Mapping[Key, int | None], left_out: Mapping[Key, bool] | None = None
) -> None:
    """What a person decided in the preview: whose table it is (None: nobody's yet), which are not to come in.

    ``left_out``: of the tables that the page showed; the others stay as they were.
    """
    uploads = list(outlines_of(batch))
    changed = []
    for upload in uploads:
        for row in upload.rows:
            decided = (left_out or {}).get((str(upload.pk), row.index), row.left_out)
            if decided != row.left_out:
                row.left_out, row.by_hand = decided, True
                changed.append(upload)
    save_rows(dict.fromkeys(changed))
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
    chosen.left_out, chosen.by_hand = False, True
    for row in others:
        row.left_out = row.by_hand = True
    save_rows(uploads)
    desk.compare_claims(batch)
    return [place_of_row(row) for row in others]


def plan_again(batch: ImportBatch, keys: Collection[UUID], departments: Mapping[Key, int | None] | None = None) -> None:
    """Plans these files anew; what a person decided about their tables stays, unless it is decided again."""
    uploads = [upload for upload in batch.uploads.filter(pk__in=keys) if upload.result["tables"]]
    rows = {(str(upload.pk), row["index"]): row for upload in uploads for row in upload.result["rows"]}
    chosen = {key: row["chosen"] for key, row in rows.items()} | dict(departments or {})
    choices = {key: department for key, department in chosen.items() if department is not None}
    desk.plan_uploads(desk.planner_for(batch), uploads, choices, rows)
    Upload.objects.bulk_update(uploads, ["result"])
    desk.compare_claims(batch)


def replace_file(old: Upload, name: str, content: bytes, result: FileResult, author: User) -> Upload:
    """Puts a file in the place of another one of its batch; the old one is kept. ``result``: what was read of it."""
    batch = old.batch
    new = desk.add_file(batch, name, ContentFile(content))
    new.replaces, new.replaced_by, new.result = old, author, result.to_json() | {"rows": []}
    new.state = UploadState.REFUSED if result.refused else UploadState.READ
    desk.plan_uploads(desk.planner_for(batch), [new])
    new.save()
    desk.compare_claims(batch)
    return new


def read_again(batch: ImportBatch, name: str, content: bytes, sandbox: Sandbox) -> FileResult:
    return sandbox.read(content, name=desk.clip_name(name), year=batch.year, answers=answers_for(batch))


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
