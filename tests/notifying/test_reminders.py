"""Reminders by the calendar of working days: once a step, caught up, never doubled, and not for what is done."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from declarations.models import CalendarDay, Event, Extension, Notice, NoticeKind, Role, State
from declarations.notifying import reminders
from tests import factories

pytestmark = pytest.mark.django_db


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(2026, month, day, hour, minute))


@pytest.fixture
def cycle():
    """Ends on the Monday after 国庆节 2026, whose Saturday before, 10 October, is worked in exchange."""
    return factories.cycle(opens_at=at(9, 1), deadline=at(10, 12, 18))


@pytest.fixture
def office(cycle):
    home = factories.department(division=factories.division(cycle.bureau), name="云溪市水务局")
    factories.person("filler", home, username="filler")
    factories.person("head", home, username="head")
    factories.person("division", home.division, username="division")
    factories.person("performance", cycle.bureau, username="performance")
    return home


def told(kind: str = NoticeKind.DEADLINE) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


# --- departments -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (at(9, 20), None),  # a Sunday, worked in exchange, eleven working days before
        (at(9, 21), 10),
        (at(9, 28), 10),  # still the same step
        (at(9, 29), 5),  # the holiday lies between: 30 September, 8, 9, 10 and 12 October are left
        (at(10, 9), 5),
        (at(10, 10), 1),  # the Saturday
        (at(10, 12, 17), 1),
        (at(10, 12, 19), None),
    ],
)
def test_steps_are_counted_in_working_days_over_a_holiday(cycle, now, step):
    limit = reminders.Limit(cycle.deadline, cycle.opens_at)
    assert reminders.step_of(cycle, reminders.calendar_of(cycle.bureau), limit, now) == step


def test_the_days_before_spring_festival_count_the_saturday_that_is_worked():
    year = factories.cycle(opens_at=at(1, 5), deadline=at(2, 25, 18))
    limit, calendar = reminders.Limit(year.deadline, year.opens_at), reminders.calendar_of(year.bureau)
    steps = {day: reminders.step_of(year, calendar, limit, at(2, day)) for day in (10, 11, 14, 20, 24)}
    assert steps == {10: 10, 11: 5, 14: 5, 20: 5, 24: 1}


def test_the_bureaus_own_day_off_moves_the_step(cycle):
    CalendarDay.objects.create(bureau=cycle.bureau, day="2026-10-10", is_working=False, name="本市放假")
    limit, calendar = reminders.Limit(cycle.deadline, cycle.opens_at), reminders.calendar_of(cycle.bureau)
    assert reminders.step_of(cycle, calendar, limit, at(10, 8)) == 5
    assert reminders.step_of(cycle, calendar, limit, at(10, 9)) == 1


def test_a_department_that_has_not_reported_is_reminded_once_a_step(office):
    for now in (at(9, 21), at(9, 21, 9, 15), at(9, 22), at(9, 28)):
        reminders.write_reminders(now)
    assert told() == ["filler", "head"]
    reminders.write_reminders(at(9, 29))
    assert told() == ["filler", "filler", "head", "head"]
    text = "云溪市水务局2027年度申报表尚未报送，2026年10月12日18:00截止，还有 5 个工作日。"
    assert Notice.objects.latest("pk").text == text


def test_a_morning_that_was_missed_is_caught_up_once_and_of_several_the_last(office):
    reminders.write_reminders(at(9, 24))
    assert all("还有 7 个工作日" in notice.text for notice in Notice.objects.all())
    assert steps_told() == ["10", "10"]
    Notice.objects.all().delete()
    reminders.write_reminders(at(10, 10))
    assert steps_told() == ["1", "1"]


def steps_told() -> list[str]:
    return [key.rpartition(":")[2] for key in Notice.objects.values_list("key", flat=True)]


@pytest.mark.parametrize("now", [at(9, 29, 8, 29), at(10, 3), at(10, 7), at(10, 11)])
def test_nobody_is_reminded_before_the_morning_or_on_a_day_off(office, now):
    assert reminders.write_reminders(now) == 0


@pytest.mark.parametrize(
    ("state", "reminded"),
    [("draft", True), ("certifying", True), ("submitted", False), ("returned", False), ("approved", False)],
)
def test_who_has_reported_is_not_reminded(office, cycle, state, reminded):
    declaration = factories.declaration(office, cycle=cycle, state=state)
    reminders.write_reminders(at(9, 29))
    assert told() == (["filler", "head"] if reminded else [])
    assert {notice.declaration_id for notice in Notice.objects.all()} <= {declaration.pk}


def test_an_extension_moves_the_date(office, cycle):
    extend(office, cycle, at(10, 12, 10), until=at(10, 30, 18))
    reminders.write_reminders(at(10, 10))
    assert told() == []
    reminders.write_reminders(at(10, 23))
    assert told() == ["filler", "head"]
    assert "2026年10月30日18:00截止，还有 5 个工作日" in Notice.objects.first().text


def test_an_extension_too_short_for_a_step_is_not_followed_by_a_reminder_at_once(office, cycle):
    extend(office, cycle, at(10, 13, 10), until=at(10, 15, 18))
    reminders.write_reminders(at(10, 13, 11))
    assert told() == []
    reminders.write_reminders(at(10, 14))
    assert told() == ["filler", "head"]


def extend(office, cycle, given: datetime.datetime, until: datetime.datetime) -> None:
    by = factories.person("performance", cycle.bureau)
    Extension.objects.create(
        cycle=cycle, department=office, until=until, reason="人员变动", granted_by=by, created_at=given
    )


def test_a_deadline_that_is_moved_begins_its_steps_anew(office, cycle):
    reminders.write_reminders(at(9, 29))
    cycle.deadline = at(10, 30, 18)
    cycle.save()
    reminders.write_reminders(at(10, 9))
    assert len(told()) == 2
    reminders.write_reminders(at(10, 23))
    assert len(told()) == 4


def test_the_administrator_chooses_the_steps_or_none(office, cycle):
    cycle.remind_before, cycle.remind_reviewers_after = [], 0
    cycle.save()
    factories.declaration(office, cycle=cycle, state=State.SUBMITTED)
    assert [reminders.write_reminders(at(9, 29)), reminders.write_reminders(at(10, 12))] == [0, 0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_remind_once():
    year = factories.cycle(opens_at=at(9, 1), deadline=at(10, 12, 18))
    for _ in range(5):
        home = factories.department(year.bureau)
        factories.person("filler", home, email="a@example.invalid")
    start = threading.Barrier(2)

    def work():
        start.wait(timeout=10)
        try:
            reminders.write_reminders(at(9, 29))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for worker in [pool.submit(work) for _ in range(2)]:
            worker.result(timeout=20)
    assert Notice.objects.count() == 5


# --- reviewers ---------------------------------------------------------------------------------


def waiting(office, cycle, state: str, since: datetime.datetime):
    declaration = factories.declaration(office, cycle=cycle, state=state)
    Event.objects.create(
        declaration=declaration, action="submit", from_state="certifying", to_state=state, created_at=since
    )
    return declaration


@pytest.mark.parametrize(("state", "desk"), [("submitted", "division"), ("reviewed", "performance")])
def test_a_reviewer_is_reminded_once_of_what_waits_too_long(office, cycle, state, desk):
    waiting(office, cycle, state, at(9, 28, 16))
    reminders.write_reminders(at(10, 10))  # 29, 30 September, 8, 9 and 10 October: five, not more than five
    assert told(NoticeKind.WAITING) == []
    for now in (at(10, 12), at(10, 13), at(10, 20)):
        reminders.write_reminders(now)
    assert told(NoticeKind.WAITING) == [desk]
    assert Notice.objects.get().text.endswith("自2026年09月28日起等待审核，已超过 5 个工作日。")


def test_what_came_back_waits_anew(office, cycle):
    declaration = waiting(office, cycle, "submitted", at(9, 21))
    reminders.write_reminders(at(9, 30))
    again = {"action": "submit", "from_state": "certifying", "to_state": "submitted", "created_at": at(10, 9)}
    Event.objects.create(declaration=declaration, **again)
    reminders.write_reminders(at(10, 12))
    assert len(told(NoticeKind.WAITING)) == 1
    reminders.write_reminders(at(10, 19))
    assert len(told(NoticeKind.WAITING)) == 2


def test_who_may_not_review_it_is_not_reminded_of_it(office, cycle):
    declaration = waiting(office, cycle, "submitted", at(9, 21))
    declaration.editors.add(*declaration.editors.model.objects.filter(username="division"))
    reminders.write_reminders(at(9, 30))
    assert told(NoticeKind.WAITING) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_morning_takes_the_same_queries_for_many_departments(django_assert_num_queries, count):
    year = factories.cycle(opens_at=at(9, 1), deadline=at(10, 12, 18))
    division = factories.division(year.bureau)
    factories.person(Role.DIVISION, division)
    for _ in range(count):
        factories.person("filler", factories.department(division=division))
        waiting(factories.department(division=division), year, "submitted", at(9, 1))
    with django_assert_num_queries(14):
        assert reminders.write_reminders(at(9, 29)) == 2 * count
