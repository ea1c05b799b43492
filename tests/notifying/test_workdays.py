"""Working days: the bureau's own calendar, then the published holidays, then the week."""

import datetime

import pytest

from declarations.models import CalendarDay
from declarations.notifying.workdays import Calendar, calendar_of
from tests import factories

D = datetime.date
PLAIN = Calendar()
FIRST_UNPUBLISHED = D(2099, 3, 4)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (D(2026, 9, 30), True),
        (D(2026, 10, 1), False),  # 国庆节, a Thursday
        (D(2026, 10, 7), False),  # a Wednesday of the same holiday
        (D(2026, 10, 8), True),
        (D(2026, 10, 10), True),  # a Saturday worked in exchange
        (D(2026, 10, 11), False),  # the Sunday after it
        (D(2026, 2, 17), False),  # 春节
        (D(2026, 2, 14), True),  # a Saturday worked for it
    ],
)
def test_published_holidays_and_make_up_days(day, works):
    assert PLAIN.is_working_day(day) is works


def test_a_year_not_yet_published_goes_by_the_week_and_says_so():
    assert not PLAIN.is_published(FIRST_UNPUBLISHED.year)
    assert PLAIN.is_working_day(FIRST_UNPUBLISHED)  # a Wednesday
    assert not PLAIN.is_working_day(D(2099, 3, 7))  # a Saturday


def test_days_between_leave_out_the_first_and_count_the_last():
    assert PLAIN.working_days_between(D(2026, 9, 30), D(2026, 9, 30)) == 0
    assert PLAIN.working_days_between(D(2026, 9, 30), D(2026, 10, 8)) == 1
    assert PLAIN.working_days_between(D(2026, 9, 30), D(2026, 10, 10)) == 3
    assert PLAIN.working_days_between(D(2026, 10, 10), D(2026, 9, 30)) == 0


def test_steps_before_and_after_pass_over_the_holiday():
    assert PLAIN.before(D(2026, 10, 9), 1) == D(2026, 10, 8)
    assert PLAIN.before(D(2026, 10, 9), 2) == D(2026, 9, 30)
    assert PLAIN.after(D(2026, 9, 30), 1) == D(2026, 10, 8)
    assert PLAIN.before(D(2026, 10, 3), 0) == D(2026, 10, 3)


@pytest.mark.django_db
def test_the_bureaus_own_days_come_first_and_stay_its_own(django_assert_num_queries):
    ours, theirs = factories.bureau(), factories.bureau()
    CalendarDay.objects.create(bureau=ours, day=D(2026, 9, 30), is_working=False, name="本市停工放假")
    CalendarDay.objects.create(bureau=ours, day=D(2026, 10, 11), is_working=True, name="调休上班")
    with django_assert_num_queries(1):
        calendar = calendar_of(ours)
    assert not calendar.is_working_day(D(2026, 9, 30))
    assert calendar.is_working_day(D(2026, 10, 11))
    assert calendar_of(theirs).is_working_day(D(2026, 9, 30))


@pytest.mark.django_db
def test_an_administrator_edits_the_calendar_of_the_own_bureau_only(client):
    ours, theirs = factories.bureau(), factories.bureau()
    foreign = CalendarDay.objects.create(bureau=theirs, day=D(2026, 9, 30), name="停工")
    client.force_login(factories.person("administrator", ours))
    asked = {"bureau": ours.pk, "day": "2026-09-29", "is_working": "False", "name": "停工"}
    assert client.post("/admin/declarations/calendarday/add/", asked).status_code == 302
    assert not calendar_of(ours).is_working_day(D(2026, 9, 29))
    assert client.get(f"/admin/declarations/calendarday/{foreign.pk}/change/").status_code == 302
    assert client.post(f"/admin/declarations/calendarday/{foreign.pk}/delete/", {"post": "yes"}).status_code == 302
    assert CalendarDay.objects.filter(pk=foreign.pk).exists()
