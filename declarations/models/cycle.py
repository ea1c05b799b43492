"""The year of declaring: which form, from when, until when."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from declarations.models.organisation import Bureau
from declarations.models.scope import scope_of
from declarations.sheet.official import EDITIONS


def known_edition(code: str) -> None:
    """Raises ValidationError unless an edition of the official table has this code."""
    if code not in EDITIONS:
        known = "、".join(EDITIONS)
        raise ValidationError(f"没有代码为“{code}”的表样。可用的表样：{known}。", code="edition")


FIRST_YEAR, LAST_YEAR = 2000, 2100


class Round(models.IntegerChoices):
    FIRST = 1, "一上"
    SECOND = 2, "二上"


@dataclass(frozen=True)
class Limit:
    """Until when a department may report, and since when that holds."""

    until: datetime.datetime
    since: datetime.datetime


def default_reminders() -> list[int]:
    return [10, 5, 1]


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.member_of, "bureau"))


CycleManager = models.Manager.from_queryset(CycleQuerySet)


class StandingCycles(CycleManager):
    """All but the years that an import made and its undoing took away again."""

    def get_queryset(self):
        return super().get_queryset().filter(undone_at__isnull=True)


class Cycle(models.Model):
    """One year of a bureau. Year and edition freeze when the first declaration is submitted."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="cycles")
    year = models.PositiveSmallIntegerField(
        "申报年度", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    edition = models.CharField("表样", max_length=20, validators=[known_edition])
    opens_at = models.DateTimeField("开始时间")
    deadline = models.DateTimeField("截止时间")
    round = models.PositiveSmallIntegerField("轮次", choices=Round.choices, default=Round.FIRST)
    remind_before = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(60)]),
        verbose_name="截止前提醒（工作日）",
        default=default_reminders,
        blank=True,
        help_text="截止前多少个工作日提醒未报送的部门，多个以英文逗号分隔，例如 10,5,1；留空表示不提醒。",
    )
    remind_reviewers_after = models.PositiveSmallIntegerField(
        "待审提醒（工作日）",
        default=5,
        validators=[MaxValueValidator(60)],
        help_text="送到审核人手中超过多少个工作日仍未办理的，提醒一次；填 0 表示不提醒。",
    )

    #: the import that made this year, for tables of the past
    made_by = models.ForeignKey(
        "ImportBatch",
        models.SET_NULL,
        verbose_name="建立它的导入批次",
        related_name="made_cycles",
        null=True,
        blank=True,
        editable=False,
    )
    #: the record of declarations that were taken back keeps their year; ``everything`` alone finds it
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True, editable=False)

    objects = StandingCycles()
    everything = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申报年度"
        ordering = ("-year", "bureau_id")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "year"],
                name="cycle_once",
                condition=Q(undone_at__isnull=True),
                violation_error_message="该财政局已有这一申报年度。",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("opens_at")),
                name="cycle_ends_after_start",
                violation_error_message="截止时间须晚于开始时间。",
            ),
            models.CheckConstraint(condition=Q(round__in=Round.values), name="cycle_round_known"),
            models.CheckConstraint(condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="cycle_year_plausible"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度"

    def save(self, *args, **kwargs) -> None:
        known_edition(self.edition)
        self._refuse_frozen_changes()
        super().save(*args, **kwargs)

    def is_open(self, now: datetime.datetime | None = None) -> bool:
        return self.opens_at <= (now or timezone.now()) <= self.deadline

    def is_over(self, now: datetime.datetime | None = None) -> bool:
        return (now or timezone.now()) > self.deadline

    def until(self, extended: datetime.datetime | None) -> datetime.datetime:
        """Until when a department may report whose newest extension, if any, runs until ``extended``."""
        return self.deadline if extended is None else max(self.deadline, extended)

    def until_for(self, departments: Iterable[int]) -> Mapping[int, Limit]:
        """Until when each department may report, by key: the deadline, or an extension that ends later. One query."""
        usual = Limit(self.deadline, self.opens_at)
        granted = self.extensions.newest(self).filter(department__in=list(departments))
        later = {
            one.department_id: Limit(one.until, one.created_at)
            for one in granted
            if self.until(one.until) > self.deadline
        }
        return defaultdict(lambda: usual, later)

    def is_frozen(self) -> bool:
        """Whether a declaration was submitted already, so that the edition must stay."""
        return self.pk is not None and self.declarations.filter(submissions__gt=0).exists()

    def clean(self) -> None:
        self._refuse_frozen_changes()

    def _refuse_frozen_changes(self) -> None:
        kept = Cycle.objects.filter(pk=self.pk).values(*FROZEN).first() or {}
        changed = {name: FROZEN[name] for name, value in kept.items() if value != getattr(self, name)}
        if changed and self.is_frozen():
            raise ValidationError(changed)


FROZEN = {
    "edition": "本年度已有部门报送，表样不能再更改。",
    "year": "本年度已有部门报送，年度不能再更改。",
}
