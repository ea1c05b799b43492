"""Copies of the files of a batch with their bad cells marked: one, or all that do not come in as an archive."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from declarations.exporting.archive import UNSAFE, Pipe
from declarations.files.guarding.sandbox import shared_sandbox
from declarations.importing.batch import marking
from declarations.models import ImportBatch, Role, Upload
from declarations.sheet.problems import Refused
from declarations.views.exporting.exports import attachment_response, content_disposition
from declarations.views.importing.imports import find_batch, redirect_to
from declarations.views.importing.table_page import upload_of
from declarations.web.access import allow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_MARKED = "未能标红的文件.txt"
MOST_COPIES = 500


@allow(Role.ADMINISTRATOR)
@require_GET
def import_marked(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """One file (``?file=``); where there can be no copy, the page of the batch says why."""
    found = find_batch(request, batch)
    upload = upload_of(found, request.GET.get("file", ""))
    if upload is None:
        messages.warning(request, "请在要下载的文件处点“下载标红副本”。")
        return redirect_to(found)
    try:
        copy = marking.marked_copy(found, upload, shared_sandbox())
    except Refused as refused:
        messages.warning(request, why_not(upload, refused))
        return redirect_to(found)
    return attachment_response(UNSAFE.sub("_", copy.name), copy.content, XLSX)


def why_not(upload: Upload, refused: Refused) -> str:
    return f"“{upload.original_name}”不能制作标红副本：{refused.message}{refused.hint}"


@allow(Role.ADMINISTRATOR)
@require_GET
def import_marked_all(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """All files with something that keeps them out or could not be read, as one zip."""
    found = find_batch(request, batch)
    uploads = marking.blocked_uploads(found)
    if not uploads:
        messages.info(request, "这一批没有需要标红的文件。")
        return redirect_to(found)
    pieces = zip_copies(found, uploads[:MOST_COPIES], len(uploads) - MOST_COPIES)
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=content_disposition("标红副本.zip"))


def safe_path(name: str) -> str:
    """A name with its folders as a member of an archive: no part of it is empty or leads out of it."""
    return "/".join(UNSAFE.sub("_", part) for part in name.split("/") if part.strip(". "))


def zip_copies(batch: ImportBatch, uploads: list[Upload], left: int) -> Iterator[bytes]:
    """Written as the copies are made; a text in it says which files there is none of, and why."""
    names = marking.told_apart([safe_path(marking.name_of(upload.original_name)) for upload in uploads])
    said = [f"只含前 {MOST_COPIES} 个文件，另有 {left} 个请分别下载。"] if left > 0 else []
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for name, (upload, copy) in zip(names, marking.marked_copies(batch, uploads, shared_sandbox()), strict=True):
            if isinstance(copy, Refused):
                said.append(why_not(upload, copy))
                continue
            archive.writestr(name, copy.content)
            yield pipe.take()
        if said:
            archive.writestr(NOT_MARKED, "\r\n".join(said).encode("utf-8-sig"))
    yield pipe.take()
