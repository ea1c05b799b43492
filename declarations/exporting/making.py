"""Exports made by a job: its tables rendered part by part, each part noted in one transaction with what is in it.

A job that was cut off goes on with the tables that still wait. What a person may read is asked for each table when
it is rendered, and again when the file is fetched.
"""

from __future__ import annotations

import datetime
import shutil
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from declarations.exporting import choosing
from declarations.exporting.archive import Members
from declarations.exporting.flat import write_flat
from declarations.exporting.parts import assemble_parts, names_in, stream_without, whole_file
from declarations.exporting.press import Press
from declarations.exporting.rendering import FORMS, LIST_FORMS
from declarations.models import Declaration, Export, ExportedTable
from declarations.models.export import ExportState, TableState
from declarations.people import permissions
from declarations.record import bulk, store

LONGEST = 10_000
"""Tables of one export."""
AT_ONCE = 100
"""Tables of one part: what a killed worker may have to do again."""
NOTED_EVERY = 0.5
KEPT_FOR = datetime.timedelta(days=7)
UNREADABLE = "还没有报送，或您没有查看它的权限"
NO_LONGER = "生成之后您已不能查看它（被撤回、退回，或权限有变动）"
FULL = "表格行数已满"


class Stopped(Exception):
    """Cancelled, or brought to its end by another worker."""


def begin_export(user, found: QuerySet, form: str) -> Export:
    """Notes which tables are asked for, in their order; the caller hands it to the job in the same transaction."""
    keys = list(found.values_list("pk", flat=True)[: LONGEST + 1])
    note = f"只导出前 {LONGEST:,} 份，其余请按年度或状态筛选后分次导出。" if len(keys) > LONGEST else ""
    keys = keys[:LONGEST]
    export = Export.objects.create(requested_by=user, form=form, total=len(keys), note=note)
    asked = (ExportedTable(export=export, declaration_id=key, position=at) for at, key in enumerate(keys))
    ExportedTable.objects.bulk_create(asked, batch_size=1_000)
    return export


def advance_export(export: Export, target: ExportState, sources: Iterable[ExportState]) -> bool:
    """Moves it on unless somebody moved it elsewhere first."""
    moved = Export.objects.filter(pk=export.pk, state__in=list(sources)).update(state=target)
    if moved:
        export.state = target
    return bool(moved)


def make_export(export: Export) -> bool:
    """Makes what is still to be made; False where it was cancelled meanwhile."""
    if not advance_export(export, ExportState.RUNNING, (ExportState.WAITING, ExportState.RUNNING, ExportState.FAILED)):
        return False
    export.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        start_over_unless_kept(export)
        make_flat(export) if LIST_FORMS[export.form].in_one_file else make_archive(export)
    except Stopped:
        return False
    shutil.rmtree(export.parts, ignore_errors=True)
    return True


@contextmanager
def running_export(export: Export) -> Iterator[None]:
    """A transaction in which nobody else moves the export; raises `Stopped` where it is no longer being made."""
    with transaction.atomic():
        if not Export.objects.select_for_update().filter(pk=export.pk, state=ExportState.RUNNING).exists():
            raise Stopped
        yield


def start_over_unless_kept(export: Export) -> None:
    """All of it, where what was made is not there: a workbook is written in one go, a folder may have been emptied."""
    names = set(export.tables.filter(state=TableState.MADE).values_list("name", flat=True))
    if not LIST_FORMS[export.form].in_one_file and names <= names_in(parts_of(export)):
        return
    with running_export(export):
        export.tables.update(state=TableState.WAITING, name="", said="")
        Export.objects.filter(pk=export.pk).update(done=0)


def parts_of(export: Export) -> list[Path]:
    return sorted(export.parts.glob("*.zip"))


# --- an archive ------------------------------------------------------------------------------


def make_archive(export: Export) -> None:
    with Press() as press:
        while chunk := list(export.tables.filter(state=TableState.WAITING).order_by("position")[:AT_ONCE]):
            make_part(export, chunk, press)
    with running_export(export):
        finish_export(export, assemble_parts(export.path, parts_of(export), notes_on(export)))


def make_part(export: Export, chunk: Sequence[ExportedTable], press: Press) -> None:
    """One part on the disk, then in the database what is in it: cut off between the two, it is made again."""
    form, members, noted = FORMS[export.form], Members(FORMS[export.form]), Noted(export)
    members.taken = {name.lower() for name in export.tables.exclude(name="").values_list("name", flat=True)}
    tables = {table.declaration_id: table for table in chunk}
    for table in chunk:
        table.state, table.said = TableState.LEFT_OUT, UNREADABLE
    with whole_file(export.parts / f"{chunk[0].position:06}.zip") as file, zipfile.ZipFile(file, "w") as archive:
        for declaration, made in choosing.readable_of(
            export.requested_by, chunk_of_declarations(export, chunk), form, press
        ):
            table = tables[declaration.pk]
            table.name = members.add(archive, made)
            table.state = TableState.MADE if table.name else TableState.LEFT_OUT
            table.said = "" if table.name else str(made.content)
            noted.one_more()
    keep_chunk(export, chunk)


def chunk_of_declarations(export: Export, chunk: Sequence[ExportedTable]) -> list[Declaration]:
    """The declarations of some tables in their order, those that the person may not find left out."""
    visible = Declaration.objects.visible_to(export.requested_by).with_names()
    found = visible.in_bulk([table.declaration_id for table in chunk])
    return [found[table.declaration_id] for table in chunk if table.declaration_id in found]


def keep_chunk(export: Export, chunk: Sequence[ExportedTable]) -> None:
    with running_export(export):
        bulk.update_rows(chunk, ["state", "name", "said"])
        done = export.tables.exclude(state=TableState.WAITING).count()
        Export.objects.filter(pk=export.pk).update(done=done)


class Noted:
    """Says how far it is, every half second, outside any transaction; raises `Stopped` once it was cancelled."""

    def __init__(self, export: Export) -> None:
        self.export, self.last = export, time.monotonic()
        self.done = export.tables.exclude(state=TableState.WAITING).count()

    def one_more(self) -> None:
        self.done += 1
        if time.monotonic() - self.last < NOTED_EVERY:
            return
        self.last = time.monotonic()
        if not Export.objects.filter(pk=self.export.pk, state=ExportState.RUNNING).update(done=self.done):
            raise Stopped


def notes_on(export: Export) -> Iterator[str]:
    """What a text in the archive says: of each table that is not in it why, and of the whole."""
    left_out = export.tables.filter(state=TableState.LEFT_OUT).select_related("declaration__department")
    for table in left_out.order_by("position").iterator(chunk_size=store.BATCH):
        yield said_of(table, table.said)
    if export.note:
        yield export.note


def said_of(table: ExportedTable, said: str) -> str:
    department = table.declaration.department
    return f"{department.code} {department.name}：{said}"


def finish_export(export: Export, size: int) -> None:
    ended = {"state": ExportState.READY, "size": size, "done": export.total, "finished_at": timezone.now()}
    Export.objects.filter(pk=export.pk).update(**ended)


# --- all figures in one workbook -------------------------------------------------------------


def make_flat(export: Export) -> None:
    with whole_file(export.path) as file:
        write_flat(file, pairs_of(export), export.note)
    with running_export(export):
        export.tables.filter(state=TableState.WAITING).update(state=TableState.LEFT_OUT, said=FULL)
        finish_export(export, export.path.stat().st_size)


def pairs_of(export: Export) -> Iterator[tuple[Declaration, store.Table]]:
    """What the person may read, a few hundred in memory at a time; the tables are noted as they go."""
    while chunk := list(export.tables.filter(state=TableState.WAITING).order_by("position")[: store.BATCH]):
        visible = Declaration.objects.visible_to(export.requested_by)
        found = store.with_reported(visible).in_bulk([table.declaration_id for table in chunk])
        for table in chunk:
            declaration = found.get(table.declaration_id)
            read = permissions.readable_table(export.requested_by, declaration) if declaration else None
            table.state = TableState.LEFT_OUT if read is None else TableState.MADE
            table.said = UNREADABLE if read is None else ""
            if read is not None:
                yield declaration, read
        keep_chunk(export, chunk)


# --- afterwards ------------------------------------------------------------------------------


def no_longer_readable(export: Export) -> list[ExportedTable]:
    """What is in the file and may not be read by the person any more; two queries for every 250 tables."""
    barred = []
    made = export.tables.filter(state=TableState.MADE).select_related("declaration__department").order_by("position")
    rows = list(made)
    for start in range(0, len(rows), store.BATCH):
        chunk = rows[start : start + store.BATCH]
        allowed = {
            one.pk for one in chunk_of_declarations(export, chunk) if permissions.may_export(export.requested_by, one)
        }
        barred += [table for table in chunk if table.declaration_id not in allowed]
    return barred


def stream_readable(export: Export, barred: Sequence[ExportedTable]) -> Iterator[bytes]:
    """The archive without these tables; it says which and why."""
    notes = [*notes_on(export), *(said_of(table, NO_LONGER) for table in barred)]
    return stream_without(export.path, {table.name for table in barred}, notes)


def remove_old() -> int:
    """Removes the files of exports that ended, or were given up, more than seven days ago; how many."""
    old = Export.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    ended = old.filter(state__in=(ExportState.READY, ExportState.CANCELLED, ExportState.FAILED))
    removed = 0
    for export in ended.exclude(finished_at__gt=timezone.now() - KEPT_FOR):
        # first the note: a file that is said to be there has to be there
        if advance_export(export, ExportState.REMOVED, (export.state,)):
            export.path.unlink(missing_ok=True)
            shutil.rmtree(export.parts, ignore_errors=True)
            export.tables.all().delete()
            removed += 1
    return removed
