"""Background jobs. Each does what is still to be done, so that taking one up again does nothing twice."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from procrastinate.contrib.django import app

from declarations import retention
from declarations.batch import desk, scanned
from declarations.models import ImportBatch, User
from declarations.models.upload import ImportState
from declarations.scanning import Unscanned
from declarations.workbook import sandbox

QUEUE = "imports"
UNDER_WAY = (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING)


@app.task(name="read_import", queue=QUEUE)
def read_import(batch: str) -> None:
    """Reads and plans the files of a batch."""
    with found(batch) as kept:
        try:
            desk.read(kept, sandbox.shared())
        except Unscanned as refused:
            scanned.wait(kept, f"{refused.message}{refused.hint}")


@app.task(name="apply_import", queue=QUEUE)
def apply_import(batch: str, actor: int, source_address: str | None = None) -> None:
    """Writes what a person chose of a batch."""
    with found(batch) as kept:
        desk.apply(kept, User.objects.get(pk=actor), source_address)


@app.periodic(cron="20 19 * * *")  # UTC: 3.20 at night in China
@app.task(name="clear_files", queue=QUEUE, queueing_lock="clear_files")
def clear_files(timestamp: int) -> None:
    """Deletes the files that are due by rule (see `declarations.retention`)."""
    retention.clear()


@contextlib.contextmanager
def found(key: str) -> Iterator[ImportBatch]:
    """The batch; if the job ends in an error, the batch says so and can be taken up again."""
    batch = ImportBatch.objects.select_related("bureau").get(pk=uuid.UUID(key))
    finished = False
    try:
        yield batch
        finished = True
    finally:
        if not finished:
            desk.advance(batch, ImportState.FAILED, UNDER_WAY)
