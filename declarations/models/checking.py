"""What people say about checks: a cycle's settings, reasons for doubts, findings dismissed as wrong.

Append-only, as the record is: each change is a new row, and the newest one about the same thing
counts, so that nothing anybody wrote is ever lost.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.cycle import Cycle
from declarations.models.declaration import Declaration
from declarations.models.record import append_only
from declarations.models.scope import EVERYTHING, scope_of
from declarations.models.setting import AppendOnlySetting, SettingQuerySet
from declarations.sheet.problems import Severity

LONGEST_CODE = 10
LONGEST_PLACE = 150


class SettingLine(models.Model):
    """One entry of such a history: who said it, when, and why."""

    reason = models.TextField("理由")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="操作人", related_name="+")
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ("pk",)
        triggers = append_only()


class Level(models.TextChoices):
    """How a check counts in a cycle."""

    ERROR = Severity.ERROR.value, Severity.ERROR.label
    WARNING = Severity.WARNING.value, Severity.WARNING.label
    INFO = Severity.INFO.value, Severity.INFO.label
    OFF = "off", "停用"


class CheckSettingQuerySet(SettingQuerySet):
    def visible_to(self, user):
        """Those of the bureaus for which a person reviews all departments or administers."""
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.bureaus, "cycle__bureau"))


class CheckSetting(AppendOnlySetting, SettingLine):
    """How a cycle's bureau wants a check: empty ``level`` and no ``parameters`` mean as the catalogue has it.

    ``parameters``: only those that differ, by name, as `checks.catalogue.Parameter.read` takes them.
    """

    ABOUT = ("cycle", "code")
    VALUES = ("level", "parameters")

    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="check_settings")
    code = models.CharField("检查代码", max_length=LONGEST_CODE)
    level = models.CharField("级别", max_length=3, choices=Level.choices, blank=True)
    parameters = models.JSONField("参数", default=dict, blank=True)

    objects = CheckSettingQuerySet.as_manager()

    class Meta(SettingLine.Meta):
        verbose_name = verbose_name_plural = "检查设置"
        indexes = [models.Index(fields=["cycle", "code", "-id"], name="check_setting_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="check_setting_level_known")
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.code}"


class AboutFindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those about a declaration of one's own department, or that reaches one at the bureau."""
        scope, path = scope_of(user), "declaration__department__"
        return self.filter(EVERYTHING if scope.everything else scope.assigned(path))

    def newest(self):
        """The row that counts, for each finding of each declaration."""
        names = self.model.IDENTITY
        return self.order_by(*names, "-pk").distinct(*names)


class AboutFinding(SettingLine):
    """About what the check ``code`` found at ``place`` (`doubts.place_of`: rows by identity, never by position)."""

    code = models.CharField("检查代码", max_length=LONGEST_CODE)
    place = models.CharField("位置", max_length=LONGEST_PLACE, blank=True)

    objects = AboutFindingQuerySet.as_manager()

    class Meta(SettingLine.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.code} {self.place}".strip()


class Explanation(AboutFinding):
    """Why the department leaves a doubt as it is; an empty reason takes back the one before."""

    IDENTITY = ("declaration_id", "code", "place")

    declaration = models.ForeignKey(Declaration, models.PROTECT, verbose_name="申报表", related_name="explanations")

    class Meta(AboutFinding.Meta):
        verbose_name = verbose_name_plural = "疑点说明"
        indexes = [models.Index(fields=["declaration", "code", "place", "-id"], name="explanation_newest")]


class Dismissal(AboutFinding):
    """A reviewer's word that a finding is wrong, or (``is_taken_back``) that it stands after all.

    ``fingerprint`` is that of what was found (`doubts.fingerprint_of`): other text is another finding.
    """

    IDENTITY = ("declaration_id", "code", "place", "fingerprint")

    declaration = models.ForeignKey(Declaration, models.PROTECT, verbose_name="申报表", related_name="dismissals")
    fingerprint = models.CharField("内容校验值", max_length=64)
    is_taken_back = models.BooleanField("撤销", default=False)

    class Meta(AboutFinding.Meta):
        verbose_name = verbose_name_plural = "不成立的检查提示"
        indexes = [models.Index(fields=["declaration", "code", "place", "fingerprint", "-id"], name="dismissal_newest")]
