"""What reviewers ask for, where, about which version; what the department answers; how each comment ended.

Nothing that a person wrote is changed or removed: a comment is a row that is only ever added, and so
is each thing that happens to it. The one value written later is ``sent_with``, once.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from declarations.models.declaration import Declaration
from declarations.models.people import Role
from declarations.models.record import Event, Snapshot, append_only
from declarations.models.scope import EVERYTHING, scope_of


class Code(models.TextChoices):
    """Coded return reasons, so that they can be counted (review sheet after 财预〔2015〕88号)."""

    INCOMPLETE = "incomplete", "内容不完整"
    VAGUE = "vague", "不够细化量化"
    UNRELATED = "unrelated", "与职能或任务不相关"
    VALUE = "value", "指标与指标值不匹配"
    CLASS = "class", "指标分类错误"
    NO_OUTPUT = "no_output", "缺产出指标"
    NO_BENEFIT = "no_benefit", "缺效益指标"
    NO_SATISFACTION = "no_satisfaction", "缺满意度指标"
    FUNDING = "funding", "资金与任务不匹配"
    WORDING = "wording", "表述不规范"
    OTHER = "other", "其他"


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To the other side only what was sent; observers nothing.

        The bureau reads its own and the replies that came with a submission, the department its own and what a
        return sent to it. Somebody who was invited reads their own and what was sent; the bureau reads theirs.
        """
        scope, path = scope_of(user), "declaration__department__"
        sent = Q(sent_with__isnull=False)
        own = scope.own(path) & (sent | Q(acting_role__in=Role.OF_DEPARTMENT))
        bureau = scope.reviewed(path) & (sent | Q(acting_role__in=Role.COMMENTING))
        invited = scope.invited_to("declaration__") & (sent | Q(author=user.pk) | Q(parent__author=user.pk))
        return self.filter(EVERYTHING if scope.everything else own | bureau | invited)


class Comment(models.Model):
    """A comment on a place of the table, or (``parent``) a reply to one.

    ``field``: the name of a control (see `controls`), empty for the whole table. ``label``, ``quoted``: the place
    in words and what it said in ``snapshot``, the version that the author saw. ``sent_with``: the move that took it
    to the other side, a return to the department or a submission to the bureau; None while one side keeps it.
    """

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, verbose_name="申报表", related_name="comments", db_index=False
    )
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, verbose_name="所针对的版本", related_name="comments")
    field = models.CharField("栏目标识", max_length=120, blank=True, default="")
    label = models.CharField("栏目", max_length=200)
    quoted = models.TextField("当时的内容", blank=True, default="")
    code = models.CharField("问题类型", max_length=20, choices=Code.choices, blank=True)
    text = models.TextField("意见", blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="所答复的意见", related_name="replies", null=True, blank=True
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="填写人", related_name="+")
    acting_role = models.CharField("角色", max_length=20, choices=Role.choices)
    created_at = models.DateTimeField("时间", default=timezone.now)
    sent_with = models.ForeignKey(
        Event, models.PROTECT, verbose_name="随同送出的办理", related_name="comments", null=True, blank=True
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核意见"
        ordering = ("created_at", "pk")
        indexes = [models.Index(fields=["declaration", "created_at"], name="comment_by_declaration")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(code__in=Code.values), name="comment_has_a_code"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_written", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(exclude=["sent_with"])
            ),
            pgtrigger.Protect(
                name="sent_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__sent_with__isnull=False)
            ),
            *[trigger for trigger in append_only() if trigger.name == "no_truncate"],
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.text}"

    @property
    def role_label(self) -> str:
        """In which role it was written; somebody who was invited did not just read."""
        return "受邀评审" if self.acting_role == Role.OBSERVER else self.get_acting_role_display()

    @property
    def is_of_department(self) -> bool:
        return self.acting_role in Role.OF_DEPARTMENT


class Resolution(models.Model):
    """What happened to a comment; the newest row but ``ASKED`` says how it stands.

    ``ASKED``: a later return, ``event``, asked for it again, so that only what was done after that answers it.
    """

    class Kind(models.TextChoices):
        RESOLVED = "resolved", "已解决"
        REOPENED = "reopened", "仍需修改"
        WITHDRAWN = "withdrawn", "已撤销"
        ASKED = "asked", "再次退回"

    comment = models.ForeignKey(Comment, models.PROTECT, verbose_name="意见", related_name="resolutions")
    kind = models.CharField("结果", max_length=20, choices=Kind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", related_name="+")
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name="办理记录", related_name="asked_again", null=True, blank=True
    )
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "意见办理"
        ordering = ("created_at", "pk")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.comment_id} {self.get_kind_display()}"
