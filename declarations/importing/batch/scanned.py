"""Files of a batch are shown to the virus scanner before anything opens them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from declarations.importing import scanning
from declarations.importing.disposal import dispose_file
from declarations.models import DisposalReason, ImportBatch, Upload
from declarations.models.upload import ImportState, UploadState


def clean_uploads(uploads: Iterable[Upload]) -> list[Upload]:
    """Those in which nothing was found; the others are refused and their files deleted. Raises `Unscanned`."""
    return [upload for upload in uploads if is_clean(upload)]


def is_clean(upload: Upload) -> bool:
    path = Path(upload.file.path)
    if not path.is_file():
        return True
    try:
        scanning.scan_file(path)
    except scanning.Infected as found:
        dispose_file(upload, DisposalReason.INFECTED, found.message)
        upload.state, upload.result = UploadState.REFUSED, {"refused": found.to_json(), "tables": [], "rows": []}
        upload.save(update_fields=["state", "result"])
        return False
    return True


def wait_for_scanner(batch: ImportBatch, why: str) -> None:
    """Stops a batch where it is, with the reason for its page; a person takes it up again."""
    batch.state, batch.report["waiting"] = ImportState.FAILED, why
    ImportBatch.objects.filter(pk=batch.pk, state=ImportState.READING).update(state=batch.state, report=batch.report)
