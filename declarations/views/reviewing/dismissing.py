"""A reviewer's word that a finding is wrong, and the way back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from declarations.findings import dismissals
from declarations.models import Declaration, Role
from declarations.reviewing.refusals import MoveRefused
from declarations.web.access import allow


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_POST
def dismiss(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Marks a finding as wrong, with a reason; with ``back`` takes that back. Says what became of it."""
    identity = request.POST.get("key", ""), request.POST.get("fingerprint", "")
    try:
        if "back" in request.POST:
            dismissals.take_back(pk, request.user, identity)
            messages.success(request, "已恢复这条检查提示。")
        else:
            dismissals.dismiss(pk, request.user, identity, request.POST.get("reason", ""))
            messages.success(request, "已标记为不成立，这条检查提示不再计入。")
    except Declaration.DoesNotExist:
        raise Http404 from None
    except MoveRefused as refused:
        messages.error(request, refused.message)
    return redirect(reverse("declarations:detail", args=[pk]) + "#findings")
