"""从Excel导入到表单: one workbook, kept, read in the sandbox, compared with the draft, brought in as chosen."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.files.guarding.kinds import ACCEPTED, IN_WORDS
from declarations.files.guarding.limits import FILE_BYTES, MEBIBYTE
from declarations.files.guarding.sandbox import FileResult
from declarations.filling.bringing.copying import CopyingSource
from declarations.filling.bringing.own_file import read_for_year
from declarations.filling.desk import FillingDesk
from declarations.importing import scanning
from declarations.importing.batch.correcting import left_out_of
from declarations.importing.batch.desk import clip_name
from declarations.importing.disposal import dispose_file
from declarations.importing.matching import Matcher, Named
from declarations.models import Declaration, DisposalReason, Role, Upload
from declarations.models.upload import UploadState
from declarations.sheet.problems import Problem, Refused
from declarations.sheet.table import Table
from declarations.views.filling import bring
from declarations.views.filling.entrance import detail_instead, detail_unless_sent, filling_desk
from declarations.web.access import allow

TOO_LARGE = f"文件超过 {FILE_BYTES // MEBIBYTE} MB，没有上传。请删去图片等多余内容后再试。"
NO_TABLE = "文件中没有找到申报表。"


class OneFileForm(forms.Form):
    """One workbook; it is judged again, by its content, before it is opened."""

    file = forms.FileField(
        label="选择文件",
        allow_empty_file=True,
        error_messages={"required": "请选择要导入的文件。"},
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ACCEPTED}),
    )

    def clean_file(self) -> File:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


@allow(Role.FILLER, Role.HEAD)
@require_http_methods(["GET", "POST"])
@never_cache
@filling_desk(detail_instead)
def upload(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """Takes a file in and reads it; what cannot be read says why, and is kept all the same."""
    form = OneFileForm(request.POST, request.FILES) if request.method == "POST" else OneFileForm()
    if form.is_bound and form.is_valid():
        kept = keep_upload(desk.declaration, form.cleaned_data["file"])
        if kept.state == UploadState.READ:
            return redirect("declarations:fill_compare", desk.declaration.pk, kept.pk)
        form.add_error("file", _why_refused(kept))
    context = {"declaration": desk.declaration, "form": form, "kinds": IN_WORDS}
    return render(request, "declarations/filling/upload.html", context, status=422 if form.is_bound else 200)


def keep_upload(declaration: Declaration, file: File) -> Upload:
    """The file, stored under a name of our own, and what was read of it."""
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    kept = Upload(
        declaration=declaration, original_name=clip_name(file.name), sha256=digest.hexdigest(), size=file.size
    )
    kept.file.save("", file, save=False)
    try:
        scanning.scan_file(Path(kept.file.path))
        result = read_for_year(Path(kept.file.path), kept.original_name, declaration.cycle.year)
    except Refused as refused:
        result = FileResult(kept.original_name, kept.sha256, refused.to_json())
    kept.result = result.to_json() | {"rows": []}
    kept.state = UploadState.READ if result.tables and not result.refused else UploadState.REFUSED
    kept.save(force_insert=True)
    if result.refused and result.refused["code"] == scanning.INFECTED:
        dispose_file(kept, DisposalReason.INFECTED, result.refused["message"])
    return kept


def _why_refused(kept: Upload) -> str:
    refused = kept.result["refused"]
    return f"{refused['message']}{refused['hint']}" if refused else NO_TABLE


@allow(Role.FILLER, Role.HEAD)
@require_http_methods(["GET", "POST"])
@never_cache
@filling_desk(detail_unless_sent)
def compare(request: HttpRequest, desk: FillingDesk, file: uuid.UUID) -> HttpResponse:
    """``?table=1``: which table of the file; without it the one that is most likely meant."""
    declaration = desk.declaration
    visible = Upload.objects.visible_to(request.user).filter(declaration=declaration, state=UploadState.READ)
    kept = get_object_or_404(visible, pk=file)
    tables = tables_of(kept, declaration)
    chosen = _chosen(request.GET.get("table", ""), tables)
    more = {
        "tables": tables,
        "table_index": chosen.index,
        "warnings": upload_warnings(chosen, declaration),
        "problems": [Problem.from_json(problem) for problem in chosen.read["problems"]],
        "left_out": list(left_out_of(chosen.read)),
        "crumb": "从Excel导入到表单",
        "again": reverse("declarations:fill_upload", args=[declaration.pk]),
    }
    name = f"文件“{kept.original_name}”"
    source = CopyingSource(name, chosen.table, chosen.read["sheet"], chosen.read["cells"], kept)
    if request.method == "POST":
        return bring.take_posted(request, desk, source, **more)
    return bring.bring_page(request, desk, source, **more)


@dataclass(frozen=True)
class UploadedTable:
    """One table of a file; ``index`` counts from 1; ``is_own``: it names this department."""

    index: int
    read: dict[str, Any]
    table: Table
    is_own: bool

    @property
    def words(self) -> str:
        year = f" {self.table.year}年度" if self.table.year else ""
        return f"{self.read['sheet']}：{self.table.department or '未写部门名称'}{year}"


def tables_of(kept: Upload, declaration: Declaration) -> list[UploadedTable]:
    department = declaration.department
    named = Named(department.pk, department.code, department.name, tuple(department.former_names or ()))
    matcher = Matcher([named], department.bureau.name)
    found_tables = []
    for index, read in enumerate(kept.result["tables"], start=1):
        table = Table.from_json(read["table"])
        is_own = matcher.match(table.department).department == department.pk
        found_tables.append(UploadedTable(index, read, table, is_own))
    return found_tables


def _chosen(wanted: str, tables: list[UploadedTable]) -> UploadedTable:
    if wanted:
        chosen = next((each for each in tables if str(each.index) == wanted), None)
        if chosen is None:
            raise Http404("文件里没有这张申报表。")
        return chosen
    return next((each for each in tables if each.is_own), tables[0])


def upload_warnings(chosen: UploadedTable, declaration: Declaration) -> list[str]:
    """What does not fit: another department's table, another year's; another edition is said on the page anyway."""
    table, said = chosen.table, []
    if not chosen.is_own:
        whose = f"“{table.department}”" if table.department else "没有写部门名称"
        said.append(f"文件中的部门名称是{whose}，不是“{declaration.department}”。请确认没有选错文件。")
    if table.year and table.year != declaration.cycle.year:
        said.append(
            f"文件是{table.year}年度的申报表，本表是{declaration.cycle}。文字里的年份要改的，请在下面勾选；金额、数量请逐项核对。"
        )
    return said
