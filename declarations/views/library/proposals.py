"""建议入库: a row is proposed, the bureau accepts or refuses it, the proposer sees what became of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from declarations.models import Declaration, Indicator, Role
from declarations.people import permissions
from declarations.views.library.entry import attempt_write
from declarations.views.library.filters import ProposalFilter
from declarations.views.library.rights import kept_bureaus
from declarations.web.access import allow, signed_in
from declarations.web.keyset import read_page
from indicators import library
from indicators.areas import COMMON, area_of
from indicators.forms import DecisionForm, ProposalForm
from indicators.models import OPERATORS, Proposal, ProposalState, library_kind
from indicators.taxonomy import kind_of
from indicators.values import parse

PAGE_SIZE = 30
ORDER = ("-created_at", "-pk")
THANKS = "建议已提交，财政局处理后，您可以在这里看到结果。"


@signed_in
@require_safe
def library_proposals(request: HttpRequest) -> HttpResponse:
    filters = ProposalFilter(request.GET)
    rows = Proposal.objects.visible_to(request.user).select_related("proposed_by", "decided_by", "entry")
    context = {
        "page": read_page(filters.apply(rows), ORDER, request.GET, PAGE_SIZE),
        "filters": filters,
        "keeps": bool(kept_bureaus(request.user)),
    }
    return render(request, "indicators/proposals.html", context)


@allow(Role.FILLER, Role.HEAD)
@require_http_methods(["GET", "POST"])
def library_propose(request: HttpRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    if not permissions.roles_on(request.user, declaration) & Role.DECLARING:
        raise Http404("没有这份申报表。")
    indicator = get_object_or_404(Indicator, pk=row, declaration=declaration)
    form = ProposalForm(
        request.POST or None,
        instance=blank_proposal(declaration, request.user),
        initial=said_by_row(indicator, declaration.department.name),
    )
    if form.is_valid() and attempt_write(form, lambda: propose_entry(form)):
        messages.success(request, THANKS)
        return redirect("declarations:library_proposals")
    context = {"form": form, "title": "建议入库", "declaration": declaration}
    return render(request, "indicators/propose.html", context, status=422 if form.is_bound else 200)


def blank_proposal(declaration: Declaration, user) -> Proposal:
    department = declaration.department
    return Proposal(bureau_code=department.bureau.code, department=department.name, proposed_by=user)


def propose_entry(form: ProposalForm) -> Proposal:
    """Raises ValidationError where the library has it, or where it was proposed already."""
    proposal = form.instance
    library.refuse_known(proposal.bureau_code, proposal.name)
    proposal.full_clean()
    with transaction.atomic():
        proposal.save()
    return proposal


def said_by_row(row: Indicator, department: str) -> dict[str, str]:
    """What a row of a declaration says, as far as it can be told apart into the fields of the library."""
    known = {
        "name": row.name.strip()[:100],
        "kind": library_kind(kind_of(row.level2)),
        "area": area_of(department) or COMMON,
    }
    targets = parse(row.annual_value)
    if len(targets) != 1 or len(targets[0].numbers) != 1:
        return known | {"usual_value": row.annual_value.strip()[:60]}
    sign = {"=": "＝", ">": "＞", "<": "＜"}.get(targets[0].operator, targets[0].operator)
    value = {"usual_value": f"{targets[0].numbers[0]:f}", "unit": targets[0].unit}
    return known | value | {"operator": sign if sign in OPERATORS else ""}


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def library_proposal(request: HttpRequest, proposal: int) -> HttpResponse:
    """One proposal for those who keep the library: reworded where needed, then accepted or refused."""
    found = Proposal.objects.visible_to(request.user).select_related("proposed_by", "decided_by", "entry")
    held = get_object_or_404(found, pk=proposal)
    form = DecisionForm(request.POST or None, initial=library.said_by(held))
    if form.is_valid() and (said := attempt_write(form, lambda: decide_proposal(form, held, request.user))):
        messages.success(request, said)
        return redirect("declarations:library_proposals")
    held = get_object_or_404(found, pk=proposal)  # somebody else may have decided
    context = {"form": form, "proposal": held, "waits": held.state == ProposalState.WAITING}
    return render(request, "indicators/proposal.html", context, status=422 if form.is_bound else 200)


def decide_proposal(form: DecisionForm, held: Proposal, user) -> str:
    """What was done, in words. Raises ValidationError where the button pressed says neither."""
    answer, decision = form.cleaned_data["answer"].strip(), form.data.get("decision")
    if decision == form.ACCEPT:
        entry = library.accept(held, form.values, user, answer)
        return f"“{entry}”已加入指标库。"
    if decision == form.REFUSE:
        library.refuse(held, user, answer)
        return "已答复不予采纳，提出人会看到原因。"
    raise ValidationError({"__all__": "请选择采纳入库，或者不予采纳。"})
