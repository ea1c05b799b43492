"""The desk of somebody who fills in: a declaration with its table and texts, each read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from declarations.filling.changes import Changes
from declarations.models import Declaration, User
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.controls import texts_of
from declarations.sheet.table import Table


@dataclass(frozen=True)
class FillingDesk:
    """What is stored when ``user`` comes to the desk; after a save, sit down at a new one."""

    declaration: Declaration
    user: User

    @cached_property
    def may_edit(self) -> bool:
        return permissions.may_edit(self.user, self.declaration)

    @cached_property
    def table(self) -> Table:
        """Two queries; the rows stay at hand for the save that follows."""
        prefetch_related_objects([self.declaration], *store.GRIDS)
        return store.table_of(self.declaration)

    @cached_property
    def texts(self) -> dict[str, str]:
        """What every control shows, by its name."""
        return texts_of(self.table)


@dataclass(frozen=True)
class TypedTable:
    """A table with ``changes`` in it; ``refused``: why a text was not taken, by control."""

    table: Table
    changes: Changes
    refused: dict[str, str]

    @cached_property
    def texts(self) -> dict[str, str]:
        """What every control shows now, by its name."""
        return texts_of(self.table)
