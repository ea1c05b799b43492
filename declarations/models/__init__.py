"""What the database keeps: people, the year, the declaration, its record, the files."""

from declarations.models.allowance import ControlFigures, Extension, extension_of
from declarations.models.assignment import Assignment, StandIn, StandInEnding, Urging, assigned_to
from declarations.models.calendar import CalendarDay
from declarations.models.checking import CheckSetting, Dismissal, Explanation, Level
from declarations.models.correction import Correction, LearnedLabel, LearnedName
from declarations.models.cycle import Cycle, Round
from declarations.models.declaration import Declaration, Indicator, KeyTask, StaleVersion
from declarations.models.export import Export, ExportedTable
from declarations.models.invitation import Invitation
from declarations.models.letter import LetterKind, LetterWording
from declarations.models.notice import (
    PENDING,
    REMINDING,
    Mail,
    Notice,
    NoticeKind,
    NoticePreference,
    with_unread_notices,
)
from declarations.models.organisation import Bureau, Department, Division
from declarations.models.origin import Copying, Origin
from declarations.models.people import Membership, Role, User
from declarations.models.record import Event, Snapshot
from declarations.models.reference import ListImport, ListKind, ListState
from declarations.models.review import Code, Comment, Resolution
from declarations.models.scope import Scope, scope_of
from declarations.models.score import Scorers, ScoreSetting, ScoreSheet
from declarations.models.service import Disposal, DisposalReason, RequestCount
from declarations.models.state import Action, State
from declarations.models.together import Presence, Replaced
from declarations.models.upload import ImportBatch, Upload

__all__ = [
    "PENDING",
    "REMINDING",
    "Action",
    "Assignment",
    "Bureau",
    "CalendarDay",
    "CheckSetting",
    "Code",
    "Comment",
    "ControlFigures",
    "Copying",
    "Correction",
    "Cycle",
    "Declaration",
    "Department",
    "Dismissal",
    "Disposal",
    "DisposalReason",
    "Division",
    "Event",
    "Explanation",
    "Export",
    "ExportedTable",
    "Extension",
    "ImportBatch",
    "Indicator",
    "Invitation",
    "KeyTask",
    "LearnedLabel",
    "LearnedName",
    "LetterKind",
    "LetterWording",
    "Level",
    "ListImport",
    "ListKind",
    "ListState",
    "Mail",
    "Membership",
    "Notice",
    "NoticeKind",
    "NoticePreference",
    "Origin",
    "Presence",
    "Replaced",
    "RequestCount",
    "Resolution",
    "Role",
    "Round",
    "Scope",
    "ScoreSetting",
    "ScoreSheet",
    "Scorers",
    "Snapshot",
    "StaleVersion",
    "StandIn",
    "StandInEnding",
    "State",
    "Upload",
    "Urging",
    "User",
    "assigned_to",
    "extension_of",
    "scope_of",
    "with_unread_notices",
]
