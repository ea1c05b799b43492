"""Stand-ins: whose roles they have, from when until when, in whose name they act, and what they never get."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from declarations.models import Declaration, Event, Role, StandIn, StandInEnding, State
from declarations.people import permissions, standing_in
from declarations.reviewing import assigning, workflow
from declarations.reviewing.queue import task_of
from declarations.reviewing.refusals import MoveRefused
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class Office:
    """A bureau with two divisions of a reviewer each, and a declaration in the first that waits for its reviewer."""

    def __init__(self):
        self.bureau = factories.bureau()
        first, second = (factories.division(self.bureau) for _ in range(2))
        self.absent, self.helper = factories.person("division", first), factories.person("division", second)
        self.department = factories.department(division=first)
        self.declaration = factories.declaration(self.department, state=State.SUBMITTED)

    def lend(self, start=0, days=5, **values) -> StandIn:
        today = timezone.localdate()
        given = {"reviewer": self.absent, "stand_in": self.helper, "bureau": self.bureau, "named_by": self.absent}
        given |= {"first_day": today + start * DAY, "last_day": today + (start + days) * DAY, "reason": "年休假"}
        made = StandIn.objects.create(**given | values)
        self.helper.forget_memberships()
        return made


@pytest.fixture
def office():
    return Office()


def tasks(person) -> list[Declaration]:
    return list(assigning.with_handlers(Declaration.objects.visible_to(person)).filter(task_of(person)))


def test_during_the_absence_the_tasks_are_the_stand_ins_and_the_record_says_for_whom(office):
    assert tasks(office.helper) == []
    office.lend()
    assert tasks(office.helper) == [office.declaration]
    event = workflow.perform_move(office.declaration.pk, "pass", office.helper)
    assert (event.actor, event.acting_for, event.acting_role) == (office.helper, office.absent, Role.DIVISION)


@pytest.mark.parametrize(
    ("start", "days", "runs"), [(0, 0, True), (-5, 5, True), (-5, 10, True), (-5, 4, False), (1, 5, False)]
)
def test_it_runs_from_the_first_day_to_the_last_and_not_a_day_more(office, start, days, runs):
    office.lend(start, days)
    assert (office.declaration in Declaration.objects.visible_to(office.helper)) is runs
    assert (Role.DIVISION in permissions.roles_on(office.helper, office.declaration)) is runs
    assert bool(tasks(office.helper)) is runs
    if not runs:
        with pytest.raises(Declaration.DoesNotExist):
            workflow.perform_move(office.declaration.pk, "pass", office.helper)


def test_ended_early_it_gives_nothing_from_that_moment_on(office):
    row = office.lend()
    assert tasks(office.helper)
    standing_in.end_stand_in(office.absent, row)
    standing_in.end_stand_in(office.helper, row)
    office.helper.forget_memberships()
    assert not tasks(office.helper)
    assert not Declaration.objects.visible_to(office.helper).exists()
    assert StandInEnding.objects.get().ended_by == office.absent


@pytest.mark.parametrize("loss", ["absent left", "absent switched off", "helper left", "other bureau"])
def test_nobody_lends_what_they_do_not_have_and_nobody_borrows_a_role_they_do_not_hold(office, loss):
    office.lend(**({"bureau": factories.bureau()} if loss == "other bureau" else {}))
    ended = {"valid_from": "2020-01-01", "valid_to": "2020-12-31"}
    if loss == "absent left":
        office.absent.memberships.update(**ended)
    elif loss == "helper left":
        office.helper.memberships.update(**ended)
    elif loss == "absent switched off":
        office.absent.is_active = False
        office.absent.save()
    office.helper.forget_memberships()
    assert not Declaration.objects.visible_to(office.helper).exists()
    assert permissions.roles_on(office.helper, office.declaration) == frozenset()


@pytest.mark.parametrize("role", ["filler", "head", "administrator", "observer"])
def test_only_reviewing_is_lent(office, role):
    places = {"filler": office.department, "head": office.department}
    factories.membership(office.absent, role, places.get(role, office.bureau))
    office.lend()
    lent = [item.role for item in office.helper.memberships_now if item.user_id != office.helper.pk]
    assert lent == ["division"]


def test_a_stand_in_lends_no_further(office):
    third = factories.person("division", factories.division(office.bureau))
    office.lend()
    office.lend(reviewer=office.helper, stand_in=third)
    assert office.declaration not in Declaration.objects.visible_to(third)


def test_the_stand_in_is_barred_from_what_they_filled_in(office):
    office.lend()
    office.declaration.editors.add(office.helper)
    assert tasks(office.helper) == []
    with pytest.raises(MoveRefused, match="不能再审核"):
        workflow.perform_move(office.declaration.pk, "pass", office.helper)


def test_a_colleague_of_the_same_division_acts_for_the_absent_only_in_what_is_assigned_to_them(office):
    mate = factories.person("division", office.department.division)
    other = factories.declaration(factories.department(division=office.department.division), state=State.SUBMITTED)
    assigning.assign_departments(office.absent, Role.DIVISION, [office.department], office.absent)
    assert tasks(mate) == [other]
    office.lend(stand_in=mate)
    mate.forget_memberships()
    assert {*tasks(mate)} == {office.declaration, other}
    assert workflow.perform_move(office.declaration.pk, "pass", mate).acting_for == office.absent
    assert workflow.perform_move(other.pk, "pass", mate).acting_for is None


def test_an_act_of_ones_own_is_in_nobodys_place(office):
    office.lend()
    assert workflow.perform_move(office.declaration.pk, "pass", office.absent).acting_for is None
    assert Event.objects.get().actor == office.absent


def name(office, by, stand_in=None, **values):
    today = timezone.localdate()
    given = {"reviewer": office.absent, "first": today, "last": today + DAY, "reason": "年休假"} | values
    return standing_in.name_stand_in(
        by, given["reviewer"], stand_in or office.helper, given["first"], given["last"], given["reason"]
    )


def test_a_reviewer_names_one_for_themselves_and_an_administrator_for_anybody(office):
    assert name(office, office.absent)[0].named_by == office.absent
    administrator = factories.person("administrator", office.bureau)
    assert name(office, administrator)[0].named_by == administrator
    elsewhere = factories.person("administrator", factories.bureau())
    for person in (office.helper, factories.person("performance", office.bureau), elsewhere):
        with pytest.raises(MoveRefused, match="不能为此人指定"):
            name(office, person)
    assert StandIn.objects.count() == 2


def test_two_stages_of_one_review_never_come_into_one_hand(office):
    second = factories.person("performance", office.bureau)
    for stand_in in (second, office.absent, factories.person("division", factories.division()), factories.user()):
        with pytest.raises(MoveRefused, match="所选的人不能代办"):
            name(office, office.absent, stand_in)


@pytest.mark.parametrize(
    ("first", "last"), [(0, -1), (-5, -1), (0, 400)], ids=["ends before it begins", "is over", "too long"]
)
def test_the_days_make_sense(office, first, last):
    today = timezone.localdate()
    with pytest.raises(MoveRefused, match="起止日期"):
        name(office, office.absent, first=today + first * DAY, last=today + last * DAY)


def test_memberships_are_still_read_in_one_query(office, django_assert_num_queries):
    office.lend()
    with django_assert_num_queries(1):
        assert len(office.helper.memberships_now) == 2
        assert office.helper.scope.divisions == {item.division_id for item in office.helper.memberships_now}
