"""One declaration to read: the official table, what the checks found, what one may do, what was done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from declarations import permissions, store, workflow
from declarations.checks import check
from declarations.coverage import coverage_of
from declarations.models import Declaration, Event, Snapshot
from declarations.models.record import fingerprint
from declarations.table import Table
from declarations.views.access import signed_in
from declarations.views.findings import Tally, doubts, grouped
from declarations.views.review import next_waiting
from declarations.views.sheet import sheet_of, summary
from declarations.views.steps import ASKING, EFFECTS

UNREPORTED = "部门正在填报这份申报表，报送之后您才能查看内容。"


@dataclass(frozen=True)
class Attempt:
    """A move that was refused, with what the person wrote; ``kept``: the comment stands in the open panel again."""

    action: str
    refusal: workflow.MoveRefused
    comment: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False


def find(user, pk: uuid.UUID) -> Declaration:
    """The declaration with its rows; raises Http404 for one that this person may not know of."""
    return get_object_or_404(store.with_rows(Declaration.objects.visible_to(user)), pk=pk)


def find_readable(user, pk: uuid.UUID) -> Declaration:
    """`find`, and PermissionDenied where the content is not for this person yet."""
    declaration = find(user, pk)
    if not permissions.may_read_content(user, declaration):
        raise PermissionDenied(UNREPORTED)
    return declaration


@signed_in
@require_safe
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return detail_page(request, find(request.user, pk))


def detail_page(request: HttpRequest, declaration: Declaration, attempt: Attempt | None = None, status: int = 200):
    """The page; with ``attempt`` after a refused move, whose panel is then open."""
    user = request.user
    moves = panels(user, declaration, attempt)
    context = {
        "declaration": declaration,
        "moves": moves,
        "attempt": attempt and replace(attempt, kept=any(panel.is_open for panel in moves)),
        "may_edit": permissions.may_edit(user, declaration),
        "next_waiting": next_waiting(user, declaration),
        "events": history(user, declaration),
    }
    if permissions.may_read_content(user, declaration):
        context |= content(store.table_of(declaration), attempt.reasons if attempt else {})
    return render(request, "declarations/detail.html", context, status=status)


def content(table: Table, reasons: Mapping[str, str]) -> dict:
    """What the page says of a table: its cells, its findings with the ``reasons`` already written, its sums."""
    problems = check(table)
    sheet = sheet_of(table, problems)
    return {
        "sheet": sheet,
        "groups": grouped(table, problems, sheet.anchors),
        "tally": Tally.of(problems),
        "summary": summary(table),
        "doubts": doubts(table, problems, reasons),
        "coverage": coverage_of(table),
    }


@dataclass(frozen=True)
class Panel:
    """A button and the form behind it. ``tone`` is the look of the button, ``effect`` says what will happen."""

    move: workflow.Move
    effect: str
    tone: str
    is_open: bool
    comment: str


TONES = {"send_back": "outline-danger", "return": "outline-danger", "withdraw": "outline-secondary"}


def panels(user, declaration: Declaration, attempt: Attempt | None) -> list[Panel]:
    """The moves that this person may take, the one that leads on last, as the main button."""
    moves = sorted(workflow.available(user, declaration), key=lambda move: move.action not in TONES)
    return [
        Panel(
            move=move,
            effect=EFFECTS.get(move.action, ""),
            tone=TONES.get(move.action, "primary"),
            is_open=attempt is not None and attempt.action == move.action,
            comment=attempt.comment if attempt and attempt.action == move.action else "",
        )
        for move in moves
    ]


@dataclass(frozen=True)
class Step:
    """A line of the history: an event in words, and the number of the version frozen with it."""

    event: Event
    label: str
    snapshot: int | None

    @property
    def asks(self) -> bool:
        """Whether its comment asks the department to change something."""
        return self.event.action in ASKING


def history(user, declaration: Declaration) -> list[Step]:
    """The events that this person may see, the latest first; at most 200."""
    events = declaration.events.visible_to(user).select_related("actor", "snapshot").defer("snapshot__content")
    return [
        Step(event, workflow.EVENT_LABELS.get(event.action, event.action), event.snapshot and event.snapshot.number)
        for event in events.order_by("-created_at", "-pk")[:200]
    ]


@signed_in
@require_safe
def print_preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The official table as it comes out of the printer."""
    declaration = find_readable(request.user, pk)
    context = {"declaration": declaration, "sheet": sheet_of(store.table_of(declaration))}
    return render(request, "declarations/print.html", context)


@signed_in
@require_safe
def snapshot(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What the declaration said at one move, never altered since; the page says whether that still holds."""
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    frozen = Snapshot.objects.visible_to(request.user).filter(declaration=declaration, number=number).first()
    if frozen is None:
        raise Http404("没有这一版。")
    intact = frozen.hash == frozen.computed_hash() and frozen.content_hash == fingerprint(frozen.content)
    said = store.frozen_table(frozen) if intact else Table.from_json(frozen.content)
    context = {
        "declaration": declaration,
        "snapshot": frozen,
        "intact": intact,
        "step": next(iter(frozen.events.select_related("actor")), None),
        "sheet": sheet_of(said),
        "coverage": coverage_of(said),
    }
    context["label"] = workflow.EVENT_LABELS.get(context["step"].action, "") if context["step"] else ""
    return render(request, "declarations/snapshot.html", context)
