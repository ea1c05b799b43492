"""Files that people brought in, and the batches in which they are read and applied."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.declaration import Declaration
from declarations.models.organisation import Bureau
from declarations.models.scope import scope_of


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    READING = "reading", "读取中"
    READY = "ready", "待核对"
    APPLYING = "applying", "导入中"
    APPLIED = "applied", "已导入"
    CANCELLED = "cancelled", "已取消"
    FAILED = "failed", "未完成"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"


class UploadState(models.TextChoices):
    STORED = "stored", "待读取"
    READING = "reading", "读取中"
    READ = "read", "已读取"
    REFUSED = "refused", "不予受理"
    APPLIED = "applied", "已导入"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Administrators see the batches of their bureau; others, while they have a part in it, their own."""
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        return self.filter(Q(bureau__in=scope.administered) | Q(created_by=user.pk, bureau__in=scope.member_of))


class ImportBatch(models.Model):
    """Files uploaded together. ``year`` null: each file says its own. ``report``: the outcome per table.

    ``answers``: what a person answered to the questions of its files, the folded text of each to the chosen
    candidate (empty: leave it out); ``new_years``: the past years that a person wants made for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="import_batches")
    year = models.PositiveSmallIntegerField("申报年度", null=True, blank=True)
    state = models.CharField("状态", max_length=20, choices=ImportState.choices, default=ImportState.UPLOADED)
    report = models.JSONField("结果报告", default=dict, blank=True)
    answers = models.JSONField("对各文件疑问的回答", default=dict, blank=True)
    new_years = models.JSONField("同意新建的年度", default=list, blank=True)
    #: None: brought in from the command line
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="上传人",
        related_name="import_batches",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤销人", related_name="+", null=True, blank=True
    )
    #: when the undoing was asked for; the rows say what became of each table
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ("-created_at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_batch_state_known"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%Y-%m-%d %H:%M} {self.get_state_display()}"

    @property
    def outcome(self) -> str:
        """The state in words. A batch that brought nothing in does not say that it did."""
        if self.state == ImportState.UNDONE and self.report.get("result_written"):
            return f"已撤销 {self.report.get('result_undone', 0)} 份"
        written = self.report.get("result_written", 0)
        if self.state == ImportState.CANCELLED and written:
            return f"已取消，已导入 {written} 份"
        if self.state != ImportState.APPLIED:
            return self.get_state_display()
        return f"已导入 {written} 份" if written else "没有导入申报表"


def stored_name(upload: Upload, filename: str) -> str:
    """``uploads/2026/<uuid>``: nothing of the name that the file came with becomes part of a path."""
    return f"uploads/{timezone.localdate(upload.created_at):%Y}/{upload.pk}"


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's batches, and those that one's own department brought into its declaration."""
        own = scope_of(user).own("declaration__department__")
        return self.filter(Q(batch__in=ImportBatch.objects.visible_to(user)) | (Q(declaration__isnull=False) & own))


class Upload(models.Model):
    """One file: of a batch, or brought by a department straight into its own ``declaration``.

    ``result`` is what the reader said of it, one entry of ``files`` of `read_tables`, and for a batch
    ``rows``: what was planned for each of its tables and what became of it; ``corrected``: how many
    of its values a person corrected on screen (see `Correction`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(
        ImportBatch, models.CASCADE, verbose_name="导入批次", related_name="uploads", null=True, blank=True
    )
    declaration = models.ForeignKey(
        Declaration, models.CASCADE, verbose_name="申报表", related_name="uploads", null=True, blank=True
    )
    #: empty where the operator kept the file: brought in from the command line
    file = models.FileField("文件", upload_to=stored_name, max_length=200, blank=True)
    original_name = models.CharField("原文件名", max_length=255)
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("大小（字节）")
    state = models.CharField("状态", max_length=20, choices=UploadState.choices, default=UploadState.STORED)
    result = models.JSONField("读取结果", default=dict, blank=True)
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    #: the file of the same batch in whose place this one came; that one is kept and plays no part any more
    replaces = models.OneToOneField(
        "self", models.RESTRICT, verbose_name="替换的文件", related_name="replacement", null=True, blank=True
    )
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="替换人", related_name="+", null=True, blank=True
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上传文件"
        ordering = ("batch_id", "original_name", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False) ^ Q(declaration__isnull=False), name="upload_of_batch_or_declaration"
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
