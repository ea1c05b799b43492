"""Lists that administrators bring in (departments, people, limits …), and what became of each file."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.organisation import Bureau
from declarations.models.scope import scope_of


class ListKind(models.TextChoices):
    DEPARTMENTS = "departments", "部门"
    DIVISIONS = "divisions", "科室"
    PEOPLE = "people", "人员与角色"
    LIBRARY = "library", "指标库"
    CONTROL_FIGURES = "control-figures", "控制数"


class ListState(models.TextChoices):
    #: kept, and opened by nothing yet: the virus scanner gave no answer
    WAITING = "waiting", "待检查"
    REFUSED = "refused", "不予受理"
    READY = "ready", "待核对"
    APPLIED = "applied", "已导入"
    CANCELLED = "cancelled", "已放弃"


class ListImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the bureaus that one administers."""
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.administered, "bureau"))

    def without_lines(self):
        """For lists of imports: the lines of one are as long as its file."""
        return self.defer("lines")


def stored_list(listing: ListImport, filename: str) -> str:
    """``lists/2026/<uuid>``: nothing of the name that the file came with becomes part of a path."""
    return f"lists/{timezone.localdate(listing.created_at):%Y}/{listing.pk}"


class ListImport(models.Model):
    """One file with a list, what it would change, and whether that was brought in, by whom and when.

    ``lines``: a row of the file each, see `declarations.administering.references.plan.Line`; ``digest`` is the
    fingerprint of what they would change, so that what is confirmed is what was looked at.
    ``report``: ``new``, ``changed``, ``same``, ``error`` (numbers of lines), ``ignored`` (columns),
    ``refused`` (code, message, hint).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="list_imports")
    kind = models.CharField("名单", max_length=20, choices=ListKind.choices)
    state = models.CharField("状态", max_length=20, choices=ListState.choices, default=ListState.WAITING)
    #: empty once the file was deleted by the rule for old files
    file = models.FileField("文件", upload_to=stored_list, max_length=200, blank=True)
    original_name = models.CharField("原文件名", max_length=255)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveBigIntegerField("大小（字节）")
    lines = models.JSONField("各行", default=list, blank=True)
    digest = models.CharField("核对内容的校验值", max_length=64, blank=True)
    report = models.JSONField("结果", default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+")
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", related_name="+", null=True, blank=True
    )
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单导入"
        ordering = ("-created_at", "pk")
        indexes = [models.Index(fields=["bureau", "-created_at"], name="list_import_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListState.values), name="list_import_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="list_import_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @property
    def writes(self) -> int:
        """How many rows of the file change something."""
        return self.report.get("new", 0) + self.report.get("changed", 0)

    @property
    def can_be_applied(self) -> bool:
        return self.state == ListState.READY and not self.report.get("error") and bool(self.writes)
