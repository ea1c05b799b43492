"""What is in some files of a batch, as it becomes known: read in the sandbox, or known from an earlier import."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from declarations.files.guarding.sandbox import Sandbox
from declarations.importing.batch.known import Known
from declarations.importing.batch.rows import PlannedRow
from declarations.importing.batch.scanned import clean_uploads
from declarations.importing.files import FileEntry, read_all
from declarations.importing.questions.again import waiting_with
from declarations.models import Upload

KEPT_EVERY = 1.0
"""Seconds between two commits while slow files are read: how often progress can be seen and cancelling is noticed."""


def read_some(
    known: Known, sandbox: Sandbox, chunk: Sequence[Upload], answers: Mapping[str, str] | None = None
) -> Iterator[list[Upload]]:
    """The files with what was read of them, unsaved; what is ready is given every second, however slow the others.

    ``answers``: what persons said to questions of the reader. What was decided about a file that is read again stays
    with it (``again``, see `again`).

    One in which the scanner finds something is refused and not among them. Raises `scanning.Unscanned`.
    """
    before = known.of([upload.sha256 for upload in chunk if "again" not in upload.result])
    fresh = clean_uploads(upload for upload in chunk if upload.sha256 not in before)
    ready = [upload for upload in chunk if upload.sha256 in before]
    for upload in ready:
        upload.result = known_result(upload.original_name, before[upload.sha256])
    entries = (FileEntry(upload.original_name, Path(upload.file.path)) for upload in fresh)
    last = time.monotonic()
    for upload, result in zip(fresh, read_all(entries, sandbox, year=known.year, answers=answers), strict=True):
        upload.result = result.to_json() | waiting_with(upload)
        ready.append(upload)
        if time.monotonic() - last >= KEPT_EVERY:
            yield ready
            ready, last = [], time.monotonic()
    yield ready


def known_result(name: str, rows: Iterable[PlannedRow]) -> dict[str, Any]:
    """A file that was brought in before, as it was planned then."""
    for row in (kept := list(rows)):
        row.file = name
    return {"refused": None, "tables": [], "rows": [row.to_json() for row in kept]}
