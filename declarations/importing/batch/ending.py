"""Giving a batch up: what was written before stays written, and its report says how much that is."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from declarations.importing.batch.moving import advance_batch
from declarations.importing.batch.outlines import outlines_of, summarise_batch
from declarations.models import ImportBatch
from declarations.models.upload import ImportState

OPEN = (ImportState.UPLOADED, ImportState.READING, ImportState.READY, ImportState.APPLYING, ImportState.FAILED)


@transaction.atomic
def cancel_batch(batch: ImportBatch, sources: Iterable[ImportState] = OPEN) -> bool:
    """Between two chunks of a job: nothing more is written once it holds, so that what is counted stays true."""
    if not advance_batch(batch, ImportState.CANCELLED, sources):
        return False
    summarise_batch(batch, list(outlines_of(batch)))
    return True
