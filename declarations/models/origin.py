"""Where a value of a draft came from: brought over from an earlier year's table, or out of a file.

A value counts as 未确认 while its control still says what was brought and nobody has confirmed it; so
saving, moving rows and two people at once need to know nothing of it, and editing ends it by itself.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from declarations.models.declaration import Declaration
from declarations.models.scope import EVERYTHING, scope_of
from declarations.models.upload import Upload


class CopyingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The department's own work: nobody else sees how a table came about."""
        scope = scope_of(user)
        return self.filter(EVERYTHING if scope.everything else scope.own("declaration__department__"))


class Copying(models.Model):
    """Values brought into a draft in one step. ``rows``: the rows that it added, by grid and id, as texts by column."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, models.CASCADE, verbose_name="申报表", related_name="copyings")
    source = models.CharField("来源", max_length=300)
    upload = models.ForeignKey(
        Upload, models.PROTECT, verbose_name="上传文件", related_name="copyings", null=True, blank=True
    )
    rows = models.JSONField("新增的行", default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="带入人", related_name="+")
    created_at = models.DateTimeField("带入时间", default=timezone.now)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = CopyingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "带入记录"
        ordering = ("-created_at", "pk")

    def __str__(self) -> str:
        return self.source


class OriginQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(copying__in=Copying.objects.visible_to(user))


class Origin(models.Model):
    """One brought value, by the name of its control (see `declarations.sheet.controls`).

    ``text``: what the control was given; ``before``: what it said until then; ``original``: what the
    source says, in the source's own unit and years; ``place``: which table, file, sheet and cell.
    """

    copying = models.ForeignKey(Copying, models.CASCADE, verbose_name="带入记录", related_name="origins")
    declaration = models.ForeignKey(Declaration, models.CASCADE, verbose_name="申报表", related_name="origins")
    name = models.CharField("栏目", max_length=120)
    text = models.TextField("带入的内容")
    before = models.TextField("带入之前的内容", blank=True, default="")
    original = models.TextField("原文", blank=True, default="")
    place = models.CharField("出处", max_length=400)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = OriginQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "内容来源"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["declaration", "name"], name="origin_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.place}）"
