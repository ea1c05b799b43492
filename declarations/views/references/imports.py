"""One list on its way in: what it would change, the decision, what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from declarations.administering.references import flow
from declarations.administering.references.kinds import LISTINGS, Listing
from declarations.administering.references.plan import ReferenceLine, ReferenceOutcome
from declarations.models import ListImport, ListState, Role
from declarations.sheet.problems import Refused
from declarations.views.references.accounts import waiting_accounts
from declarations.views.references.pages import ListForm, address_of
from declarations.web.access import allow
from declarations.web.parameters import whole_number

PAGE_SIZE = 100
ORDER = (ReferenceOutcome.ERROR, ReferenceOutcome.CHANGED, ReferenceOutcome.NEW, ReferenceOutcome.SAME)


@dataclass(frozen=True)
class ReferenceCell:
    """One value of a row; ``old``: what it was, None where it does not change."""

    column: str
    text: str
    old: str | None = None


@dataclass(frozen=True)
class ReferencePage:
    """The rows of one outcome, a page of them. ``number`` and ``pages`` count from 1."""

    outcome: ReferenceOutcome
    lines: list[tuple[ReferenceLine, list[ReferenceCell]]]
    number: int
    pages: int


def find_reference(request: HttpRequest, reference: uuid.UUID) -> ListImport:
    rows = ListImport.objects.visible_to(request.user).select_related("bureau", "created_by", "applied_by")
    return get_object_or_404(rows, pk=reference)


@allow(Role.ADMINISTRATOR)
@never_cache
@require_GET
def detail(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """``?show=`` one of the outcomes, ``?page=`` of a hundred rows."""
    kept = find_reference(request, reference)
    listing = LISTINGS[kept.kind]
    context = {
        "kept": kept,
        "listing": listing,
        "address": address_of(listing),
        "outcomes": [(outcome, kept.report.get(outcome.value, 0)) for outcome in ORDER],
        "shown": page_of_rows(kept, listing, request.GET.get("show", ""), request.GET.get("page", "")),
        "form": ListForm(),
        "accounts": len(waiting_accounts(kept)),
    }
    return render(request, "declarations/references/import.html", context)


def page_of_rows(kept: ListImport, listing: Listing, wanted: str, page: str) -> ReferencePage | None:
    """What a person asked to see; else what asks for attention first."""
    present = [outcome for outcome in ORDER if kept.report.get(outcome.value)]
    if not present:
        return None
    outcome = ReferenceOutcome(wanted) if wanted in present else present[0]
    rows = [data for data in kept.lines if data["is"] == outcome.value]
    pages = -(-len(rows) // PAGE_SIZE)
    number = min(whole_number(page) or 1, pages)
    lines = [ReferenceLine.from_json(data) for data in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    return ReferencePage(outcome, [(line, cells_of(line, listing)) for line in lines], number, pages)


def cells_of(line: ReferenceLine, listing: Listing) -> list[ReferenceCell]:
    pairs = zip(listing.resource.columns, line.cells, strict=True)
    return [ReferenceCell(column, text, line.old.get(column)) for column, text in pairs]


@allow(Role.ADMINISTRATOR)
@require_POST
def apply(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Brings in what was looked at; where that is no longer so, says it and shows the list anew."""
    kept = find_reference(request, reference)
    try:
        flow.apply_plan(kept, request.POST.get("digest", ""), request.user)
    except flow.Moved as moved:
        messages.warning(request, moved.said)
    except Refused as refused:
        messages.error(request, f"{refused.message}{refused.hint}")
    return redirect("declarations:reference_import", kept.pk)


@allow(Role.ADMINISTRATOR)
@require_POST
def cancel(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    kept = find_reference(request, reference)
    if not flow.cancel_import(kept):
        messages.info(request, f"这份名单{kept.get_state_display()}，不能放弃。")
    return redirect("declarations:reference_import", kept.pk)


@allow(Role.ADMINISTRATOR)
@require_POST
def again(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """Shows a file that waits to the scanner once more."""
    kept = find_reference(request, reference)
    if kept.state == ListState.WAITING:
        flow.scan_and_plan(kept)
    return redirect("declarations:reference_import", kept.pk)
