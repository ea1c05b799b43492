"""Taking a whole batch back: tables that nobody touched since are as they were before, the record grows by one entry.

The record is append-only, so nothing is deleted. What was written over gets the text, the rows and the links of the
version before, as a version of its own. What the import began is marked (``undone_at``): it is in no list any more,
its place is free for another table, and its versions and events stay.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import F
from django.utils import timezone

from declarations.importing.batch.leavings import remove_learned, remove_years
from declarations.importing.batch.moving import advance_batch, hold_batch
from declarations.importing.batch.outlines import outlines_of, summarise_batch
from declarations.importing.batch.rows import ImportResult, PlannedRow
from declarations.importing.batch.untouched import objections_to_undo
from declarations.importing.batch.writing import last_snapshots
from declarations.models import Action, Declaration, Event, ImportBatch, Role, Snapshot, Upload, User
from declarations.models.upload import ImportState, UploadState
from declarations.record import bulk, store

UNDO = Action.UNDO_IMPORT
"""The action of the event."""
AT_ONCE = 250
GONE = "这份申报表已经撤销过，不用再撤销"


@dataclass(frozen=True, slots=True)
class Taken:
    """What would become of one table that was brought in. ``before`` None: the import began it, so that it goes."""

    row: PlannedRow
    declaration: Declaration | None
    last: Snapshot | None = None
    before: Snapshot | None = None
    objection: str = ""


def is_undoable(row: PlannedRow) -> bool:
    """Brought in, and not yet found to be changed since."""
    return row.result == ImportResult.WRITTEN and not row.said


def undo_outlook(batch: ImportBatch) -> Iterator[Taken]:
    """What undoing the batch would do to each of its tables, in at most a dozen queries for every 250 of them."""
    rows = [row for upload in outlines_of(batch) for row in upload.rows if is_undoable(row)]
    for start in range(0, len(rows), AT_ONCE):
        yield from rows_taken_back(rows[start : start + AT_ONCE])


def rows_taken_back(rows: Sequence[PlannedRow], *, lock: bool = False) -> list[Taken]:
    """``lock`` holds the declarations until the transaction ends."""
    found = store.with_rows(Declaration.objects.filter(pk__in=[row.declaration for row in rows]).order_by("pk"))
    found = found.select_for_update(of=("self",)) if lock else found
    declarations = {str(one.pk): one for one in found}
    last = last_snapshots(declarations.values())
    chained = [one.previous_hash for one in last.values() if one.previous_hash]
    before = {one.declaration_id: one for one in Snapshot.objects.filter(hash__in=chained, declaration__in=last)}
    versions = {uuid.UUID(row.declaration): row.version for row in rows}
    against = objections_to_undo(list(declarations.values()), versions, last)
    return [taken_of(row, declarations.get(row.declaration), last, before, against) for row in rows]


def taken_of(row: PlannedRow, declaration: Declaration | None, last, before, against) -> Taken:
    if declaration is None:
        return Taken(row, None, objection=GONE)
    key = declaration.pk
    return Taken(row, declaration, last.get(key), before.get(key), against.get(key, ""))


# --- the job ---------------------------------------------------------------------------------


def begin_undo(batch: ImportBatch, actor: User) -> bool:
    """Notes who takes it back; False where the batch is not at its end, or is being taken back already."""
    if not advance_batch(batch, ImportState.UNDOING, (ImportState.APPLIED, ImportState.CANCELLED)):
        return False
    batch.undone_by, batch.undone_at = actor, timezone.now()
    batch.save(update_fields=["undone_by", "undone_at"])
    return True


def undo_batch(batch: ImportBatch, source_address: str | None = None) -> bool:
    """Takes back what is still to be taken back, a chunk a transaction; done again, it does nothing twice."""
    if not advance_batch(batch, ImportState.UNDOING, (ImportState.UNDOING, ImportState.FAILED)):
        return False
    waiting = [upload.pk for upload in outlines_of(batch) if any(is_undoable(row) for row in upload.rows)]
    for start in range(0, len(waiting), AT_ONCE):
        if not undo_chunk(batch, waiting[start : start + AT_ONCE], source_address):
            return False
    with hold_batch(batch, ImportState.UNDOING) as is_held:
        if is_held:
            remove_learned(batch, batch.undone_by)
            summarise_batch(batch, list(outlines_of(batch)))
            advance_batch(batch, ImportState.UNDONE, (ImportState.UNDOING,))
        return is_held


def undo_one(
    batch: ImportBatch, key: uuid.UUID, index: int, actor: User, source_address: str | None = None
) -> Taken | None:
    """Takes back one table of a batch at its end, and the year made for it once nothing is in it any more.

    None where there is no such table, or it was taken back before. The caller holds the batch.
    """
    upload = batch.uploads.select_for_update().get(pk=key)
    rows = [PlannedRow.from_json(data) for data in upload.result["rows"]]
    mine = [row for row in rows if row.index == index and is_undoable(row)]
    if not mine:
        return None
    (one,) = rows_taken_back(mine, lock=True)
    if not one.objection:
        take_back([one], actor, source_address)
        settle_row(one)
        save_rows([upload], {upload.pk: rows})
        remove_years(batch)
        summarise_batch(batch, list(outlines_of(batch)))
    return one


def undo_chunk(batch: ImportBatch, keys: Sequence[uuid.UUID], source_address: str | None) -> bool:
    with hold_batch(batch, ImportState.UNDOING) as is_held:
        if is_held:
            uploads = list(batch.uploads.select_for_update().filter(pk__in=keys).order_by("original_name", "pk"))
            rows = {one.pk: [PlannedRow.from_json(data) for data in one.result["rows"]] for one in uploads}
            found = rows_taken_back([row for some in rows.values() for row in some if is_undoable(row)], lock=True)
            take_back([one for one in found if not one.objection], batch.undone_by, source_address)
            for one in found:
                settle_row(one)
            save_rows(uploads, rows)
            batch.report["undoing"] = batch.report.get("undoing", 0) + len(found)
            ImportBatch.objects.filter(pk=batch.pk).update(report=batch.report)
        return is_held


def settle_row(one: Taken) -> None:
    """What became of it, in its row; one that stays says why."""
    if one.objection:
        one.row.said = f"没有撤销：{one.objection}"
    else:
        one.row.result = ImportResult.UNDONE.value


def save_rows(uploads: Iterable[Upload], rows: dict[uuid.UUID, list[PlannedRow]]) -> None:
    for upload in (changed := list(uploads)):
        upload.result["rows"] = [row.to_json() for row in rows[upload.pk]]
        if any(row.result == ImportResult.UNDONE for row in rows[upload.pk]):
            upload.state = UploadState.READ
    bulk.update_rows(changed, ["state", "result"])


def take_back(found: Sequence[Taken], actor: User | None, source_address: str | None) -> None:
    """Texts and marks, then a version for each text put back, and an event for every table."""
    now = timezone.now()
    restored = [(one, text_before(one)) for one in found if one.before is not None]
    if restored:
        pairs = [(one.declaration, table) for one, table in restored]
        store.save_many(pairs, user=actor, is_edit=False)
    begun = [one.declaration.pk for one in found if one.before is None]
    Declaration.objects.filter(pk__in=begun).update(
        undone_at=now, updated_at=now, updated_by=actor, version=F("version") + 1
    )
    versions = {one.declaration.pk: version_again(one, table, now) for one, table in restored}
    Snapshot.objects.bulk_create(versions.values())
    Event.objects.bulk_create(
        event_of(one, versions.get(one.declaration.pk, one.last), actor, source_address, now) for one in found
    )


def text_before(one: Taken) -> store.Table:
    """The version before the import; edition, name and year are the declaration's own."""
    now = store.table_of(one.declaration)
    return replace(store.frozen_table(one.before), edition=now.edition, department=now.department, year=now.year)


def version_again(one: Taken, table: store.Table, now: datetime.datetime) -> Snapshot:
    return Snapshot.following(
        one.last,
        declaration=one.declaration,
        state=one.last.state,
        content=table.to_json(),
        row_ids=store.row_identities(table),
        created_at=now,
    )


def event_of(one: Taken, snapshot: Snapshot, actor, source_address, now: datetime.datetime) -> Event:
    became = (
        f"恢复为第 {one.before.number} 版的内容" if one.before else "这份申报表由该次导入建立，已一并撤下，版本留存"
    )
    return Event(
        declaration=one.declaration,
        snapshot=snapshot,
        action=UNDO,
        from_state=one.last.state,
        to_state=one.last.state,
        actor=actor,
        acting_role=Role.ADMINISTRATOR if actor else "",
        comment=f"撤销由文件“{one.row.file}”的导入，{became}",
        source_address=source_address,
        created_at=now,
    )
