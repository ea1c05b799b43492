"""The library of indicators (指标库): what an indicator means, how it is counted, which value is usual.

An entry without ``bureau_code`` belongs to all bureaus of the installation (the start set); a bureau that
changes one gets an entry of its own, which ``replaces`` it there and nowhere else. Whose an entry is
stands as the code of the bureau: this app knows no bureaus, the site's user says which codes are theirs
(``user.bureau_codes``) and in which they keep the library (``user.library_codes``).
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from pypinyin import Style, lazy_pinyin

from indicators.areas import AREAS, COMMON
from indicators.taxonomy import Kind

KINDS = (
    Kind.QUANTITY,
    Kind.QUALITY,
    Kind.TIMELINESS,
    Kind.COST,
    Kind.ECONOMIC,
    Kind.SOCIAL,
    Kind.ECOLOGICAL,
    Kind.SUSTAINABLE,
    Kind.SATISFACTION,
)
"""The kinds that the library knows; the three kinds of cost of 财预〔2021〕101号 are found under 成本指标."""
OPERATORS = ("≥", "≤", "＝", "＞", "＜")
SHARED = ""
"""The ``bureau_code`` of what belongs to all bureaus."""


def library_kind(kind: Kind | None) -> str:
    """The library's kind for a kind of any edition; empty for none."""
    if kind is None:
        return ""
    return str(Kind.COST if kind in (Kind.ECONOMIC_COST, Kind.SOCIAL_COST, Kind.ECOLOGICAL_COST) else kind)


class Described(models.Model):
    """What is said of an indicator, in the library and in a proposal for it."""

    name = models.CharField("指标名称", max_length=100)
    kind = models.CharField("二级指标", max_length=20, choices=[(str(kind), str(kind)) for kind in KINDS])
    area = models.CharField("功能领域", max_length=20, choices=[(area, area) for area in AREAS], default=COMMON)
    unit = models.CharField("计量单位", max_length=20, blank=True, default="")
    operator = models.CharField(
        "常用符号", max_length=2, choices=[(sign, sign) for sign in OPERATORS], blank=True, default=""
    )
    usual_value = models.CharField(
        "参考指标值", max_length=60, blank=True, default="", help_text="不含符号和单位，如 95。"
    )
    definition = models.TextField("指标解释", blank=True, default="", max_length=1000)
    formula = models.TextField("计算公式", blank=True, default="", max_length=1000)
    data_source = models.CharField("数据来源", max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def suggestion(self) -> str:
        """The usual value as it is written into a declaration: ``≥95%``."""
        return f"{self.operator}{self.usual_value}{self.unit}" if self.usual_value else ""


SAID = tuple(field.name for field in Described._meta.local_fields)


class LibraryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The entries of one's bureaus, and the common ones that none of these replaced by its own."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        if user.is_superuser:
            return self
        codes = user.bureau_codes
        return self.of_bureaus(codes) if codes else self.none()

    def of_bureaus(self, codes):
        replaced = LibraryIndicator.objects.filter(replaces=OuterRef("pk"), bureau_code__in=codes)
        return self.filter(Q(bureau_code__in=codes) | Q(bureau_code=SHARED) & ~Exists(replaced))

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for entry in objs:
            entry.set_pinyin()
        return super().bulk_create(objs, *args, **kwargs)


class LibraryIndicator(Described):
    """An entry of the library. ``pinyin`` sorts lists; both stored keys are what people type to find it."""

    bureau_code = models.CharField("行政区划代码", max_length=12, blank=True, default=SHARED, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, verbose_name="替代的通用指标", related_name="replacements", null=True, editable=False
    )
    aliases = models.CharField(
        "其他叫法", max_length=200, blank=True, default="", help_text="查找时也认得的说法，用顿号分开。"
    )
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    pinyin = models.TextField("拼音", editable=False)
    initials = models.CharField("拼音首字母", max_length=120, editable=False)
    updated_at = models.DateTimeField("更新时间", default=timezone.now, editable=False)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标库"
        ordering = ("pinyin", "pk")
        indexes = [models.Index(fields=["pinyin", "id"], name="library_by_pinyin")]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau_code", "name"],
                name="library_name_once",
                violation_error_message="指标库中已有同名指标，请修改已有的指标，或者换一个名称。",
            ),
            models.UniqueConstraint(fields=["bureau_code", "replaces"], name="library_replaced_once"),
        ]
        triggers = [
            # whatever writes to the library, by whatever way, tells the indexes in memory that they are old
            pgtrigger.Trigger(
                name="renew_stamp",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                func="""
                    INSERT INTO indicators_librarystamp (id, stamp) VALUES (1, gen_random_uuid())
                    ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.set_pinyin()
        super().save(*args, **kwargs)

    @property
    def is_common(self) -> bool:
        """共性指标 of every department, not 行业指标 of one area."""
        return self.area == COMMON

    def set_pinyin(self) -> None:
        self.pinyin = " ".join(lazy_pinyin(self.name)).lower()
        self.initials = "".join(lazy_pinyin(self.name, style=Style.FIRST_LETTER)).lower()[:120]


KEPT = (*SAID, "aliases", "is_active")
"""What a version of an entry keeps."""


class LibraryStamp(models.Model):
    """One row, renewed by a trigger with every change: an index in memory that has another stamp is old."""

    stamp = models.UUIDField()

    class Meta:
        verbose_name = verbose_name_plural = "指标库更新标记"

    def __str__(self) -> str:
        return str(self.stamp)


class VersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(entry__in=LibraryIndicator.objects.visible_to(user))


class LibraryVersion(models.Model):
    """What an entry said from a change on; rows are only ever added."""

    entry = models.ForeignKey(LibraryIndicator, models.PROTECT, verbose_name="指标", related_name="versions")
    number = models.PositiveIntegerField("版本")
    content = models.JSONField("内容")
    reason = models.CharField("修改原因", max_length=200)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="修改人", related_name="+", null=True
    )
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标版本"
        ordering = ("entry_id", "-number")
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="library_version_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.entry_id} 第{self.number}版"


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
