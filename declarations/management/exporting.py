"""What ``export_tables`` takes out: tables from the record or as they are now, written one by one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from declarations import store
from declarations.models import Bureau, Declaration, Department, Snapshot, State
from declarations.table import Table
from declarations.workbook.writer import write_table

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
LONGEST = 80


@dataclass(frozen=True)
class Wanted:
    """Whose tables of which year; ``bureau`` None: of every bureau; ``codes`` empty: of all departments."""

    year: int
    bureau: Bureau | None = None
    codes: tuple[str, ...] = ()
    approved: bool = True

    def declarations(self):
        found = Declaration.objects.filter(cycle__year=self.year)
        if self.bureau:
            found = found.filter(cycle__bureau=self.bureau)
        return found.filter(department__code__in=self.codes) if self.codes else found

    def unknown_codes(self) -> list[str]:
        """Codes that no department has."""
        departments = Department.objects.filter(code__in=self.codes)
        departments = departments.filter(bureau=self.bureau) if self.bureau else departments
        return sorted(set(self.codes) - set(departments.values_list("code", flat=True)))

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Department code and table, ordered by code; a few hundred in memory at a time."""
        yield from self._approved() if self.approved else self._latest()

    def _approved(self) -> Iterator[tuple[str, Table]]:
        """What the last approval froze, in its own edition, whatever became of it since."""
        frozen = Snapshot.objects.filter(declaration__in=self.declarations(), state=State.APPROVED)
        last = frozen.order_by("declaration_id", "-number").distinct("declaration_id").values("pk")
        order = "declaration__department__code", "pk"
        found = Snapshot.objects.filter(pk__in=last).select_related("declaration__department").order_by(*order)
        for snapshot in found.iterator(chunk_size=store.BATCH):
            yield snapshot.declaration.department.code, Table.from_json(snapshot.content)

    def _latest(self) -> Iterator[tuple[str, Table]]:
        for declaration, table in store.tables_of(self.declarations().order_by("department__code", "pk")):
            yield declaration.department.code, table


def rendered(table: Table, form: str) -> bytes:
    """One table as xlsx or JSON. Raises `WriteError` for what a workbook cannot hold."""
    if form == "json":
        return json.dumps(table.to_json(), ensure_ascii=False, indent=2).encode()
    file = io.BytesIO()
    write_table(table, file)
    return file.getvalue()


def file_name(code: str, table: Table, form: str, taken: set[str]) -> str:
    """``101001_云溪市教育局_2026年度.xlsx``, told apart where two are alike."""
    stem = UNSAFE.sub("_", f"{code}_{table.department}"[:LONGEST]) + f"_{table.year}年度"
    name, number = f"{stem}.{form}", 2
    while name.lower() in taken:
        name, number = f"{stem}({number}).{form}", number + 1
    taken.add(name.lower())
    return name


def write_zip(file: IO[bytes], tables: Iterable[tuple[str, Table]], form: str) -> int:
    """Each table a member; returns how many."""
    taken: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, table in tables:
            archive.writestr(file_name(code, table, form, taken), rendered(table, form))
    return len(taken)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` when it is complete; after an error nothing has changed there."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        os.chmod(name, 0o644 & ~_umask())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
