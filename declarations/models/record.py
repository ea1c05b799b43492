"""The record: what a declaration said at each move, and who moved it.

Append-only in the database itself: triggers refuse to change or to remove a snapshot or an event,
whoever asks. Each snapshot carries the hash of its content and of the snapshot before, so that a
copy of the record that was altered elsewhere can be told from the true one.
"""

from __future__ import annotations

import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.declaration import Declaration, State, was_approved
from declarations.models.people import Role
from declarations.models.scope import EVERYTHING, scope_of
from declarations.sheet.canonical import code_of, fingerprint


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers for a table to which rows are only ever added.

    The only way round is `manage.py flush`, which empties the whole database and asks first.
    """
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION 'pgtrigger: cannot truncate %', TG_TABLE_NAME;",
        ),
    ]


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau never sees what was frozen before it was reported; observers see what was approved.

        Somebody who was invited sees what was reported.
        """
        reported = Q(state__in=State.AT_BUREAU)
        return self.filter(visible(user, reported=reported, approved=Q(state=State.APPROVED), invited=reported))


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As snapshots; of the bureau's decisions somebody who was invited learns nothing, only what was submitted."""
        reported = Q(to_state__in=State.AT_BUREAU) | Q(from_state=State.SUBMITTED)
        submitted = Q(to_state=State.SUBMITTED)
        return self.filter(visible(user, reported=reported, approved=Q(to_state=State.APPROVED), invited=submitted))


def visible(user, *, reported: Q, approved: Q, invited: Q) -> Q:
    """All of one's own department, of others what reached the bureau, of those given to read what was approved.

    ``invited``: what of a declaration at the bureau somebody sees who was asked for an opinion on it.
    """
    scope, path = scope_of(user), "declaration__department__"
    given = scope.observed(path) & approved & was_approved("declaration__")
    asked = scope.invited_to("declaration__") & Q(declaration__state__in=State.AT_BUREAU) & invited
    return EVERYTHING if scope.everything else scope.own(path) | (scope.reviewed(path) & reported) | given | asked


class Snapshot(models.Model):
    """What a declaration said when it moved to ``state``; numbered from 1 within the declaration.

    ``content`` is the table as JSON, ``row_ids`` the UUIDs of its rows in order, by grid, and under
    ``links`` the tasks of each linked indicator, where there are any.
    """

    declaration = models.ForeignKey(Declaration, models.PROTECT, verbose_name="申报表", related_name="snapshots")
    number = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=20, choices=State.choices)
    content = models.JSONField("内容")
    row_ids = models.JSONField("行标识", default=dict)
    content_hash = models.CharField("内容校验值", max_length=64, db_index=True)
    previous_hash = models.CharField("上一版校验值", max_length=64, blank=True)
    hash = models.CharField("校验值", max_length=64, db_index=True)
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "留存版本"
        ordering = ("declaration_id", "number")
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["declaration", "number"], name="snapshot_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="snapshot_number_positive"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="snapshot_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} 第{self.number}版"

    def computed_hash(self) -> str:
        """The hash that content, place in the chain and moment give; `hash` unless something was altered."""
        return fingerprint(
            {
                "declaration": str(self.declaration_id),
                "number": self.number,
                "state": str(self.state),
                "content": self.content_hash,
                "row_ids": self.row_ids,
                "previous": self.previous_hash,
                "created_at": self.created_at.astimezone(datetime.UTC).isoformat(),
            }
        )

    @property
    def code(self) -> str:
        """The check code: as much of the hash as is printed."""
        return code_of(self.hash)

    def is_intact(self) -> bool:
        """Whether content and seal are as they were written; the chain apart."""
        return self.content_hash == fingerprint(self.content) and self.hash == self.computed_hash()

    @classmethod
    def following(cls, previous: Snapshot | None, *, content: dict[str, Any], **values: Any) -> Snapshot:
        """The next link of a declaration's chain, unsaved. ``values``: declaration, state, row_ids, created_at."""
        snapshot = cls(
            number=previous.number + 1 if previous else 1,
            previous_hash=previous.hash if previous else "",
            content=content,
            content_hash=fingerprint(content),
            **values,
        )
        snapshot.hash = snapshot.computed_hash()
        return snapshot


class Flaw(models.TextChoices):
    """What can be wrong with a link of the chain, or with the declaration beside it."""

    NUMBER = "number", "序号不连续，可能缺少一版"
    PREVIOUS = "previous", "与上一版衔接不上"
    CONTENT = "content", "内容与校验值不符"
    SEAL = "seal", "状态、行标识或时间与校验值不符"
    MISSING = "missing", "已报送却没有留存版本"
    STATE = "state", "申报表的状态与最后一版不符"
    TEXT = "text", "申报表现存内容与最后一版不符"


def flaw_of(snapshot: Snapshot, previous: Snapshot | None) -> Flaw | None:
    """What is wrong with a snapshot that should follow ``previous`` (None: should be the first), None if nothing."""
    if snapshot.number != (previous.number + 1 if previous else 1):
        return Flaw.NUMBER
    if snapshot.previous_hash != (previous.hash if previous else ""):
        return Flaw.PREVIOUS
    if snapshot.content_hash != fingerprint(snapshot.content):
        return Flaw.CONTENT
    return None if snapshot.hash == snapshot.computed_hash() else Flaw.SEAL


class Event(models.Model):
    """One move: who took it when, in which role, from where, and what they said."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, verbose_name="申报表", related_name="events")
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, verbose_name="留存版本", related_name="events", null=True, blank=True
    )
    action = models.CharField("操作", max_length=30)
    from_state = models.CharField("原状态", max_length=20, choices=State.choices)
    to_state = models.CharField("新状态", max_length=20, choices=State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="操作人", related_name="events", null=True, blank=True
    )
    acting_role = models.CharField("角色", max_length=20, choices=Role.choices, blank=True)
    #: whose task it was, where the actor stood in for somebody
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="代何人办理", related_name="+", null=True, blank=True
    )
    comment = models.TextField("意见", blank=True, default="")
    #: what a person answered to a finding that wants a correction or a reason, by code of the finding
    confirmations = models.JSONField("疑点说明", default=dict, blank=True)
    source_address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ("created_at", "pk")
        triggers = append_only()
        indexes = [
            models.Index(fields=["declaration", "created_at"], name="event_by_declaration"),
            models.Index(fields=["-created_at", "-id"], name="event_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_state__in=State.values, to_state__in=State.values), name="event_states_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"
