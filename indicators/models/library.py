"""The entries of the library, their versions, and the stamp that tells of a change."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from indicators.areas import COMMON
from indicators.models.described import SAID, SHARED, Described
from indicators.search import initials_of, names_in, spelt_out


class LibraryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The entries of one's bureaus, and the common ones that none of these replaced by its own."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.is_superuser:
            return self
        codes = user.bureau_codes
        return self.of_bureaus(codes) if codes else self.none()

    def of_bureaus(self, codes):
        replaced = LibraryIndicator.objects.filter(replaces=OuterRef("pk"), bureau_code__in=codes)
        return self.filter(Q(bureau_code__in=codes) | Q(bureau_code=SHARED) & ~Exists(replaced))

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for entry in objs:
            entry.set_pinyin()
        return super().bulk_create(objs, *args, **kwargs)


class LibraryIndicator(Described):
    """An entry of the library. ``pinyin`` sorts lists; both stored keys are what people type to find it."""

    bureau_code = models.CharField("行政区划代码", max_length=12, blank=True, default=SHARED, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name="替代的通用指标", related_name="replacements", null=True, editable=False
    )
    aliases = models.CharField(
        "其他叫法", max_length=200, blank=True, default="", help_text="查找时也认得的说法，用顿号分开。"
    )
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    pinyin = models.TextField("拼音", editable=False)
    alias_pinyin = models.TextField("其他叫法的拼音", editable=False, default="")
    initials = models.CharField("拼音首字母", max_length=120, editable=False)
    updated_at = models.DateTimeField("更新时间", default=timezone.now, editable=False)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标库"
        ordering = ("pinyin", "pk")
        indexes = [models.Index(fields=["pinyin", "id"], name="library_by_pinyin")]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau_code", "name"],
                name="library_name_once",
                violation_error_message="指标库中已有同名指标，请修改已有的指标，或者换一个名称。",
            ),
            models.UniqueConstraint(fields=["bureau_code", "replaces"], name="library_replaced_once"),
        ]
        triggers = [
            # whatever writes to the library, by whatever way, tells the indexes in memory that they are old
            pgtrigger.Trigger(
                name="renew_stamp",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                func="""
                    INSERT INTO indicators_librarystamp (id, stamp) VALUES (1, gen_random_uuid())
                    ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.set_pinyin()
        super().save(*args, **kwargs)

    @property
    def is_common(self) -> bool:
        """共性指标 of every department, not 行业指标 of one area."""
        return self.area == COMMON

    def set_pinyin(self) -> None:
        self.pinyin = spelt_out(self.name)
        self.alias_pinyin = "、".join(map(spelt_out, names_in(self.aliases)))
        self.initials = initials_of(self.pinyin)[:120]


KEPT = (*SAID, "aliases", "is_active")
"""What a version of an entry keeps."""


class LibraryStamp(models.Model):
    """One row, renewed by a trigger with every change: an index in memory that has another stamp is old."""

    stamp = models.UUIDField()

    class Meta:
        verbose_name = verbose_name_plural = "指标库更新标记"

    def __str__(self) -> str:
        return str(self.stamp)


class VersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(entry__in=LibraryIndicator.objects.visible_to(user))


class LibraryVersion(models.Model):
    """What an entry said from a change on; rows are only ever added."""

    entry = models.ForeignKey(LibraryIndicator, models.PROTECT, verbose_name="指标", related_name="versions")
    number = models.PositiveIntegerField("版本")
    content = models.JSONField("内容")
    reason = models.CharField("修改原因", max_length=200)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="修改人", related_name="+", null=True
    )
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标版本"
        ordering = ("entry_id", "-number")
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="library_version_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.entry_id} 第{self.number}版"
