"""Several people at one declaration: who has it open, and the texts that gave way to others."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.declaration import Declaration
from declarations.models.record import append_only
from declarations.models.scope import EVERYTHING, scope_of

#: a page that has said nothing for so long is closed; pages speak every 15 seconds, hidden ones once a minute
SILENCE = datetime.timedelta(seconds=75)


class OfDepartment(models.QuerySet):
    def visible_to(self, user):
        """Those who fill the declaration in: drafts are nobody else's business."""
        scope = scope_of(user)
        return self.filter(EVERYTHING if scope.everything else scope.own("declaration__department__"))


class Presence(models.Model):
    """One open fill page. ``page``: made up by the page; ``section``: where its cursor is, a panel's key."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, verbose_name="申报表", related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="填报人", related_name="+")
    page = models.UUIDField("页面")
    section = models.CharField("所在栏目", max_length=60, blank=True, default="")
    seen_at = models.DateTimeField("最近活动时间", default=timezone.now)

    objects = OfDepartment.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "正在填报的人"
        constraints = [models.UniqueConstraint(fields=["declaration", "user", "page"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.declaration_id}"

    @classmethod
    def note(cls, declaration: Declaration, user, page, section: str) -> None:
        """This page is open now: one statement, whether it was known or not."""
        cls.objects.bulk_create(
            [cls(declaration=declaration, user=user, page=page, section=section)],
            update_conflicts=True,
            unique_fields=["declaration", "user", "page"],
            update_fields=["section", "seen_at"],
        )

    @classmethod
    def forget(cls, declaration: Declaration, user, page) -> None:
        """This page was closed; whatever pages died without a word go with it."""
        dead = Q(seen_at__lt=timezone.now() - SILENCE)
        cls.objects.filter(dead | Q(declaration=declaration, user=user, page=page)).delete()

    @classmethod
    def others(cls, declaration: Declaration, page) -> models.QuerySet:
        """The other pages that are open now, the person's own in another window among them."""
        there = cls.objects.filter(declaration=declaration, seen_at__gte=timezone.now() - SILENCE)
        return there.exclude(page=page).select_related("user").order_by("user__name", "pk")


class Replaced(models.Model):
    """A text that gave way: to another person's in the same field, or with the row that was removed.

    ``control``: its name (see `controls`), ``grid-<uuid>`` for a row; ``label``: its place in words, as it was
    then. ``texts``: of a removed row, by column, with ``is_optional`` where it is a task; else empty.
    """

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, verbose_name="申报表", related_name="replaced", db_index=False
    )
    control = models.CharField("栏目标识", max_length=120)
    label = models.CharField("栏目", max_length=200)
    text = models.TextField("被替换的内容", blank=True, default="")
    texts = models.JSONField("整行内容", default=dict, blank=True)
    #: None: not known whose it was
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="填写人", related_name="+", null=True, blank=True
    )
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="替换人", related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = OfDepartment.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "被替换的内容"
        ordering = ("-created_at", "-pk")
        triggers = append_only()
        indexes = [models.Index(fields=["declaration", "-created_at"], name="replaced_by_declaration")]

    def __str__(self) -> str:
        return self.label
