"""Mails about notices: made when they are sent, of what still holds then. What is done already is not mailed; why, and
what a mail server refused, stays with the notice. A move never waits for a mail server.
"""

from __future__ import annotations

import datetime
import smtplib
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from declarations.models import (
    REMINDING,
    Bureau,
    Declaration,
    Event,
    Mail,
    Notice,
    NoticeKind,
    NoticePreference,
    Role,
    State,
    extension_of,
)
from declarations.notifying.notifications import AUDIENCES, ask_for_mail, audience_of
from declarations.notifying.reminders import MORNING, is_time
from declarations.notifying.workdays import calendar_of

MINUTES = (5, 15, 60, 240, 720)
"""How long to wait after each failure; after one more a mail is given up."""
IN_A_ROW = 3
"""Failures after which a round ends: the server is down, and the next round tries it again."""
#: the first that fits
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "邮件服务器不接受发件账号或密码，请检查 EMAIL_URL"),
    (smtplib.SMTPRecipientsRefused, "邮件服务器不接受这个邮箱地址，请核对"),
    (smtplib.SMTPSenderRefused, "邮件服务器不接受发件人，请检查 DEFAULT_FROM_EMAIL"),
    (smtplib.SMTPException, "邮件服务器拒收或中断了连接"),
    (TimeoutError, "邮件服务器没有应答"),
    (OSError, "连接不上邮件服务器，请检查 EMAIL_URL 和网络"),
    (ValueError, "邮箱地址无法使用，请核对"),
)


def post_due_mails(now: datetime.datetime | None = None) -> int:
    """Mails what is to be mailed at once and is due, one mail a person; how many mails were sent."""
    now = now or timezone.now()
    due = Q(mail=Mail.WAITING, mail_at__lte=now)
    people = Notice.objects.filter(due).order_by("recipient").values_list("recipient", flat=True).distinct()
    sent = failures = 0
    for key in list(people):
        done = deliver_mail(key, due, now)
        sent += done is True
        failures = failures + 1 if done is False else 0
        if failures == IN_A_ROW:
            break
    return sent


def post_digests(now: datetime.datetime | None = None) -> int:
    """Mails what people want once a day, in the morning of a working day; how many mails were sent."""
    now = now or timezone.now()
    morning = [bureau for bureau in Bureau.objects.all() if is_time(calendar_of(bureau), now)]
    waiting = Notice.objects.filter(_collected(now), cycle__bureau__in=morning)
    people = waiting.order_by("recipient").values_list("recipient", flat=True).distinct()
    return sum(_digest(key, now) for key in list(people))


def _collected(now: datetime.datetime) -> Q:
    """What a digest takes: what came before this morning, and reminders, which the morning itself brings."""
    start = timezone.make_aware(datetime.datetime.combine(timezone.localdate(now), MORNING))
    return Q(Q(created_at__lt=start) | Q(kind__in=REMINDING), mail=Mail.COLLECTED, mail_at__lte=now)


@transaction.atomic
def _digest(person: int, now: datetime.datetime) -> bool:
    """One a day: the row of the preference is the lock, and says when the last one went out."""
    today = timezone.localdate(now)
    kept = NoticePreference.objects.select_for_update(skip_locked=True).filter(user=person).first()
    if kept is None or kept.digest_on == today:
        return False
    sent = deliver_mail(person, _collected(now), now) is True
    if sent:
        NoticePreference.objects.filter(pk=kept.pk).update(digest_on=today)
    return sent


@transaction.atomic
def deliver_mail(person: int, which: Q, now: datetime.datetime) -> bool | None:
    """One mail of all that waits for a person and still holds; None where nothing does, False where it failed.

    The rows stay locked meanwhile, so two workers never send the same.
    """
    mine = Notice.objects.filter(which, recipient=person).order_by("created_at", "pk")
    related = ("recipient", "declaration", "department", "cycle")
    rows = list(mine.select_for_update(skip_locked=True, of=("self",)).select_related(*related))
    for row in rows:
        row.mail_note = why_not(row, now)
        row.mail = Mail.NOT_NEEDED if row.mail_note else row.mail
    open_rows = [row for row in rows if not row.mail_note]
    outcome = _send(open_rows, now) if open_rows else None
    Notice.objects.bulk_update(rows, ["mail", "mail_note", "mail_tries", "mail_at"])
    return outcome


def _send(rows: list[Notice], now: datetime.datetime) -> bool:
    try:
        mail_message(rows).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: an address that no mail can have
        for row in rows:
            row.mail_tries += 1
            row.mail_note = reason_of(error)
            if row.mail_tries > len(MINUTES):
                row.mail = Mail.FAILED
            else:
                row.mail_at = now + datetime.timedelta(minutes=MINUTES[row.mail_tries - 1])
        return False
    for row in rows:
        row.mail, row.mail_at, row.mail_tries = Mail.SENT, now, row.mail_tries + 1
    return True


def reason_of(error: Exception) -> str:
    """Why a mail was not sent, in words for the administrator, with what the server said."""
    words = next(words for kind, words in REASONS if isinstance(error, kind))
    return f"{words}（{type(error).__name__}: {error}）"[:300]


def mail_heading(text: str) -> str:
    """What a notice is about, in one line: without the words that somebody added after a colon."""
    return " ".join(text.partition("：")[0].split())


def mail_message(rows: list[Notice]) -> EmailMultiAlternatives:
    """The mail about some notices of one person. It says department, year and state only: mail is not confidential."""
    recipient = rows[0].recipient
    subject = mail_heading(rows[0].text) if len(rows) == 1 else f"您有 {len(rows)} 条待处理的消息"
    context = {
        "recipient": recipient,
        "lines": [(row.text, link_of(row)) for row in rows],
        "preferences": settings.SITE_URL + reverse("declarations:notice_preferences"),
    }
    text = render_to_string("email/notices.txt", context)
    mail = EmailMultiAlternatives(f"[绩效目标申报] {subject}"[:150], text, to=[recipient.email])
    mail.attach_alternative(render_to_string("email/notices.html", context), "text/html")
    return mail


def link_of(notice: Notice) -> str:
    """The address of what a notice is about, from the outside."""
    if notice.declaration_id:
        return settings.SITE_URL + reverse("declarations:detail", args=[notice.declaration_id])
    return settings.SITE_URL + reverse("declarations:home")


# --- whether it still holds --------------------------------------------------------------------


def why_not(notice: Notice, now: datetime.datetime) -> str:
    """Why a notice need not be mailed any more; empty where it has to be."""
    if notice.read_at:
        return "接收人已在系统内阅读。"
    if not notice.recipient.email:
        return "接收人没有邮箱地址。"
    if not audience_of(_roles(notice), notice.department).filter(pk=notice.recipient_id).exists():
        return "接收人已不担任相应角色。"
    if notice.event_id:
        newest = Event.objects.filter(declaration=notice.declaration_id).order_by("created_at", "pk").last()
        return "" if newest and newest.pk == notice.event_id else "申报表已经办理到下一步。"
    return _why_not_the_department(notice, now)


def _roles(notice: Notice) -> Iterable[Role]:
    return AUDIENCES.get(notice.kind, ())


def _why_not_the_department(notice: Notice, now: datetime.datetime) -> str:
    """The same for what is told to a department as such: that it is late, or has more time."""
    if notice.kind == NoticeKind.EXTENSION:
        newest = extension_of(notice.department_id, notice.cycle_id)
        return "" if newest and notice.key == f"extension:{newest.pk}" else "延期已另有决定。"
    states = State.AT_BUREAU if notice.kind == NoticeKind.DEADLINE else State.REPORTED
    if Declaration.objects.filter(cycle=notice.cycle, department=notice.department, state__in=states).exists():
        return "部门已经报送。"
    until = notice.cycle.until_for([notice.department_id])[notice.department_id].until
    if notice.until and until != notice.until:
        return "截止时间已经变动。"
    return "截止时间已过。" if notice.until and now > until else ""


def retry_mails(people: QuerySet) -> int:
    """Tries anew the mails to ``people`` that had been given up; how many notices they are about."""
    rows = Notice.objects.filter(mail=Mail.FAILED, recipient__in=people)
    found = rows.update(mail=Mail.WAITING, mail_tries=0, mail_at=timezone.now())
    if found:
        ask_for_mail()
    return found
