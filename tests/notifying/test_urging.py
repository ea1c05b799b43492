"""催报: whom it reaches, once a day unless it is confirmed, with a record each."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from declarations.models import Notice, State, Urging
from declarations.notifying import urging
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def division():
    return factories.division()


@pytest.fixture
def cycle(division):
    return factories.cycle(division.bureau)


@pytest.fixture
def reviewer(division):
    return factories.person("division", division)


def test_each_department_gets_a_record_and_sees_it(division, cycle, reviewer):
    late = [factories.department(division=division) for _ in range(2)]
    made = urging.urge_departments(reviewer, cycle, late, "请抓紧报送。")
    assert {(row.department, row.urged_by, row.text) for row in made} == {
        (one, reviewer, "请抓紧报送。") for one in late
    }
    filler = factories.person("filler", late[0])
    assert [row.department for row in Urging.objects.visible_to(filler)] == [late[0]]
    assert not Urging.objects.visible_to(factories.person("observer", division.bureau)).exists()


def test_without_words_it_says_year_and_deadline(division, cycle, reviewer):
    (made,) = urging.urge_departments(reviewer, cycle, [factories.department(division=division)], "  ")
    assert made.text == urging.suggested_text(cycle)
    assert "2027年度" in made.text and f"{timezone.localtime(cycle.deadline):%m月%d日}" in made.text


def test_only_what_is_ones_own_due_and_not_reported_is_reminded(division, cycle, reviewer):
    elsewhere = factories.department(division=factories.division(division.bureau))
    closed = factories.department(division=division, is_active=False)
    unit = factories.department(division=division, parent=factories.department(division=division))
    reported = [factories.department(division=division) for _ in range(2)]
    factories.declaration(reported[0], cycle=cycle, state=State.SUBMITTED)
    factories.declaration(reported[1], cycle=cycle, state=State.RETURNED)
    assert urging.urge_departments(reviewer, cycle, [elsewhere, closed, unit, *reported], "请报送。") == []
    outsider = factories.person("filler", unit)
    assert urging.urge_departments(outsider, cycle, [factories.department(division=division)], "请报送。") == []


def test_not_twice_on_one_day_unless_it_is_confirmed(division, cycle, reviewer):
    first, second = (factories.department(division=division) for _ in range(2))
    assert len(urging.urge_departments(reviewer, cycle, [first], "请报送。")) == 1
    colleague = factories.person("division", division)
    assert [row.department for row in urging.urge_departments(colleague, cycle, [first, second], "请报送。")] == [
        second
    ]
    assert urging.urged_today(cycle, [first, second]) == {first.pk, second.pk}
    assert len(urging.urge_departments(colleague, cycle, [first], "请报送。", again=True)) == 1
    assert urging.last_urged([(cycle.pk, first.pk)])[cycle.pk, first.pk].urged_by == colleague


def test_yesterdays_reminder_is_none_of_today(division, cycle, reviewer):
    department = factories.department(division=division)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    Urging.objects.create(cycle=cycle, department=department, text="请报送", urged_by=reviewer, created_at=yesterday)
    assert len(urging.urge_departments(reviewer, cycle, [department], "请报送。")) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_reminding_many_costs_the_same_queries(division, cycle, reviewer, count):
    late = [factories.department(division=division) for _ in range(count)]
    assert reviewer.memberships_now
    with CaptureQueriesContext(
        connection,
    ) as queries:
        urging.urge_departments(reviewer, cycle, late, "请报送。")
    assert len(queries) == 7


def test_whoever_is_reminded_is_told(division, cycle, reviewer):
    department = factories.department(division=division)
    filler = factories.person("filler", department)
    urging.urge_departments(reviewer, cycle, [department], "请本周内报送。")
    notice = Notice.objects.get(recipient=filler, kind="urge")
    assert "请本周内报送。" in notice.text
    urging.urge_departments(reviewer, cycle, [department], "请本周内报送。")
    assert Notice.objects.filter(recipient=filler).count() == 1
