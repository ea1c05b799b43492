"""Comments of the review written, replied to, settled, and sent with a move (`threads` reads them)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from declarations.models import Action, Code, Comment, Declaration, Event, Resolution, Role, Snapshot, User
from declarations.people import permissions
from declarations.record import store
from declarations.reviewing.threads import Thread, open_threads
from declarations.sheet.controls import NAME, texts_of
from declarations.sheet.places import place_in_words
from declarations.sheet.table import LONGEST_TEXT, Table, clean_text

WHOLE = "整张申报表"


class NotWritten(Exception):
    """A comment that was not taken; the message says why and what to do."""


def _locked(declaration: Declaration) -> Declaration:
    """The declaration under the lock that moves take, so that a comment falls before a move or after it."""
    return Declaration.objects.with_names().select_for_update(of=("self",)).get(pk=declaration.pk)


def write_comment(
    user: User, declaration: Declaration, *, field: str, code: str, text: str, number: int | None
) -> Comment:
    """A comment on what version ``number`` said (None: the newest). Raises `NotWritten`."""
    with transaction.atomic():
        current = _locked(declaration)
        if not permissions.may_comment(user, current):
            raise NotWritten("现在不能写审核意见：申报表不在审核中，或者您参与过它的填报、审定。")
        seen = Snapshot.objects.visible_to(user).filter(declaration=current)
        snapshot = (seen.filter(number=number) if number else seen).order_by("-number").first()
        if snapshot is None:
            raise NotWritten("这份申报表没有留存版本，不能写审核意见。请用“退回修改”的意见栏填写。")
        said = store.frozen_table(snapshot)
        texts = texts_of(said)
        if field and field not in texts:
            raise NotWritten("意见所指的栏目不在您所看的版本中。请刷新页面，重新选择栏目。")
        return Comment.objects.create(
            declaration=current,
            snapshot=snapshot,
            field=field,
            label=place_of(said, field),
            quoted=texts.get(field, ""),
            code=code_of(code),
            text=checked_text(text),
            author=user,
            acting_role=role_of(user, current, Role.COMMENTING),
        )


def code_of(code: str) -> str:
    return code if code in Code.values else Code.OTHER


def checked_text(text: str) -> str:
    """The text as it is kept. Raises `NotWritten` for none, or for more than a cell of a workbook holds."""
    kept = clean_text(text)
    if not kept:
        raise NotWritten("没有写内容，没有保存。请写明需要修改的内容或者您的答复。")
    if len(kept) > LONGEST_TEXT:
        raise NotWritten(f"有 {len(kept):,} 字，最多 {LONGEST_TEXT:,} 字，没有保存。请删减后再提交。")
    return kept


def place_of(table: Table, field: str) -> str:
    """The place of a comment in words."""
    match = NAME.fullmatch(field)
    if not match:
        return place_in_words(table, field) if field else WHOLE
    grid, row, column = match.groups()
    ids = [kept.id for kept in table.rows[grid]]
    return place_in_words(table, f"{grid}.{ids.index(row)}.{column}")


def role_of(user: User, declaration: Declaration, roles: Iterable[Role]) -> Role:
    """The one of ``roles`` in which a person acts; who may act and has none was invited."""
    return min(permissions.roles_on(user, declaration) & frozenset(roles) - {Role.OBSERVER}, default=Role.OBSERVER)


def write_reply(user: User, comment: Comment, text: str) -> Comment:
    """A reply, of the reviewer or of the department, to a comment that the person may see. Raises `NotWritten`."""
    with transaction.atomic():
        current = _locked(comment.declaration)
        of_bureau = permissions.may_comment(user, current)
        if not of_bureau and not permissions.may_explain(user, current):
            raise NotWritten("现在不能答复：申报表已经办理到下一步，或者不在您手中。")
        return Comment.objects.create(
            declaration=current,
            snapshot=comment.snapshot,
            field=comment.field,
            label=comment.label,
            parent=comment,
            text=checked_text(text),
            author=user,
            acting_role=role_of(user, current, Role.COMMENTING if of_bureau else Role.OF_DEPARTMENT),
        )


def decide_comment(user: User, comment: Comment, kind: str) -> Resolution:
    """Marks a comment resolved, open again or, by its author and unsent, withdrawn. Raises `NotWritten`."""
    with transaction.atomic():
        current = _locked(comment.declaration)
        own = comment.author_id == user.pk and permissions.may_comment(user, current)
        if not own and not permissions.may_dismiss(user, current):
            raise NotWritten("现在不能办理这条意见：申报表不在审核中，或者您参与过它的填报、审定。")
        comment.refresh_from_db(fields=["sent_with"])
        if comment.resolutions.filter(kind=Resolution.Kind.WITHDRAWN).exists():
            raise NotWritten("这条意见已经撤销，不能再办理。如仍需修改，请另写一条。")
        if kind == Resolution.Kind.WITHDRAWN and not may_withdraw(user, comment):
            raise NotWritten("只有填写人可以撤销还没有发给部门的意见。请改为“标为已解决”。")
        return Resolution.objects.create(comment=comment, kind=kind, author=user)


def may_withdraw(user: User, comment: Comment) -> bool:
    """Return whether a person may take back a comment: their own, as long as no department was sent it."""
    return comment.sent_with_id is None and comment.author_id == user.pk


def decisions_on(thread: Thread, user: User, *, may_comment: bool, may_settle: bool) -> list[Resolution.Kind]:
    """Return what a person may decide about a comment, in the order in which it is offered.

    ``may_comment``: whether they may write comments on this declaration, and so decide about their own;
    ``may_settle``: also about those of others.
    """
    is_own = thread.comment.author_id == user.pk
    if thread.is_withdrawn or not (may_settle or (may_comment and is_own)):
        return []
    kinds = [Resolution.Kind.RESOLVED] if thread.is_open else []
    if thread.is_sent or not thread.is_open:
        kinds.append(Resolution.Kind.REOPENED)
    if thread.is_open and may_withdraw(user, thread.comment):
        kinds.append(Resolution.Kind.WITHDRAWN)
    return kinds


# --- with a move, in its transaction -----------------------------------------------------------


def send_comments(event: Event, now: Table, code: str) -> None:
    """What a move takes to the other side: a return the bureau's comments, a submission the department's replies."""
    if event.action == Action.RETURN:
        _ask(event, now, code)
    elif event.action == Action.SUBMIT:
        replies = Comment.objects.filter(declaration=event.declaration, sent_with__isnull=True)
        replies.filter(acting_role__in=Role.OF_DEPARTMENT).update(sent_with=event)


def _ask(event: Event, now: Table, code: str) -> None:
    """Sends what is open and new, asks again for what is open still; an overall text alone becomes one of the new."""
    opened = open_threads(event.declaration, now)
    if event.comment and all(thread.is_sent for thread in opened):
        _of_the_whole(event, code)
    new = [thread.comment.pk for thread in opened if not thread.is_sent]
    going = Q(pk__in=new) | Q(parent__in=new) | Q(parent__sent_with__isnull=False)
    mine = Comment.objects.filter(declaration=event.declaration, acting_role__in=Role.COMMENTING)
    mine.filter(going, sent_with__isnull=True).update(sent_with=event)
    Resolution.objects.bulk_create(
        Resolution(comment=thread.comment, kind=Resolution.Kind.ASKED, author=event.actor, event=event)
        for thread in opened
        if thread.is_sent
    )


def _of_the_whole(event: Event, code: str) -> None:
    Comment.objects.create(
        declaration=event.declaration,
        snapshot=event.snapshot,
        label=WHOLE,
        code=code_of(code),
        text=event.comment,
        author=event.actor,
        acting_role=event.acting_role,
        created_at=event.created_at,
        sent_with=event,
    )
