"""The workflow: `perform_move`, the only code that writes a declaration's state, takes the moves of `people.moves`.

Buttons come from `available_moves`, which reads the same table.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from declarations.findings import explanations
from declarations.findings.doubts import doubts_of
from declarations.findings.examination import examine
from declarations.models import (
    Declaration,
    Event,
    Role,
    Snapshot,
    StaleVersion,
    State,
    User,
    extension_of,
)
from declarations.notifying import notifications
from declarations.people import permissions
from declarations.people.moves import MOVES, Move, label_of
from declarations.record import store
from declarations.record.moments import minute_in_words
from declarations.reviewing import comments, threads
from declarations.reviewing.refusals import Blocked, MoveRefused, Unanswered, Unexplained
from declarations.reviewing.scoring import grades
from declarations.sheet.problems import blocking_problems


class AlreadyDone(MoveRefused):
    """Somebody else moved it first: ``who`` (None for an imported past) and ``when``."""

    def __init__(self, event: Event) -> None:
        self.who, self.when = event.actor, event.created_at
        moment = minute_in_words(self.when)
        done = label_of(event.action)
        message = f"{self.who or '系统'}已于{moment}办理“{done}”，当前状态为“{event.get_to_state_display()}”。"
        super().__init__("done", message, "本次操作没有执行，请刷新页面查看最新状态。")


def available_moves(user, declaration: Declaration, now: datetime.datetime | None = None) -> list[Move]:
    """The moves a person may take now, findings and comment apart; what buttons are made of."""
    roles = permissions.roles_on(user, declaration)
    found = [
        row for row in MOVES if declaration.state in row.sources and row.role_of(roles) and not row.unless(declaration)
    ]
    if not permissions.in_time(declaration, now):
        found = [row for row in found if not row.needs_time]
    barred = any(row.reviews for row in found) and permissions.has_hand_in(user, declaration)
    return [row for row in found if not (barred and row.reviews)]


def perform_move(
    pk: Any,
    action: str,
    user: User,
    *,
    version: int | None = None,
    comment: str = "",
    code: str = "",
    source_address: str | None = None,
) -> Event:
    """Takes a move: state, snapshot, event and notices in one transaction, under a lock of the row.

    ``version`` is that of the text the person decided on. The reasons for its doubts are those kept with the
    declaration (`explanations`), and go into the record. ``code``: that of the comment, where a return becomes one
    on the whole table (`comments`). Raises Declaration.DoesNotExist for one that the person may
    not see, `MoveRefused` (`AlreadyDone`, `Blocked`, `Unexplained`, `Unanswered`) or `StaleVersion`.
    """
    with transaction.atomic():
        declaration = _locked(pk, user)
        row, role = _move_for(user, declaration, action)
        if version is not None and version != declaration.version:
            raise StaleVersion
        table = store.table_of(declaration)
        _require(row, user, declaration, comment, table)
        confirmations = _confirmations(declaration, table) if row.runs_checks else {}
        source = declaration.state
        _write_state(declaration, row)
        event = Event.objects.create(
            declaration=declaration,
            snapshot=_freeze(declaration, table),
            action=action,
            from_state=source,
            to_state=row.target,
            actor=user,
            acting_role=role,
            acting_for=permissions.acting_for(user, declaration, role),
            comment=comment.strip(),
            confirmations=confirmations,
            source_address=source_address or None,
        )
        comments.send_comments(event, table, code)
        notifications.notify_of_move(event)
        return event


def _locked(pk: Any, user: User) -> Declaration:
    visible = Declaration.objects.visible_to(user).select_related("department", "cycle")
    return visible.select_for_update(of=("self",)).get(pk=pk)


def _move_for(user: User, declaration: Declaration, action: str) -> tuple[Move, Role]:
    """The row of the table that applies, and the role in which the person takes it."""
    roles = permissions.roles_on(user, declaration)
    mine = [(row, role) for row in MOVES if row.action == action and (role := row.role_of(roles))]
    if not mine:
        raise MoveRefused("role", f"您不能对这份申报表办理“{label_of(action)}”。", "如工作需要，请联系系统管理员授权。")
    for row, role in mine:
        if declaration.state in row.sources:
            return row, role
    raise _too_late(declaration, mine[0][0])


def _too_late(declaration: Declaration, row: Move) -> MoveRefused:
    """The state moved on since the person looked, or it never was one in which the move can be taken."""
    if declaration.events.filter(from_state__in=row.sources).exists():
        return AlreadyDone(declaration.events.select_related("actor").latest("created_at", "pk"))
    state = declaration.get_state_display()
    return MoveRefused("state", f"这份申报表当前为“{state}”，不能办理“{row.label}”。", "请刷新页面查看最新状态。")


def _require(row: Move, user: User, declaration: Declaration, comment: str, table: store.Table) -> None:
    """Raises `MoveRefused` unless comment, time and impartiality are as the move needs them."""
    if why_not := row.unless(declaration):
        raise MoveRefused("unless", why_not, "请刷新页面查看最新状态。")
    said = comment.strip() or (row.takes_comments and threads.open_threads(declaration, table))
    if row.needs_comment and not said:
        raise MoveRefused("comment", f"办理“{row.label}”须填写意见。", "请写明需要修改的内容和理由。")
    if row.needs_time and not permissions.in_time(declaration):
        raise _out_of_time(row, declaration)
    if row.reviews and permissions.has_hand_in(user, declaration):
        message = "您参与过这份申报表的填报或审定，不能再审核它。"
        raise MoveRefused("own", message, "请由其他审核人员办理。")
    if row.reviews and (why_not := grades.hindrance_to(declaration, row.action, user)):
        raise MoveRefused("grade", why_not, "评分在审核页的“评分表”中查看和填写；退回修改不受评分限制。")


def _out_of_time(row: Move, declaration: Declaration) -> MoveRefused:
    cycle = declaration.cycle
    if cycle.is_over():
        if extension := extension_of(declaration.department_id, cycle.pk):
            moment = minute_in_words(extension.until)
            message = f"本部门的延期已于{moment}结束，不能办理“{row.label}”。"
            return MoveRefused("deadline", message, "请联系本财政局绩效科。")
        moment = minute_in_words(cycle.deadline)
        return MoveRefused(
            "deadline", f"{cycle}申报已于{moment}截止，不能办理“{row.label}”。", "请联系本财政局绩效科。"
        )
    moment = minute_in_words(cycle.opens_at)
    return MoveRefused("unopened", f"{cycle}申报于{moment}开始，现在不能办理“{row.label}”。", "请在开始后办理。")


def _confirmations(declaration: Declaration, table: store.Table) -> dict[str, str]:
    """Why each doubt stays as it is, by its key. Raises `Blocked`, `Unexplained` or `Unanswered`."""
    problems = examine(declaration, table).problems
    if blocking_problems(problems):
        raise Blocked(problems)
    doubts = doubts_of(table, problems, explanations.standing_reasons(declaration))
    if unexplained := {doubt.key: doubt for doubt in doubts if not doubt.reason}:
        raise Unexplained([*unexplained.values()])
    if waiting := threads.threads_due(declaration, table):
        raise Unanswered(waiting)
    return {doubt.key: doubt.reason for doubt in doubts}


def _write_state(declaration: Declaration, row: Move) -> None:
    declaration.state = row.target
    row.writes(declaration)
    if row.target == State.RETURNED:
        declaration.returned_at = timezone.now()
    declaration.save(update_fields=["state", "submissions", "returned_at", "revision", "round"])


def _freeze(declaration: Declaration, table: store.Table) -> Snapshot:
    snapshot = Snapshot.following(
        declaration.snapshots.order_by("-number").first(),
        declaration=declaration,
        state=declaration.state,
        content=table.to_json(),
        row_ids=store.row_identities(table),
        created_at=timezone.now(),
    )
    snapshot.save(force_insert=True)
    return snapshot
