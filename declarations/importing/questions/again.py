"""What persons decided about a file stays when it is read again: departments named, ticks, corrected values.

Until it is read the rows as they were wait in its result (``again``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from declarations.importing.batch import correcting, removing
from declarations.importing.batch.plan import Key
from declarations.models import Correction, ImportBatch, LearnedLabel, Upload
from declarations.models.upload import UploadState

REMOVED = "（删去此行）"
"""What a `Correction` says in place of a row that was taken out."""
RESTORED = "（恢复此行）"


def answers_for(batch: ImportBatch) -> dict[str, str]:
    """What is known of the questions that its files may ask: learnt by the bureau, then answered for this batch."""
    learned = LearnedLabel.objects.in_use().filter(bureau=batch.bureau_id)
    return dict(learned.values_list("text", "field")) | batch.answers


def wait_again(upload: Upload) -> None:
    """Puts a file back among those to be read, unsaved; ``years``: those that a person settled, by table."""
    tables = enumerate(upload.result.get("tables") or ())
    years = {str(index): data["table"]["year"] for index, data in tables if correcting.YEAR in data.get("settled", ())}
    upload.result = {"again": upload.result.get("rows") or [], "years": years}
    upload.state = UploadState.STORED


def waiting_with(upload: Upload) -> dict[str, Any]:
    """What waits in the result of a file until it is read again."""
    return {name: upload.result[name] for name in ("again", "years") if name in upload.result}


def decided_before(uploads: Iterable[Upload]) -> dict[Key, dict[str, Any]]:
    """The rows as they were before, by file and place; taken off the results."""
    rows = {}
    for upload in uploads:
        for row in upload.result.pop("again", ()):
            rows[str(upload.pk), row["index"]] = row
    return rows


def redo_corrections(uploads: Sequence[Upload]) -> None:
    """Corrects again what was corrected in these files, where it still says what it said then; unsaved."""
    made: dict[Any, list[Correction]] = defaultdict(list)
    for correction in Correction.objects.filter(upload__in=[one.pk for one in uploads]).order_by("pk"):
        made[correction.upload_id].append(correction)
    for upload in uploads:
        for index, year in upload.result.pop("years", {}).items():
            settle_year(upload, int(index), year)
        for correction in made[upload.pk]:
            redo(upload, correction)
        if made[upload.pk]:
            upload.result["corrected"] = len({(one.index, one.field) for one in made[upload.pk]})


def settle_year(upload: Upload, index: int, year: int) -> None:
    """The year that a person said is said again, and asked for no more."""
    tables = upload.result.get("tables") or []
    if index < len(tables):
        read, _ = correcting.correct_table(correcting.read_table(tables[index]), {correcting.YEAR: str(year)})
        tables[index] = correcting.kept_json(tables[index], correcting.without_year_questions(read), [correcting.YEAR])


def redo(upload: Upload, correction: Correction) -> None:
    tables = upload.result.get("tables") or []
    if correction.index >= len(tables):
        return
    data = tables[correction.index]
    read = correcting.read_table(data)
    if correction.new == REMOVED:
        grid, _, position = correction.field.partition(".")
        if int(position) < len(getattr(read.table, grid)):
            after, kept = removing.take_row(read, grid, int(position))
            if removing.worded_row(kept) == correction.old:
                tables[correction.index] = correcting.kept_json(data, after, ())
                tables[correction.index]["removed"] = [*data.get("removed", ()), kept]
        return
    item = correcting.item_of(read.table, correction.field)
    if item and correcting.text_at(read.table, correction.field, item) == correction.old:
        after, changes = correcting.correct_table(read, {correction.field: correction.new})
        tables[correction.index] = correcting.kept_json(data, after, [one.path for one in changes])
