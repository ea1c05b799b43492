"""Where the declarations meet the library of indicators: which of them use an entry, by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from declarations.models import Bureau, Declaration, Indicator, State, scope_of

"""States in which the live rows are what the bureau was told; a returned one is being rewritten."""
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Uses:
    """``rows``: the latest of them, with their declarations, for the page."""

    count: int
    departments: int
    rows: list[Indicator]


def readable_declarations(user) -> QuerySet:
    """The declarations whose rows a person may read as they stand now."""
    scope, path = scope_of(user), "department__"
    found = Declaration.objects.visible_to(user)
    if scope.everything:
        return found
    settled = scope.reviewed(path) & Q(state__in=State.REPORTED)
    return found.filter(scope.own(path) | settled | scope.observed(path) & Q(state=State.APPROVED))


def uses_of(user, name: str) -> Uses:
    """The rows with exactly this name in what the person may read, latest year first."""
    found = Indicator.objects.filter(name=name, declaration__in=readable_declarations(user))
    counted = found.aggregate(
        all=Count("declaration", distinct=True), departments=Count("declaration__department", distinct=True)
    )
    rows = found.select_related("declaration__department", "declaration__cycle")
    latest = rows.order_by("-declaration__cycle__year", "declaration__department__pinyin", "pk")[:SHOWN]
    return Uses(counted["all"], counted["departments"], list(latest))


def departments_using(bureau: Bureau, names: Iterable[str]) -> dict[str, int]:
    """By name, how many departments of the bureau have it in an approved declaration.

    A number only, of what is published by law once approved: whose they are is up to `uses_of`.
    """
    approved = Declaration.objects.filter(state=State.APPROVED, cycle__bureau=bureau)
    found = Indicator.objects.filter(declaration__in=approved, name__in=list(names)).order_by()
    counted = found.values("name").annotate(departments=Count("declaration__department", distinct=True))
    return {row["name"]: row["departments"] for row in counted}
