"""Comments of the review with what became of them: replies, decisions, the text then and now.

A comment is answered by a change at its place since the version it was asked about, or by a reply.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from declarations.comparing.differences import Difference, differences_of
from declarations.comparing.wordmarks import Piece, mark_words
from declarations.models import Comment, Declaration, Resolution, Snapshot, User
from declarations.record import store
from declarations.sheet.controls import texts_of
from declarations.sheet.table import Table

CLOSED = frozenset({Resolution.Kind.RESOLVED, Resolution.Kind.WITHDRAWN})
GONE = "（这一行已删除）"


@dataclass(frozen=True)
class Thread:
    """A comment with its replies, and what became of its place: ``was`` when it was last asked for, ``now`` today.

    ``was`` and ``now`` are tables; None where what is compared is not at hand. ``decisions``: what the person who looks
    at it may decide, with the words for it.
    """

    comment: Comment
    replies: tuple[Comment, ...]
    resolutions: tuple[Resolution, ...]
    was: Table
    now: Table
    decisions: tuple[tuple[Resolution.Kind, str], ...] = ()

    @property
    def last(self) -> Resolution | None:
        """What was decided last, if anything."""
        return next((one for one in reversed(self.resolutions) if one.kind != Resolution.Kind.ASKED), None)

    @property
    def is_open(self) -> bool:
        return self.last is None or self.last.kind not in CLOSED

    @property
    def is_withdrawn(self) -> bool:
        return self.last is not None and self.last.kind == Resolution.Kind.WITHDRAWN

    @property
    def is_sent(self) -> bool:
        return self.comment.sent_with_id is not None

    @property
    def is_asked_again(self) -> bool:
        """Whether a later return asked for it once more."""
        return any(one.kind == Resolution.Kind.ASKED for one in self.resolutions)

    @property
    def asked_at(self) -> datetime.datetime:
        """When the department was last asked for it."""
        asked = [one.created_at for one in self.resolutions if one.kind == Resolution.Kind.ASKED]
        first = self.comment.sent_with.created_at if self.comment.sent_with else self.comment.created_at
        return max([first, *asked])

    @cached_property
    def is_changed(self) -> bool:
        """Whether the place says something else than when it was asked about."""
        if not self.comment.field:
            return _whole(self.was) != _whole(self.now)
        return self.texts[0] != self.texts[1]

    @cached_property
    def texts(self) -> tuple[str, str]:
        """What the place said and says; both empty for the whole table."""
        name = self.comment.field
        return (texts_of(self.was).get(name, ""), texts_of(self.now).get(name, GONE)) if name else ("", "")

    @property
    def is_gone(self) -> bool:
        """Whether the row that it is about was removed."""
        return bool(self.comment.field) and self.texts[1] == GONE

    @property
    def pieces(self) -> list[Piece]:
        return mark_words(*self.texts)

    @property
    def changes(self) -> list[tuple[Difference, list[Piece]]]:
        """For the whole table: the first of what was changed, each with its words marked."""
        found = differences_of(self.was, self.now) if not self.comment.field and self.is_changed else []
        return [(one, mark_words(one.old, one.new)) for one in found[:10]]

    @property
    def is_answered(self) -> bool:
        replied = any(one.is_of_department and one.created_at >= self.asked_at for one in self.replies)
        return replied or self.is_changed

    @property
    def is_due(self) -> bool:
        """Whether the department still owes a change or a reply."""
        return self.is_open and self.is_sent and not self.is_answered


def _whole(table: Table) -> tuple[Any, ...]:
    """All that a table says; a department that was given another name meanwhile changed nothing."""
    return {**table.to_json(), "department": ""}, store.row_identities(table).get("links")


def threads_of(comments: Iterable[Comment], now: Table) -> list[Thread]:
    """The threads of one declaration, oldest first. ``comments``: those somebody may see (see `with_all`)."""
    rows = list(comments)
    tops = [row for row in rows if row.parent_id is None]
    steps = {row.pk: tuple(row.resolutions.all()) for row in tops}
    asked = {pk: _asked_about(steps[pk]) for pk in steps}
    wanted = {asked[row.pk] or row.snapshot_id for row in tops}
    frozen = {one.pk: store.frozen_table(one) for one in Snapshot.objects.filter(pk__in=wanted)} if wanted else {}
    return [
        Thread(
            row,
            tuple(one for one in rows if one.parent_id == row.pk),
            steps[row.pk],
            frozen[asked[row.pk] or row.snapshot_id],
            now,
        )
        for row in tops
    ]


def _asked_about(steps: Iterable[Resolution]) -> int | None:
    """The version that the last return which asked again was about."""
    return next((one.event.snapshot_id for one in reversed([*steps]) if one.event_id), None)


def with_all(comments):
    """Comments with what `threads_of` needs: two queries."""
    steps = Prefetch("resolutions", Resolution.objects.select_related("author", "event"))
    return comments.select_related("author", "sent_with").prefetch_related(steps)


def seen_by(user: User, declaration: Declaration, now: Table) -> list[Thread]:
    """The threads that a person may see."""
    return threads_of(with_all(Comment.objects.visible_to(user).filter(declaration=declaration)), now)


def open_threads(declaration: Declaration, now: Table) -> list[Thread]:
    """Every open thread, sent or not."""
    found = threads_of(with_all(Comment.objects.filter(declaration=declaration)), now)
    return [thread for thread in found if thread.is_open]


def threads_due(declaration: Declaration, now: Table) -> list[Thread]:
    """What the department was asked for, and has neither changed nor replied to."""
    return [thread for thread in open_threads(declaration, now) if thread.is_due]


def open_counts(declarations: Iterable[Declaration], *, sent: bool = False) -> dict[Any, int]:
    """How many open comments, by declaration; those without any are not in it. ``sent``: of what departments read."""
    comments = Comment.objects.filter(declaration__in=[row.pk for row in declarations], parent__isnull=True)
    comments = comments.filter(sent_with__isnull=False) if sent else comments
    counts: dict[Any, int] = {}
    for comment in comments.prefetch_related("resolutions"):
        decided = [one.kind for one in comment.resolutions.all() if one.kind != Resolution.Kind.ASKED]
        if not decided or decided[-1] not in CLOSED:
            counts[comment.declaration_id] = counts.get(comment.declaration_id, 0) + 1
    return counts
