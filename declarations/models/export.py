"""Exports that a job makes: which tables were asked for, in which form, and how far it is."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.declaration import Declaration

FOLDER = "exports"


class ExportState(models.TextChoices):
    WAITING = "waiting", "等待生成"
    RUNNING = "running", "正在生成"
    READY = "ready", "可以下载"
    CANCELLED = "cancelled", "已取消"
    FAILED = "failed", "未完成"
    REMOVED = "removed", "已到期删除"


class TableState(models.TextChoices):
    WAITING = "waiting", "等待生成"
    MADE = "made", "已生成"
    LEFT_OUT = "left_out", "没有导出"


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own only: what is in the file was readable to the person who asked for it."""
        return self.filter(requested_by=user.pk) if user.is_authenticated and user.is_active else self.none()


class Export(models.Model):
    """A file in the making. ``form``: the ending of its tables, or ``flat`` for all figures in one workbook."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="导出人", related_name="exports"
    )
    form = models.CharField("格式", max_length=10)
    state = models.CharField("状态", max_length=20, choices=ExportState.choices, default=ExportState.WAITING)
    total = models.PositiveIntegerField("份数")
    #: tables gone through so far; noted beside the work, at least once a second
    done = models.PositiveIntegerField("已处理份数", default=0)
    size = models.PositiveBigIntegerField("大小（字节）", default=0)
    #: what is said about the whole, as that the list was longer than what leaves at once
    note = models.TextField("说明", blank=True, default="")
    created_at = models.DateTimeField("申请时间", default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出任务"
        ordering = ("-created_at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%Y-%m-%d %H:%M} {self.get_state_display()}"

    @property
    def ending(self) -> str:
        return "xlsx" if self.form == "flat" else "zip"

    @property
    def path(self) -> Path:
        """Where the finished file lies, outside everything that is served."""
        return Path(settings.MEDIA_ROOT, FOLDER, f"{self.pk}.{self.ending}")

    @property
    def parts(self) -> Path:
        """The folder of what is made so far; gone once the file is whole."""
        return Path(settings.MEDIA_ROOT, FOLDER, f"{self.pk}.parts")


class ExportedTable(models.Model):
    """One table asked for. ``name``: its member of the archive; ``said``: why it is not in it."""

    export = models.ForeignKey(Export, models.CASCADE, verbose_name="导出任务", related_name="tables")
    declaration = models.ForeignKey(Declaration, models.PROTECT, verbose_name="申报表", related_name="+")
    position = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=20, choices=TableState.choices, default=TableState.WAITING)
    name = models.CharField("文件名", max_length=255, blank=True, default="")
    said = models.TextField("没有导出的原因", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "导出的申报表"
        ordering = ("export_id", "position")
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="exported_table_place_once"),
            models.CheckConstraint(condition=Q(state__in=TableState.values), name="exported_table_state_known"),
        ]

    def __str__(self) -> str:
        return f"第{self.position + 1}份 {self.get_state_display()}"
