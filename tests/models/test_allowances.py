"""More time for one department, the second round with its limits, and adjusting what was approved."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from declarations.models import ControlFigures, Cycle, Declaration, Extension, Round, Snapshot, State
from declarations.people import permissions
from declarations.record import store
from declarations.reviewing.workflow import MoveRefused, available_moves, perform_move
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
STEPS = (("send_to_head", "filler"), ("submit", "head"), ("pass", "division"), ("approve", "performance"))


@pytest.fixture
def office():
    return factories.department(division=factories.division())


@pytest.fixture
def people(office):
    places = {"filler": office, "head": office, "division": office.division, "performance": office.bureau}
    places["observer"] = office.bureau
    return {role: factories.person(role, place) for role, place in places.items()}


def walk(declaration, people, steps=STEPS):
    for action, role in steps:
        perform_move(declaration.pk, action, people[role], comment="见附件")
    declaration.refresh_from_db()
    return declaration


def overdue(declaration) -> Declaration:
    Cycle.objects.filter(pk=declaration.cycle_id).update(deadline=timezone.now() - DAY)
    return Declaration.objects.select_related("cycle", "department").get(pk=declaration.pk)


def extend(declaration, until, person) -> Extension:
    values = {"cycle": declaration.cycle, "department": declaration.department, "reason": "人员变动"}
    return Extension.objects.create(until=until, granted_by=person, **values)


# --- more time ---------------------------------------------------------------------------------


def test_an_extension_lets_its_department_report_after_the_deadline(office, people):
    declaration = overdue(factories.declaration(office))
    assert not permissions.may_edit(people["filler"], declaration)
    extend(declaration, timezone.now() + DAY, people["performance"])
    assert permissions.may_edit(people["filler"], declaration)
    assert walk(declaration, people, STEPS[:2]).state == State.SUBMITTED


def test_an_extension_is_for_its_department_and_its_year_alone(office, people):
    other = factories.department(division=office.division)
    declaration = overdue(factories.declaration(other))
    extend(factories.declaration(office), timezone.now() + DAY, people["performance"])
    assert not permissions.in_time(declaration)


def test_an_extension_that_has_ended_is_named_in_the_refusal(office, people):
    declaration = overdue(factories.declaration(office))
    extend(declaration, timezone.now() - datetime.timedelta(minutes=1), people["performance"])
    with pytest.raises(MoveRefused, match=r"延期已于.*结束"):
        perform_move(declaration.pk, "send_to_head", people["filler"])


def test_the_newest_extension_counts_so_that_one_can_be_taken_back(office, people):
    declaration = overdue(factories.declaration(office))
    extend(declaration, timezone.now() + DAY, people["performance"])
    extend(declaration, timezone.now(), people["performance"])
    assert not permissions.in_time(declaration, timezone.now() + datetime.timedelta(seconds=1))


@pytest.mark.parametrize("change", ["update", "delete"])
def test_who_was_let_in_late_stays_on_record(office, people, change):
    extend(factories.declaration(office), timezone.now() + DAY, people["performance"])
    with pytest.raises(DatabaseError, match=r"(?i)cannot"), transaction.atomic():
        getattr(Extension.objects.all(), change)(**({"reason": "改写"} if change == "update" else {}))


def test_a_declaration_may_be_begun_in_an_extension(office, people):
    cycle = factories.cycle(office.bureau, deadline=timezone.now() - DAY)
    assert not permissions.may_start(people["filler"], office, cycle)
    Extension.objects.create(
        cycle=cycle, department=office, until=timezone.now() + DAY, reason="新设部门", granted_by=people["performance"]
    )
    assert permissions.may_start(people["filler"], office, cycle)


# --- adjusting what was approved ---------------------------------------------------------------


def test_an_approved_one_is_adjusted_as_a_new_revision_through_the_same_review(office, people):
    declaration = walk(factories.declaration(office), people)
    perform_move(declaration.pk, "adjust", people["performance"], comment="预算调剂，请相应调整指标")
    declaration.refresh_from_db()
    assert (declaration.state, declaration.revision) == (State.RETURNED, 2)
    walk(declaration, people)
    assert (declaration.state, declaration.revision) == (State.APPROVED, 2)
    assert [snapshot.state for snapshot in declaration.snapshots.filter(state=State.APPROVED)] == ["approved"] * 2


def test_it_may_be_adjusted_after_the_deadline(office, people):
    declaration = overdue(walk(factories.declaration(office), people))
    perform_move(declaration.pk, "adjust", people["performance"], comment="预算调剂")
    assert permissions.may_edit(people["filler"], Declaration.objects.get(pk=declaration.pk))


def test_what_was_approved_stays_readable_while_it_is_adjusted(office, people):
    declaration = walk(factories.declaration(office), people)
    approved = store.table_of(declaration)
    perform_move(declaration.pk, "adjust", people["performance"], comment="预算调剂")
    declaration = Declaration.objects.get(pk=declaration.pk)
    store.save_table(declaration, factories.table(staff_count=99), user=people["filler"])
    observer = people["observer"]
    seen = Declaration.objects.visible_to(observer).get()
    assert permissions.readable_table(observer, seen) == approved
    assert set(Snapshot.objects.visible_to(observer).values_list("state", flat=True)) == {State.APPROVED}


def test_an_imported_past_is_not_adjusted(office, people):
    declaration = factories.declaration(office, state=State.APPROVED, is_imported=True)
    assert available_moves(people["performance"], declaration) == []
    with pytest.raises(MoveRefused, match="历史导入"):
        perform_move(declaration.pk, "adjust", people["performance"], comment="调整")


# --- rounds ------------------------------------------------------------------------------------


def second_round(declaration):
    Cycle.objects.filter(pk=declaration.cycle_id).update(round=Round.SECOND)


def test_the_second_round_waits_for_the_year(office, people):
    declaration = walk(factories.declaration(office), people)
    assert "second_round" not in {move.action for move in available_moves(people["performance"], declaration)}
    with pytest.raises(MoveRefused, match="还没有进入二上"):
        perform_move(declaration.pk, "second_round", people["performance"])


def test_the_second_round_opens_each_declaration_once(office, people):
    declaration = walk(factories.declaration(office), people)
    second_round(declaration)
    perform_move(declaration.pk, "second_round", people["performance"])
    declaration.refresh_from_db()
    assert (declaration.state, declaration.round, declaration.revision) == (State.DRAFT, Round.SECOND, 1)
    walk(declaration, people)
    with pytest.raises(MoveRefused, match="已在二上"):
        perform_move(declaration.pk, "second_round", people["performance"])


def test_one_first_submitted_in_the_second_round_is_of_it(office, people):
    declaration = factories.declaration(office)
    second_round(declaration)
    assert walk(declaration, people, STEPS[:2]).round == Round.SECOND


# --- limits ------------------------------------------------------------------------------------


def test_control_figures_are_issued_once_a_year_and_never_negative(office):
    cycle = factories.cycle(office.bureau)
    figures = ControlFigures.objects.create(cycle=cycle, department=office, project_expenditure="70.5")
    figures.refresh_from_db()
    assert {name: str(value) for name, value in figures.issued.items()} == {"project_expenditure": "70.500000"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlFigures.objects.create(cycle=cycle, department=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlFigures.objects.filter(pk=figures.pk).update(other_funds=-1)


def test_limits_and_extensions_are_seen_by_those_concerned(office, people):
    declaration = factories.declaration(office)
    ControlFigures.objects.create(cycle=declaration.cycle, department=office)
    extend(declaration, timezone.now() + DAY, people["performance"])
    stranger = factories.person("filler", factories.department(office.bureau))
    for model in (ControlFigures, Extension):
        assert model.objects.visible_to(people["head"]).count() == 1
        assert model.objects.visible_to(people["division"]).count() == 1
        assert model.objects.visible_to(stranger).count() == 0
