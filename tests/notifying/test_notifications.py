"""Who is told of what, when, and who is not."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from declarations.models import Extension, Mail, Membership, Notice, NoticeKind, NoticePreference, Role, StandIn, State
from declarations.notifying import notifications
from declarations.people import moves
from declarations.reviewing import comments, workflow
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def office():
    """A department with somebody of each role, and beside it another department of another division."""
    division = factories.division(name="行政政法科")
    return factories.department(division=division, name="云溪市水务局")


@pytest.fixture
def people(office):
    found = {
        "filler": factories.person("filler", office),
        "head": factories.person("head", office),
        "division": factories.person("division", office.division),
        "performance": factories.person("performance", office.bureau),
        "administrator": factories.person("administrator", office.bureau),
        "observer": factories.person("observer", office.bureau),
    }
    other = factories.department(division=factories.division(office.bureau))
    found["other filler"] = factories.person("filler", other)
    found["other division"] = factories.person("division", other.division)
    abroad = factories.department(division=factories.division())
    return found | {"abroad": factories.person("performance", abroad.bureau)}


def told(people, kind) -> set[str]:
    """Who was told of something of this kind, by the names above."""
    keys = set(Notice.objects.filter(kind=kind).values_list("recipient", flat=True))
    return {name for name, person in people.items() if person.pk in keys}


MOVES = [
    ("send_to_head", State.DRAFT, "filler", {"head"}),
    ("send_back", State.CERTIFYING, "head", {"filler"}),
    ("submit", State.CERTIFYING, "head", {"division"}),
    ("withdraw", State.SUBMITTED, "head", {"division"}),
    ("pass", State.SUBMITTED, "division", {"performance"}),
    ("return", State.SUBMITTED, "division", {"filler", "head"}),
    ("return", State.REVIEWED, "performance", {"filler", "head"}),
    ("approve", State.REVIEWED, "performance", {"filler", "head"}),
    ("adjust", State.APPROVED, "performance", {"filler", "head"}),
    ("second_round", State.APPROVED, "performance", {"filler", "head"}),
]


@pytest.mark.parametrize(("action", "state", "taker", "expected"), MOVES)
def test_a_move_tells_those_whom_it_concerns_and_nobody_else(office, people, action, state, taker, expected):
    year = factories.cycle(office.bureau, round=2)
    declaration = factories.declaration(office, state=state, cycle=year)
    workflow.perform_move(declaration.pk, action, people[taker], comment="请补充。")
    assert told(people, action) == expected
    assert Notice.objects.exclude(kind=action).count() == 0
    assert {notice.declaration_id for notice in Notice.objects.all()} == {declaration.pk}


def test_every_move_of_the_table_has_its_audience_and_its_words():
    actions = {move.action for move in moves.MOVES}
    assert actions <= set(notifications.AUDIENCES) and all(move.notice for move in moves.MOVES)
    assert set(notifications.AUDIENCES) == set(NoticeKind.values)


def test_who_took_the_move_is_not_told_of_it(office, people):
    factories.membership(people["filler"], "head", office)
    declaration = factories.declaration(office)
    workflow.perform_move(declaration.pk, "send_to_head", people["filler"])
    assert told(people, "send_to_head") == {"head"}


def test_a_reviewer_who_had_a_hand_in_it_is_not_asked_to_review_it(office, people):
    declaration = factories.declaration(office, state=State.SUBMITTED)
    declaration.editors.add(people["performance"])
    colleague = factories.person("performance", office.bureau)
    workflow.perform_move(declaration.pk, "pass", people["division"])
    assert list(Notice.objects.values_list("recipient", flat=True)) == [colleague.pk]


def test_who_stands_in_for_a_reviewer_is_told_too_and_only_for_these_days(office, people):
    stand_in, today = factories.person("division", factories.division(office.bureau)), timezone.localdate()
    StandIn.objects.create(
        bureau=office.bureau,
        reviewer=people["division"],
        stand_in=stand_in,
        first_day=today,
        last_day=today,
        reason="年休假",
        named_by=people["division"],
    )
    late = factories.person("division", factories.division(office.bureau))
    StandIn.objects.create(
        bureau=office.bureau,
        reviewer=people["division"],
        stand_in=late,
        first_day=today + DAY,
        last_day=today + DAY,
        reason="年休假",
        named_by=people["division"],
    )
    declaration = factories.declaration(office, state=State.CERTIFYING)
    workflow.perform_move(declaration.pk, "submit", people["head"])
    assert told(people | {"stand-in": stand_in, "late": late}, "submit") == {"division", "stand-in"}


def test_a_role_that_ended_and_an_account_that_was_closed_are_told_nothing(office, people):
    Membership.objects.filter(user=people["filler"]).update(valid_from="2020-01-01", valid_to="2020-12-31")
    type(people["head"]).objects.filter(pk=people["head"].pk).update(is_active=False)
    declaration = factories.declaration(office, state=State.REVIEWED)
    workflow.perform_move(declaration.pk, "approve", people["performance"])
    assert Notice.objects.count() == 0


def test_a_department_without_a_division_tells_no_strangers():
    alone = factories.department()
    head, filler = factories.person("head", alone), factories.person("filler", alone)
    factories.person("head", factories.department(alone.bureau))
    workflow.perform_move(factories.declaration(alone).pk, "send_to_head", filler)
    assert list(Notice.objects.values_list("recipient", flat=True)) == [head.pk]


def test_a_return_says_how_many_comments_there_are_and_nothing_of_what_they_say(office, people):
    declaration = factories.declaration(office, state=State.SUBMITTED)
    factories.freeze(declaration)
    for text in ("指标值过低。", "资金不匹配。"):
        comments.write_comment(people["division"], declaration, field="", code="vague", text=text, number=None)
    workflow.perform_move(declaration.pk, "return", people["division"], comment="请逐条修改。")
    texts = {notice.text for notice in Notice.objects.all()}
    assert texts == {"云溪市水务局2027年度申报表已退回修改，有审核意见 2 条。"}


def test_a_further_submission_says_so_with_the_number_of_replies(office, people):
    declaration = factories.declaration(office, state=State.SUBMITTED)
    factories.freeze(declaration)
    comments.write_comment(people["division"], declaration, field="", code="vague", text="指标值过低。", number=None)
    workflow.perform_move(declaration.pk, "return", people["division"])
    factories.answer(declaration, people["filler"])
    workflow.perform_move(declaration.pk, "send_to_head", people["filler"])
    workflow.perform_move(declaration.pk, "submit", people["head"])
    text = Notice.objects.get(kind="submit").text
    assert text == "云溪市水务局2027年度申报表已报送（第 2 次），附答复 1 条，请初审。"


# --- on commit ---------------------------------------------------------------------------------


class Undone(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_a_move_that_is_rolled_back_tells_nobody_and_mails_nothing():
    office = factories.department(division=factories.division())
    reviewer = factories.person("division", office.division, email="division@example.invalid")
    declaration, head = factories.declaration(office, state=State.CERTIFYING), factories.person("head", office)
    before = ProcrastinateJob.objects.count()  # a worker of another test may have left its upkeep
    with pytest.raises(Undone), transaction.atomic():
        workflow.perform_move(declaration.pk, "submit", head)
        assert Notice.objects.filter(recipient=reviewer).exists()
        raise Undone
    assert (Notice.objects.count(), ProcrastinateJob.objects.count()) == (0, before)
    workflow.perform_move(declaration.pk, "submit", head)
    assert Notice.objects.get().mail == Mail.WAITING
    assert ProcrastinateJob.objects.latest("pk").task_name == "mail_notices"


def test_a_move_that_is_refused_tells_nobody(office, people):
    declaration = factories.declaration(office, state=State.SUBMITTED)
    with pytest.raises(workflow.MoveRefused):
        workflow.perform_move(declaration.pk, "return", people["division"])
    assert Notice.objects.count() == 0


# --- departments -------------------------------------------------------------------------------


def test_an_extension_tells_the_department_when_it_is_given_and_when_it_is_ended(client, office, people):
    year = factories.cycle(office.bureau, deadline=timezone.now() - DAY)
    client.force_login(people["performance"])
    until = timezone.localtime(timezone.now() + 3 * DAY)
    sent = {"cycle": year.pk, "department": office.pk, "until": f"{until:%Y-%m-%dT%H:%M}", "reason": "人员变动"}
    assert client.post(reverse("declarations:extensions"), sent).status_code == 302
    assert told(people, "extension") == {"filler", "head"}
    given = {notice.text for notice in Notice.objects.all()}
    assert given == {f"云溪市水务局2027年度申报已准予延期至{until:%Y年%m月%d日%H:%M}。"}
    client.post(reverse("declarations:extension_end", args=[Extension.objects.get().pk]))
    assert Notice.objects.filter(text="云溪市水务局2027年度申报的延期已提前结束。").count() == 2


def test_urging_tells_the_people_of_each_department_in_the_words_on_record(office, people):
    year = factories.cycle(office.bureau)
    begun = factories.declaration(office, cycle=year)
    notifications.notify_of_urging(year, [office], people["division"], "请于本周五前报送。")
    assert told(people, "urge") == {"filler", "head"}
    notice = Notice.objects.get(recipient=people["filler"])
    assert notice.declaration_id == begun.pk and "请于本周五前报送。" in notice.text


@pytest.mark.parametrize("count", [1, 3])
def test_urging_many_takes_the_queries_of_one(django_assert_num_queries, count):
    year = factories.cycle()
    offices = [factories.department(year.bureau) for _ in range(count)]
    for one in offices:
        factories.person("filler", one, email="a@example.invalid")
        factories.person("head", one)
    reviewer = factories.user()
    with django_assert_num_queries(4):  # people, declarations, notices, the job
        assert notifications.notify_of_urging(year, offices, reviewer) == 2 * count


# --- how it is mailed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "moves", "mail"),
    [
        ("", None, Mail.NONE),
        ("a@example.invalid", None, Mail.WAITING),
        ("a@example.invalid", "at_once", Mail.WAITING),
        ("a@example.invalid", "digest", Mail.COLLECTED),
        ("a@example.invalid", "none", Mail.NONE),
        ("", "digest", Mail.NONE),
    ],
)
def test_everybody_is_told_in_the_system_and_mailed_as_they_prefer(office, people, email, moves, mail):
    head = people["head"]
    head.email = email
    head.save()
    if moves:
        NoticePreference.objects.create(user=head, moves=moves)
    workflow.perform_move(factories.declaration(office).pk, "send_to_head", people["filler"])
    assert Notice.objects.get(recipient=head).mail == mail


def test_what_waits_follows_a_changed_preference(office, people):
    head = people["head"]
    head.email = "a@example.invalid"
    head.save()
    workflow.perform_move(factories.declaration(office).pk, "send_to_head", people["filler"])
    preference = NoticePreference(user=head, moves="digest")
    notifications.keep_preference(preference)
    assert Notice.objects.get().mail == Mail.COLLECTED
    preference.moves = "none"
    notifications.keep_preference(preference)
    notice = Notice.objects.get()
    assert (notice.mail, notice.mail_note) == (Mail.NOT_NEEDED, "接收人改为不收这类邮件。")


def test_the_roles_named_are_those_of_the_product():
    assert {role for roles in notifications.AUDIENCES.values() for role in roles} <= set(Role)
