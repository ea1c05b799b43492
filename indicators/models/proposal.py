"""What departments ask the bureau to take into the library."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from indicators.models.described import Described
from indicators.models.library import LibraryIndicator


class ProposalState(models.TextChoices):
    WAITING = "waiting", "待处理"
    ACCEPTED = "accepted", "已入库"
    REFUSED = "refused", "未采纳"


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of the bureaus whose library one keeps."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(proposed_by=user.pk) | Q(bureau_code__in=user.library_codes))


class Proposal(Described):
    """建议入库: somebody of a department asks the bureau to take an indicator into the library."""

    bureau_code = models.CharField("行政区划代码", max_length=12, editable=False)
    department = models.CharField("提出部门", max_length=150, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提出人", related_name="+", editable=False
    )
    why = models.TextField("建议理由", max_length=500)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="处理人", related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField("处理时间", null=True, editable=False)
    answer = models.CharField("处理意见", max_length=200, blank=True, default="", editable=False)
    entry = models.ForeignKey(
        LibraryIndicator, models.PROTECT, verbose_name="入库指标", related_name="+", null=True, editable=False
    )
    created_at = models.DateTimeField("提出时间", default=timezone.now, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入库建议"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau_code", "name"],
                condition=Q(state="waiting"),
                name="proposal_waits_once",
                violation_error_message="这一指标已有人建议入库，正在等待财政局处理。",
            ),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
        ]

    def __str__(self) -> str:
        return self.name
