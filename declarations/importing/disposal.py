"""Letting go of a file that somebody brought: the record of it stays, and says when and why the file went."""

from __future__ import annotations

from django.db import transaction

from declarations.models import Disposal, DisposalReason, ListImport, Upload


@transaction.atomic
def dispose_file(row: Upload | ListImport, reason: DisposalReason, detail: str = "") -> None:
    """Notes what goes, then lets it go; the file itself only once the note is safe."""
    name, storage = row.file.name, row.file.storage
    Disposal.objects.create(
        bureau_id=bureau_of(row),
        subject=str(row.pk),
        original_name=row.original_name,
        sha256=row.sha256,
        size=row.size,
        reason=reason,
        detail=detail[:200],
        uploaded_at=row.created_at,
    )
    row.file.name = ""
    type(row).objects.filter(pk=row.pk).update(file="")
    transaction.on_commit(lambda: storage.delete(name))


def bureau_of(row: Upload | ListImport) -> int:
    if isinstance(row, ListImport):
        return row.bureau_id
    return row.batch.bureau_id if row.batch_id else row.declaration.department.bureau_id
