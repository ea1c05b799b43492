"""Background jobs. Each does what is still to be done, so that taking one up again does nothing twice."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from declarations.exporting import making
from declarations.files.guarding import sandbox
from declarations.importing.batch import desk, scanned, undoing
from declarations.importing.scanning import Unscanned
from declarations.models import Export, ImportBatch, User
from declarations.models.export import ExportState
from declarations.models.upload import ImportState
from declarations.notifying import mailing, notifications, reminders
from declarations.operating import jobs, retention

QUEUE, EXPORTS, UPKEEP = "imports", "exports", "upkeep"
UNDER_WAY = (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
BEING_MADE = (ExportState.WAITING, ExportState.RUNNING)
JOBS_KEPT_HOURS = 7 * 24


@app.task(name="read_import", queue=QUEUE)
def read_import(batch: str) -> None:
    """Reads and plans the files of a batch."""
    with working_on_batch(batch) as kept:
        try:
            desk.read_batch(kept, sandbox.shared_sandbox())
        except Unscanned as refused:
            scanned.wait_for_scanner(kept, f"{refused.message}{refused.hint}")


@app.task(name="apply_import", queue=QUEUE)
def apply_import(batch: str, actor: int, source_address: str | None = None) -> None:
    """Writes what a person chose of a batch."""
    with working_on_batch(batch) as kept:
        desk.apply_batch(kept, User.objects.get(pk=actor), source_address)


@app.task(name="undo_import", queue=QUEUE)
def undo_import(batch: str, source_address: str | None = None) -> None:
    """Takes back what a batch brought in."""
    with working_on_batch(batch) as kept:
        undoing.undo_batch(kept, source_address)


@contextlib.contextmanager
def working_on_batch(key: str) -> Iterator[ImportBatch]:
    """The batch; if the job ends in an error, the batch says so and can be taken up again."""
    batch = ImportBatch.objects.select_related("bureau", "undone_by").get(pk=uuid.UUID(key))
    finished = False
    try:
        yield batch
        finished = True
    finally:
        if not finished:
            desk.advance_batch(batch, ImportState.FAILED, UNDER_WAY)


@app.task(name="make_export", queue=EXPORTS)
def make_export(export: str) -> None:
    """Makes the file of an export."""
    kept = Export.objects.select_related("requested_by").get(pk=uuid.UUID(export))
    finished = False
    try:
        making.make_export(kept)
        finished = True
    finally:
        if not finished:
            making.advance_export(kept, ExportState.FAILED, BEING_MADE)


@app.periodic(cron="*/5 * * * *", queueing_lock=notifications.JOB)
@app.task(name=notifications.JOB, queue=notifications.QUEUE)
def mail_notices(timestamp: int | None = None) -> None:
    """Mails what is waiting. Moves ask for it at once; the clock asks again for what failed or was missed."""
    mailing.post_due_mails()


@app.periodic(cron="*/15 * * * *", queueing_lock="remind")
@app.task(name="remind", queue=notifications.QUEUE)
def remind(timestamp: int | None = None) -> None:
    """Reminders and daily digests. What is due is found in the tables, so a run that was missed loses nothing."""
    reminders.write_reminders()
    mailing.post_digests()


# --- upkeep: the clock of the queue is UTC, so nineteen o'clock is three at night in China ------


@app.periodic(cron="* * * * *")
@app.task(name="take_up_stalled", queue=UPKEEP, queueing_lock="take_up_stalled", priority=10)
def take_up_stalled(timestamp: int) -> None:
    """Every minute: jobs whose worker died go on; what has no job left says so and can be taken up by a click."""
    jobs.take_up_stalled()
    # what is brought in from the command line has no job
    batches = ImportBatch.objects.filter(state__in=UNDER_WAY, created_by__isnull=False)
    for batch in jobs.without_job(batches, "batch"):
        desk.advance_batch(batch, ImportState.FAILED, UNDER_WAY)
    for export in jobs.without_job(Export.objects.filter(state__in=BEING_MADE), "export"):
        making.advance_export(export, ExportState.FAILED, BEING_MADE)


@app.periodic(cron="20 19 * * *")
@app.task(name="remove_old_exports", queue=UPKEEP, queueing_lock="remove_old_exports")
def remove_old_exports(timestamp: int) -> None:
    """Every night: files of exports go after seven days."""
    making.remove_old()


@app.periodic(cron="30 19 * * *")
@app.task(name="clear_files", queue=UPKEEP, queueing_lock="clear_files")
def clear_files(timestamp: int) -> None:
    """Every night: files that are due by rule go (see `declarations.operating.retention`)."""
    retention.delete_due_files()


@app.periodic(cron="40 19 * * *")
@app.task(name="remove_old_jobs", queue=UPKEEP, queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Every night: jobs that ended more than seven days ago leave the queue's tables, and upkeep whose worker died."""
    ended = {"include_failed": True, "include_cancelled": True, "include_aborted": True}
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(queue=UPKEEP):
        await manager.finish_job(job, Status.FAILED, delete_job=True)
    await manager.delete_old_jobs(JOBS_KEPT_HOURS, **ended)
