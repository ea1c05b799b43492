"""催报 from the list of those who have not reported: one click, a record for each department."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from declarations.models import Department, Role
from declarations.notifying import urging
from declarations.views.home.review import chosen_cycle
from declarations.web.access import allow
from declarations.web.filters import InboxFilter
from declarations.web.parameters import plain_text, whole_numbers


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_POST
def urge(request: HttpRequest) -> HttpResponse:
    """Reminds those that were ticked, or (``which`` all) all of the list as it is filtered.

    Those that were reminded today already are listed, and reminded again only when that is confirmed (``again``).
    """
    back = QueryDict(request.POST.get("back", ""))
    cycle = chosen_cycle(request.user, request.POST.get("year", ""))
    chosen = chosen_departments(request, InboxFilter(back, request.user, cycle)) if cycle else []
    if not chosen:
        messages.error(request, "没有催报：请先在列表中勾选还没有报送的部门。")
        return to_list(back)
    text = plain_text(request.POST.get("text"), urging.LONGEST)
    today = set() if "again" in request.POST else urging.urged_today(cycle, chosen)
    made = urging.urge_departments(request.user, cycle, chosen, text, again="again" in request.POST)
    if made:
        messages.success(request, f"已催报 {len(made)} 个部门，部门登录后会在待办中看到。")
    if today:
        left = [department for department in chosen if department.pk in today]
        context = {"cycle": cycle, "departments": left, "text": text, "back": back.urlencode()}
        return render(request, "declarations/home/urge_again.html", context)
    return to_list(back)


def chosen_departments(request: HttpRequest, filters: InboxFilter) -> list[Department]:
    if request.POST.get("which") == "all":
        return list(filters.missing())
    keys = whole_numbers(request.POST.getlist("department"))
    return list(urging.departments_to_urge(request.user, filters.cycle).filter(pk__in=keys))


def to_list(back: QueryDict) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('declarations:home')}?{back.urlencode() or 'show=missing'}")
