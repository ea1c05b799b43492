"""What lists there are, and the page of each: its columns, its template, its present rows, the upload."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from declarations.administering.references import flow
from declarations.administering.references.kinds import LISTINGS, Listing
from declarations.files.guarding.limits import MEBIBYTE
from declarations.models import Bureau, ListImport, Role
from declarations.web.access import allow
from declarations.web.keyset import read_page

PAGE_SIZE = 30
MOST_BYTES = 10 * MEBIBYTE
TOO_LARGE = f"文件超过 {MOST_BYTES // MEBIBYTE} MB，没有上传。请只保留名单本身，或分几个文件导入。"


class ListForm(forms.Form):
    """One file; it is judged by its content, in a child process, before it is read."""

    file = forms.FileField(
        label="选择文件",
        allow_empty_file=True,
        error_messages={"required": "请选择要导入的文件。"},
        help_text=".xlsx、.xls 工作簿的第一个工作表，或 .csv 文件，第一行为列名；不超过 10 MB、20,000 行。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def clean_file(self) -> File:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return file


def chosen_bureau(request: HttpRequest) -> tuple[Bureau, list[Bureau]]:
    """The bureau that ``bureau`` names, else the first, and all that one administers. Raises `Http404`."""
    administered = list(Bureau.objects.administered_by(request.user))
    wanted = request.POST.get("bureau") or request.GET.get("bureau")
    found = [one for one in administered if not wanted or str(one.pk) == wanted]
    if not found:
        raise Http404("没有这个财政局。")
    return found[0], administered


@allow(Role.ADMINISTRATOR)
@require_GET
def references(request: HttpRequest) -> HttpResponse:
    """The lists, and what was brought in lately."""
    bureau, bureaus = chosen_bureau(request)
    rows = ListImport.objects.visible_to(request.user).filter(bureau=bureau).without_lines()
    rows = rows.select_related("created_by", "applied_by")
    page = read_page(rows, ("-created_at", "pk"), request.GET, PAGE_SIZE)
    context = {"listings": [(one, address_of(one)) for one in LISTINGS.values()], "page": page}
    return render(request, "declarations/references/index.html", context | {"bureau": bureau, "bureaus": bureaus})


def address_of(listing: Listing) -> str:
    return f"declarations:reference_{listing.kind.value.replace('-', '_')}"


@allow(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing_page(request: HttpRequest, listing: Listing) -> HttpResponse:
    bureau, bureaus = chosen_bureau(request)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid():
        made = flow.take_in(bureau, listing.kind, form.cleaned_data["file"], request.user)
        return redirect("declarations:reference_import", made.pk)
    context = {"listing": listing, "form": form, "bureau": bureau, "bureaus": bureaus, "address": address_of(listing)}
    return render(request, "declarations/references/listing.html", context, status=422 if form.is_bound else 200)
