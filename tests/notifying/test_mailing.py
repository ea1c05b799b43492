"""Mails: of what still holds when they are sent, once, and without holding anybody up."""

from __future__ import annotations

import datetime
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from declarations.models import Cycle, Extension, Mail, Membership, Notice, NoticePreference, State
from declarations.notifying import mailing, notifications
from declarations.reviewing import workflow
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


@pytest.fixture
def office():
    return factories.department(division=factories.division(), name="云溪市水务局")


@pytest.fixture
def reviewer(office):
    return factories.person("division", office.division, name="李文静", email="division@example.invalid")


@pytest.fixture
def submitted(office, reviewer):
    """Reported a moment ago, of which the reviewer was told."""
    declaration = factories.declaration(office, state=State.CERTIFYING)
    workflow.perform_move(declaration.pk, "submit", factories.person("head", office))
    return declaration


def fate() -> tuple[str, str]:
    notice = Notice.objects.get()
    return notice.mail, notice.mail_note


# --- what is sent ------------------------------------------------------------------------------


def test_a_mail_says_department_year_and_state_and_leads_to_the_page(settings, submitted):
    settings.SITE_URL = "https://declarations.example.cn"
    assert mailing.post_due_mails() == 1
    sent = mail.outbox[0]
    assert sent.to == ["division@example.invalid"]
    assert sent.subject == "[绩效目标申报] 云溪市水务局2027年度申报表已报送，请初审。"
    link = "https://declarations.example.cn" + reverse("declarations:detail", args=[submitted.pk])
    markup = sent.alternatives[0].content
    assert link in sent.body and link in markup and "李文静" in sent.body
    for secret in (factories.GOAL, "河道巡查", "1069.37"):
        assert secret not in sent.body + markup
    assert fate() == (Mail.SENT, "")


def test_the_words_of_a_reminder_stand_in_the_mail_and_not_in_its_subject():
    text = "何静怡催报 云溪市水务局2027年度申报：贵单位尚未报送，请于2026年12月16日18:00前报送。"
    assert mailing.mail_heading(text) == "何静怡催报 云溪市水务局2027年度申报"


def test_a_mail_is_sent_once(submitted):
    assert [mailing.post_due_mails(), mailing.post_due_mails(), mailing.post_digests()] == [1, 0, 0]


def test_what_waits_for_one_person_goes_in_one_mail(office, reviewer):
    for home in (office, factories.department(division=office.division, name="云溪市教育局")):
        declaration = factories.declaration(home, state=State.CERTIFYING)
        workflow.perform_move(declaration.pk, "submit", factories.person("head", home))
    assert mailing.post_due_mails() == 1
    assert mail.outbox[0].subject == "[绩效目标申报] 您有 2 条待处理的消息"
    assert "水务局" in mail.outbox[0].body and "教育局" in mail.outbox[0].body


def test_a_name_with_a_line_break_or_markup_harms_no_mail(office, reviewer):
    type(office).objects.filter(pk=office.pk).update(name="水务局\nBcc: x@example.invalid<b>")
    declaration = factories.declaration(office, state=State.CERTIFYING)
    workflow.perform_move(declaration.pk, "submit", factories.person("head", office))
    assert mailing.post_due_mails() == 1
    message = mail.outbox[0]
    assert "\n" not in message.subject and message.recipients() == ["division@example.invalid"]
    assert "<b>" in message.body and "&lt;b&gt;" in message.alternatives[0].content


# --- looked at again when it is sent -----------------------------------------------------------


def moved_on(submitted, reviewer):
    workflow.perform_move(submitted.pk, "pass", factories.person("division", submitted.department.division))


def lost_the_role(submitted, reviewer):
    Membership.objects.filter(user=reviewer).update(valid_from="2020-01-01", valid_to="2020-12-31")


def other_division(submitted, reviewer):
    home = submitted.department
    type(home).objects.filter(pk=home.pk).update(division=factories.division(home.bureau))


def left(submitted, reviewer):
    type(reviewer).objects.filter(pk=reviewer.pk).update(is_active=False)


def read(submitted, reviewer):
    notifications.mark_as_read(reviewer, submitted)


def no_address(submitted, reviewer):
    type(reviewer).objects.filter(pk=reviewer.pk).update(email="")


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (moved_on, "申报表已经办理到下一步。"),
        (lost_the_role, "接收人已不担任相应角色。"),
        (other_division, "接收人已不担任相应角色。"),
        (left, "接收人已不担任相应角色。"),
        (read, "接收人已在系统内阅读。"),
        (no_address, "接收人没有邮箱地址。"),
    ],
)
def test_what_is_done_is_not_mailed_and_the_reason_is_kept(submitted, reviewer, happens, reason):
    happens(submitted, reviewer)
    assert mailing.post_due_mails() == 0 and mail.outbox == []
    assert fate() == (Mail.NOT_NEEDED, reason)


@pytest.fixture
def reminded(office):
    """The filler was reminded of the deadline; one of an urging too."""
    filler = factories.person("filler", office, email="filler@example.invalid")
    year = factories.cycle(office.bureau)
    until = year.deadline
    word = notifications.Word(office, "尚未报送", until, "deadline:1")
    notifications.tell_departments("deadline", year, [word])
    return filler, year


def test_a_reminder_that_still_holds_is_mailed(reminded):
    assert mailing.post_due_mails() == 1


def test_a_department_that_has_reported_since_is_not_mailed(office, reminded):
    factories.declaration(office, cycle=reminded[1], state=State.SUBMITTED)
    mailing.post_due_mails()
    assert fate() == (Mail.NOT_NEEDED, "部门已经报送。")


def test_a_deadline_that_moved_since_is_not_mailed(office, reminded):
    Cycle.objects.update(deadline=reminded[1].deadline + DAY)
    mailing.post_due_mails()
    assert fate() == (Mail.NOT_NEEDED, "截止时间已经变动。")


def test_an_extension_moves_the_date_that_a_mail_is_about(office, reminded):
    by, year = factories.person("performance", office.bureau), reminded[1]
    Extension.objects.create(cycle=year, department=office, until=year.deadline + DAY, reason="人员变动", granted_by=by)
    mailing.post_due_mails()
    assert fate() == (Mail.NOT_NEEDED, "截止时间已经变动。")


def test_a_reminder_that_comes_after_the_deadline_is_not_mailed(reminded):
    mailing.post_due_mails(reminded[1].deadline + MINUTE)
    assert fate() == (Mail.NOT_NEEDED, "截止时间已过。")


def test_an_extension_decided_anew_is_not_mailed_as_it_was(office):
    factories.person("filler", office, email="filler@example.invalid")
    year, by = factories.cycle(office.bureau), factories.person("performance", office.bureau)
    given = {"cycle": year, "department": office, "granted_by": by, "reason": "人员变动"}
    notifications.notify_of_extension(Extension.objects.create(**given, until=year.deadline + DAY))
    notifications.notify_of_extension(Extension.objects.create(**given, until=year.deadline + 2 * DAY))
    mailing.post_due_mails()
    assert sorted(Notice.objects.values_list("mail", "mail_note")) == [("not_needed", "延期已另有决定。"), ("sent", "")]


# --- a digest ----------------------------------------------------------------------------------


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(2026, 10, day, hour, minute))


@pytest.fixture
def collected(office, reviewer):
    """Two declarations of 9 October, a Friday, wait to be mailed in a digest; 10 October is a worked Saturday."""
    NoticePreference.objects.create(user=reviewer, moves="digest")
    made = []
    for home in (office, factories.department(division=office.division, name="云溪市教育局")):
        made.append(factories.declaration(home, state=State.CERTIFYING))
        workflow.perform_move(made[-1].pk, "submit", factories.person("head", home))
    Notice.objects.update(created_at=at(9, 15), mail_at=at(9, 15))
    return made


def test_a_digest_is_one_mail_in_the_morning_of_a_working_day(collected):
    times = (at(9, 16, 30), at(10, 8, 15), at(10, 8, 30), at(10, 8, 45), at(10, 15))
    assert [mailing.post_digests(now) for now in times] == [0, 0, 1, 0, 0]
    assert "水务局" in mail.outbox[0].body and "教育局" in mail.outbox[0].body


def test_a_digest_lists_only_what_is_still_open(collected, office):
    workflow.perform_move(collected[0].pk, "pass", factories.person("division", office.division))
    mailing.post_digests(at(10, 8, 30))
    assert "教育局" in mail.outbox[0].body and "水务局" not in mail.outbox[0].body


def test_no_digest_where_all_is_done(collected, reviewer):
    Notice.objects.update(read_at=at(9, 17))
    assert mailing.post_digests(at(10, 8, 30)) == 0 and mail.outbox == []
    assert NoticePreference.objects.get().digest_on is None


def test_there_is_no_digest_on_a_day_off_and_what_came_meanwhile_goes_together(collected):
    assert [mailing.post_digests(at(day, 9)) for day in (11, 12)] == [0, 1]


def test_at_most_one_digest_a_day(collected, reviewer):
    mailing.post_digests(at(10, 8, 30))
    Notice.objects.update(mail=Mail.COLLECTED)
    assert [mailing.post_digests(at(10, 9)), mailing.post_digests(at(12, 8, 30))] == [0, 1]


# --- servers that refuse -----------------------------------------------------------------------


class Refusing:
    """A mail server that answers with an error a number of times, and then takes what it gets."""

    def __init__(self, monkeypatch, times: int, error: Exception | None = None) -> None:
        self.left, self.error = times, error or smtplib.SMTPServerDisconnected("连接中断")
        take = mailing.EmailMultiAlternatives.send

        def send(message, *args, **kwargs):
            self.left -= 1
            if self.left >= 0:
                raise self.error
            return take(message, *args, **kwargs)

        monkeypatch.setattr(mailing.EmailMultiAlternatives, "send", send)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), "不接受发件账号或密码"),
        (smtplib.SMTPRecipientsRefused({"x": (550, b"unknown")}), "不接受这个邮箱地址"),
        (smtplib.SMTPDataError(554, b"spam"), "拒收或中断了连接"),
        (ConnectionRefusedError("refused"), "连接不上邮件服务器"),
        (TimeoutError("timed out"), "没有应答"),
        (UnicodeEncodeError("ascii", "局", 0, 1, "no"), "邮箱地址无法使用"),
    ],
)
def test_a_failure_is_kept_with_its_reason_and_tried_again_later(monkeypatch, submitted, error, words):
    Refusing(monkeypatch, 1, error)
    now = timezone.now()
    assert mailing.post_due_mails(now) == 0
    notice = Notice.objects.get()
    assert (notice.mail, notice.mail_tries, notice.mail_at) == (Mail.WAITING, 1, now + 5 * MINUTE)
    assert words in notice.mail_note and type(error).__name__ in notice.mail_note
    assert [mailing.post_due_mails(now + 4 * MINUTE), mailing.post_due_mails(now + 5 * MINUTE)] == [0, 1]
    assert fate() == (Mail.SENT, "") and Notice.objects.get().mail_tries == 2


def test_after_six_failures_a_mail_is_given_up_and_the_administrator_can_send_it_again(client, monkeypatch, submitted):
    Refusing(monkeypatch, 6)
    now = timezone.now()
    for _ in range(8):
        mailing.post_due_mails(now)
        now += DAY
    assert (fate()[0], Notice.objects.get().mail_tries) == (Mail.FAILED, 6)
    client.force_login(factories.person("administrator", submitted.department.bureau))
    page = client.get(reverse("declarations:notice_failures")).content.decode()
    assert "李文静" in page and "SMTPServerDisconnected" in page and "水务局" not in page
    client.post(reverse("declarations:notice_failures"))
    assert mailing.post_due_mails() == 1


def test_a_failure_of_the_mail_server_breaks_no_move(monkeypatch, settings, office, reviewer):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    declaration = factories.declaration(office, state=State.CERTIFYING)
    workflow.perform_move(declaration.pk, "submit", factories.person("head", office))
    assert mailing.post_due_mails() == 0
    assert "ConnectionRefusedError" in fate()[1]
    declaration.refresh_from_db()
    assert declaration.state == State.SUBMITTED


def test_one_address_that_is_refused_keeps_no_other_from_being_mailed(monkeypatch, submitted, office):
    declaration = factories.declaration(factories.department(division=office.division), state=State.CERTIFYING)
    factories.person("division", office.division, email="second@example.invalid")
    workflow.perform_move(declaration.pk, "submit", factories.person("head", declaration.department))
    Refusing(monkeypatch, 1)
    assert mailing.post_due_mails() == 1


def test_a_round_ends_when_the_server_is_down(monkeypatch, office):
    for n in range(6):
        factories.person("division", office.division, email=f"a{n}@example.invalid")
    declaration = factories.declaration(office, state=State.CERTIFYING)
    workflow.perform_move(declaration.pk, "submit", factories.person("head", office))
    server = Refusing(monkeypatch, 100)
    mailing.post_due_mails()
    assert 100 - server.left == mailing.IN_A_ROW


# --- two workers -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(monkeypatch):
    office = factories.department(division=factories.division())
    factories.person("division", office.division, email="division@example.invalid")
    workflow.perform_move(
        factories.declaration(office, state=State.CERTIFYING).pk, "submit", factories.person("head", office)
    )
    start, slow = threading.Barrier(2), mailing.mail_message

    def message(rows):
        made = slow(rows)
        threading.Event().wait(0.3)  # long enough for the other to come by
        return made

    monkeypatch.setattr(mailing, "mail_message", message)

    def work():
        try:
            start.wait(timeout=10)
            mailing.post_due_mails()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for worker in [pool.submit(work) for _ in range(2)]:
            worker.result(timeout=20)
    assert len(mail.outbox) == 1
