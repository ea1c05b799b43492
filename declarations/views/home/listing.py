"""The list of declarations: what one may see of all years, filtered, sorted, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from declarations.models import Declaration, State
from declarations.record import store
from declarations.views.home.years import offered_years
from declarations.views.reviewing.finding_lists import Tally, finding_tallies
from declarations.web.access import signed_in
from declarations.web.keyset import read_page

PAGE_SIZE = 30
REPORTED = "reported"
"""For ``state``: all that the bureau has had before it."""
SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "year": ("年度", ("-cycle__year", "department__pinyin", "pk")),
    "department": ("部门", ("department__pinyin", "-cycle__year", "pk")),
    "updated": ("更新时间", ("-updated_at", "pk")),
}


@dataclass(frozen=True)
class DeclarationFilters:
    """What a person asked for; whatever the address says wrongly is as if it were not there."""

    year: int | None = None
    state: str = ""
    words: str = ""
    sort: str = "year"

    @classmethod
    def read(cls, params: QueryDict) -> DeclarationFilters:
        year, state, sort = params.get("year", ""), params.get("state", ""), params.get("sort", "")
        return cls(
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
            state=state if state in (REPORTED, *State.values) else "",
            words=params.get("q", "").replace("\0", "").strip()[:50],
            sort=sort if sort in SORTS else "year",
        )

    @property
    def are_set(self) -> bool:
        return bool(self.year or self.state or self.words)

    def apply(self, rows: QuerySet) -> QuerySet:
        if self.year:
            rows = rows.filter(cycle__year=self.year)
        if self.state:
            rows = rows.filter(state__in=State.AT_BUREAU if self.state == REPORTED else [self.state])
        return rows.filter(departments_named(self.words, "department__")) if self.words else rows


def departments_named(words: str, prefix: str = "") -> Q:
    """Departments whose name, former name, code or pinyin initials hold these words (``sjyj`` finds 市教育局)."""
    compact = "".join(words.split())
    return (
        Q(**{f"{prefix}name__icontains": compact})
        | Q(**{f"{prefix}initials__contains": compact.lower()})
        | Q(**{f"{prefix}code__startswith": compact})
        | Q(**{f"{prefix}former_names__icontains": compact})
    )


@dataclass(frozen=True)
class ListedDeclaration:
    declaration: Declaration
    tally: Tally


@signed_in
@require_safe
def declaration_list(request: HttpRequest) -> HttpResponse:
    filters = DeclarationFilters.read(request.GET)
    found = filters.apply(store.with_reported(Declaration.objects.visible_to(request.user)))
    page = read_page(found, SORTS[filters.sort][1], request.GET, PAGE_SIZE)
    told = finding_tallies(request.user, page.rows)
    context = {
        "filters": filters,
        "page": page,
        "listed": [ListedDeclaration(declaration, told[declaration.pk]) for declaration in page.rows],
        "years": offered_years(request.user).values_list("year", flat=True).distinct(),
        "states": [*State.choices, (REPORTED, "已报送过（含退回、通过）")],
        "sorts": SORTS,
    }
    return render(request, "declarations/home/list.html", context)
