"""Jobs that outlive their worker: how one stands, and those that a dead worker left behind taken up again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

WORKER_SILENT = datetime.timedelta(seconds=60)
STALLED_AFTER = datetime.timedelta(seconds=30)
"""A worker shows itself every ten seconds; one that was silent for so long has died."""
MOST_ATTEMPTS = 100
"""A job that took so many workers with it is left alone, and its page offers to go on."""
LIVE = ("todo", "doing")


def has_worker() -> bool:
    """Whether a worker has shown itself lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=timezone.now() - WORKER_SILENT).exists()


def stalled_jobs() -> QuerySet:
    """Jobs under way whose worker has died; they are done over, each doing only what is still to be done.

    Those with a queueing lock come again by the clock, and two of them may not wait at once.
    """
    silent = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=timezone.now() - STALLED_AFTER)
    return ProcrastinateJob.objects.filter(silent, status="doing", attempts__lt=MOST_ATTEMPTS, queueing_lock=None)


def is_interrupted(**arguments: Any) -> bool:
    """Whether the job with these arguments lost its worker and is not under way again yet."""
    of_it = ProcrastinateJob.objects.filter(args__contains=arguments)
    again = of_it.filter(status="todo", attempts__gt=0)
    return again.exists() or stalled_jobs().filter(args__contains=arguments).exists()


def take_up_stalled() -> int:
    """Puts them back into the queue; how many."""
    keys = list(stalled_jobs().values_list("pk", flat=True))
    for key in keys:
        app.job_manager.retry_job_by_id(key, retry_at=timezone.now())
    return len(keys)


def without_job(rows: Iterable[Any], argument: str) -> list[Any]:
    """Those of some rows, each the subject of a job by its key under ``argument``, for which no job is left."""
    found = list(rows)
    if not found:
        return []
    live = ProcrastinateJob.objects.filter(status__in=LIVE, attempts__lt=MOST_ATTEMPTS, args__has_key=argument)
    kept = set(live.values_list(f"args__{argument}", flat=True))
    return [row for row in found if str(row.pk) not in kept]
