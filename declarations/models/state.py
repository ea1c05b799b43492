"""Where a declaration stands, everything that is said about a state, and what may be done: the actions.

A new state is a member of `State` and a line of `FACTS`; pages, groups and reminders read both. The moves that lead to
it are in `declarations.people.moves`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models

from declarations.models.scope import RoleCode
from declarations.sheet.totality import total_over


class State(models.TextChoices):
    DRAFT = "draft", "填报中"
    CERTIFYING = "certifying", "待部门审定"
    SUBMITTED = "submitted", "已报送"
    REVIEWED = "reviewed", "已初审"
    APPROVED = "approved", "已批复"
    RETURNED = "returned", "已退回"

    #: the department may write in it
    WRITABLE: ClassVar[frozenset[State]]
    #: it is the department's turn
    AT_DEPARTMENT: ClassVar[frozenset[State]]
    #: the bureau has the declaration, or has had its say on it
    AT_BUREAU: ClassVar[frozenset[State]]
    #: the bureau has the declaration as it stands: reported, and not returned
    REPORTED: ClassVar[frozenset[State]]
    #: the bureau has to decide on it
    UNDER_REVIEW: ClassVar[frozenset[State]]
    #: the review is not at its end, whoever's turn it is
    IN_REVIEW: ClassVar[frozenset[State]]
    #: the first reviewer let it pass
    PASSED: ClassVar[frozenset[State]]
    #: nobody at the bureau has it yet
    UNREPORTED: ClassVar[frozenset[State]]
    #: what the bar of steps shows, in order
    STEPS: ClassVar[tuple[State, ...]]

    @property
    def facts(self) -> StateFacts:
        return FACTS[self]

    @property
    def icon(self) -> str:
        return self.facts.icon

    @property
    def waiting(self) -> str:
        """What happens next, in a sentence."""
        return self.facts.waiting

    @property
    def reviewer(self) -> RoleCode | None:
        """Whose decision it waits for at the bureau; None where it waits for nobody there."""
        return self.facts.reviewer

    @property
    def shown_as(self) -> State:
        """The step at which the bar of steps shows it: of a returned one that of filling in."""
        return self if self.facts.step else State.DRAFT


@dataclass(frozen=True, slots=True)
class StateFacts:
    """``icon``: of the sprite. ``step``: its label in the bar of steps, empty where it is no step of its own.

    ``waiting``: what happens next. ``closed``: how it could be changed, told to somebody who wants to fill it in; empty
    where it is open. ``is_reported``: the bureau has the text, or has had it; ``reviewer``: who decides on it there;
    ``has_passed``: a reviewer let it pass; ``is_at_department``: it is the department's turn.
    """

    icon: str
    waiting: str
    step: str = ""
    closed: str = ""
    is_at_department: bool = False
    is_reported: bool = False
    reviewer: RoleCode | None = None
    has_passed: bool = False


FACTS: dict[State, StateFacts] = total_over(
    "State.facts",
    State,
    {
        State.DRAFT: StateFacts(
            icon="pencil-square",
            step="填报",
            waiting="由填报人填报，填好后送部门审定。",
            is_at_department=True,
        ),
        State.CERTIFYING: StateFacts(
            icon="person-check",
            step="部门审定",
            waiting="等待部门审核人审定，审定期间不能修改。",
            closed="如需修改，请部门审核人退回填报人。",
            is_at_department=True,
        ),
        State.SUBMITTED: StateFacts(
            icon="send",
            step="科室初审",
            waiting="等待财政局资金主管科室初审。",
            closed="如需修改，请部门审核人先撤回。",
            is_reported=True,
            reviewer=RoleCode.DIVISION,
        ),
        State.REVIEWED: StateFacts(
            icon="check-lg",
            step="绩效科审核",
            waiting="等待财政局绩效科审核。",
            closed="如需修改，请联系本财政局绩效科退回。",
            is_reported=True,
            reviewer=RoleCode.PERFORMANCE,
            has_passed=True,
        ),
        State.APPROVED: StateFacts(
            icon="check-circle-fill",
            step="批复",
            waiting="绩效目标已批复，可以导出官方表存档。",
            closed="如需调整，请联系本财政局绩效科。",
            is_reported=True,
            has_passed=True,
        ),
        State.RETURNED: StateFacts(
            icon="arrow-return-left",
            waiting="由部门按退回意见修改，修改后重新报送。",
            is_at_department=True,
            is_reported=True,
        ),
    },
)

# of a state that was forgotten above nothing is known: the system check says so, and it is in no group
_KNOWN = {state: FACTS[state] for state in State if state in FACTS}
State.AT_DEPARTMENT = frozenset(state for state, facts in _KNOWN.items() if facts.is_at_department)
State.WRITABLE = frozenset(state for state in State.AT_DEPARTMENT if not FACTS[state].closed)
State.AT_BUREAU = frozenset(state for state, facts in _KNOWN.items() if facts.is_reported)
State.REPORTED = State.AT_BUREAU - State.AT_DEPARTMENT
State.UNDER_REVIEW = frozenset(state for state, facts in _KNOWN.items() if facts.reviewer)
State.IN_REVIEW = State.UNDER_REVIEW | (State.AT_BUREAU & State.AT_DEPARTMENT)
State.PASSED = frozenset(state for state, facts in _KNOWN.items() if facts.has_passed)
State.UNREPORTED = frozenset(_KNOWN) - State.AT_BUREAU
State.STEPS = tuple(state for state, facts in _KNOWN.items() if facts.step)


class Action(models.TextChoices):
    """The moves of `declarations.people.moves`, and what an import does."""

    SEND_TO_HEAD = "send_to_head", "送部门审定"
    SEND_BACK = "send_back", "退回填报人"
    SUBMIT = "submit", "报送"
    WITHDRAW = "withdraw", "撤回"
    PASS = "pass", "初审通过"
    RETURN = "return", "退回修改"
    APPROVE = "approve", "批复"
    ADJUST = "adjust", "调整"
    SECOND_ROUND = "second_round", "转入二上"
    IMPORT = "import", "导入"
    UNDO_IMPORT = "undo_import", "撤销导入"

    @property
    def is_of_import(self) -> bool:
        """Whether an import does it, and no move."""
        return self in (Action.IMPORT, Action.UNDO_IMPORT)
