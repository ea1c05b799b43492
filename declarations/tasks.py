"""Background jobs. Each does what is still to be done, so that taking one up again does nothing twice."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

from declarations import mailing, notifications, reminders
from declarations.batch import desk
from declarations.models import ImportBatch, User
from declarations.models.upload import ImportState
from declarations.workbook import sandbox

QUEUE = "imports"
UNDER_WAY = (ImportState.UPLOADED, ImportState.READING, ImportState.APPLYING)


@app.task(name="read_import", queue=QUEUE)
def read_import(batch: str) -> None:
    """Reads and plans the files of a batch."""
    with found(batch) as kept:
        desk.read(kept, sandbox.shared())


@app.task(name="apply_import", queue=QUEUE)
def apply_import(batch: str, actor: int, source_address: str | None = None) -> None:
    """Writes what a person chose of a batch."""
    with found(batch) as kept:
        desk.apply(kept, User.objects.get(pk=actor), source_address)


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


@app.periodic(cron="*/5 * * * *", queueing_lock=notifications.JOB)
@app.task(name=notifications.JOB, queue=notifications.QUEUE)
def mail_notices(timestamp: int | None = None) -> None:
    """Mails what is waiting. Moves ask for it at once; the clock asks again for what failed or was missed."""
    mailing.post()


@app.periodic(cron="*/15 * * * *", queueing_lock="remind")
@app.task(name="remind", queue=notifications.QUEUE)
def remind(timestamp: int | None = None) -> None:
    """Reminders and daily digests. What is due is found in the tables, so a run that was missed loses nothing."""
    reminders.remind()
    mailing.post_digests()


@app.periodic(cron="0 3 * * *", queueing_lock="remove_old_jobs")
@app.task(name="remove_old_jobs", queue=notifications.QUEUE, pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int | None = None) -> None:
    """The clock leaves some four hundred jobs a day; those that ended well are of no use after a week."""
    await builtin_tasks.remove_old_jobs(context, max_hours=7 * 24)
