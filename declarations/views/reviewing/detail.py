"""One declaration to read: the official table, what the checks found, what one may do, what was done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from declarations.filling.coverage import coverage_of
from declarations.findings import explanations
from declarations.findings.context import context_of
from declarations.findings.doubts import reasons_of_event
from declarations.findings.examination import Examined, examine
from declarations.models import Action, Declaration, Event, Role, Snapshot, State
from declarations.notifying import notifications
from declarations.people import permissions
from declarations.people.moves import ASKING, LETTERS, PRIMARY, Move, label_of
from declarations.record import history, store
from declarations.reviewing import workflow
from declarations.reviewing.queue import queue_of
from declarations.sheet.table import Table
from declarations.views.reviewing import finding_lists, score_panel
from declarations.views.reviewing.ahead import offer_ahead
from declarations.views.reviewing.commenting import on_the_table
from declarations.views.reviewing.comparing import AHEAD, Comparing, compare_page
from declarations.views.reviewing.desk import desk_of
from declarations.views.reviewing.explaining import doubts_for_page
from declarations.views.reviewing.sheet import sheet_of, sums_of
from declarations.web.access import signed_in

UNREPORTED = "部门正在填报这份申报表，报送之后您才能查看内容。"


@dataclass(frozen=True)
class Attempt:
    """A move that was refused, with what the person wrote; ``kept``: the comment stands in the open panel again.

    ``reasons``: those for doubts, by the name of their control (`explaining.sent`).
    """

    action: str
    refusal: workflow.MoveRefused
    comment: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False


def find_for_reader(user, pk: uuid.UUID) -> Declaration:
    """The declaration with its rows; raises Http404 for one that this person may not know of."""
    return get_object_or_404(store.with_rows(Declaration.objects.visible_to(user)), pk=pk)


def find_readable(user, pk: uuid.UUID) -> tuple[Declaration, Table]:
    """`find_for_reader`, and what this person may read of it; PermissionDenied where that is nothing yet."""
    declaration = find_for_reader(user, pk)
    table = permissions.readable_table(user, declaration)
    if table is None:
        raise PermissionDenied(UNREPORTED)
    return declaration, table


@signed_in
@require_safe
@offer_ahead
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    declaration = find_for_reader(request.user, pk)
    if AHEAD not in request.headers:  # what the browser fetched beforehand nobody has read
        notifications.mark_as_read(request.user, declaration)
    return detail_page(request, declaration)


def detail_page(request: HttpRequest, declaration: Declaration, attempt: Attempt | None = None, status: int = 200):
    """The page; with ``attempt`` after a refused move, whose panel is then open."""
    user = request.user
    moves, events = move_panels(user, declaration, attempt), steps_of(user, declaration)
    context = {
        "declaration": declaration,
        "moves": moves,
        "attempt": attempt and replace(attempt, kept=any(panel.is_open for panel in moves)),
        "may_edit": permissions.may_edit(user, declaration),
        "unexplained": attempt is not None and isinstance(attempt.refusal, workflow.Unexplained),
        "queue": queue_of(user, declaration),
        "events": events,
    }
    context["desk"] = desk_of(user, declaration, context["queue"])
    if table := permissions.readable_table(user, declaration):
        examined = examine(declaration, table)
        compared = compare_page(request, declaration, table, examined.context.last_year)
        reasons = reasons_for(user, declaration, events)
        context |= page_content(examined, compared, reasons, attempt.reasons if attempt else {})
        context["may_dismiss"] = permissions.may_dismiss(user, declaration)
        number = next((step.snapshot for step in events if step.snapshot), None)
        may_comment = context["may_dismiss"] or permissions.may_comment(user, declaration)
        about = {"number": number, "may_comment": may_comment, "may_settle": context["may_dismiss"]}
        context["board"] = on_the_table(request, declaration, table, context["sheet"], **about)
        context["score"] = score_panel.score_panel_of(request, declaration, context["groups"], context["board"])
    return render(request, "declarations/reviewing/detail.html", context, status=status)


def page_content(examined: Examined, compared: Comparing, reasons: Mapping[str, str], sent: Mapping[str, str]) -> dict:
    """What the page says of a table: its cells, its findings with their ``reasons``, its sums; ``sent``: just typed."""
    table = examined.table
    sheet = sheet_of(table, examined.problems, compared.rows)
    return {
        "compared": compared,
        "sheet": sheet,
        "groups": finding_lists.group_findings(examined, reasons, sheet.anchors),
        "dismissed": finding_lists.dismissed_findings(examined, sheet.anchors),
        "left_out": examined.left_out,
        "tally": finding_lists.Tally.of(examined.problems),
        "summary": sums_of(table, examined.context),
        "doubt_groups": doubts_for_page(examined, reasons, sent),
        "coverage": coverage_of(table),
    }


def reasons_for(user, declaration: Declaration, events: list[Step]) -> dict[str, str]:
    """Why doubts were left: to the department that has the table as it stands, to others as it was reported."""
    with_department = declaration.state not in State.REPORTED
    if with_department and permissions.roles_on(user, declaration) & Role.OF_DEPARTMENT:
        return explanations.standing_reasons(declaration)
    return next((step.event.confirmations for step in events if step.event.action == Action.SUBMIT), {})


@dataclass(frozen=True)
class MovePanel:
    """A button and the form behind it. ``tone`` is the look of the button, ``effect`` says what will happen."""

    move: Move
    effect: str
    tone: str
    is_open: bool
    comment: str

    @property
    def form_id(self) -> str:
        return f"move-{self.move.action}"


def move_panels(user, declaration: Declaration, attempt: Attempt | None) -> list[MovePanel]:
    """The moves that this person may take, the one that leads on last, as the main button."""
    moves = sorted(workflow.available_moves(user, declaration), key=lambda move: move.tone == PRIMARY)
    return [
        MovePanel(
            move=move,
            effect=move.effect,
            tone=move.tone,
            is_open=attempt is not None and attempt.action == move.action,
            comment=attempt.comment if attempt and attempt.action == move.action else "",
        )
        for move in moves
    ]


@dataclass(frozen=True)
class Step:
    """A line of the history: an event in words, the number of the version frozen with it, whether a letter tells it."""

    event: Event
    label: str
    snapshot: int | None
    has_letter: bool = False

    @property
    def asks(self) -> bool:
        """Whether its comment asks the department to change something."""
        return self.event.action in ASKING

    @property
    def reasons(self) -> list[tuple[str, int, str]]:
        """Why doubts were left as they are: code, how many, reason."""
        return reasons_of_event(self.event.confirmations)


def steps_of(user, declaration: Declaration) -> list[Step]:
    """The events that this person may see, the latest first; at most 200."""
    events = (
        declaration.events.visible_to(user).select_related("actor", "acting_for", "snapshot").defer("snapshot__content")
    )
    letters = LETTERS if permissions.may_have_letters(user, declaration) else {}
    return [
        Step(
            event,
            label_of(event.action),
            event.snapshot and event.snapshot.number,
            event.action in letters,
        )
        for event in events.order_by("-created_at", "-pk")[:200]
    ]


@signed_in
@require_safe
def print_preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The official table as it comes out of the printer; with ``?compare=`` also what changed in it."""
    declaration, table = find_readable(request.user, pk)
    compared = marked_for_print(request, declaration, table)
    sheet = sheet_of(table, marked=compared and compared.rows)
    frozen = frozen_as(declaration, table)
    context = {"declaration": declaration, "sheet": sheet, "frozen": frozen, "compared": compared}
    return render(request, "declarations/reviewing/print.html", context)


def marked_for_print(request: HttpRequest, declaration: Declaration, table: Table) -> Comparing | None:
    """Only for somebody who asks for it on this page: what is handed in is printed as it stands."""
    if not request.GET.get("compare"):
        return None
    return compare_page(request, declaration, table, context_of(declaration).last_year)


def frozen_as(declaration: Declaration, table: Table) -> Snapshot | None:
    """The newest version that says just what the table says, None for one that is being written."""
    newest = declaration.snapshots.order_by("-number")[:50]
    return next((snapshot for snapshot in newest if history.says_the_same(table, snapshot)), None)


@signed_in
@require_safe
def snapshot(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What the declaration said at one move, never altered since; the page says whether that still holds."""
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    frozen = Snapshot.objects.visible_to(request.user).filter(declaration=declaration, number=number).first()
    if frozen is None:
        raise Http404("没有这一版。")
    intact = frozen.is_intact()
    said = store.frozen_table(frozen) if intact else Table.from_json(frozen.content)
    context = {
        "declaration": declaration,
        "snapshot": frozen,
        "intact": intact,
        "step": next(iter(frozen.events.select_related("actor")), None),
        "sheet": sheet_of(said),
        "coverage": coverage_of(said),
    }
    context["label"] = label_of(context["step"].action) if context["step"] else ""
    return render(request, "declarations/reviewing/snapshot.html", context)
