"""One entry of the library: read by everybody of the bureau, changed by those who keep it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from declarations.administering import usage
from declarations.models import Role
from declarations.views.library.rights import kept_bureaus, may_keep
from declarations.web.access import DENIED, allow, signed_in
from indicators import library
from indicators.forms import EntryForm
from indicators.models import LibraryIndicator, LibraryVersion

NEW = "新增"
SAME_NAME = "刚刚有人保存了同名的指标，没有保存。请先查看那一条，再决定是否需要。"
BECAME_OWN = "已保存。这条指标原为各财政局通用，现已成为本财政局自己的版本，其他财政局不受影响。"


def visible_entry(user, key: int) -> LibraryIndicator:
    return get_object_or_404(LibraryIndicator.objects.visible_to(user), pk=key)


@signed_in
@require_safe
def library_detail(request: HttpRequest, entry: int) -> HttpResponse:
    shown = visible_entry(request.user, entry)
    versions = LibraryVersion.objects.filter(entry__in=[shown.pk, shown.replaces_id])
    context = {
        "entry": shown,
        "versions": compare_versions(versions.select_related("changed_by").order_by("number")),
        "uses": usage.uses_of(request.user, shown.name),
        "keeps": may_keep(request.user, shown),
    }
    return render(request, "indicators/detail.html", context)


def compare_versions(versions) -> list[dict]:
    """The versions, latest first, each with (label, text before, text after) of what it changed."""
    labels = {field.name: field.verbose_name for field in LibraryIndicator._meta.concrete_fields}
    told, before = [], {}
    for version in versions:
        pairs = [(name, before.get(name), value) for name, value in version.content.items()] if before else []
        changes = [(labels[name], in_words(old), in_words(new)) for name, old, new in pairs if old != new]
        told.append({"version": version, "changes": changes})
        before = version.content
    return told[::-1]


def in_words(value) -> str:
    return {True: "是", False: "否"}.get(value, value) or "（空）"


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def library_new(request: HttpRequest) -> HttpResponse:
    form = EntryForm(request.POST or None, bureaus=kept_bureaus(request.user), initial={"reason": NEW})
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if entry := attempt_write(form, lambda: library.create(form.code, form.values, request.user, reason)):
            messages.success(request, f"“{entry}”已加入指标库。")
            return redirect("declarations:library_detail", entry.pk)
    return entry_page(request, form, "新增指标")


@allow(Role.PERFORMANCE, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def library_edit(request: HttpRequest, entry: int) -> HttpResponse:
    kept = visible_entry(request.user, entry)
    if not may_keep(request.user, kept):
        raise PermissionDenied(DENIED)
    places = kept_bureaus(request.user)
    if kept.bureau_code:
        places = {kept.bureau_code: places[kept.bureau_code]}
    shown = visible_entry(request.user, entry)  # what the form writes into is not what the page compares with
    form = EntryForm(request.POST or None, instance=shown, bureaus=places, initial={"version": kept.version})
    if form.is_valid() and (changed := attempt_write(form, lambda: revise_entry(form, kept, request.user))):
        messages.success(request, "已保存。" if changed.pk == kept.pk else BECAME_OWN)
        return redirect("declarations:library_detail", changed.pk)
    return entry_page(request, form, "修改指标", kept)


def revise_entry(form: EntryForm, entry: LibraryIndicator, user) -> LibraryIndicator:
    said = form.cleaned_data
    return library.revise(entry, form.values, user, said["reason"], bureau_code=form.code, version=said["version"] or 0)


def attempt_write(form, write):
    """What ``write`` made; None where it was refused, with the reason in the form and what was typed kept."""
    try:
        return write()
    except library.Changed as changed:
        form.add_error(None, changed.message)
    except ValidationError as errors:
        form.add_error(None, [text for texts in errors.message_dict.values() for text in texts])
    except IntegrityError:  # two people at the same moment; the database kept the first
        form.add_error(None, SAME_NAME)
    return None


def entry_page(request: HttpRequest, form, title: str, entry: LibraryIndicator | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "entry": entry}
    return render(request, "indicators/form.html", context, status=422 if form.is_bound else 200)
