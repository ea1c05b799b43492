"""A reviewer's word that a finding is wrong, and the way back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from declarations.findings.doubts import fingerprint_of, key_of, split_key
from declarations.findings.examination import Examined, examine
from declarations.models import Declaration, Dismissal, Role
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.problems import Severity
from declarations.sheet.table import clean_text
from declarations.web.access import allow

LONGEST_REASON = 500
NOT_NOW = "现在不能标记检查提示：申报表不在审核中，或者您参与过它的填报、审定。"
NO_REASON = "请写明这条检查提示为什么不成立。没有标记。"
TOO_LONG = "理由有 {count} 字，最多 500 字，请删减。没有标记。"
GONE = "这条检查提示已经变化，没有标记。下面已是最新内容，请核对后再办理。"


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_POST
def dismiss(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Marks a finding as wrong, with a reason; with ``back`` takes that back. Says what became of it."""
    declaration = get_object_or_404(store.with_rows(Declaration.objects.visible_to(request.user)), pk=pk)
    said = write_dismissal(request, declaration)
    if said is None:
        words = "已恢复这条检查提示。" if "back" in request.POST else "已标记为不成立，这条检查提示不再计入。"
        messages.success(request, words)
    else:
        messages.error(request, said)
    return redirect(reverse("declarations:detail", args=[pk]) + "#findings")


def write_dismissal(request: HttpRequest, declaration: Declaration) -> str | None:
    """None, or why nothing was written."""
    if not permissions.may_dismiss(request.user, declaration):
        return NOT_NOW
    reason, back = clean_text(request.POST.get("reason", "")), "back" in request.POST
    if not reason and not back:
        return NO_REASON
    if len(reason) > LONGEST_REASON:
        return TOO_LONG.format(count=f"{len(reason):,}")
    examined = examine(declaration, store.table_of(declaration))
    identity = request.POST.get("key", ""), request.POST.get("fingerprint", "")
    if identity not in (back_again(examined) if back else dismissible_findings(examined)):
        return GONE
    code, place = split_key(identity[0])
    Dismissal.objects.create(
        declaration=declaration,
        author=request.user,
        reason=reason,
        code=code,
        place=place,
        fingerprint=identity[1],
        is_taken_back=back,
    )
    return None


def dismissible_findings(examined: Examined) -> set[tuple[str, str]]:
    """Key and fingerprint of what may be dismissed. An error (E) may not: a wrong one is mended in the settings."""
    found = [problem for problem in examined.problems if problem.severity is not Severity.ERROR]
    return {(key_of(examined.table, problem), fingerprint_of(examined.table, problem)) for problem in found}


def back_again(examined: Examined) -> set[tuple[str, str]]:
    return {(f"{one.code} {one.place}".strip(), one.fingerprint) for _, one in examined.dismissed}
