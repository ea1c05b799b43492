"""Whose turn it is, in words: what an action leads to, and what people wait for."""

from __future__ import annotations

from declarations.models import Declaration, Event, State
from declarations.people import permissions
from declarations.reviewing import workflow

ASKING = frozenset({"return", "send_back", "adjust"})
"""The actions whose comment asks the department to change something."""

EFFECTS = {
    "send_to_head": "申报表将交部门审核人审定，审定期间不能再修改。",
    "send_back": "申报表将退回填报人修改，您的意见会一并显示给填报人。",
    "submit": "申报表将报送财政局初审。初审开始前可以撤回。",
    "withdraw": "申报表将从财政局撤回，回到填报状态，修改后须重新审定、报送。",
    "pass": "初审通过后，申报表转绩效科审核。",
    "return": "申报表将退回部门修改，部门须按您的意见修改后重新报送。",
    "approve": "批复后绩效目标随预算下达，部门不能再修改。",
    "adjust": "申报表将退回部门调整，调整后按同样程序报送、审核、批复；原批复文本留存，在新的批复之前仍然有效。",
    "second_round": "申报表将回到填报状态，由部门按控制数修改后重新审定、报送；一上的文本留存。",
}
NEXT = {
    State.DRAFT: "由填报人填报，填好后送部门审定。",
    State.CERTIFYING: "等待部门审核人审定，审定期间不能修改。",
    State.SUBMITTED: "等待财政局资金主管科室初审。",
    State.REVIEWED: "等待财政局绩效科审核。",
    State.APPROVED: "绩效目标已批复，可以导出官方表存档。",
    State.RETURNED: "由部门按退回意见修改，修改后重新报送。",
}
OVER = "申报已截止，不能再修改或报送。如需补报，请联系本财政局绩效科。"


def done_in_words(event: Event) -> str:
    """What has just been done, and what happens next."""
    label, state = workflow.LABELS[event.action], event.get_to_state_display()
    return f"已办理“{label}”，申报表现为“{state}”。下一步：{NEXT[event.to_state]}"


def waits_for(declaration: Declaration) -> str:
    """What happens next, told to somebody in the department whose turn it is not."""
    with_department = declaration.state in {*permissions.OPEN_STATES, State.CERTIFYING}
    return OVER if with_department and not permissions.in_time(declaration) else NEXT[declaration.state]
