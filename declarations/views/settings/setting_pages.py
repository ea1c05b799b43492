"""What the pages of append-only settings share: the way to the latest year, and keeping what a form says."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from declarations.models import Cycle, scope_of
from declarations.models.setting import Overtaken, Unchanged

OVERTAKEN = "{who}刚刚调整过{what}，您的调整还没有保存。上面是最新的设置，下面是您填写的内容，请核对后再保存。"
UNCHANGED = "内容与现在的设置相同，没有需要保存的调整。"
SOMEBODY = "其他人"


def cycles_for(user):
    """The years whose settings this person keeps."""
    scope = scope_of(user)
    return Cycle.objects.visible_to(user).filter(scope.in_bureaus(scope.bureaus, "bureau")).select_related("bureau")


def show_latest_year(request: HttpRequest, page: str, template: str) -> HttpResponse:
    """Redirect to the page of the latest year, or say with its template that no year has been set up."""
    latest = cycles_for(request.user).order_by("-year", "pk").first()
    return redirect(page, latest.pk) if latest is not None else render(request, template, {"cycle": None})


def save_setting(
    form: forms.Form, change: Callable[[], object], *, what: str, unchanged: str = UNCHANGED, overtaken: str = OVERTAKEN
) -> int:
    """Keep what a form says by ``change``; returns 200, or with the reason on the form the status of its page.

    ``what`` is set, in words, for the one whose change was overtaken. The form then counts the newest line as seen, for
    the page shows it.
    """
    try:
        with transaction.atomic():
            change()
    except Unchanged:
        form.add_error(None, unchanged)
        return 422
    except Overtaken as other:
        form.add_error(None, overtaken.format(who=other.newest.author if other.newest else SOMEBODY, what=what))
        posted = QueryDict(mutable=True)
        posted.update(form.data)
        posted["seen"] = str(other.newest.pk) if other.newest else ""
        form.data = posted
        return 409
    return 200
