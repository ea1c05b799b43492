"""The wording of the bureau's letters (审核意见书, 批复). A wording is only ever added: the newest one counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from declarations.models.organisation import Bureau
from declarations.models.record import append_only
from declarations.models.scope import scope_of
from declarations.models.setting import AppendOnlySetting, SettingQuerySet


class LetterKind(models.TextChoices):
    RETURN = "return", "审核意见书（退回修改）"
    APPROVE = "approve", "审核意见书（批复）"
    LIST = "list", "批复清单"

    @property
    def file_name(self) -> str:
        """What a file of it is called."""
        return FILE_NAMES[self]


FILE_NAMES: dict[LetterKind, str] = {
    LetterKind.RETURN: "审核意见书",
    LetterKind.APPROVE: "批复意见书",
    LetterKind.LIST: "批复清单",
}


class LetterWordingQuerySet(SettingQuerySet):
    def visible_to(self, user):
        """A bureau's own people who review or administer."""
        scope = scope_of(user)
        return self.filter(scope.in_bureaus(scope.bureaus, "bureau"))


class LetterWording(AppendOnlySetting):
    """What a kind of letter says, with places in braces that the letter fills in (`letters.wording`)."""

    ABOUT = ("bureau", "kind")
    VALUES = ("title", "body", "signature")

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="财政局", related_name="letter_wordings")
    kind = models.CharField("函件", max_length=20, choices=LetterKind.choices)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", max_length=20_000)
    signature = models.CharField("落款", max_length=200)
    reason = models.CharField("修改说明", max_length=200, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="修改人", related_name="+")
    created_at = models.DateTimeField("修改时间", default=timezone.now)

    objects = LetterWordingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "函件模板"
        ordering = ("-created_at", "-pk")
        triggers = append_only()
        indexes = [models.Index(fields=["bureau", "kind", "-created_at"], name="letter_wording_newest")]

    def __str__(self) -> str:
        return f"{self.bureau} {self.get_kind_display()} {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"
