"""代办: naming a colleague for the time of an absence, and ending that early."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from declarations.models import Role, StandIn, User, scope_of
from declarations.people import standing_in
from declarations.reviewing.refusals import MoveRefused
from declarations.web.access import allow

SHOWN = 200
FIELDS = {"reviewer": "reviewer", "stand_in": "stand_in", "days": "last_day", "reason": "reason"}
"""The field of the form that a refusal is about, by its code."""


class StandInForm(forms.Form):
    """Who is absent, who acts for them, from when until when, and why."""

    reviewer = forms.ModelChoiceField(User.objects.none(), label="缺勤人", empty_label="请选择")
    stand_in = forms.ModelChoiceField(
        User.objects.none(), label="代办人", empty_label="请选择", help_text="同一角色的审核人员。"
    )
    first_day = forms.DateField(label="开始日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label="结束日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="事由", max_length=200)

    def __init__(self, user, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        absent = standing_in.absent_choices(user)
        self.fields["reviewer"].queryset = absent
        self.fields["stand_in"].queryset = standing_in.reviewers_of(scope_of(user).member_of)
        self.initial.setdefault("first_day", timezone.localdate())
        if absent.filter(pk=user.pk).exists():
            self.initial.setdefault("reviewer", user.pk)

    def save(self) -> list[StandIn]:
        """Empty where it was refused; then the form says why."""
        given = self.cleaned_data
        try:
            return standing_in.name_stand_in(
                self.user, given["reviewer"], given["stand_in"], given["first_day"], given["last_day"], given["reason"]
            )
        except MoveRefused as refused:
            self.add_error(FIELDS[refused.code], f"{refused}{refused.hint}")
            return []


@allow(Role.DIVISION, Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def stand_ins(request: HttpRequest) -> HttpResponse:
    form = StandInForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and (made := form.save()):
        messages.success(request, f"已办理：{made[0]}。")
        return redirect("declarations:stand_ins")
    found = StandIn.objects.visible_to(request.user).select_related(
        "reviewer", "stand_in", "named_by", "bureau", "ending__ended_by"
    )
    rows = [(row, state_of(row), standing_in.may_end(request.user, row)) for row in found[:SHOWN]]
    context = {"form": form, "rows": rows}
    return render(request, "declarations/settings/stand_ins.html", context, status=422 if form.errors else 200)


def state_of(row: StandIn) -> str:
    """``ended``, ``over``, ``running`` or ``coming``."""
    today = timezone.localdate()
    if hasattr(row, "ending"):
        return "ended"
    return "over" if row.last_day < today else "running" if row.first_day <= today else "coming"


@allow(Role.DIVISION, Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_POST
def end_stand_in(request: HttpRequest, stand_in: int) -> HttpResponse:
    """Ends it at once; the record of it stays."""
    row = get_object_or_404(
        StandIn.objects.visible_to(request.user).select_related("reviewer", "stand_in", "bureau"), pk=stand_in
    )
    if standing_in.may_end(request.user, row):
        standing_in.end_stand_in(request.user, row)
        messages.success(request, f"已结束：{row}。")
    else:
        messages.error(request, "没有结束：只有缺勤人、代办人和系统管理员可以结束尚未到期的代办。")
    return redirect("declarations:stand_ins")
