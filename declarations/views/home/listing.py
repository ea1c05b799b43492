"""The list of declarations: what one may see of all years, filtered, sorted, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from declarations.models import Declaration
from declarations.record import store
from declarations.views.reviewing.finding_lists import Tally, finding_tallies
from declarations.web.access import signed_in
from declarations.web.filters import DeclarationFilter
from declarations.web.keyset import read_page

PAGE_SIZE = 30


@dataclass(frozen=True)
class ListedDeclaration:
    declaration: Declaration
    tally: Tally


@signed_in
@require_safe
def declaration_list(request: HttpRequest) -> HttpResponse:
    filters = DeclarationFilter(request.GET, request.user)
    found = filters.apply(store.with_reported(Declaration.objects.visible_to(request.user)))
    page = read_page(found, filters.order, request.GET, PAGE_SIZE)
    told = finding_tallies(request.user, page.rows)
    context = {
        "filters": filters,
        "page": page,
        "listed": [ListedDeclaration(declaration, told[declaration.pk]) for declaration in page.rows],
    }
    return render(request, "declarations/home/list.html", context)
