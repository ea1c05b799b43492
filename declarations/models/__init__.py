"""What the database keeps: people, the year, the declaration, its record, the files."""

from declarations.models.cycle import Cycle, Round
from declarations.models.declaration import AT_BUREAU, Declaration, Indicator, KeyTask, StaleVersion, State
from declarations.models.organisation import Bureau, Department, Division
from declarations.models.origin import Copying, Origin
from declarations.models.people import Membership, Role, User
from declarations.models.record import Event, Snapshot
from declarations.models.scope import Scope, scope_of
from declarations.models.upload import ImportBatch, Upload

__all__ = [
    "AT_BUREAU",
    "Bureau",
    "Copying",
    "Cycle",
    "Declaration",
    "Department",
    "Division",
    "Event",
    "ImportBatch",
    "Indicator",
    "KeyTask",
    "Membership",
    "Origin",
    "Role",
    "Round",
    "Scope",
    "Snapshot",
    "StaleVersion",
    "State",
    "Upload",
    "User",
    "scope_of",
]
