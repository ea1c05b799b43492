"""What a person corrected in a file that was brought in, and the names that the import desk learnt.

Both are only ever added to: the file itself stays as it came, and who changed which value of it is on record.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from declarations.models.organisation import Department
from declarations.models.record import append_only
from declarations.models.scope import scope_of
from declarations.models.upload import ImportBatch, Upload


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(upload__in=Upload.objects.visible_to(user))


class Correction(models.Model):
    """One value of a table in a file, corrected on screen before it was brought in.

    ``index``: the table's place in the file, from 0; ``field``: a field path (``key_tasks.2.funding``), ``label``
    the same in words; ``cell``: its address, empty where the file has no cell for it. ``old`` and ``new`` as shown
    and typed, amounts in the unit that the edition prints.
    """

    upload = models.ForeignKey(Upload, models.PROTECT, verbose_name="上传文件", related_name="corrections")
    index = models.PositiveSmallIntegerField("第几张表", default=0)
    sheet = models.CharField("工作表", max_length=255, blank=True, default="")
    cell = models.CharField("单元格", max_length=20, blank=True, default="")
    field = models.CharField("栏目标识", max_length=120)
    label = models.CharField("栏目", max_length=200)
    old = models.TextField("原文", blank=True, default="")
    new = models.TextField("改正为", blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="改正人", related_name="+")
    created_at = models.DateTimeField("改正时间", default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入改正记录"
        ordering = ("created_at", "pk")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.label}：{self.old} → {self.new}"


class LearnedNameQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.administered, "department__bureau"))


class LearnedName(models.Model):
    """A name by which files call a department, taken over into its 曾用名 by somebody's answer at the import desk."""

    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="learned_names")
    name = models.CharField("曾用名", max_length=150)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, verbose_name="导入批次", related_name="learned_names")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="记住的人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = LearnedNameQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记住的曾用名"
        ordering = ("created_at", "pk")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.department}：{self.name}"
