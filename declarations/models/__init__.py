"""What the database keeps: people, the year, the declaration, its record, the files."""

from declarations.models.allowance import ControlFigures, Extension, extension_of
from declarations.models.checking import CheckSetting, Dismissal, Explanation, Level
from declarations.models.cycle import Cycle, Round
from declarations.models.declaration import AT_BUREAU, Declaration, Indicator, KeyTask, StaleVersion, State
from declarations.models.organisation import Bureau, Department, Division
from declarations.models.origin import Copying, Origin
from declarations.models.people import Membership, Role, User
from declarations.models.record import Event, Snapshot
from declarations.models.reference import ListImport, ListKind, ListState
from declarations.models.review import Code, Comment, Resolution
from declarations.models.scope import Scope, scope_of
from declarations.models.service import Disposal, DisposalReason, RequestCount
from declarations.models.together import Presence, Replaced
from declarations.models.upload import ImportBatch, Upload

__all__ = [
    "AT_BUREAU",
    "Bureau",
    "CheckSetting",
    "Code",
    "Comment",
    "ControlFigures",
    "Copying",
    "Cycle",
    "Declaration",
    "Department",
    "Dismissal",
    "Disposal",
    "DisposalReason",
    "Division",
    "Event",
    "Explanation",
    "Extension",
    "ImportBatch",
    "Indicator",
    "KeyTask",
    "Level",
    "ListImport",
    "ListKind",
    "ListState",
    "Membership",
    "Origin",
    "Presence",
    "Replaced",
    "RequestCount",
    "Resolution",
    "Role",
    "Round",
    "Scope",
    "Snapshot",
    "StaleVersion",
    "State",
    "Upload",
    "User",
    "extension_of",
    "scope_of",
]
