"""Extensions (延期报送): which departments may report after the deadline, until when, by whose leave and why."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from declarations.models import Cycle, Extension, Role
from declarations.reviewing.extensions import (
    bureaus_of,
    counting,
    departments_of,
    end_early,
    grant,
    granted_in,
    objections,
)
from declarations.web.access import allow
from declarations.web.parameters import whole_number

SHOWN = 200


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
        cycles = Cycle.objects.filter(bureau__in=bureaus_of(user)).order_by("-year", "bureau")
        self.fields["cycle"].queryset = cycles
        self.initial.setdefault("cycle", cycles.values_list("pk", flat=True).first())
        self.fields["department"].queryset = departments_of(user)
        self.instance.granted_by = user

    def clean(self):
        cleaned = super().clean()
        asked = Extension(**{name: cleaned.get(name) for name in ("cycle", "department", "until")})
        for name, why in objections(asked).items():
            self.add_error(name, why)
        return cleaned


@allow(Role.PERFORMANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def extensions(request: HttpRequest) -> HttpResponse:
    form = ExtensionForm(request.user, request.POST or None, initial=asked_by_link(request))
    if request.method == "POST" and form.is_valid():
        extension = grant(form.save(commit=False), request.user)
        messages.success(request, f"已办理：{extension}。")
        return redirect("declarations:extensions")
    mine = granted_in(request.user)
    rows = list(mine.select_related("cycle", "department", "granted_by")[:SHOWN])
    newest = counting(rows)
    context = {"form": form, "rows": [(row, row.pk in newest and row.is_running()) for row in rows]}
    return render(request, "declarations/settings/extensions.html", context, status=422 if form.errors else 200)


def asked_by_link(request: HttpRequest) -> dict[str, int]:
    """What a link to this page fills in already."""
    keys = {name: whole_number(request.GET.get(name)) for name in ("cycle", "department")}
    return {name: key for name, key in keys.items() if key is not None}


@allow(Role.PERFORMANCE)
@require_POST
def end_extension(request: HttpRequest, extension: int) -> HttpResponse:
    """Ends a running extension now, by one that follows it; the record of it stays."""
    mine = granted_in(request.user).select_related("department", "cycle")
    running = get_object_or_404(mine, pk=extension)
    end_early(running, request.user)
    messages.success(request, f"{running.department}的延期已结束。")
    return redirect("declarations:extensions")
