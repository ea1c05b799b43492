"""Taking a whole import back: what would happen to each table, then, once confirmed, a job that does it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.importing.batch import undoing
from declarations.importing.batch.rows import PlannedRow
from declarations.models import ImportBatch, Role
from declarations.models.upload import ImportState
from declarations.operating import tasks
from declarations.views.importing.imports import find_batch, redirect_to
from declarations.web.access import allow

UNDOABLE = (ImportState.APPLIED, ImportState.CANCELLED)


@dataclass
class Outlook:
    """The tables by what would become of them; of those that stay, why."""

    going: list[PlannedRow] = field(default_factory=list)
    restored: list[tuple[PlannedRow, int]] = field(default_factory=list)
    staying: list[tuple[PlannedRow, str]] = field(default_factory=list)

    @classmethod
    def of(cls, batch: ImportBatch) -> Outlook:
        found = cls()
        for one in undoing.undo_outlook(batch):
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
    if request.method == "POST":
        if not begin_undo(request, found):
            messages.info(request, f"这一批现在是“{found.get_state_display()}”，不能撤销，本次操作没有执行。")
        return redirect_to(found)
    if found.state not in UNDOABLE:
        return redirect_to(found)
    return render(request, "declarations/importing/undo.html", {"batch": found, "outlook": Outlook.of(found)})


@transaction.atomic
def begin_undo(request: HttpRequest, batch: ImportBatch) -> bool:
    is_begun = undoing.begin_undo(batch, request.user)
    if is_begun:
        tasks.undo_import.defer(batch=str(batch.pk), source_address=request.META.get("REMOTE_ADDR"))
    return is_begun
