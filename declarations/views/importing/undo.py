"""Taking a whole import back: what would happen to each table, then, once confirmed, a job that does it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.importing.batch import undoing
from declarations.importing.batch.leavings import Leavings
from declarations.importing.batch.rows import PlannedRow
from declarations.models import ImportBatch, Role, Upload
from declarations.models.upload import ImportState
from declarations.operating import tasks
from declarations.views.importing.imports import find_batch, redirect_to
from declarations.views.importing.table_page import split_key, upload_of
from declarations.web.access import allow

UNDOABLE = (ImportState.APPLIED, ImportState.CANCELLED)


@dataclass
class Outlook:
    """The tables by what would become of them; of those that stay, why."""

    going: list[PlannedRow] = field(default_factory=list)
    restored: list[tuple[PlannedRow, int]] = field(default_factory=list)
    staying: list[tuple[PlannedRow, str]] = field(default_factory=list)

    @classmethod
    def of(cls, tables: Iterable[undoing.Taken]) -> Outlook:
        found = cls()
        for one in tables:
            if one.objection:
                found.staying.append((one.row, one.objection))
            elif one.before is None:
                found.going.append(one.row)
            else:
                found.restored.append((one.row, one.before.number))
        return found

    @property
    def count(self) -> int:
        return len(self.going) + len(self.restored)


@allow(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Says what would happen; a POST starts it, once."""
    found = find_batch(request, batch)
    if request.GET.get("table"):
        return undo_table(request, found, request.GET["table"])
    if request.method == "POST":
        if not begin_undo(request, found):
            messages.info(request, f"这一批现在是“{found.get_state_display()}”，不能撤销，本次操作没有执行。")
        return redirect_to(found)
    if found.state not in UNDOABLE:
        return redirect_to(found)
    context = {"batch": found, "outlook": Outlook.of(undoing.undo_outlook(found)), "leavings": Leavings.of(found)}
    return render(request, "declarations/importing/outcome/undo.html", context)


def undo_table(request: HttpRequest, batch: ImportBatch, key: str) -> HttpResponse:
    """The same for one table of the batch (``?table=upload.index``), at once."""
    upload_key, index = split_key(key)
    upload = upload_of(batch, upload_key)
    rows = [PlannedRow.from_json(row) for row in (upload.result.get("rows") or [])] if upload else []
    mine = [row for row in rows if row.index == index and undoing.is_undoable(row)]
    if batch.state not in UNDOABLE or not mine:
        messages.info(request, "这一份不能撤销：没有导入，或已经撤销。")
        return redirect_to(batch)
    if request.method == "POST":
        messages.info(request, undone_in_words(request, batch, upload, index))
        return redirect_to(batch)
    context = {"batch": batch, "outlook": Outlook.of(undoing.rows_taken_back(mine)), "row": mine[0]}
    return render(request, "declarations/importing/outcome/undo.html", context)


@transaction.atomic
def undone_in_words(request: HttpRequest, batch: ImportBatch, upload: Upload, index: int) -> str:
    locked = ImportBatch.objects.select_for_update().select_related("bureau").get(pk=batch.pk)
    if locked.state not in UNDOABLE:
        return "这一批正在办理，没有撤销。"
    address = request.META.get("REMOTE_ADDR")
    one = undoing.undo_one(locked, upload.pk, index, request.user, address)
    if one is None:
        return "这一份已经撤销过。"
    name = f"{one.row.department_name} {one.row.year}年度"
    return f"{name}没有撤销：{one.objection}。" if one.objection else f"已撤销{name}的导入。"


@transaction.atomic
def begin_undo(request: HttpRequest, batch: ImportBatch) -> bool:
    is_begun = undoing.begin_undo(batch, request.user)
    if is_begun:
        tasks.undo_import.defer(batch=str(batch.pk), source_address=request.META.get("REMOTE_ADDR"))
    return is_begun
