"""Who at the bureau looks after what: 经办人, stand-ins during an absence, and reminders to report (催报).

All of it is on record and only ever added to: the newest `Assignment` counts, a stand-in that is ended
early gets a `StandInEnding`. None of it gives a right that a membership would not give.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from declarations.models.cycle import Cycle
from declarations.models.declaration import Declaration
from declarations.models.organisation import Bureau, Department
from declarations.models.people import Role
from declarations.models.record import append_only
from declarations.models.scope import scope_of

STAGES = tuple((role.value, role.label) for role in Role if role in Role.REVIEWING)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau's own people; who works on what there is not told to departments."""
        return self.filter(scope_of(user).reviewed("department__"))


class Assignment(models.Model):
    """From now on ``reviewer`` looks after a department, or after one declaration of it (转办), in one stage.

    The newest row of a declaration goes before the newest of its department. ``reviewer`` None: nobody in
    particular, all who review there.
    """

    role = models.CharField("环节", max_length=20, choices=STAGES)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="assignments")
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, verbose_name="申报表", related_name="assignments", null=True, blank=True
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+", null=True, blank=True
    )
    reason = models.TextField("说明", blank=True, default="")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经办分工"
        ordering = ("-pk",)
        triggers = append_only()
        indexes = [models.Index(fields=["department", "role", "-id"], name="assignment_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[code for code, _ in STAGES]), name="assignment_stage_known"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration or self.department}：{self.reviewer or '不指定经办人'}"


def assigned_to(role: str) -> Subquery:
    """For a query of declarations: the key of whoever looks after each in this stage, None where nobody does."""
    about = Q(declaration=OuterRef("pk")) | Q(declaration__isnull=True)
    found = Assignment.objects.filter(about, department=OuterRef("department_id"), role=role)
    newest = found.order_by(F("declaration").asc(nulls_last=True), "-pk")
    return Subquery(newest.values("reviewer")[:1], models.BigIntegerField())


class StandInQuerySet(models.QuerySet):
    def running_on(self, day: datetime.date):
        return self.filter(first_day__lte=day, last_day__gte=day, ending__isnull=True)

    def visible_to(self, user):
        """The two whom it is about, and those who see the whole bureau."""
        scope = scope_of(user)
        mine = Q(reviewer=user.pk) | Q(stand_in=user.pk)
        return self.filter(mine | scope.in_bureaus(scope.bureaus, "bureau"))


class StandIn(models.Model):
    """From one day to another, both included, ``stand_in`` has the reviewing roles of ``reviewer`` in a bureau."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="stand_ins")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="缺勤人", related_name="absences"
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="代办人", related_name="standing_in"
    )
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    reason = models.CharField("事由", max_length=200)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代办"
        ordering = ("-pk",)
        triggers = append_only()
        indexes = [models.Index(fields=["stand_in", "last_day"], name="stand_in_running")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="stand_in_ends_after_start"),
            models.CheckConstraint(condition=~Q(reviewer=F("stand_in")), name="stand_in_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in}代{self.reviewer}，{self.first_day:%Y-%m-%d}至{self.last_day:%Y-%m-%d}"

    def save(self, *args, **kwargs) -> None:
        """Also notes with the stand-in that there is something to look for (see `User.was_stand_in`)."""
        super().save(*args, **kwargs)
        type(self.stand_in).objects.filter(pk=self.stand_in_id, was_stand_in=False).update(was_stand_in=True)
        self.stand_in.was_stand_in = True


class StandInEnding(models.Model):
    """A stand-in that ended before its last day; it counts no more from that moment on."""

    stood_in = models.OneToOneField(StandIn, models.PROTECT, verbose_name="代办", related_name="ending")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "代办提前结束"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.stood_in}（已结束）"


class UrgingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The department's own people, its reviewers and its administrators."""
        return self.filter(scope_of(user).assigned("department__"))


class Urging(models.Model):
    """The bureau reminded a department that had not reported yet."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="urgings")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="urgings")
    text = models.TextField("内容")
    urged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="催报人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = UrgingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "催报"
        ordering = ("-created_at", "-pk")
        triggers = append_only()
        indexes = [models.Index(fields=["cycle", "department", "-created_at"], name="urging_newest")]

    def __str__(self) -> str:
        return f"{self.department} {self.cycle} 催报"
