"""What the bureau allows one department in one year: more time, and how much money (控制数).

Extensions are only ever added: the newest one of a department counts, and one that is taken back is
followed by one that ends at once. So it stays on record who let whom in late, until when, and why.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from declarations.models.cycle import Cycle
from declarations.models.declaration import amount_field, in_range
from declarations.models.organisation import Department
from declarations.models.record import append_only
from declarations.models.scope import scope_of
from declarations.sheet.official.fields import AMOUNTS


class AllowanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The department's own people, its reviewers and its administrators."""
        return self.filter(scope_of(user).assigned("department__"))


class ExtensionQuerySet(AllowanceQuerySet):
    def newest(self, cycle: Cycle | int):
        """The one that counts for each department in a year, whether it still runs or not.

        Filter by department only: any other condition would let an older one through.
        """
        return self.filter(cycle=cycle).order_by("department_id", "-created_at", "-pk").distinct("department_id")


class Extension(models.Model):
    """A named department may report until ``until``, after the deadline of the year."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="extensions")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="extensions")
    until = models.DateTimeField("延期至")
    reason = models.TextField("理由")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="批准人", related_name="granted_extensions"
    )
    created_at = models.DateTimeField("批准时间", default=timezone.now)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延期报送"
        ordering = ("-created_at", "-pk")
        triggers = append_only()
        indexes = [models.Index(fields=["cycle", "department", "-created_at"], name="extension_newest")]

    def __str__(self) -> str:
        return f"{self.department} 延期至 {timezone.localtime(self.until):%Y-%m-%d %H:%M}"

    def is_running(self, now: datetime.datetime | None = None) -> bool:
        return self.until >= (now or timezone.now())


def extension_of(department_id: int, cycle_id: int) -> Extension | None:
    """The extension that counts for a department in a year, whether it still runs or not."""
    return Extension.objects.newest(cycle_id).filter(department=department_id).first()


class ControlFigures(models.Model):
    """控制数 issued to a department for 二上, in 万元; an empty one was not issued."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="control_figures")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="control_figures")
    basic_expenditure = amount_field("基本支出")
    project_expenditure = amount_field("项目支出")
    fiscal_appropriation = amount_field("财政拨款")
    other_funds = amount_field("其他资金")
    special_funds = amount_field("财政专项资金")
    other_development_expenditure = amount_field("其他事业发展性支出")
    municipal_level_funds = amount_field("市本级使用资金")
    transfer_payment_funds = amount_field("拟用于向下转移支付资金")
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "控制数"
        ordering = ("-cycle__year", "department__code")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "department"],
                name="control_figures_once",
                violation_error_message="该部门在这一年度已有控制数。",
            ),
            *(models.CheckConstraint(condition=in_range(name), name=f"control_{name}_range") for name in AMOUNTS),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.cycle} 控制数"

    def clean(self) -> None:
        if self.department_id and self.cycle_id and self.department.bureau_id != self.cycle.bureau_id:
            raise ValidationError("部门与申报年度不属于同一财政局。", code="bureau")

    @property
    def issued(self) -> dict[str, Decimal]:
        """The figures that were issued, in 万元, by field."""
        return {name: value for name in AMOUNTS if (value := getattr(self, name)) is not None}
