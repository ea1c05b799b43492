"""Forgotten passwords: a one-time link by which a person sets a new one, and the old one works no longer."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.models import Bureau, Membership, Role, User
from declarations.views.references.accounts import COLUMNS, link_for
from declarations.views.references.pages import chosen_bureau
from declarations.web.access import allow, user_of
from declarations.web.keyset import read_page
from declarations.web.spreadsheet import list_workbook

PAGE_SIZE = 50
NOTED = "一次性链接：原密码停用，由本人重设"


def people_of(bureau: Bureau, actor: User) -> QuerySet[User]:
    """Whose password the administrator of a bureau may let be set anew: people of this bureau alone, not oneself."""
    inside = Membership.objects.of_bureaus([bureau.pk])
    elsewhere = Membership.objects.exclude(pk__in=inside.values("pk"))
    people = User.objects.filter(pk__in=inside.values("user"), is_active=True, is_superuser=False)
    return people.exclude(pk__in=elsewhere.values("user")).exclude(pk=actor.pk)


@allow(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "POST"])
def resets(request: HttpRequest) -> HttpResponse:
    """The people of a bureau to choose from (``q``); a POST (``person``, several) hands out their links."""
    bureau, bureaus = chosen_bureau(request)
    people = people_of(bureau, user_of(request))
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("person") if key.isascii() and key.isdigit() and len(key) < 19]
        chosen = hand_out(people, keys, user_of(request))
        if chosen:
            return links_workbook(request, chosen)
        messages.info(request, "没有改动：请先选人。")
        return redirect(f"{reverse('declarations:reference_resets')}?bureau={bureau.pk}")
    words = request.GET.get("q", "").replace("\0", "").strip()[:50]
    found = people.filter(Q(username__icontains=words) | Q(name__icontains=words)) if words else people
    page = read_page(found, ("username", "pk"), request.GET, PAGE_SIZE)
    context = {"bureau": bureau, "bureaus": bureaus, "page": page, "words": words}
    return render(request, "declarations/references/resets.html", context)


@transaction.atomic
def hand_out(people: QuerySet[User], keys: list[int], actor: User) -> list[User]:
    """Ends the old passwords of these people, and with them their sessions; it is noted who did it."""
    chosen = list(people.filter(pk__in=keys).select_for_update(of=("self",)).order_by("username"))
    for person in chosen:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    if chosen:
        LogEntry.objects.log_actions(actor.pk, chosen, CHANGE, change_message=NOTED)
    return chosen


def links_workbook(request: HttpRequest, people: list[User]) -> HttpResponse:
    until = timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    last = f"{timezone.localtime(until):%Y-%m-%d %H:%M}"
    lines = ([one.username, one.name, one.email, link_for(request, one), last] for one in people)
    return list_workbook("重设密码的链接", COLUMNS, lines)
