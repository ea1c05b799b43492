"""The files of a batch in outline: what was planned for them and became of them, without what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from declarations.batch.rows import Row, counted
from declarations.models import ImportBatch, Upload


class Outline:
    """An upload without what was read of it: enough to list it, thousands at a time."""

    __slots__ = ("archive", "file", "pk", "refused", "rows", "sha256", "state")

    def __init__(self, pk, file, sha256, state, refused, rows, archive) -> None:
        self.pk, self.file, self.sha256, self.state = pk, file, sha256, state
        self.refused, self.archive = refused, archive
        self.rows = [Row.from_json(row) for row in rows or ()]


def outlined(batch: ImportBatch) -> Iterator[Outline]:
    """The files of a batch in order, in one query."""
    wanted = ("pk", "original_name", "sha256", "state", "result__refused", "result__rows", "result__archive")
    for values in batch.uploads.order_by("original_name", "pk").values_list(*wanted).iterator(chunk_size=500):
        yield Outline(*values)


def save_rows(outlines: Iterable[Outline]) -> None:
    """Puts changed rows back into the results of their uploads, whatever else these hold left alone."""
    changed = {outline.pk: [row.to_json() for row in outline.rows] for outline in outlines}
    uploads = list(Upload.objects.filter(pk__in=changed)) if changed else []
    for upload in uploads:
        upload.result["rows"] = changed[upload.pk]
    if uploads:
        Upload.objects.bulk_update(uploads, ["result"])


def summarise(batch: ImportBatch, outlines: Sequence[Outline]) -> None:
    files = [outline for outline in outlines if outline.archive is None]
    refused = sum(outline.refused is not None for outline in files)
    batch.report = counted((row for outline in files for row in outline.rows), refused, len(files))
    batch.save(update_fields=["report", "applied_at"])
