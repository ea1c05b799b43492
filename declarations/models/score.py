"""The score sheet of the review (评分表): how a year is scored, and the marks of each scorer.

Settings are append-only, as those of the checks are. A sheet is a draft while it is being filled in and
never changes once it is confirmed: a correction is a further sheet of the same scorer, with the reason.
"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone

from declarations.models.checking import SettingLine
from declarations.models.cycle import Cycle
from declarations.models.declaration import Declaration, State
from declarations.models.people import Role
from declarations.models.record import Snapshot, append_only
from declarations.models.scope import EVERYTHING, scope_of
from declarations.models.setting import AppendOnlySetting, SettingQuerySet
from declarations.sheet.criteria import CRITERIA, DEFAULT_WEIGHTS, DIMENSIONS, WHOLE


class Scorers(models.IntegerChoices):
    """How many reviewers have to score before a declaration may be approved."""

    NONE = 0, "不要求评分"
    ONE = 1, "须有一人评分"
    TWO = 2, "须有两人独立评分，取平均分"


class ScoreSettingQuerySet(SettingQuerySet):
    def visible_to(self, user):
        """Those of the bureaus for which a person reviews all departments or administers."""
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.bureaus, "cycle__bureau"))


class ScoreSetting(AppendOnlySetting, SettingLine):
    """How a year is scored. ``weights``: the most points of each criterion; together 100.

    ``apart``: two totals that differ by more points are pointed out. ``experts_count``: whether the sheets of
    invited people enter the average, or stand beside it.
    """

    ABOUT = ("cycle",)
    VALUES = ("weights", "experts_count", "scorers", "apart")

    cycle = models.ForeignKey(Cycle, models.PROTECT, verbose_name="申报年度", related_name="score_settings")
    weights = models.JSONField("各项分值")
    scorers = models.PositiveSmallIntegerField("评分要求", choices=Scorers.choices, default=Scorers.NONE)
    experts_count = models.BooleanField("受邀人员的评分计入平均分", default=False)
    apart = models.DecimalField("差距提示（分）", max_digits=5, decimal_places=2, default=Decimal(10))

    objects = ScoreSettingQuerySet.as_manager()

    class Meta(SettingLine.Meta):
        verbose_name = verbose_name_plural = "评分设置"
        indexes = [models.Index(fields=["cycle", "-id"], name="score_setting_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(scorers__in=Scorers.values), name="score_setting_scorers_known")
        ]

    def __str__(self) -> str:
        return f"{self.cycle} 评分设置"

    @classmethod
    def default(cls, cycle: Cycle | None = None) -> ScoreSetting:
        """What holds where a bureau set nothing, unsaved."""
        return cls(cycle=cycle, weights=dict(DEFAULT_WEIGHTS))


def mark_field(criterion: str) -> models.DecimalField:
    return models.DecimalField(CRITERIA[criterion].label, max_digits=5, decimal_places=2, null=True, blank=True)


def remark_field(number: int) -> models.TextField:
    return models.TextField(f"{DIMENSIONS[number].label}评语", blank=True, default="")


def marked_criteria(criterion: str) -> Q:
    return Q(**{f"{criterion}__isnull": True}) | Q(**{f"{criterion}__gte": 0, f"{criterion}__lte": WHOLE})


class ScoreSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; to the bureau what others confirmed, unless a score of its own is still to come independently.

        Where a year asks for two scores, nobody but a scorer who confirmed theirs sees marks of a submission
        under review before both are there. Departments see no sheets, but the result (`score.result_for`).
        """
        scope, path = scope_of(user), "declaration__department__"
        if scope.everything:
            return self.filter(EVERYTHING)
        mine = Q(scorer=user.pk) & (scope.reviewed(path) | scope.invited_to("declaration__"))
        theirs = scope.reviewed(path) & Q(confirmed_at__isnull=False) & independent(user)
        return self.filter(mine | theirs)

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)


def independent(user) -> Q:
    """Whether a sheet may be shown to somebody else without giving away what another score should not know.

    Once the submission was decided or replaced there is no score to come.
    """
    is_over = ~Q(declaration__state__in=State.UNDER_REVIEW) | Q(submission__lt=F("declaration__submissions"))
    same = ScoreSheet.objects.confirmed().filter(declaration=OuterRef("declaration"), submission=OuterRef("submission"))
    newest = ScoreSetting.objects.filter(cycle=OuterRef("declaration__cycle")).order_by("-pk")
    people = same.filter(acting_role__in=Role.REVIEWING).order_by().values("declaration")
    asked = Coalesce(Subquery(newest.values("scorers")[:1]), 0)
    have = Coalesce(Subquery(people.annotate(n=Count("scorer", distinct=True)).values("n")), 0)
    is_free, is_complete = LessThanOrEqual(asked, Scorers.ONE.value), GreaterThanOrEqual(have, Scorers.TWO.value)
    return is_over | Q(Exists(same.filter(scorer=user.pk))) | Q(is_free) | Q(is_complete)


class ScoreSheet(models.Model):
    """The marks of one scorer for one submission, of which ``snapshot`` is the text; ``number`` counts corrections.

    Marks have at most two decimals; what was typed and is no such mark stays in ``unread``, by criterion.
    ``weights`` and ``total`` are written when it is confirmed. ``reason``: why it corrects the one before.
    """

    declaration = models.ForeignKey(Declaration, models.PROTECT, verbose_name="申报表", related_name="score_sheets")
    submission = models.PositiveIntegerField("第几次报送")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, verbose_name="所针对的版本", related_name="score_sheets")
    scorer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="评分人", related_name="+")
    acting_role = models.CharField("角色", max_length=20, choices=Role.choices)
    number = models.PositiveIntegerField("第几稿", default=1)
    norm, clarity = mark_field("norm"), mark_field("clarity")
    alignment, measures = mark_field("alignment"), mark_field("measures")
    reasonableness, funding_match = mark_field("reasonableness"), mark_field("funding_match")
    attainability, conditions = mark_field("attainability"), mark_field("conditions")
    completeness_remark, relevance_remark = remark_field(0), remark_field(1)
    appropriateness_remark, feasibility_remark = remark_field(2), remark_field(3)
    unread = models.JSONField("未能识别的分数", default=dict, blank=True)
    reason = models.TextField("更正理由", blank=True, default="")
    weights = models.JSONField("各项分值", default=dict, blank=True)
    total = models.DecimalField("总分", max_digits=5, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=timezone.now)
    updated_at = models.DateTimeField("保存时间", default=timezone.now)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评分表"
        ordering = ("declaration_id", "submission", "created_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "submission", "scorer", "number"], name="score_sheet_once"),
            *(models.CheckConstraint(condition=marked_criteria(name), name=f"score_{name}_range") for name in CRITERIA),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(total__gte=0, total__lte=WHOLE), name="score_total_range"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_confirmed", operation=pgtrigger.Update, condition=pgtrigger.Q(old__confirmed_at__isnull=False)
            ),
            *[trigger for trigger in append_only() if trigger.name == "no_truncate"],
        ]

    def __str__(self) -> str:
        return f"{self.scorer} 第{self.submission}次报送 第{self.number}稿"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_of_bureau(self) -> bool:
        return self.acting_role in Role.REVIEWING

    @property
    def in_words(self) -> list[str]:
        """Each mark with its most, then the remarks: ``规范完整性 8.5/10``."""
        marks = [
            f"{CRITERIA[name].label} {value.normalize():f}/{self.weights[name]}" for name, value in self.marks.items()
        ]
        remarks = [(one.label, getattr(self, one.remark)) for one in DIMENSIONS]
        return marks + [f"{label}评语：{text}" for label, text in remarks if text]

    @property
    def marks(self) -> dict[str, Decimal | None]:
        """The mark of each criterion; None where none was given yet."""
        return {name: getattr(self, name) for name in CRITERIA}
