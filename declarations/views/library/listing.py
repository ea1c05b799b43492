"""The list of the library: searched, filtered, page by page, and taken away as a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from declarations.administering.resources import FORMATS, LibraryResource
from declarations.people import permissions
from declarations.views.exporting.exports import XLSX, attachment_response
from declarations.views.library.rights import kept_bureaus
from declarations.web.access import signed_in
from declarations.web.keyset import KeysetPage, read_page
from indicators import suggest
from indicators.areas import AREAS
from indicators.models import KINDS, LibraryIndicator, Proposal, ProposalState

PAGE_SIZE = 30
ORDER = ("pinyin", "pk")
MOST_FOUND = 50
"""Entries that a search shows: whoever needs more has asked for too little."""
LOOKED_AT = 400


@dataclass(frozen=True)
class LibraryFilters:
    words: str = ""
    kind: str = ""
    area: str = ""
    out_of_use: bool = False

    @classmethod
    def read(cls, params: QueryDict) -> LibraryFilters:
        kind, area = params.get("kind", ""), params.get("area", "")
        return cls(
            words=params.get("q", "").replace("\0", "").strip()[:60],
            kind=kind if kind in map(str, KINDS) else "",
            area=area if area in AREAS else "",
            out_of_use=params.get("state") == "off",
        )

    @property
    def are_set(self) -> bool:
        return bool(self.words or self.kind or self.area or self.out_of_use)

    def apply(self, rows: QuerySet) -> QuerySet:
        rows = rows.filter(is_active=not self.out_of_use)
        given = {"kind": self.kind, "area": self.area}
        return rows.filter(**{name: value for name, value in given.items() if value})


@signed_in
@require_safe
def library_list(request: HttpRequest) -> HttpResponse:
    filters = LibraryFilters.read(request.GET)
    kept = kept_bureaus(request.user)
    mine = Proposal.objects.visible_to(request.user)
    context = {
        "filters": filters,
        "page": page_of_entries(request, filters),
        "kinds": KINDS,
        "areas": AREAS,
        "keeps": bool(kept),
        "imports": permissions.may_administer(request.user),
        "waiting": mine.filter(state=ProposalState.WAITING).count(),
    }
    return render(request, "indicators/list.html", context)


def page_of_entries(request: HttpRequest, filters: LibraryFilters) -> KeysetPage:
    """A page of the list; with words, the entries most like them, best first, all on one page."""
    rows = filters.apply(LibraryIndicator.objects.visible_to(request.user))
    if not filters.words:
        return read_page(rows, ORDER, request.GET, PAGE_SIZE)
    if filters.out_of_use:
        return KeysetPage(list(rows.filter(name__icontains=filters.words).order_by(*ORDER)[:MOST_FOUND]))
    return KeysetPage(searched_rows(request.user, filters, rows))


def searched_rows(user, filters: LibraryFilters, rows: QuerySet) -> list[LibraryIndicator]:
    bureaus = None if user.is_superuser else user.bureau_codes
    index = suggest.current_index()
    like = index.search(filters.words, bureaus=bureaus, kind=filters.kind, area=filters.area, limit=LOOKED_AT)
    entries = rows.in_bulk([entry.key for entry in like])
    return [entries[entry.key] for entry in like if entry.key in entries][:MOST_FOUND]


@signed_in
@require_safe
def library_export(request: HttpRequest) -> HttpResponse:
    """Everything that the filters leave, without the limit of a page, in the columns of the import."""
    rows = LibraryFilters.read(request.GET).apply(LibraryIndicator.objects.visible_to(request.user)).order_by(*ORDER)
    workbook = FORMATS[0]()
    return attachment_response("指标库.xlsx", workbook.export_data(LibraryResource().export(rows)), XLSX)
