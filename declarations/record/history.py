"""Whether the record still says what it said: every hash worked out again, every link of every chain.

The database refuses to alter a snapshot or an event (see `models.record`). This finds what was altered
past it, by somebody who owns the database or in a copy that came back from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet

from declarations.models import Declaration, Snapshot, State
from declarations.models.record import Flaw, flaw_of
from declarations.record import store
from declarations.sheet.table import Table

CHUNK = 100


@dataclass(frozen=True)
class Break:
    """The first place at which the record of a declaration does not hold: ``number`` of the snapshot, None where
    none is there, and what is wrong."""

    declaration: Declaration
    number: int | None
    flaw: Flaw


@dataclass
class Verified:
    """How much was looked at so far."""

    declarations: int = 0
    snapshots: int = 0
    broken: int = 0


def verify_records(declarations: QuerySet, counted: Verified) -> Iterator[Break]:
    """The first break of each declaration whose record has one; ``counted`` grows as it goes on."""
    ordered = Prefetch("snapshots", Snapshot.objects.order_by("number"))
    for declaration in store.with_rows(declarations).prefetch_related(ordered).iterator(chunk_size=CHUNK):
        snapshots = list(declaration.snapshots.all())
        counted.declarations += 1
        counted.snapshots += len(snapshots)
        if found := first_break(declaration, snapshots):
            counted.broken += 1
            yield found


def first_break(declaration: Declaration, snapshots: Sequence[Snapshot]) -> Break | None:
    """``snapshots``: all of the declaration, in order."""
    previous = None
    for snapshot in snapshots:
        if flaw := flaw_of(snapshot, previous):
            return Break(declaration, snapshot.number, flaw)
        previous = snapshot
    if declaration.state in State.WRITABLE:  # the table may differ from the newest snapshot
        return None
    if previous is None:
        return Break(declaration, None, Flaw.MISSING)
    if previous.state != declaration.state:
        return Break(declaration, previous.number, Flaw.STATE)
    return (
        None if says_the_same(store.table_of(declaration), previous) else Break(declaration, previous.number, Flaw.TEXT)
    )


def says_the_same(table: Table, snapshot: Snapshot) -> bool:
    """Whether the table is what was frozen; a department that was renamed since says so nowhere else."""
    frozen = Table.from_json(snapshot.content)
    return replace(table, department=frozen.department) == frozen
