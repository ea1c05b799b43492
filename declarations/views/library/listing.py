"""The list of the library: searched, filtered, page by page, and taken away as a workbook."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from declarations.administering.resources import FORMATS, LibraryResource
from declarations.people import permissions
from declarations.views.exporting.exports import XLSX, attachment_response
from declarations.views.library.filters import LibraryFilter
from declarations.views.library.rights import kept_bureaus
from declarations.web.access import signed_in
from declarations.web.keyset import KeysetPage, read_page
from indicators import suggest
from indicators.models import LibraryIndicator, Proposal, ProposalState

PAGE_SIZE = 30
ORDER = ("pinyin", "pk")
MOST_FOUND = 50
"""Entries that a search shows: whoever needs more has asked for too little."""
LOOKED_AT = 400


@signed_in
@require_safe
def library_list(request: HttpRequest) -> HttpResponse:
    kept = kept_bureaus(request.user)
    filters = LibraryFilter(request.GET, keeps=bool(kept))
    mine = Proposal.objects.visible_to(request.user)
    context = {
        "filters": filters,
        "page": page_of_entries(request, filters),
        "keeps": bool(kept),
        "imports": permissions.may_administer(request.user),
        "waiting": mine.filter(state=ProposalState.WAITING).count(),
    }
    return render(request, "indicators/list.html", context)


def page_of_entries(request: HttpRequest, filters: LibraryFilter) -> KeysetPage:
    """A page of the list; with words, the entries most like them, best first, all on one page."""
    rows = filters.apply(LibraryIndicator.objects.visible_to(request.user))
    if not filters.values["q"]:
        return read_page(rows, ORDER, request.GET, PAGE_SIZE)
    if filters.values["state"]:
        return KeysetPage(list(rows.filter(name__icontains=filters.values["q"]).order_by(*ORDER)[:MOST_FOUND]))
    return KeysetPage(searched_rows(request.user, filters, rows))


def searched_rows(user, filters: LibraryFilter, rows: QuerySet) -> list[LibraryIndicator]:
    bureaus = None if user.is_superuser else user.bureau_codes
    index = suggest.current_index()
    like = index.search(
        filters.values["q"], bureaus=bureaus, kind=filters.values["kind"], area=filters.values["area"], limit=LOOKED_AT
    )
    entries = rows.in_bulk([entry.key for entry in like])
    return [entries[entry.key] for entry in like if entry.key in entries][:MOST_FOUND]


@signed_in
@require_safe
def library_export(request: HttpRequest) -> HttpResponse:
    """Everything that the filters leave, without the limit of a page, in the columns of the import."""
    rows = LibraryFilter(request.GET).apply(LibraryIndicator.objects.visible_to(request.user)).order_by(*ORDER)
    workbook = FORMATS[0]()
    return attachment_response("指标库.xlsx", workbook.export_data(LibraryResource().export(rows)), XLSX)
