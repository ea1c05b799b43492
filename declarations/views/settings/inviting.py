"""Invitations (评审邀请): who is asked for an opinion, on which departments, until when; and taking it back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from declarations.models import Cycle, Department, Invitation, Role, User
from declarations.people.invitations import NotInvited, end_invitation, invite_person
from declarations.reviewing.extensions import bureaus_of, departments_of
from declarations.sheet.table import clean_text
from declarations.web.access import allow

SHOWN = 200
MOMENT = "%Y-%m-%dT%H:%M"


class InvitationForm(forms.Form):
    """One person, one year, any number of departments of a bureau whose performance reviewer the inviting person is."""

    person = forms.CharField(
        label="受邀人的登录名",
        max_length=150,
        help_text="账号由系统管理员建立，不需要另外授权。本单位的填报人、审定人和审核人员不能受邀评审自己经办的申报表。",
    )
    cycle = forms.ModelChoiceField(Cycle.objects.none(), label="申报年度", empty_label=None)
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(), label="部门", widget=forms.CheckboxSelectMultiple
    )
    starts_at = forms.DateTimeField(
        label="开始时间", widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    )
    until = forms.DateTimeField(label="截止时间", widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT))
    reason = forms.CharField(label="事由", max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, user: User, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = Cycle.objects.filter(bureau__in=bureaus_of(user))
        self.fields["departments"].queryset = departments_of(user)
        self.fields["starts_at"].initial = timezone.now

    def clean_person(self) -> User:
        name = clean_text(self.cleaned_data["person"])
        person = User.objects.filter(username__iexact=name).first()
        if person is None:
            raise ValidationError(f"没有登录名为“{name}”的账号，请核对，或请系统管理员先建立账号。")
        return person

    def clean(self):
        cleaned = super().clean()
        starts_at, until, cycle = (cleaned.get(name) for name in ("starts_at", "until", "cycle"))
        if until and until <= timezone.now():
            self.add_error("until", "截止时间应在将来；要结束已有的邀请，请在下面的列表中办理。")
        elif starts_at and until and until <= starts_at:
            self.add_error("until", "截止时间应晚于开始时间。")
        if cycle and any(one.bureau_id != cycle.bureau_id for one in cleaned.get("departments", ())):
            self.add_error("departments", "所选部门与申报年度不属于同一财政局。")
        return cleaned


@allow(Role.PERFORMANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and invite_from_form(request, form):
        return redirect("declarations:invitations")
    context = {"form": form, "rows": listed_invitations(request.user)}
    return render(request, "declarations/settings/invitations.html", context, status=422 if form.errors else 200)


def invite_from_form(request: HttpRequest, form: InvitationForm) -> bool:
    """Whether it was done; else the form says why not."""
    given = dict(form.cleaned_data)
    person, cycle, chosen = given.pop("person"), given.pop("cycle"), list(given.pop("departments"))
    try:
        invite_person(request.user, person, cycle, chosen, **given)
    except NotInvited as refused:
        form.add_error("person", str(refused))
        return False
    messages.success(request, f"已邀请{person}评审 {len(chosen)} 个部门{cycle}的申报表。")
    return True


def own_invitations(user: User):
    """The invitations of the bureaus whose performance reviewer a person is."""
    found = Invitation.objects.visible_to(user).filter(cycle__bureau__in=bureaus_of(user))
    return found.select_related("person", "cycle", "department", "invited_by")


def listed_invitations(user: User) -> list[tuple[Invitation, str]]:
    """The latest first, each with how it stands in words; empty for one that a later one took the place of."""
    rows, counts, now = list(own_invitations(user).order_by("-pk")[:SHOWN]), set(), timezone.now()
    found = []
    for row in rows:
        key = (row.person_id, row.cycle_id, row.department_id)
        is_newest = key not in counts
        counts.add(key)
        found.append((row, standing_in_words(row, now) if is_newest else ""))
    return found


def standing_in_words(row: Invitation, now) -> str:
    if row.until < now:
        return "ended"
    return "running" if row.starts_at <= now else "coming"


@allow(Role.PERFORMANCE)
@require_POST
def end(request: HttpRequest, invitation: int) -> HttpResponse:
    """Takes an invitation back at once, by one that follows it; the record of it stays."""
    found = get_object_or_404(own_invitations(request.user), pk=invitation)
    end_invitation(request.user, found)
    messages.success(request, f"已结束对{found.person}评审{found.department}的邀请。")
    return redirect("declarations:invitations")
