"""Whose turn it is, in words: what an action leads to, and what people wait for."""

from __future__ import annotations

from declarations.models import Declaration, Event, State
from declarations.people import permissions
from declarations.people.moves import label_of

OVER = "申报已截止，不能再修改或报送。如需补报，请联系本财政局绩效科。"


def done_in_words(event: Event) -> str:
    """What has just been done, and what happens next."""
    state = State(event.to_state)
    return f"已办理“{label_of(event.action)}”，申报表现为“{state.label}”。下一步：{state.waiting}"


def waits_for(declaration: Declaration) -> str:
    """What happens next, told to somebody in the department whose turn it is not."""
    state = State(declaration.state)
    return OVER if state in State.AT_DEPARTMENT and not permissions.in_time(declaration) else state.waiting
