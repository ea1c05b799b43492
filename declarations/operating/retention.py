"""When files that people brought are deleted. Only the files: what was read of them and what came of it stays.

- A file that was never brought in goes after ``KEPT_DAYS_ABANDONED`` days; an import still open by then is
  closed as 已取消 or 已放弃.
- A file that was brought in goes after ``KEPT_YEARS`` years.
- A file on disk that no record names goes after a day (an upload that was cut off).

Every deletion leaves a `Disposal` behind.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from declarations.importing.batch import ending
from declarations.importing.disposal import dispose_file
from declarations.models import (
    Disposal,
    DisposalReason,
    ImportBatch,
    ListImport,
    ListState,
    RequestCount,
    Upload,
)
from declarations.models.upload import ImportState

FOLDERS = ("uploads", "lists")
AT_ONCE = 200
ABANDONED_STATES = (ImportState.UPLOADED, ImportState.READY, ImportState.FAILED)
ORPHAN_AGE = datetime.timedelta(days=1)


def delete_due_files(now: datetime.datetime | None = None) -> int:
    """Deletes what is due; how many files. Taken up again after an interruption it goes on where it was."""
    now = now or timezone.now()
    RequestCount.objects.filter(ends_at__lt=now).delete()
    close_abandoned(now)
    due = [
        (uploads_unused(now), DisposalReason.ABANDONED),
        (lists_unused(now), DisposalReason.ABANDONED),
        (uploads_used(now), DisposalReason.EXPIRED),
        (lists_used(now), DisposalReason.EXPIRED),
    ]
    orphans = clear_orphans(now)  # first, while every file that goes by its record is still named by it
    return orphans + sum(dispose_all(rows.exclude(file=""), reason) for rows, reason in due)


def abandoned_before(now: datetime.datetime) -> datetime.datetime:
    return now - datetime.timedelta(days=settings.KEPT_DAYS_ABANDONED)


def kept_before(now: datetime.datetime) -> datetime.datetime:
    return now - datetime.timedelta(days=365.25 * settings.KEPT_YEARS)


def close_abandoned(now: datetime.datetime) -> None:
    before = abandoned_before(now)
    for batch in ImportBatch.objects.filter(created_at__lt=before, state__in=ABANDONED_STATES):
        ending.cancel_batch(batch, ABANDONED_STATES)
    open_lists = ListImport.objects.filter(created_at__lt=before, state__in=(ListState.WAITING, ListState.READY))
    open_lists.update(state=ListState.CANCELLED)


# a batch that was cancelled half way brought some of its tables in: all its files count as used, taken back or not
WROTE = (
    Q(batch__applied_at__isnull=False)
    | Q(batch__undone_at__isnull=False)
    | Q(batch__report__result_written__gt=0)
    | Q(state="applied")
)
USED = WROTE | Q(declaration__isnull=False, copyings__isnull=False)


def uploads_unused(now: datetime.datetime) -> QuerySet:
    closed = Q(batch__state=ImportState.CANCELLED) | Q(declaration__isnull=False)
    return Upload.objects.filter(closed, created_at__lt=abandoned_before(now)).exclude(pk__in=used_files().values("pk"))


def uploads_used(now: datetime.datetime) -> QuerySet:
    return Upload.objects.filter(pk__in=used_files().values("pk"), created_at__lt=kept_before(now))


def used_files() -> QuerySet:
    return Upload.objects.filter(USED)


def lists_unused(now: datetime.datetime) -> QuerySet:
    return ListImport.objects.filter(created_at__lt=abandoned_before(now)).exclude(state=ListState.APPLIED)


def lists_used(now: datetime.datetime) -> QuerySet:
    return ListImport.objects.filter(state=ListState.APPLIED, applied_at__lt=kept_before(now))


# --- deleting --------------------------------------------------------------------------------


def dispose_all(rows: QuerySet, reason: DisposalReason) -> int:
    count = 0
    while found := list(rows.order_by("pk")[:AT_ONCE]):
        for row in found:
            dispose_file(row, reason)
        count += len(found)
    return count


def clear_orphans(now: datetime.datetime) -> int:
    """Files in the folders of uploads that no record names: what was cut off, or failed to go earlier."""
    count = 0
    for path, name in stored_files():
        stat = path.stat()
        old = datetime.datetime.fromtimestamp(stat.st_mtime, datetime.UTC) < now - ORPHAN_AGE
        known = Upload.objects.filter(file=name).exists() or ListImport.objects.filter(file=name).exists()
        if not old or known:
            continue
        Disposal.objects.create(original_name=name[-255:], size=stat.st_size, reason=DisposalReason.ORPHAN)
        path.unlink(missing_ok=True)
        count += 1
    return count


def stored_files() -> Iterator[tuple[Path, str]]:
    root = Path(settings.MEDIA_ROOT)
    folders: Iterable[Path] = (root / folder for folder in FOLDERS)
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from ((Path(place) / name, (Path(place) / name).relative_to(root).as_posix()) for name in names)
