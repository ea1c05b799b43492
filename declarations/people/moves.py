"""The table of moves: what may be done to a declaration, by whom, and everything that is said about it.

`workflow.perform` takes a move, `workflow.available` offers them; pages, notices, letters and reports ask a move what
it is instead of keeping tables of their own. What is said about a state is in `declarations.models.state`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from declarations.models import Action, Declaration, LetterKind, Role, Round, State

PRIMARY, SECONDARY, DANGER = "primary", "outline-secondary", "outline-danger"
"""How a button looks: the one that leads on, the others, those that send back."""

PLACED = ("sources", "target", "roles")
"""The fields in which two moves of one action may differ."""


def never(declaration: Declaration) -> str:
    return ""


def is_past(declaration: Declaration) -> str:
    return "历史导入的申报表不再办理。" if declaration.is_imported else ""


def is_of_second_round(declaration: Declaration) -> str:
    """二上 begins where the year is in it and the declaration was approved in 一上."""
    if declaration.cycle.round != Round.SECOND:
        return f"{declaration.cycle}还没有进入二上，请先由系统管理员调整轮次和截止时间。"
    return is_past(declaration) or ("这份申报表已在二上。" if declaration.round == Round.SECOND else "")


def write_nothing(declaration: Declaration) -> None:
    """Most moves change the state alone."""


def count_submission(declaration: Declaration) -> None:
    declaration.submissions += 1
    declaration.round = declaration.cycle.round
    declaration.returned_at = None


def count_revision(declaration: Declaration) -> None:
    declaration.revision += 1


def begin_second_round(declaration: Declaration) -> None:
    declaration.round = Round.SECOND


@dataclass(frozen=True, slots=True)
class Move:
    """From one of ``sources`` to ``target``, by one of ``roles`` (the first that a person has is recorded).

    ``needs_comment``: not without saying why. ``runs_checks``: not while a finding blocks, or a doubt has no reason.
    ``needs_time``: only while the year is open, or after a return. ``unless``: why it is not for this
    declaration though its state would allow it; empty where it is. ``is_due``: a declaration that could take
    it waits for it, in somebody's list. ``writes``: what else changes in the declaration.

    ``effect``: what will happen, told before it is done. ``tone``: how its button looks. ``asks_for_changes``: its
    comment asks the department to change something; ``takes_comments``: the open comments of the review suffice for it.
    ``certifies``: who takes it answers for the content. ``proceeds``: it lets a review pass, which a grade may forbid;
    ``ends_review``: the last such move. ``for_many``: it can be taken for many declarations at once.
    ``letter``: the letter that tells it. ``audience``, ``notice``: who is told of it, in what words, which name
    department, year, state and numbers: nothing of what a declaration says, for notices go out by mail.
    """

    action: Action
    sources: frozenset[State]
    target: State
    roles: tuple[Role, ...]
    effect: str
    notice: str
    audience: tuple[Role, ...]
    tone: str = PRIMARY
    needs_comment: bool = False
    takes_comments: bool = False
    asks_for_changes: bool = False
    runs_checks: bool = False
    needs_time: bool = False
    certifies: bool = False
    proceeds: bool = False
    ends_review: bool = False
    for_many: bool = False
    unless: Callable[[Declaration], str] = never
    writes: Callable[[Declaration], None] = write_nothing
    is_due: bool = True
    letter: LetterKind | None = None

    @property
    def label(self) -> str:
        return self.action.label

    @property
    def reviews(self) -> bool:
        """Whether this is a decision of the bureau, from which those who filled in are barred."""
        return Role.REVIEWING.issuperset(self.roles)

    @property
    def said(self) -> tuple[Any, ...]:
        """What is said of its action, which is the same from wherever it is taken."""
        return tuple(getattr(self, field.name) for field in fields(self) if field.name not in PLACED)

    def role_of(self, roles: frozenset[Role]) -> Role | None:
        return next((role for role in self.roles if role in roles), None)


def move(action: Action, sources: tuple[State, ...], target: State, *roles: Role, **more: Any) -> Move:
    return Move(action, frozenset(sources), target, roles, **more)


A, S, R = Action, State, Role
DEPARTMENT = (R.FILLER, R.HEAD)
RETURNING: dict[str, Any] = {
    "needs_comment": True,
    "takes_comments": True,
    "asks_for_changes": True,
    "tone": DANGER,
    "letter": LetterKind.RETURN,
    "audience": DEPARTMENT,
    "effect": "申报表将退回部门修改，部门须按您的意见修改后重新报送。",
    "notice": "{name}申报表已退回修改，有审核意见 {asked} 条。",
}
MOVES = (
    move(
        A.SEND_TO_HEAD,
        (S.DRAFT, S.RETURNED),
        S.CERTIFYING,
        R.FILLER,
        R.HEAD,
        runs_checks=True,
        needs_time=True,
        certifies=True,
        audience=(R.HEAD,),
        effect="申报表将交部门审核人审定，审定期间不能再修改。",
        notice="{name}申报表已送部门审定，请审定后报送。",
    ),
    move(
        A.SEND_BACK,
        (S.CERTIFYING,),
        S.DRAFT,
        R.HEAD,
        needs_comment=True,
        asks_for_changes=True,
        tone=DANGER,
        audience=(R.FILLER,),
        effect="申报表将退回填报人修改，您的意见会一并显示给填报人。",
        notice="{name}申报表由部门审核人退回，请修改后重新送审定。",
    ),
    move(
        A.SUBMIT,
        (S.CERTIFYING,),
        S.SUBMITTED,
        R.HEAD,
        runs_checks=True,
        needs_time=True,
        certifies=True,
        writes=count_submission,
        audience=(R.DIVISION,),
        effect="申报表将报送财政局初审。初审开始前可以撤回。",
        notice="{name}申报表已报送{again}，请初审。",
    ),
    move(
        A.WITHDRAW,
        (S.SUBMITTED,),
        S.DRAFT,
        R.HEAD,
        needs_time=True,
        tone=SECONDARY,
        audience=(R.DIVISION,),
        effect="申报表将从财政局撤回，回到填报状态，修改后须重新审定、报送。",
        notice="{name}申报表已由部门撤回，暂不需要审核。",
    ),
    move(
        A.PASS,
        (S.SUBMITTED,),
        S.REVIEWED,
        R.DIVISION,
        proceeds=True,
        for_many=True,
        audience=(R.PERFORMANCE,),
        effect="初审通过后，申报表转绩效科审核。",
        notice="{name}申报表已通过初审，请审核批复。",
    ),
    move(A.RETURN, (S.SUBMITTED,), S.RETURNED, R.DIVISION, **RETURNING),
    move(A.RETURN, (S.REVIEWED,), S.RETURNED, R.PERFORMANCE, **RETURNING),
    move(
        A.APPROVE,
        (S.REVIEWED,),
        S.APPROVED,
        R.PERFORMANCE,
        proceeds=True,
        ends_review=True,
        for_many=True,
        letter=LetterKind.APPROVE,
        audience=DEPARTMENT,
        effect="批复后绩效目标随预算下达，部门不能再修改。",
        notice="{name}申报表已批复。",
    ),
    move(
        A.ADJUST,
        (S.APPROVED,),
        S.RETURNED,
        R.PERFORMANCE,
        needs_comment=True,
        asks_for_changes=True,
        unless=is_past,
        is_due=False,
        writes=count_revision,
        tone=SECONDARY,
        audience=DEPARTMENT,
        effect="申报表将退回部门调整，调整后按同样程序报送、审核、批复；原批复文本留存，在新的批复之前仍然有效。",
        notice="{name}申报表批复后转入调整，请修改后重新报送。",
    ),
    move(
        A.SECOND_ROUND,
        (S.APPROVED,),
        S.DRAFT,
        R.PERFORMANCE,
        unless=is_of_second_round,
        is_due=False,
        for_many=True,
        writes=begin_second_round,
        tone=SECONDARY,
        audience=DEPARTMENT,
        effect="申报表将回到填报状态，由部门按控制数修改后重新审定、报送；一上的文本留存。",
        notice="{name}申报表已转入二上，请修改后重新报送。",
    ),
)
BY_ACTION = {row.action: row for row in reversed(MOVES)}
"""What is said about an action; the rows of one action say the same, see `system_checks`."""
LABELS = {action: row.label for action, row in BY_ACTION.items()}
CERTIFYING = frozenset(row.action for row in MOVES if row.certifies)
DECIDING = frozenset(row.action for row in MOVES if row.reviews and row.is_due)
"""The decisions that a declaration under review waits for."""
ASKING = frozenset(row.action for row in MOVES if row.asks_for_changes)
PROCEEDING = frozenset(row.action for row in MOVES if row.proceeds)
GIVING_BACK = frozenset(row.action for row in MOVES if row.reviews and row.target in State.WRITABLE)
"""By which the bureau gives a text back to the department."""
LETTERS = {row.action: row.letter for row in MOVES if row.letter}


def label_of(action: str) -> str:
    """What was done, in words, also by an import; the action itself where the record holds one of long ago."""
    return Action(action).label if action in Action.values else action
