"""Extensions (延期报送): which departments may report after the deadline, until when, by whose leave and why."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from declarations.models import Cycle, Department, Extension, Role
from declarations.notifying import notifications
from declarations.people.permissions import memberships_of
from declarations.web.access import allow
from declarations.web.parameters import whole_number

SHOWN = 200
EARLY = "提前结束"


class ExtensionForm(forms.ModelForm):
    """More time for one department of a bureau whose performance reviewer the person is."""

    class Meta:
        model = Extension
        fields = ("cycle", "department", "until", "reason")
        widgets = {
            "until": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "reason": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, user, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        bureaus = bureaus_of(user)
        cycles = Cycle.objects.filter(bureau__in=bureaus).order_by("-year", "bureau")
        self.fields["cycle"].queryset = cycles
        self.initial.setdefault("cycle", cycles.values_list("pk", flat=True).first())
        self.fields["department"].queryset = declaring_departments(bureaus)
        self.instance.granted_by = user

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise ValidationError("延期应到将来的时间；要结束已有的延期，请在下面的列表中办理。")
        return until

    def clean(self):
        cleaned = super().clean()
        cycle, department, until = (cleaned.get(name) for name in ("cycle", "department", "until"))
        if cycle and department and cycle.bureau_id != department.bureau_id:
            self.add_error("department", "该部门与申报年度不属于同一财政局。")
        if cycle and until and until <= cycle.deadline:
            self.add_error("until", "截止时间尚未超过所填时间，不需要延期。")
        return cleaned


def bureaus_of(user) -> list[int]:
    """The bureaus whose performance reviewer a person is: only they let somebody in late."""
    return [held.bureau_id for held in memberships_of(user) if held.role == Role.PERFORMANCE]


def declaring_departments(bureaus: list[int]):
    return Department.objects.filter(bureau__in=bureaus, is_active=True, parent__isnull=True).order_by("pinyin")


@allow(Role.PERFORMANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def extensions(request: HttpRequest) -> HttpResponse:
    form = ExtensionForm(request.user, request.POST or None, initial=asked_by_link(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            extension = form.save()
            notifications.notify_of_extension(extension)
        messages.success(request, f"已办理：{extension}。")
        return redirect("declarations:extensions")
    found = Extension.objects.filter(cycle__bureau__in=bureaus_of(request.user))
    rows = list(found.select_related("cycle", "department", "granted_by")[:SHOWN])
    context = {"form": form, "rows": [(row, row in newest_extensions(rows) and row.is_running()) for row in rows]}
    return render(request, "declarations/settings/extensions.html", context, status=422 if form.errors else 200)


def asked_by_link(request: HttpRequest) -> dict[str, int]:
    """What a link to this page fills in already."""
    keys = {name: whole_number(request.GET.get(name)) for name in ("cycle", "department")}
    return {name: key for name, key in keys.items() if key is not None}


def newest_extensions(rows: list[Extension]) -> list[Extension]:
    """Of each department and year the one that counts; ``rows`` come newest first."""
    first: dict[tuple[int, int], Extension] = {}
    for row in rows:
        first.setdefault((row.cycle_id, row.department_id), row)
    return list(first.values())


@allow(Role.PERFORMANCE)
@require_POST
def end_extension(request: HttpRequest, extension: int) -> HttpResponse:
    """Ends a running extension now, by one that follows it; the record of it stays."""
    mine = Extension.objects.filter(cycle__bureau__in=bureaus_of(request.user))
    running = get_object_or_404(mine.select_related("department", "cycle"), pk=extension)
    with transaction.atomic():
        ended = Extension.objects.create(
            cycle=running.cycle,
            department=running.department,
            until=timezone.now(),
            reason=EARLY,
            granted_by=request.user,
        )
        notifications.notify_of_extension(ended)
    messages.success(request, f"{running.department}的延期已结束。")
    return redirect("declarations:extensions")
