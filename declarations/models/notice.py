"""What the site tells people, whether they read it, and what became of the mail about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from declarations.models.cycle import Cycle
from declarations.models.declaration import Declaration
from declarations.models.organisation import Department
from declarations.models.record import Event


class NoticeKind(models.TextChoices):
    """What a notice is about. The first ones are named as the moves of `declarations.people.moves`."""

    SEND_TO_HEAD = "send_to_head", "待部门审定"
    SEND_BACK = "send_back", "退回填报人"
    SUBMIT = "submit", "报送"
    WITHDRAW = "withdraw", "撤回"
    PASS = "pass", "初审通过"
    RETURN = "return", "退回修改"
    APPROVE = "approve", "批复"
    ADJUST = "adjust", "调整"
    SECOND_ROUND = "second_round", "转入二上"
    EXTENSION = "extension", "延期"
    URGE = "urge", "催报"
    DEADLINE = "deadline", "截止提醒"
    WAITING = "waiting", "待审提醒"
    REPLACED = "replaced", "导入替换"


#: what people may want mailed otherwise than the moves themselves
REMINDING = frozenset({NoticeKind.URGE, NoticeKind.DEADLINE, NoticeKind.WAITING})


class Mail(models.TextChoices):
    """What became of the mail about a notice; ``NONE``: none was wanted, or there is no address."""

    NONE = "none", "不发邮件"
    WAITING = "waiting", "待发送"
    COLLECTED = "collected", "待汇总发送"
    SENT = "sent", "已发送"
    NOT_NEEDED = "not_needed", "不再需要"
    FAILED = "failed", "发送失败"


#: what is still to be mailed
PENDING = (Mail.WAITING, Mail.COLLECTED)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own and nobody else's, whatever one's role; the operator of the installation included."""
        return self.filter(recipient=user.pk) if user.is_authenticated and user.is_active else self.none()

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing told to one person.

    ``declaration`` is None where none was begun. ``event``: the move it tells of, or since which something waits.
    ``until``: the deadline it speaks of. ``key``: what is told once only has one, the same for all who are told.
    ``mail_note``: why the mail was not needed or could not be sent; ``mail_at``: when it is next tried, or was sent.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="接收人", related_name="notices", db_index=False
    )
    kind = models.CharField("类型", max_length=20, choices=NoticeKind.choices)
    text = models.TextField("内容")
    department = models.ForeignKey(Department, models.CASCADE, verbose_name="部门", related_name="+")
    cycle = models.ForeignKey(Cycle, models.CASCADE, verbose_name="申报年度", related_name="+")
    declaration = models.ForeignKey(
        Declaration, models.CASCADE, verbose_name="申报表", related_name="notices", null=True, blank=True
    )
    event = models.ForeignKey(
        Event, models.CASCADE, verbose_name="办理记录", related_name="notices", null=True, blank=True
    )
    until = models.DateTimeField("所指的截止时间", null=True, blank=True)
    key = models.CharField("事项标识", max_length=100, blank=True, default="")
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    mail = models.CharField("邮件", max_length=20, choices=Mail.choices, default=Mail.NONE)
    mail_note = models.CharField("邮件说明", max_length=300, blank=True, default="")
    mail_tries = models.PositiveSmallIntegerField("发送次数", default=0)
    mail_at = models.DateTimeField("邮件时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_by_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["mail", "mail_at"], condition=Q(mail__in=PENDING), name="notice_to_mail"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], condition=~Q(key=""), name="notice_told_once"),
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="notice_mail_known"),
        ]

    def __str__(self) -> str:
        return self.text


class NoticePreference(models.Model):
    """How a person wants to be mailed; in the system everybody is told everything. No row: at once."""

    class Way(models.TextChoices):
        AT_ONCE = "at_once", "随时发送"
        DIGEST = "digest", "每个工作日汇总一封"
        NONE = "none", "不发送"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="用户", related_name="notice_preference"
    )
    moves = models.CharField("办理消息", max_length=20, choices=Way.choices, default=Way.AT_ONCE)
    reminders = models.CharField("提醒和催报", max_length=20, choices=Way.choices, default=Way.AT_ONCE)
    digest_on = models.DateField("上次汇总日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "消息接收设置"

    def __str__(self) -> str:
        return f"{self.user}"

    def way_of(self, kind: str) -> str:
        return self.reminders if kind in REMINDING else self.moves


def with_unread_notices(people: models.QuerySet) -> models.QuerySet:
    """Each person with ``unread_notices``, so that the number in the bar costs a request no query of its own."""
    unread = Notice.objects.unread().filter(recipient=OuterRef("pk")).order_by().values("recipient")
    number = Subquery(unread.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return people.annotate(unread_notices=Coalesce(number, Value(0)))
