"""帮助: the handbook of those who fill in, and what is said of each field."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from declarations.models import Declaration, State
from declarations.people import permissions
from declarations.sheet import guidance
from declarations.sheet.official import EDITIONS
from declarations.web.access import signed_in


@signed_in
@require_safe
def handbook(request: HttpRequest) -> HttpResponse:
    """``?edition=2023`` shows the fields of another edition; without it those of the newest."""
    code = request.GET.get("edition", "")
    edition = EDITIONS.get(code) or [*EDITIONS.values()][-1]
    context = {
        "edition": edition,
        "editions": list(EDITIONS.values()),
        "sections": guidance.of_edition(edition),
        "open": open_draft(request.user),
    }
    return render(request, "declarations/settings/help.html", context)


def open_draft(user) -> Declaration | None:
    """A draft that this person may fill in now, for the guided visit; their latest."""
    drafts = Declaration.objects.visible_to(user).with_names().filter(state__in=State.WRITABLE)
    own = drafts.filter(department__in=user.scope.departments, is_imported=False)
    latest = own.order_by("-cycle__year", "-updated_at").first()
    return latest if latest and permissions.may_edit(user, latest) else None
