"""Home: what a person has to do now, a part for each of their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from declarations.models import Declaration, Role, State
from declarations.views.home.administrator import administrator_part
from declarations.views.home.department import department_part
from declarations.views.home.invited import invited_part
from declarations.views.home.review import review_part
from declarations.web.access import roles_of, signed_in

LATEST = 10


@dataclass(frozen=True)
class HomePart:
    template: str
    context: dict[str, Any]


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The parts of all roles that this person holds today, or how to get one."""
    return render(request, "home.html", {"parts": list(home_parts(request))})


def home_parts(request: HttpRequest):
    held = roles_of(request.user)
    if request.user.was_invited:
        yield HomePart("declarations/home/home_invited.html", invited_part(request.user))
    if held & Role.OF_DEPARTMENT:
        yield HomePart("declarations/home/home_department.html", department_part(request.user))
    if held & Role.REVIEWING:
        yield HomePart("declarations/home/home_review.html", review_part(request.user, request.GET))
    if Role.ADMINISTRATOR in held:
        yield HomePart("declarations/home/home_administrator.html", administrator_part(request.user))
    if Role.OBSERVER in held:
        yield HomePart("declarations/home/home_observer.html", observer_part(request.user))


def observer_part(user) -> dict[str, Any]:
    approved = Declaration.objects.visible_to(user).filter(state=State.APPROVED).with_names()
    return {"latest": approved.order_by("-updated_at", "pk")[:LATEST], "count": LATEST}
