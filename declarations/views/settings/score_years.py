"""How a year is scored: what is in force, the form to change it, and what was changed before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from declarations.models import Cycle, Role, ScoreSetting
from declarations.reviewing.scoring import score_settings
from declarations.reviewing.scoring.score_form import ScoreForm
from declarations.sheet.criteria import CRITERIA, DIMENSIONS, most_of
from declarations.views.settings.setting_pages import cycles_for, save_setting, show_latest_year
from declarations.web.access import allow

FROZEN = "本年度已有确认的评分，各项分值和受邀人员的评分是否计入不能再改。"


@dataclass(frozen=True)
class ScoreChange:
    """A line of the history in words."""

    setting: ScoreSetting
    words: list[str]


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_safe
def current(request: HttpRequest) -> HttpResponse:
    """On to the latest year; a page that says what is lacking where there is none."""
    return show_latest_year(request, "declarations:score_settings", "declarations/settings/score_settings.html")


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, cycle: int) -> HttpResponse:
    year = get_object_or_404(cycles_for(request.user), pk=cycle)
    now, is_frozen = score_settings.standing_settings(year), score_settings.is_frozen(year)
    form = ScoreForm(now, request.POST if request.method == "POST" else None, is_frozen=is_frozen)
    if request.method != "POST":
        return settings_page(request, year, now, form)
    return save_settings(request, year, form) if form.is_valid() else settings_page(request, year, now, form, 422)


def save_settings(request: HttpRequest, year: Cycle, form: ScoreForm) -> HttpResponse:
    reason, seen, status = form.cleaned_data["reason"], form.cleaned_data["seen"], 422

    def change() -> None:
        score_settings.change_settings(year, request.user, reason, seen=seen, **form.chosen)

    try:
        status = save_setting(form, change, what="评分设置")
    except score_settings.Frozen:
        form.add_error(None, FROZEN)
    if status != 200:
        return settings_page(request, year, score_settings.standing_settings(year), form, status)
    messages.success(request, f"已调整{year}的评分设置，立即生效。")
    return redirect("declarations:score_settings", year.pk)


def settings_page(
    request: HttpRequest, year: Cycle, now: ScoreSetting, form: ScoreForm, status: int = 200
) -> HttpResponse:
    context = {
        "cycle": year,
        "cycles": cycles_for(request.user).order_by("-year", "bureau"),
        "points": points_of(now),
        "setting": now,
        "form": form,
        "frozen": FROZEN if score_settings.is_frozen(year) else "",
        "history": settings_history(year),
    }
    return render(request, "declarations/settings/score_settings.html", context, status=status)


def points_of(setting: ScoreSetting) -> list[str]:
    """Each dimension with its points, and those of its criteria, in words."""
    return [
        f"{one.label} {most_of(one, setting.weights)} 分："
        + "，".join(f"{criterion.label} {setting.weights[criterion.name]} 分" for criterion in one.criteria)
        for one in DIMENSIONS
    ]


def settings_history(year: Cycle) -> list[ScoreChange]:
    """The changes of this year, the latest first, each against the one before."""
    rows = list(ScoreSetting.objects.filter(cycle=year).select_related("author").order_by("pk"))
    changes = [ScoreChange(now, in_full(before, now)) for before, now in pairwise([ScoreSetting.default(year), *rows])]
    return changes[::-1]


def in_full(before: ScoreSetting, now: ScoreSetting) -> list[str]:
    """What a change changed, in words."""
    words = [
        f"{criterion.label}：{before.weights[name]} 分改为 {now.weights[name]} 分"
        for name, criterion in CRITERIA.items()
        if before.weights[name] != now.weights[name]
    ]
    if before.scorers != now.scorers:
        words.append(f"评分要求：{now.get_scorers_display()}")
    if before.experts_count != now.experts_count:
        words.append("受邀人员的评分：" + ("计入平均分" if now.experts_count else "只供参考"))
    if before.apart != now.apart:
        words.append(f"差距提示：{now.apart.normalize():f} 分")
    return words
