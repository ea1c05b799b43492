"""How the checks count in a year: the list for the bureau, and the page of one check with its history."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from declarations.checks import CATALOGUE, Check
from declarations.findings import check_settings
from declarations.findings.check_form import LEVELS, CheckForm, in_words
from declarations.findings.check_settings import StandingCheck
from declarations.models import CheckSetting, Cycle, Dismissal, Level, Role
from declarations.views.settings.setting_pages import cycles_for, save_setting, show_latest_year
from declarations.web.access import allow


@dataclass(frozen=True)
class Dismissed:
    """How often a check was found to be wrong, and in how many declarations."""

    findings: int = 0
    declarations: int = 0


@dataclass(frozen=True)
class ListedCheck:
    """A check in the list; ``values``: its parameters in words, with whether they differ from the default."""

    standing: StandingCheck
    level: str
    values: list[tuple[str, str, bool]]
    dismissed: Dismissed


@dataclass(frozen=True)
class CheckChange:
    """A line of the history in words."""

    setting: CheckSetting
    words: list[str]


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_safe
def current(request: HttpRequest) -> HttpResponse:
    """On to the latest year; a page that says what is lacking where there is none."""
    return show_latest_year(request, "declarations:check_settings", "declarations/settings/check_settings.html")


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_safe
def settings(request: HttpRequest, cycle: int) -> HttpResponse:
    year = find_cycle(request, cycle)
    context = {
        "cycle": year,
        "cycles": cycles_for(request.user).order_by("-year", "bureau"),
        "listed": listed_checks(year),
    }
    return render(request, "declarations/settings/check_settings.html", context)


def find_cycle(request: HttpRequest, pk: int) -> Cycle:
    return get_object_or_404(cycles_for(request.user), pk=pk)


def listed_checks(cycle: Cycle) -> list[ListedCheck]:
    counts = dismissed_in(cycle)
    return [
        ListedCheck(
            one,
            level=one.level.label,
            values=[(p.label, in_words(value), value != p.default) for p, value in one.values],
            dismissed=counts.get(one.check.code, Dismissed()),
        )
        for one in check_settings.standing_checks(cycle)
    ]


def dismissed_in(cycle: Cycle) -> dict[str, Dismissed]:
    """By code, the findings of a year that reviewers hold to be wrong, whether the text was changed since or not."""
    rows = Dismissal.objects.filter(declaration__cycle=cycle).newest()
    kept = [(row.code, row.declaration_id) for row in rows if not row.is_taken_back]
    findings, declarations = Counter(code for code, _ in kept), defaultdict(set)
    for code, declaration in kept:
        declarations[code].add(declaration)
    return {code: Dismissed(count, len(declarations[code])) for code, count in findings.items()}


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, cycle: int, code: str) -> HttpResponse:
    """One check: how it stands, the form to change it, what was changed before."""
    year = find_cycle(request, cycle)
    if code not in CATALOGUE:
        raise Http404("没有这项检查。")
    stands = standing_check(year, CATALOGUE[code])
    if request.method == "GET":
        return check_page(request, year, stands, CheckForm(stands))
    form = CheckForm(stands, read_back(request, stands))
    if not form.is_valid():
        return check_page(request, year, stands, form, status=422)
    return save_check(request, year, stands, form)


def standing_check(cycle: Cycle, check: Check) -> StandingCheck:
    return check_settings.stands_as(check, CheckSetting.history(cycle=cycle, code=check.code).first())


def read_back(request: HttpRequest, stands: StandingCheck):
    """The posted form; with ``default`` pressed, the catalogue's values in place of those in the form."""
    data = request.POST.copy()
    if "default" in data:
        fresh = CheckForm(check_settings.stands_as(stands.check, None))
        data.update({name: field.initial for name, field in fresh.fields.items() if name not in ("seen", "reason")})
    return data


def save_check(request: HttpRequest, cycle: Cycle, stands: StandingCheck, form: CheckForm) -> HttpResponse:
    check, reason, seen = stands.check, form.cleaned_data["reason"], form.cleaned_data["seen"]

    def change() -> None:
        check_settings.change_check(cycle, check, request.user, reason, **form.chosen, seen=seen)

    if (status := save_setting(form, change, what="这项检查")) != 200:
        return check_page(request, cycle, standing_check(cycle, check), form, status=status)
    messages.success(request, f"已调整 {check.code} {check.title}，对{cycle}的申报表立即生效。")
    return redirect("declarations:check_setting", cycle.pk, check.code)


def check_page(
    request: HttpRequest, cycle: Cycle, stands: StandingCheck, form: CheckForm, status: int = 200
) -> HttpResponse:
    context = {
        "cycle": cycle,
        "standing": stands,
        "level": LEVELS[stands.level],
        "values": [(p.label, in_words(value), value != p.default) for p, value in stands.values],
        "form": form,
        "history": check_history(cycle, stands.check),
        "dismissed": dismissed_in(cycle).get(stands.check.code),
    }
    return render(request, "declarations/settings/check_setting.html", context, status=status)


def check_history(cycle: Cycle, check: Check) -> list[CheckChange]:
    """The changes of this year, the latest first."""
    rows = CheckSetting.history(cycle=cycle, code=check.code)
    return [CheckChange(row, in_full(check_settings.stands_as(check, row))) for row in rows]


def in_full(stands: StandingCheck) -> list[str]:
    """What differs from the default, in words."""
    words = [] if stands.level == Level(stands.check.severity.value) else [f"级别：{stands.level.label}"]
    words += [f"{p.label}：{in_words(value)}" for p, value in stands.values if value != p.default]
    return words or ["恢复默认设置"]
