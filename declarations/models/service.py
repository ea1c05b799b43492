"""What keeps the service running: how often somebody asked, and which files were deleted by rule."""

from __future__ import annotations

import datetime

from django.db import connection, models
from django.utils import timezone

from declarations.models.organisation import Bureau
from declarations.models.record import append_only
from declarations.models.scope import scope_of


class RequestCount(models.Model):
    """Requests of one person or address of one sort within one window of time."""

    key = models.CharField("键", max_length=120, primary_key=True)
    count = models.PositiveIntegerField("次数")
    ends_at = models.DateTimeField("截止", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "请求计数"

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"

    @classmethod
    def add(cls, key: str, ends_at: datetime.datetime) -> int:
        """Counts one more; the number so far. One statement, so that no two processes count the same one."""
        table = connection.ops.quote_name(cls._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} AS kept (key, count, ends_at) VALUES (%s, 1, %s) "
                "ON CONFLICT (key) DO UPDATE SET count = kept.count + 1 RETURNING count",
                [key, ends_at],
            )
            return cursor.fetchone()[0]


class DisposalReason(models.TextChoices):
    INFECTED = "infected", "检出病毒，当即删除"
    PASSWORDS = "passwords", "含有密码，当即删除"
    ABANDONED = "abandoned", "上传后没有导入，保存期满"
    EXPIRED = "expired", "已导入，保存年限期满"
    ORPHAN = "orphan", "没有对应的记录"


class DisposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Administrators those of their bureau; files without a bureau are the operator's."""
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.administered, "bureau"))


class Disposal(models.Model):
    """A file that was deleted, and why. What was read of it, and what came of it, stays where it is."""

    bureau = models.ForeignKey(
        Bureau, models.PROTECT, verbose_name="财政局", related_name="disposals", null=True, blank=True
    )
    #: the key of the upload or list whose file it was; empty for one that belonged to none
    subject = models.CharField("所属记录", max_length=40, blank=True)
    original_name = models.CharField("原文件名", max_length=255)
    sha256 = models.CharField("校验值", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("大小（字节）")
    reason = models.CharField("原因", max_length=20, choices=DisposalReason.choices)
    detail = models.CharField("说明", max_length=200, blank=True)
    uploaded_at = models.DateTimeField("上传时间", null=True, blank=True)
    created_at = models.DateTimeField("删除时间", default=timezone.now)

    objects = DisposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文件删除记录"
        ordering = ("-created_at", "-pk")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.original_name} {self.get_reason_display()}"
