"""Whose task a declaration is: the 经办人 of a department, handing over, taking back; never a lost one."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from declarations.models import Assignment, Declaration, Role, StandIn, State, Urging
from declarations.people import permissions
from declarations.reviewing import assigning
from declarations.reviewing.queue import task_of
from declarations.reviewing.refusals import MoveRefused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def division():
    return factories.division()


@pytest.fixture
def declaration(division):
    return factories.declaration(factories.department(division=division), state=State.SUBMITTED)


@pytest.fixture
def anna(division):
    return factories.person("division", division)


@pytest.fixture
def ben(division):
    return factories.person("division", division)


def tasks(person) -> list[Declaration]:
    return list(assigning.with_handlers(Declaration.objects.visible_to(person)).filter(task_of(person)))


def test_without_a_handler_it_is_everybodys_task(declaration, anna, ben):
    assert tasks(anna) == tasks(ben) == [declaration]


def test_what_was_handed_over_is_the_colleagues_task_and_can_be_taken_back(declaration, anna, ben):
    made = assigning.hand_over(anna, declaration, ben.pk, "出差一周")
    assert (made.reviewer, made.assigned_by, made.reason) == (ben, anna, "出差一周")
    assert (tasks(anna), tasks(ben)) == ([], [declaration])
    assert declaration in Declaration.objects.visible_to(anna)
    assigning.take_over(anna, declaration)
    assert (tasks(anna), tasks(ben)) == ([declaration], [])
    assert Assignment.objects.count() == 2


def test_a_department_has_a_handler_for_all_its_years_until_one_declaration_is_handed_over(declaration, anna, ben):
    assigning.assign_departments(anna, Role.DIVISION, [declaration.department], anna)
    assert tasks(ben) == []
    assigning.hand_over(anna, declaration, ben.pk, "请假")
    assigning.assign_departments(anna, Role.DIVISION, [declaration.department], anna)
    assert (tasks(anna), tasks(ben)) == ([], [declaration])
    assigning.assign_departments(anna, Role.DIVISION, [declaration.department], None)
    assert assigning.handler_of(declaration, Role.DIVISION) == ben


def test_the_task_of_somebody_who_left_the_division_is_everybodys_again(declaration, anna, ben):
    assigning.hand_over(anna, declaration, ben.pk, "请假")
    ben.memberships.update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert assigning.handler_of(declaration, Role.DIVISION) is None
    assert tasks(anna) == [declaration]


def test_a_department_that_moved_to_another_division_is_that_ones_task(declaration, anna, ben):
    assigning.hand_over(anna, declaration, ben.pk, "请假")
    elsewhere = factories.division(declaration.department.bureau)
    declaration.department.division = elsewhere
    declaration.department.save()
    assert tasks(factories.person("division", elsewhere)) == [declaration]


@pytest.mark.parametrize("who", ["stranger", "other division", "second stage", "oneself", "filled in"])
def test_it_is_handed_only_to_a_reviewer_of_the_same_division_without_a_hand_in_it(declaration, anna, ben, who):
    bureau = declaration.department.bureau
    declaration.editors.add(ben)
    to = {
        "stranger": factories.user,
        "other division": lambda: factories.person("division", factories.division(bureau)),
        "second stage": lambda: factories.person("performance", bureau),
        "oneself": lambda: anna,
        "filled in": lambda: ben,
    }[who]()
    with pytest.raises(MoveRefused, match="所选的人不能经办"):
        assigning.hand_over(anna, declaration, to.pk, "请假")
    assert not Assignment.objects.exists()


def test_handing_over_needs_a_reason_a_role_and_an_open_review(declaration, anna, ben):
    with pytest.raises(MoveRefused, match="须写明转办的原因"):
        assigning.hand_over(anna, declaration, ben.pk, " ")
    for person in (
        factories.person("filler", declaration.department),
        factories.person("observer", declaration.department),
    ):
        with pytest.raises(MoveRefused, match="不能转办"):
            assigning.hand_over(person, declaration, ben.pk, "请假")
    declaration.state = State.APPROVED
    with pytest.raises(MoveRefused, match="当前为“已批复”"):
        assigning.hand_over(anna, declaration, ben.pk, "请假")


def test_whoever_filled_it_in_has_no_task_and_does_not_take_it(declaration, anna, ben):
    declaration.editors.add(anna)
    assert (tasks(anna), tasks(ben)) == ([], [declaration])
    with pytest.raises(MoveRefused, match="须由他人审核"):
        assigning.take_over(anna, declaration)
    assert assigning.hand_over(anna, declaration, ben.pk, "参与过填报").reviewer == ben


def test_the_stages_have_handlers_of_their_own(declaration, anna, ben):
    bureau = declaration.department.bureau
    first, second = factories.person("performance", bureau), factories.person("performance", bureau)
    assigning.hand_over(anna, declaration, ben.pk, "请假")
    Declaration.objects.update(state=State.REVIEWED)
    declaration.refresh_from_db()
    assert tasks(first) == tasks(second) == [declaration]
    assigning.hand_over(first, declaration, second.pk, "请假")
    assert (tasks(first), tasks(second)) == ([], [declaration])
    assert assigning.handler_of(declaration, Role.DIVISION) == ben


def test_somebody_in_both_stages_is_not_asked_twice(declaration, anna, ben):
    factories.membership(anna, "performance", declaration.department.bureau)
    assigning.hand_over(anna, declaration, ben.pk, "请假")
    assert tasks(anna) == []


def test_departments_are_not_assigned_to_somebody_who_does_not_review_them(declaration, anna):
    outsider = factories.person("division", factories.division(declaration.department.bureau))
    with pytest.raises(MoveRefused, match="不审核"):
        assigning.assign_departments(anna, Role.DIVISION, [declaration.department], outsider)
    assert not Assignment.objects.exists()


def test_who_has_which_task_is_not_told_to_departments(declaration, anna, ben):
    assigning.hand_over(anna, declaration, ben.pk, "请假")
    assert Assignment.objects.visible_to(ben).count() == 1
    for role in ("filler", "head", "observer"):
        assert not Assignment.objects.visible_to(factories.person(role, declaration.department)).exists()
    elsewhere = factories.person("division", factories.division())
    assert not Assignment.objects.visible_to(elsewhere).exists()


@pytest.mark.parametrize("model", [Assignment, StandIn, Urging])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_record_is_only_added_to(declaration, anna, ben, model, change):
    common = {"reviewer": anna, "stand_in": ben, "first_day": "2026-01-01", "last_day": "2026-01-02", "named_by": anna}
    rows = {
        Assignment: {"role": "division", "department": declaration.department, "assigned_by": anna},
        StandIn: common | {"bureau": declaration.department.bureau, "reason": "请假"},
        Urging: {"cycle": declaration.cycle, "department": declaration.department, "text": "请报送", "urged_by": anna},
    }
    made = model.objects.create(**rows[model])
    with pytest.raises(DatabaseError, match=r"(?i)cannot"), transaction.atomic():
        getattr(model.objects.filter(pk=made.pk), change)(
            **({"created_at": made.created_at} if change == "update" else {})
        )


def test_having_a_hand_in_it_costs_two_conditions_and_no_scan(declaration, anna, django_assert_num_queries):
    declaration.editors.add(anna)
    with django_assert_num_queries(1):
        assert permissions.has_hand_in(anna, declaration)
