"""消息: the page, the number in the bar, the preferences, and what administrators see of mails that failed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.accounts import Backend
from declarations.models import Mail, Notice, NoticePreference, State, User
from declarations.reviewing import workflow
from declarations.views.reviewing.comparing import AHEAD
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("declarations:notices")


@pytest.fixture
def office():
    return factories.department(division=factories.division(), name="云溪市水务局")


@pytest.fixture
def reviewer(client, office):
    person = factories.person("division", office.division)
    client.force_login(person)
    return person


def submit(office, count: int = 1) -> list:
    """``count`` departments of the division report, one after the other."""
    made = []
    for n in range(count):
        home = factories.department(division=office.division, name=f"云溪市第{n + 1}局")
        made.append(factories.declaration(home, state=State.CERTIFYING))
        workflow.perform_move(made[-1].pk, "submit", factories.person("head", home))
    return made


def page_of(client, url: str = LIST) -> str:
    return client.get(url).content.decode()


def test_the_page_lists_unread_first_and_then_the_newest(client, office, reviewer):
    submit(office, 3)
    oldest, _, newest = Notice.objects.order_by("pk")
    client.post(reverse("declarations:notices_read"), {"notice": newest.pk})
    rows = [row for row, _ in client.get(LIST).context["lines"]]
    assert [row.is_read for row in rows] == [0, 0, 1]
    assert rows[1] == oldest and rows[2] == newest


def test_the_bar_of_every_page_says_how_many_are_unread(client, office, reviewer):
    assert "条未读" not in page_of(client, reverse("declarations:home"))
    submit(office, 3)
    for url in (LIST, reverse("declarations:home"), reverse("declarations:list")):
        assert '<span class="bar-count">3<span class="visually-hidden"> 条未读' in page_of(client, url)


def test_reading_a_declaration_marks_what_was_told_of_it_and_the_bar_knows_at_once(client, office, reviewer):
    first, _ = submit(office, 2)
    assert 'bar-count">1<' in page_of(client, reverse("declarations:detail", args=[first.pk]))
    assert list(Notice.objects.unread().values_list("declaration__department__name", flat=True)) == ["云溪市第2局"]


def test_a_page_that_the_browser_fetches_beforehand_is_not_read(client, office, reviewer):
    [declaration] = submit(office)
    url = reverse("declarations:detail", args=[declaration.pk])
    page = client.get(url, headers={AHEAD: "1"})
    assert Notice.objects.unread().count() == 1
    client.get(url, headers={"If-None-Match": page["ETag"]})  # and is read once the stored page is shown
    assert not Notice.objects.unread().exists()


def test_opening_the_form_marks_what_was_told_of_it(client, office):
    filler, head = factories.person("filler", office), factories.person("head", office)
    declaration = factories.declaration(office, state=State.CERTIFYING)
    workflow.perform_move(declaration.pk, "send_back", head, comment="请补充。")
    client.force_login(filler)
    client.get(reverse("declarations:fill", args=[declaration.pk]))
    assert not Notice.objects.unread().exists()


def test_one_or_all_are_marked_and_only_ones_own(client, office, reviewer):
    colleague = factories.person("division", office.division)
    submit(office, 3)
    mine, theirs = Notice.objects.filter(recipient=reviewer), Notice.objects.filter(recipient=colleague)
    client.post(reverse("declarations:notices_read"), {"notice": mine.first().pk})
    client.post(reverse("declarations:notices_read"), {"notice": theirs.first().pk})
    client.post(reverse("declarations:notices_read"), {"notice": "９9; drop"})
    assert (mine.unread().count(), theirs.unread().count()) == (2, 3)
    client.post(reverse("declarations:notices_read"))
    assert (mine.unread().count(), theirs.unread().count()) == (0, 3)


@pytest.mark.parametrize("role", ["performance", "administrator", "filler"])
def test_a_notice_is_seen_by_nobody_but_its_recipient(client, office, reviewer, role):
    [declaration] = submit(office)
    home = declaration.department
    client.force_login(factories.person(role, home if role == "filler" else office.bureau))
    assert client.get(LIST).context["lines"] == []
    client.force_login(factories.superuser())
    assert client.get(LIST).context["lines"] == []


def test_a_declaration_that_is_no_longer_ones_business_has_no_link(client, office, reviewer):
    [declaration] = submit(office)
    url = reverse("declarations:detail", args=[declaration.pk])
    assert url in page_of(client)
    type(office).objects.update(division=factories.division(office.bureau))
    assert url not in page_of(client)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_long_it_is(client, office, reviewer, count, django_assert_num_queries):
    submit(office, count)
    with django_assert_num_queries(5):  # session, the person with the number, memberships, notices, which are visible
        client.get(LIST)


def test_the_list_is_paged_by_key(client, office, reviewer):
    [declaration] = submit(office)
    about = {"kind": "submit", "department": declaration.department, "cycle": declaration.cycle}
    Notice.objects.bulk_create(Notice(recipient=reviewer, text=f"第{n}条", **about) for n in range(60))
    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"after": first.next}).context["page"]
    assert (len(first.rows), len(second.rows), second.next) == (50, 11, "")
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_the_preferences_are_kept_and_change_what_is_mailed_next(client, office):
    reviewer = factories.person("division", office.division, email="a@example.invalid")
    client.force_login(reviewer)
    url = reverse("declarations:notice_preferences")
    assert "a@example.invalid" in page_of(client, url)
    assert client.post(url, {"moves": "digest", "reminders": "none"}).status_code == 302
    kept = NoticePreference.objects.get(user=reviewer)
    assert (kept.moves, kept.reminders) == ("digest", "none")
    submit(office)
    assert Notice.objects.get().mail == Mail.COLLECTED
    assert client.post(url, {"moves": "pigeon", "reminders": "none"}).status_code == 422
    assert NoticePreference.objects.count() == 1


def test_mails_that_failed_are_shown_to_the_administrators_of_the_bureau_only(client, office, reviewer):
    submit(office)
    Notice.objects.update(mail=Mail.FAILED, mail_tries=6, mail_note="SMTPRecipientsRefused: 550")
    url = reverse("declarations:notice_failures")
    assert client.get(url).status_code == 403
    client.force_login(factories.person("administrator", factories.bureau()))
    assert "550" not in page_of(client, url)
    client.force_login(factories.person("administrator", office.bureau))
    assert "SMTPRecipientsRefused: 550" in page_of(client, url)


def test_the_number_comes_with_the_person_of_a_request_and_without_one_is_counted(office, reviewer):
    submit(office, 2)
    assert Backend().get_user(reviewer.pk).__dict__["unread_notices"] == 2
    assert User.objects.get(pk=reviewer.pk).unread_notices == 2


def test_an_account_that_was_closed_is_nobody(office, reviewer):
    User.objects.update(is_active=False)
    assert Backend().get_user(reviewer.pk) is None
