"""What ``export_tables`` takes out, and a file that is complete or not there at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from declarations.exporting import choosing
from declarations.exporting.archive import ArchiveMember
from declarations.exporting.rendering import ExportForm
from declarations.models import Bureau, Declaration, Department


@dataclass(frozen=True)
class ExportRequest:
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

    def count(self) -> int:
        """How many tables that are."""
        found = self.declarations()
        return (choosing.last_approvals(found) if self.approved else found).count()

    def exports(self, form: ExportForm) -> Iterator[ArchiveMember]:
        """The tables as files, ordered by code of the department; a few hundred in memory at a time."""
        choose = choosing.approved_exports if self.approved else choosing.latest_exports
        return choose(self.declarations(), form)


@contextlib.contextmanager
def replace_file(path: Path) -> Iterator[IO[bytes]]:
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
