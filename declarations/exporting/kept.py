"""Frozen versions as files: rendered once per form and version of its writer, kept below MEDIA_ROOT, served again.

A file's name is the hash of the snapshot, which nobody can change. The folder may be deleted at any time: what is
missing is made anew. Backups can leave it out.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from pathlib import Path

from django.conf import settings

from declarations.exporting.press import Press, render_here
from declarations.exporting.rendering import ExportForm, RenderError
from declarations.files.documents.printed import Stamp
from declarations.models import Snapshot

FOLDER = "renderings"
AT_ONCE = 250
WORTH_HELPERS = 40
"""So many files to be made pay for the start of processes that make them."""
Render = Callable[[ExportForm, dict, Stamp], bytes]
log = logging.getLogger(__name__)


def place_of_file(snapshot: Snapshot, form: ExportForm) -> Path:
    """Where the file of a snapshot lies, or will lie."""
    folder = f"{FOLDER}/{form.ending}-{form.version}/{snapshot.hash[:2]}"
    return Path(settings.MEDIA_ROOT, f"{folder}/{snapshot.hash}.{form.ending}")


def kept_or_rendered(snapshot: Snapshot, form: ExportForm, render: Render = render_here) -> bytes:
    """The file of a frozen version, the kept one where there is one; raises `RenderError`."""
    found = read_file(snapshot, form)
    return make_file(snapshot, form, render) if found is None else found


def all_rendered(snapshots: Iterable[Snapshot], form: ExportForm) -> Iterator[tuple[Snapshot, bytes | RenderError]]:
    """The files of many in order, or why there is none; see `with_contents`."""
    waiting = iter(snapshots)
    with Press() as press:
        while chunk := list(islice(waiting, AT_ONCE)):
            ready = with_contents(chunk, form)
            ahead = begin_rendering(ready, form, press)
            for snapshot in ready:
                made = ahead.get(snapshot.pk)
                yield snapshot, made.result() if made else attempt_rendering(snapshot, form)


def begin_rendering(snapshots: list[Snapshot], form: ExportForm, press: Press) -> dict[object, Future]:
    """Those without a file that the press makes meanwhile, where they are many; its threads see no database."""
    missing = [one for one in snapshots if form.kept and "content" not in one.get_deferred_fields()]
    if len(missing) < WORTH_HELPERS:
        return {}
    return {one.pk: press.submit(attempt_rendering, one, form, press.render) for one in missing}


def with_contents(snapshots: list[Snapshot], form: ExportForm) -> list[Snapshot]:
    """Fetches the deferred ``content`` of those that have no file yet, in one query."""
    missing = [one.pk for one in snapshots if not (form.kept and place_of_file(one, form).exists())]
    contents = dict(Snapshot.objects.filter(pk__in=missing).values_list("pk", "content")) if missing else {}
    for snapshot in snapshots:
        if snapshot.pk in contents:
            snapshot.content = contents[snapshot.pk]
    return snapshots


def attempt_rendering(snapshot: Snapshot, form: ExportForm, render: Render = render_here) -> bytes | RenderError:
    try:
        return kept_or_rendered(snapshot, form, render)
    except RenderError as error:
        return error


def make_file(snapshot: Snapshot, form: ExportForm, render: Render) -> bytes:
    content = render(form, snapshot.content, Stamp(snapshot.number, snapshot.hash))
    if form.kept:
        keep_file(place_of_file(snapshot, form), content)
    return content


def read_file(snapshot: Snapshot, form: ExportForm) -> bytes | None:
    with contextlib.suppress(OSError):
        return place_of_file(snapshot, form).read_bytes() if form.kept else None
    return None


def keep_file(path: Path, content: bytes) -> None:
    """Puts a file in its place whole; where that is not possible the site works on without."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError as error:
        log.warning("a rendering could not be kept at %s: %s", path, error)
