"""Where a batch stands, moved by one at a time, whoever else works on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from django.db import transaction

from declarations.models import ImportBatch
from declarations.models.upload import ImportState


def advance_batch(batch: ImportBatch, target: ImportState, sources: Iterable[ImportState]) -> bool:
    """Moves the batch on unless somebody moved it elsewhere first."""
    moved = ImportBatch.objects.filter(pk=batch.pk, state__in=list(sources)).update(state=target)
    if moved:
        batch.state = target
    return bool(moved)


@contextlib.contextmanager
def hold_batch(batch: ImportBatch, state: ImportState) -> Iterator[bool]:
    """A transaction in which nobody else moves the batch; False where it is no longer in this state."""
    with transaction.atomic():
        yield ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=state).exists()


def is_still(batch: ImportBatch, state: ImportState) -> bool:
    """Whether nobody cancelled in the meantime."""
    return ImportBatch.objects.filter(pk=batch.pk, state=state).exists()
