"""What the fill page answers: the form, or why something was not saved; as a page and as JSON."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from declarations.filling import posted
from declarations.filling.changes import Changes
from declarations.filling.coverage import coverage_of, task_labels
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.filling.drafts import typed_table
from declarations.filling.forms import FillPage, page_of
from declarations.findings.examination import Examined, examine
from declarations.models import Declaration, Event, StaleVersion, State
from declarations.people.moves import ASKING
from declarations.record import store
from declarations.sheet.controls import LINKS, NAME, label_of, level_vocabulary
from declarations.sheet.problems import blocking_problems
from declarations.sheet.table import Table
from declarations.views.filling.entrance import closed_answer, desk_for, is_json, refusal_answer
from declarations.views.filling.field_help import beside_fields

GONE = "（对方已删除这一行）"


def clock_of(declaration: Declaration) -> str:
    return f"{timezone.localtime(declaration.updated_at):%H:%M:%S}"


def form_page(
    request: HttpRequest,
    desk: FillingDesk,
    typed: TypedTable | None = None,
    *,
    conflicts: list[dict[str, str]] | None = None,
    is_saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form of what is at the desk; of ``typed`` where that, or part of it, could not be taken.

    ``is_saved``: all of ``typed`` that could be taken is stored by now.
    """
    declaration, shown, refused = desk.declaration, typed or desk, typed.refused if typed else {}
    examined = examine(declaration, shown.table)
    page = page_of(shown.table, examined.problems, typed and typed.changes.texts(), refused, examined.context)
    base = shown.texts if is_saved else desk.texts
    context = page_context(declaration, page, examined) | {
        "conflicts": conflicts,
        "returned": _return_of(declaration),
        "base": posted.digests_of({name: text for name, text in base.items() if name not in refused}),
        "levels": level_vocabulary(page.table.form),
        "coverage": coverage_of(page.table),
        **beside_fields(desk, shown),
    }
    return render(request, "declarations/filling/fill.html", context, status=status)


def page_context(declaration: Declaration, page: FillPage, examined: Examined) -> dict[str, Any]:
    """What every page about filling in needs."""
    return {
        "declaration": declaration,
        "edition": page.table.form,
        "page": page,
        "live": page.live(),
        "left_out": examined.left_out,
        "errors": len(blocking_problems(finding.problem for finding in page.findings)),
    }


def _return_of(declaration: Declaration) -> Event | None:
    """The event by which the bureau, or the head, sent it back for this round of filling in."""
    if declaration.state not in State.WRITABLE:
        return None
    last = declaration.events.select_related("actor").order_by("-created_at", "-pk").first()
    return last if last and last.action in ASKING else None


def stale_answer(request: HttpRequest, pk: uuid.UUID, changes: Changes) -> HttpResponse:
    """409: who saved when, and both texts where they differ. Raises `Unusable` for changes to what is not there."""
    desk = desk_for(request, pk)
    if not desk.may_edit:
        return closed_answer(request, desk.declaration)
    typed = typed_table(desk.table, changes)
    conflicts = conflicts_of(desk, typed)
    if not is_json(request):
        return form_page(request, desk, typed, conflicts=conflicts, status=409)
    said = as_it_is(desk) | {"conflicts": conflicts}
    return refusal_answer(request, 409, "stale", StaleVersion.message, desk.declaration, **said)


def as_it_is(desk: FillingDesk) -> dict[str, Any]:
    """All that an open page needs to show what is stored now, and who stored it."""
    declaration, table = desk.declaration, desk.table
    return {
        "version": declaration.version,
        "saved_at": clock_of(declaration),
        "saved_by": str(declaration.updated_by or ""),
        "texts": desk.texts,
        "order": store.row_ids(table),
        "optional": [row.id for row in table.key_tasks if row.is_optional],
        **page_of(table, examine(declaration, table).problems).live(),
    }


def conflicts_of(desk: FillingDesk, typed: TypedTable) -> list[dict[str, str]]:
    """The controls where what was typed says something else than what is stored, both texts with each."""
    theirs, mine, texts = desk.texts, typed.texts, typed.changes.texts()
    differ = [name for name in texts if name in typed.refused or theirs.get(name) != mine.get(name)]
    return [
        {
            "name": name,
            "label": label_of(desk.table, name),
            "mine": readable_text(typed.table, name, texts[name]),
            "theirs": readable_text(desk.table, name, theirs.get(name, GONE)),
        }
        for name in differ
    ]


def readable_text(table: Table, name: str, text: str) -> str:
    """The text of a control for people to read: links by the names of their tasks, anything else as it is."""
    match = NAME.fullmatch(name)
    if not match or match[3] != LINKS or text == GONE:
        return text
    labels, linked = task_labels(table), text.split()
    return "、".join(f"{labels[task.id]} {task.name}" for task in table.key_tasks if task.id in linked)
