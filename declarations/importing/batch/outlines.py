"""The files of a batch in outline: what was planned for them and became of them, without what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from declarations.importing.batch.rows import PlannedRow, count_rows
from declarations.models import ImportBatch, Upload
from declarations.record import bulk


class Outline:
    """An upload without what was read of it: enough to list it, thousands at a time."""

    __slots__ = ("archive", "corrected", "file", "pk", "refused", "rows", "sha256", "state")

    def __init__(self, pk, file, sha256, state, refused, rows, archive, corrected) -> None:
        self.pk, self.file, self.sha256, self.state = pk, file, sha256, state
        self.refused, self.archive, self.corrected = refused, archive, corrected or 0
        self.rows = [PlannedRow.from_json(row) for row in rows or ()]

    @property
    def identity(self) -> str:
        """Alike for files that say the same: the hash, until somebody corrected a value."""
        return f"{self.sha256}/{self.pk}" if self.corrected else self.sha256


def outlines_of(batch: ImportBatch) -> Iterator[Outline]:
    """The files of a batch in order, but those in whose place a corrected one came; in one query."""
    kept = ("result__refused", "result__rows", "result__archive", "result__corrected")
    wanted = ("pk", "original_name", "sha256", "state", *kept)
    files = batch.uploads.filter(replacement__isnull=True)
    for values in files.order_by("original_name", "pk").values_list(*wanted).iterator(chunk_size=500):
        yield Outline(*values)


def save_rows(outlines: Iterable[Outline]) -> None:
    """Puts changed rows back into the results of their uploads, whatever else these hold left alone."""
    changed = {outline.pk: [row.to_json() for row in outline.rows] for outline in outlines}
    uploads = list(Upload.objects.filter(pk__in=changed)) if changed else []
    for upload in uploads:
        upload.result["rows"] = changed[upload.pk]
    bulk.update_rows(uploads, ["result"])


def summarise_batch(batch: ImportBatch, outlines: Sequence[Outline]) -> None:
    files = [outline for outline in outlines if outline.archive is None]
    refused = sum(outline.refused is not None for outline in files)
    batch.report = count_rows((row for outline in files for row in outline.rows), refused, len(files))
    batch.save(update_fields=["report", "applied_at"])
