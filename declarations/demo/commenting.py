"""What the invented reviewers ask for when they return a declaration, and what the department answers."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from declarations.models import Code, Comment, Event, Role
from declarations.reviewing.comments import place_of
from declarations.sheet.controls import control_name, texts_of
from declarations.sheet.table import Table

ON_VAGUE = (
    (Code.VAGUE, "“{said}”无法衡量，请按年度任务写明数量或者比例，并写明计算口径。"),
    (Code.VALUE, "指标值“{said}”与三级指标不对应，请改为可以核实的数值。"),
)
"""Of the two indicators that `writing.vaguer` makes vague: they are put right in the next submission."""
ON_GOAL = (
    (Code.UNRELATED, "总体目标与部门职能的对应关系不够清楚，请补充与主要职能相关的内容，或者说明理由。"),
    (Code.WORDING, "总体目标表述偏长，请突出年度重点，或者说明保留的理由。"),
)
REPLY = "已与业务科室核对，总体目标按部门“三定”方案和年度工作要点编写，各项任务均有对应，建议保留原表述。"


def ask_in_return(event: Event, said: Table, random: Random) -> Iterator[Comment]:
    """Of a return: on both vague indicators, and on the overall goal, to which the department will have to reply."""
    for row, (code, text) in zip(said.indicators, ON_VAGUE, strict=False):
        yield write_comment(event, said, control_name("indicators", row.id, "annual_value"), code, text)
    code, text = random.choice(ON_GOAL)
    yield write_comment(event, said, "overall_goal", code, text)


def write_comment(event: Event, said: Table, field: str, code: Code, text: str) -> Comment:
    quoted = texts_of(said)[field]
    return Comment(
        declaration=event.declaration,
        snapshot=event.snapshot,
        field=field,
        label=place_of(said, field),
        quoted=quoted,
        code=code,
        text=text.format(said=quoted),
        author=event.actor,
        acting_role=event.acting_role,
        created_at=event.created_at,
        sent_with=event,
    )


def reply_to_all(asked_for: Comment, by, event: Event) -> Comment:
    """What the department said to it, taken along by its next submission."""
    return Comment(
        declaration=asked_for.declaration,
        snapshot=asked_for.snapshot,
        field=asked_for.field,
        label=asked_for.label,
        parent=asked_for,
        text=REPLY,
        author=by,
        acting_role=Role.FILLER,
        created_at=event.created_at,
        sent_with=event,
    )
