"""People from outside the review who are asked for an opinion: 第三方 and experts, by department and year.

Append-only, as extensions are: the newest invitation of a person to a department's declaration counts, and one
that is taken back is followed by one that ends at once.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from declarations.models.cycle import Cycle
from declarations.models.organisation import Department
from declarations.models.record import append_only
from declarations.models.scope import EVERYTHING, scope_of


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those to departments that one reviews or administers."""
        scope = scope_of(user)
        return self.filter(EVERYTHING if scope.everything else Q(person=user.pk) | scope.reviewed("department__"))

    def newest(self):
        """The row that counts, for each person, year and department."""
        names = ("person_id", "cycle_id", "department_id")
        return self.order_by(*names, "-pk").distinct(*names)


class Invitation(models.Model):
    """``person`` may read, comment and score what ``department`` reports in the year, from and until; no decision."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="受邀人", related_name="invitations"
    )
    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="invitations")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="invitations")
    starts_at = models.DateTimeField("开始时间", default=timezone.now)
    until = models.DateTimeField("截止时间")
    reason = models.TextField("事由")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="邀请人", related_name="+")
    created_at = models.DateTimeField("办理时间", default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审邀请"
        ordering = ("-created_at", "-pk")
        triggers = append_only()
        indexes = [models.Index(fields=["person", "cycle", "department", "-id"], name="invitation_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("starts_at")), name="invitation_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.department} {self.cycle}"

    def save(self, *args, **kwargs) -> None:
        """Also notes with the person that there is something to look for (see `User.was_invited`)."""
        super().save(*args, **kwargs)
        type(self.person).objects.filter(pk=self.person_id, was_invited=False).update(was_invited=True)

    def is_running(self, now: datetime.datetime | None = None) -> bool:
        return self.starts_at <= (now or timezone.now()) <= self.until
