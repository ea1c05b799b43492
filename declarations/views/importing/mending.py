"""A file with errors set right where it is shown: values corrected on screen, or the file replaced by a better one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from declarations.files.guarding.limits import FILE_BYTES, MEBIBYTE
from declarations.files.guarding.sandbox import shared_sandbox
from declarations.importing import scanning
from declarations.importing.batch import correcting, mending
from declarations.models import ImportBatch, Role, Upload
from declarations.sheet.problems import Refused
from declarations.sheet.table import clean_text
from declarations.views.importing.choices import WITH_TICKS, Choices
from declarations.views.importing.imports import decide_locked, find_administered, shown_again
from declarations.views.importing.table_page import split_key, upload_of
from declarations.web.access import allow

VALUE, BEFORE = "value-", "was-"
CLOSED = "这一批已经开始导入，或已取消，不能再改。"
GONE = "这个文件已不在这一批里，请刷新页面。"
GONE_ROW = "这一行已不在表中，请刷新页面。"
NOTHING = "没有改动。"
NAMED = 5
"""How many values that are still unread one sentence names."""


@allow(Role.ADMINISTRATOR)
@require_POST
def import_fix(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Corrects values of one table (``table=upload.index``, ``value-<path>``) and plans it again."""
    found = find_administered(request, batch)
    key, texts = request.POST.get("table", ""), changed_texts(request.POST)

    def fix(locked: ImportBatch) -> str:
        keep_ticks(request, locked)
        upload_key, index = split_key(key)
        upload = upload_of(locked, upload_key)
        if upload is None or index < 0:
            return GONE
        count = mending.correct_values(locked, upload, index, texts, request.user)
        moved = moved_rows(request, locked, upload, index)
        still = mending.unread_of(upload, index, texts)
        if still:
            return f"还有 {len(still)} 处没有读出，请改正：{'；'.join(still[:NAMED])}"
        corrected = f"已改正 {count} 处，并重新核对。原文件没有改动，改正记录已留存。" if count else ""
        confirmed = "已确认年度。" if not count and correcting.YEAR in texts else ""
        return corrected + moved + confirmed or NOTHING

    said = decide_locked(found, fix)
    told = [CLOSED if said is None else said]
    if request.htmx or not split_key(key)[0]:
        return shown_again(request, found, told, opened=key)
    for sentence in told:
        messages.info(request, sentence)
    return redirect(reverse("declarations:import_table", args=[batch]) + f"?{urlencode({'table': key})}")


def moved_rows(request: HttpRequest, batch: ImportBatch, upload: Upload, index: int) -> str:
    """Takes a row out (``remove``) or puts one back (``restore``); what is to be said of it."""
    if "remove" in request.POST:
        is_out = mending.take_row(batch, upload, index, request.POST["remove"], request.user)
        return "已删去这一行，导入前可以恢复。" if is_out else GONE_ROW
    if "restore" in request.POST:
        is_back = mending.put_row(batch, upload, index, request.POST["restore"], request.user)
        return "已恢复这一行。" if is_back else GONE_ROW
    return ""


def keep_ticks(request: HttpRequest, locked: ImportBatch) -> None:
    """What stays out, where the page said so along with this: it is shown anew and must not forget it."""
    if WITH_TICKS in request.POST:
        Choices.read(request.POST, locked).save(locked, request.user)


def changed_texts(posted: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by field path: only where it is not what the page had shown, which somebody else may have
    corrected since."""
    typed = {name.removeprefix(VALUE): posted[name] for name in posted if name.startswith(VALUE)}
    return {path: text for path, text in typed.items() if clean_text(text) != clean_text(posted.get(BEFORE + path, ""))}


class ReplacementForm(forms.Form):
    """One file; what it is worth is judged by its content, when it is read."""

    file = forms.FileField(allow_empty_file=True, error_messages={"required": "请选择改好的文件。"})

    def clean_file(self) -> File:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES:
            raise forms.ValidationError(f"“{file.name}”超过 {FILE_BYTES // MEBIBYTE} MB，没有上传。")
        return file


@allow(Role.ADMINISTRATOR)
@require_POST
def import_replace(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Takes a corrected file (``file``) in the place of another one of the batch (``upload``), and plans it."""
    found = find_administered(request, batch)
    form = ReplacementForm(request.POST, request.FILES)
    if not form.is_valid():
        return shown_again(request, found, form.errors["file"])
    file = form.cleaned_data["file"]
    content = file.read()
    try:
        scanning.scan_data(content)
    except Refused as refused:
        return shown_again(request, found, [f"{refused.message}{refused.hint}"])
    # read before the batch is held: a hostile file takes its ten seconds
    result = mending.read_again(found, file.name, content, shared_sandbox())

    def put(locked: ImportBatch) -> str:
        keep_ticks(request, locked)
        old = upload_of(locked, request.POST.get("upload", ""))
        if old is None:
            return GONE
        mending.replace_file(old, file.name, content, result, request.user)
        return f"已用“{file.name}”替换“{old.original_name}”，并重新核对；原来的文件仍然留存。"

    said = decide_locked(found, put)
    return shown_again(request, found, [CLOSED if said is None else said])
