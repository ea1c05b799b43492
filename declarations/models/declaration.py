"""The declaration of one department for one year, its tasks and its indicators.

Saving demands validity of nothing: texts may be empty, amounts null, and what was typed where an
amount should be but is not one is kept in ``unread``. The database only refuses what can never be.
Rows are written through `declarations.record.store`, states through `declarations.reviewing.workflow`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.cycle import Cycle, Round
from declarations.models.organisation import Department
from declarations.models.scope import scope_of
from declarations.models.state import State
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.units import LIMIT


class StaleVersion(Exception):
    """Somebody else saved in the meantime; nothing was written."""

    code = "stale"
    message = "这份申报表刚刚被他人修改过，您看到的不是最新内容。"
    hint = "请刷新页面，核对最新内容后再操作；您填写的内容没有丢失。"

    def __init__(self) -> None:
        super().__init__(self.message)


def was_approved(prefix: str = "") -> Q:
    """Approved, or being adjusted after an approval: what was issued stays readable meanwhile."""
    return Q(**{f"{prefix}state": State.APPROVED}) | Q(**{f"{prefix}revision__gt": 1})


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those a person may find in a list; `permissions.may_read_content` says which to open."""
        scope = scope_of(user)
        invited = scope.invited_to() & Q(state__in=State.AT_BUREAU)
        return self.filter(scope.assigned("department__") | (scope.observed("department__") & was_approved()) | invited)

    def year_before(self, declarations: Iterable[Declaration]):
        """Those of the same departments for the year before: what "上年" means on every page."""
        departments: dict[int, set[int]] = defaultdict(set)
        for declaration in declarations:
            departments[declaration.cycle.year].add(declaration.department_id)
        years = (Q(cycle__year=year - 1, department__in=keys) for year, keys in departments.items())
        return self.filter(Q(*years, _connector=Q.OR) if departments else Q(pk__in=()))

    def approved_before(self, declaration: Declaration):
        """The approved ones of the department for all earlier years, the latest first: what may be brought in."""
        approved = self.filter(department=declaration.department_id, state=State.APPROVED)
        return approved.filter(cycle__year__lt=declaration.cycle.year).order_by("-cycle__year")

    def with_names(self):
        """Department, division and cycle joined in, for lists."""
        return self.select_related("department__division", "department__bureau", "cycle__bureau")


class StandingDeclarations(models.Manager.from_queryset(DeclarationQuerySet)):
    """All but what an import brought in and its undoing took away again; related managers start here too."""

    def get_queryset(self):
        return super().get_queryset().filter(undone_at__isnull=True)


def in_range(field: str) -> Q:
    """Empty, or from zero to below the limit; NaN, which sorts above every number, is neither."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lt": LIMIT})


def amount_field(label: str) -> models.DecimalField:
    """An amount in 万元, to 0.01 元."""
    return models.DecimalField(label, max_digits=18, decimal_places=6, null=True, blank=True)


class Declaration(models.Model):
    """One official table in the making, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门名称", related_name="declarations")
    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="declarations")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField("版本号", default=1, editable=False)
    submissions = models.PositiveIntegerField("报送次数", default=0, editable=False)
    #: set by a return and cleared by the next submission: a returned one may come in after the deadline
    returned_at = models.DateTimeField("退回时间", null=True, blank=True, editable=False)
    #: 1 is what was first approved; each 调整 after an approval begins the next, through the same review
    revision = models.PositiveIntegerField("修订", default=1, editable=False)
    round = models.PositiveSmallIntegerField("轮次", choices=Round.choices, default=Round.FIRST, editable=False)
    is_imported = models.BooleanField("历史导入", default=False)
    #: its record cannot be removed, so a declaration whose import was undone stays, found by ``everything`` alone
    undone_at = models.DateTimeField("撤销导入时间", null=True, blank=True, editable=False)

    staff_count = models.PositiveIntegerField("财政供养人员数", null=True, blank=True)
    subordinate_unit_count = models.PositiveIntegerField("下属二级单位数", null=True, blank=True)
    basic_expenditure = amount_field("基本支出")
    project_expenditure = amount_field("项目支出")
    fiscal_appropriation = amount_field("财政拨款")
    other_funds = amount_field("其他资金")
    special_funds = amount_field("财政专项资金")
    other_development_expenditure = amount_field("其他事业发展性支出")
    municipal_level_funds = amount_field("市本级使用资金")
    transfer_payment_funds = amount_field("拟用于向下转移支付资金")
    overall_goal = models.TextField("总体绩效目标", blank=True, default="")
    unread = models.JSONField("未能识别的填写内容", default=dict, blank=True)

    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="参与填报的人", related_name="edited_declarations", blank=True
    )
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="更新人", related_name="+", null=True, blank=True
    )

    objects = StandingDeclarations()
    everything = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报表"
        ordering = ("-created_at", "pk")
        indexes = [models.Index(fields=["cycle", "state"], name="declaration_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "department"],
                name="declaration_once",
                condition=Q(undone_at__isnull=True),
                violation_error_message="该部门在这一申报年度已有申报表。",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="declaration_state_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="declaration_version_positive"),
            *(models.CheckConstraint(condition=in_range(name), name=f"declaration_{name}_range") for name in AMOUNTS),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.cycle}"

    def save(self, *, update_fields=None, **kwargs) -> None:
        """Inserts, or updates the row if it still has the version this instance was read with.

        Raises `StaleVersion` otherwise, having written nothing.
        """
        if self._state.adding:
            self.clean()
            return super().save(update_fields=update_fields, **kwargs)
        now = timezone.now()
        values = {name: getattr(self, name) for name in self._written_fields(update_fields)}
        values |= {"version": self.version + 1, "updated_at": now}
        kept = Declaration.objects.filter(pk=self.pk, version=self.version)
        if not kept.update(**values):
            raise StaleVersion
        self.version, self.updated_at = values["version"], now

    @property
    def year(self) -> int:
        return self.cycle.year

    @property
    def edition(self) -> str:
        return self.cycle.edition

    def clean(self) -> None:
        if self.department.bureau_id != self.cycle.bureau_id:
            raise ValidationError("部门与申报年度不属于同一财政局。", code="bureau")

    def _written_fields(self, update_fields) -> list[str]:
        names = {field.name: field.attname for field in self._meta.concrete_fields if not field.primary_key}
        return [names[name] for name in (update_fields if update_fields is not None else names)]


class Row(models.Model):
    """A row of a grid. ``position`` counts from 0 in its grid; ``extra``: columns beyond the core."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField("序号")
    unread = models.JSONField("未能识别的填写内容", default=dict, blank=True)
    extra = models.JSONField("其他栏目", default=dict, blank=True)

    class Meta:
        abstract = True


class KeyTask(Row):
    """年度重点工作任务, or 其他需完成的任务 where ``is_optional``; ``funding`` in 元."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, verbose_name="申报表", related_name="key_tasks")
    name = models.TextField("名称", blank=True, default="")
    content = models.TextField("主要实施内容", blank=True, default="")
    funding = models.DecimalField("拟投入的资金", max_digits=14, decimal_places=2, null=True, blank=True)
    expected_outcome = models.TextField("期望达到的目标(概述)", blank=True, default="")
    is_optional = models.BooleanField("其他需完成的任务(可选项)", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "年度重点工作任务"
        ordering = ("position", "pk")
        constraints = [models.CheckConstraint(condition=in_range("funding"), name="key_task_funding_range")]

    def __str__(self) -> str:
        return self.name or f"第{self.position + 1}项任务"


class Indicator(Row):
    """绩效指标. Level 1 and 2 as printed; in an edition with one value column that is ``annual_value``."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, verbose_name="申报表", related_name="indicators")
    level1 = models.TextField("一级指标", blank=True, default="")
    level2 = models.TextField("二级指标", blank=True, default="")
    name = models.TextField("三级指标", blank=True, default="")
    cycle_value = models.TextField("实施周期指标值", blank=True, default="")
    annual_value = models.TextField("年度指标值", blank=True, default="")
    #: keys of tasks of the same declaration; one that is gone meanwhile is passed over (`declarations.sheet.links`)
    tasks = ArrayField(models.UUIDField(), verbose_name="对应任务", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "绩效指标"
        ordering = ("position", "pk")
        #: who uses an entry of the library is asked by its name, which may be longer than a B-tree takes
        indexes = [HashIndex(fields=["name"], name="indicator_by_name")]

    def __str__(self) -> str:
        return self.name or f"第{self.position + 1}项指标"
