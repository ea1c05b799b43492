"""What a person corrected in a file that was brought in, and the names and labels that the import desk learnt.

Corrections and names are only ever added to: the file itself stays as it came, and who changed which value of it is
on record. A label that was learnt may be forgotten again; who learnt and who forgot it stays on record.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.organisation import Bureau, Department
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


class LearnedLabelQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.administered, "bureau"))

    def in_use(self):
        """Those that nobody has forgotten since."""
        return self.filter(forgotten_at__isnull=True)


class LearnedLabel(models.Model):
    """How a bureau's files call a field or a column, by somebody's answer at the import desk.

    ``text``: the folded text of the question (see `official.labels.folded`), ``words`` the same as it stood in the
    file; ``field``: the chosen candidate of the question, empty for a text that is to be left out.
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="learned_labels")
    text = models.CharField("比较用的文字", max_length=200)
    words = models.CharField("表中的文字", max_length=200)
    field = models.CharField("读作", max_length=120, blank=True, default="")
    label = models.CharField("读作的栏目", max_length=200)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, verbose_name="导入批次", related_name="learned_labels")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="记住的人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)
    forgotten_at = models.DateTimeField("不再使用的时间", null=True, blank=True)
    forgotten_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="取消的人", related_name="+", null=True, blank=True
    )

    objects = LearnedLabelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记住的栏目名称"
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "text"], name="label_learned_once", condition=Q(forgotten_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}：{self.label}"
