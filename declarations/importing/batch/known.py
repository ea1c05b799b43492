"""Files that were brought in before: known by the hash of their content, and not read again."""

from __future__ import annotations

from collections.abc import Iterable

from declarations.importing.batch.rows import ImportOutcome, ImportResult, PlannedRow
from declarations.models import Bureau, Declaration, Upload
from declarations.models.upload import UploadState

HELD = (ImportResult.WRITTEN, ImportResult.SAME)


class Known:
    """What one bureau brought in, for imports that state the same year (or none)."""

    def __init__(self, bureau: Bureau, year: int | None) -> None:
        self.bureau, self.year = bureau, year

    def of(self, hashes: Iterable[str]) -> dict[str, list[PlannedRow]]:
        """The rows of each file whose every table is still exactly what it made of its declaration. Two queries."""
        brought_in = Upload.objects.filter(
            sha256__in=set(hashes), state=UploadState.APPLIED, batch__bureau=self.bureau, batch__year=self.year
        )
        found = brought_in.order_by("created_at", "pk").values_list("sha256", "result__rows")
        rows = {sha256: [PlannedRow.from_json(row) for row in kept] for sha256, kept in found if kept}
        return {sha256: settle_known(kept) for sha256, kept in self._unchanged(rows).items()} if rows else {}

    def _unchanged(self, rows: dict[str, list[PlannedRow]]) -> dict[str, list[PlannedRow]]:
        keys = {row.declaration for kept in rows.values() for row in kept if row.declaration}
        versions = dict(Declaration.objects.filter(pk__in=keys).values_list("pk", "version"))
        now = {str(key): version for key, version in versions.items()}
        return {sha256: kept for sha256, kept in rows.items() if all(still_holds(row, now) for row in kept)}


def still_holds(row: PlannedRow, versions: dict[str, int]) -> bool:
    return row.result in HELD and row.version is not None and versions.get(row.declaration) == row.version


def settle_known(rows: list[PlannedRow]) -> list[PlannedRow]:
    """As they are planned now: there is nothing to do."""
    for row in rows:
        row.outcome, row.result, row.said, row.changes = ImportOutcome.SAME.value, "", "", 0
        row.objections, row.clash, row.left_out = [], [], False
    return rows
