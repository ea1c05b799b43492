"""Home of those who fill in and certify: this year's declaration of each of their departments, and the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from declarations.models import Action, Cycle, Declaration, Department, Event, State, Urging, scope_of
from declarations.notifying.urging import last_urged
from declarations.people import permissions
from declarations.people.moves import ASKING
from declarations.record import store
from declarations.reviewing import threads, workflow
from declarations.views.reviewing.finding_lists import Tally, finding_tallies
from declarations.views.reviewing.sheet import percent_filled
from declarations.views.reviewing.steps import waits_for

PAST = 5


@dataclass(frozen=True)
class DeclarationCard:
    """A department in the current year. ``declaration`` is None while nobody has begun it.

    ``asked``: what is to be changed, after a return, ``comments``: how many comments are open then; ``urged``: that
    the bureau reminded the department, until it reports; ``waits_for``: what happens next, where it is others' turn.
    """

    department: Department
    cycle: Cycle
    declaration: Declaration | None = None
    percent: int = 0
    tally: Tally = field(default_factory=Tally)
    may_edit: bool = False
    may_start: bool = False
    may_report: bool = False
    asked: str = ""
    comments: int = 0
    urged: Urging | None = None
    waits_for: str = ""
    past: list[Declaration] = field(default_factory=list)


def department_part(user) -> dict[str, Any]:
    departments = list(Department.objects.filter(scope_of(user).own()).select_related("bureau"))
    cycles = current_cycles(department.bureau_id for department in departments)
    declared = by_department(departments)
    cards = [
        declaration_card(user, department, cycles[department.bureau_id], declared[department.pk])
        for department in departments
        if department.bureau_id in cycles
    ]
    told = finding_tallies(user, [card.declaration for card in cards if card.declaration])
    cards = [replace(card, tally=told[card.declaration.pk]) if card.declaration else card for card in cards]
    cards = with_what_is_asked(cards)
    return {"cards": cards, "without_cycle": [d for d in departments if d.bureau_id not in cycles]}


def with_what_is_asked(cards: list[DeclarationCard]) -> list[DeclarationCard]:
    """The open comments of those that were returned, the last reminder of those that have not reported."""
    open_now = [card.declaration for card in cards if card.declaration and card.asked]
    counts = threads.open_counts(open_now, sent=True)
    late = [card for card in cards if card.declaration is None or card.declaration.state not in State.AT_BUREAU]
    urged = last_urged((card.cycle.pk, card.department.pk) for card in late)
    return [
        replace(
            card,
            comments=counts.get(card.declaration and card.declaration.pk, 0),
            urged=urged.get((card.cycle.pk, card.department.pk)) if card in late else None,
        )
        for card in cards
    ]


def current_cycles(bureaus: Iterable[int]) -> dict[int, Cycle]:
    """The year that each bureau works on: the latest that has opened."""
    opened = Cycle.objects.filter(bureau__in=set(bureaus), opens_at__lte=timezone.now()).select_related("bureau")
    return {cycle.bureau_id: cycle for cycle in opened.order_by("year")}


def by_department(departments: list[Department]) -> dict[int, list[Declaration]]:
    """All declarations of each department, the latest year first, with what was last said, and by which action."""
    last = Event.objects.filter(declaration=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = store.with_reported(Declaration.objects.filter(department__in=departments))
    found: dict[int, list[Declaration]] = defaultdict(list)
    said = {"said": Subquery(last.values("comment")[:1]), "said_by": Subquery(last.values("action")[:1])}
    for declaration in rows.annotate(**said).order_by("-cycle__year"):
        found[declaration.department_id].append(declaration)
    return found


def declaration_card(user, department: Department, cycle: Cycle, declared: list[Declaration]) -> DeclarationCard:
    past = [declaration for declaration in declared if declaration.cycle.year < cycle.year][:PAST]
    current = next((declaration for declaration in declared if declaration.cycle_id == cycle.pk), None)
    if current is None:
        return DeclarationCard(department, cycle, may_start=permissions.may_start(user, department, cycle), past=past)
    may_edit = permissions.may_edit(user, current)
    may_report = any(move.action == Action.SUBMIT for move in workflow.available_moves(user, current))
    return DeclarationCard(
        department,
        cycle,
        current,
        percent=percent_filled(store.table_of(current)),
        may_edit=may_edit,
        may_report=may_report,
        asked=current.said if current.state in State.WRITABLE and current.said_by in ASKING else "",
        waits_for="" if may_edit or may_report else waits_for(current),
        past=past,
    )
