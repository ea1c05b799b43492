"""Home of the reviewers: how far the year is, and the declarations or departments behind each figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict

from declarations import permissions, store, workflow
from declarations.models import AT_BUREAU, Cycle, Declaration, Department, Role, Round, State
from declarations.views.findings import Tally, tallies
from declarations.views.home_department import current_cycles
from declarations.views.review import reviewed_places, waiting_for, with_waiting_since

SHOWN = 30
LISTS = ("waiting", "returned", "approved", "missing")


@dataclass(frozen=True)
class Waiting:
    """A line of the list. ``change``: 项目支出 against last year in per cent, None where there is none."""

    declaration: Declaration
    tally: Tally
    change: Decimal | None


def review_part(user, params: QueryDict) -> dict[str, Any]:
    cycle = chosen_cycle(user, params.get("year", ""))
    if cycle is None:
        return {"cycle": None}
    mine = Declaration.objects.filter(reviewed_places(user, "department__"), cycle=cycle)
    due = due_departments(user, cycle)
    show = params.get("show", "")
    show = show if show in LISTS else "waiting"
    context = {"cycle": cycle, "show": show, "figures": figures(user, mine, due), "shown": SHOWN}
    context |= {"batches": batches(user, cycle), "extends": Role.PERFORMANCE in permissions.active_roles(user)}
    context["sets_checks"] = Role.PERFORMANCE in permissions.active_roles(user)
    if show == "missing":
        return context | {"missing": missing(due, cycle)}
    return context | {"listed": listed(user, mine.filter(behind(user, show)), cycle)}


def batches(user, cycle: Cycle) -> list[tuple[str, str]]:
    """The actions that this person may take for many at once: (action, label)."""
    roles = permissions.active_roles(user)
    wanted = ("pass", "approve", *(["second_round"] if cycle.round == Round.SECOND else []))
    return [(row.action, row.label) for row in workflow.MOVES if row.action in wanted and row.role_of(roles)]


def chosen_cycle(user, year: str) -> Cycle | None:
    """The year asked for, else the one that the person's first bureau works on."""
    cycles = current_cycles(Cycle.objects.visible_to(user).values_list("bureau", flat=True))
    if year.isascii() and year.isdigit() and len(year) == 4:
        asked = Cycle.objects.visible_to(user).filter(year=int(year)).select_related("bureau").first()
        return asked or next(iter(cycles.values()), None)
    return next(iter(cycles.values()), None)


def due_departments(user, cycle: Cycle) -> QuerySet:
    """Those that declare in this year: active departments; their units are part of them."""
    return Department.objects.filter(reviewed_places(user), bureau=cycle.bureau_id, is_active=True, parent__isnull=True)


def figures(user, mine: QuerySet, due: QuerySet) -> dict[str, int]:
    counts = mine.aggregate(
        waiting=Count("pk", filter=behind(user, "waiting")),
        returned=Count("pk", filter=behind(user, "returned")),
        approved=Count("pk", filter=behind(user, "approved")),
    )
    reported = Q(declarations__cycle__in=mine.values("cycle"), declarations__state__in=AT_BUREAU)
    total = due.count()
    return counts | {"total": total, "missing": total - due.filter(reported).count()}


def behind(user, show: str) -> Q:
    """The declarations that a figure counts."""
    return {
        "waiting": waiting_for(user),
        "returned": Q(state=State.RETURNED),
        "approved": Q(state__in=passed_by(user)),
    }[show]


def passed_by(user) -> set[State]:
    """The states of what this reviewer needs to look at no more: a division is done before the bureau is."""
    is_second = Role.PERFORMANCE in permissions.active_roles(user)
    return {State.APPROVED} if is_second else {State.REVIEWED, State.APPROVED}


def listed(user, declarations: QuerySet, cycle: Cycle) -> list[Waiting]:
    """Those that have waited longest first."""
    rows = list(with_waiting_since(store.with_reported(declarations)).order_by("since", "pk")[:SHOWN])
    last = last_year((row.department_id for row in rows), cycle)
    told = tallies(user, rows)
    return [Waiting(row, told[row.pk], change(row, last.get(row.department_id))) for row in rows]


def last_year(departments: Iterable[int], cycle: Cycle) -> dict[int, Decimal]:
    """项目支出 of the year before, by department."""
    before = Declaration.objects.filter(department__in=list(departments), cycle__year=cycle.year - 1)
    return {key: amount for key, amount in before.values_list("department", "project_expenditure") if amount}


def change(declaration: Declaration, before: Decimal | None) -> Decimal | None:
    now = declaration.project_expenditure
    return None if now is None or not before else round((now - before) * 100 / before, 1)


def missing(due: QuerySet, cycle: Cycle) -> list[Department]:
    """Departments that have not reported yet, each with ``begun``: its declaration of the year, if any."""
    begun = Declaration.objects.filter(cycle=cycle).select_related("updated_by")
    unreported = due.exclude(declarations__in=begun.filter(state__in=AT_BUREAU))
    return list(unreported.prefetch_related(Prefetch("declarations", begun, to_attr="begun"))[:200])
