"""Who sees which rows, and who may read, edit, administer what: deny by default, nothing crosses bureaus."""

import datetime
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from declarations.models import (
    Bureau,
    Cycle,
    Declaration,
    Department,
    Division,
    Event,
    ImportBatch,
    Membership,
    Role,
    Snapshot,
    State,
    Upload,
    User,
)
from declarations.people import permissions
from declarations.record import store
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


class City:
    """A bureau with two divisions of one department each, one declaration a department."""

    def __init__(self):
        self.bureau = factories.bureau()
        self.divisions = [factories.division(self.bureau) for _ in range(2)]
        self.departments = [factories.department(self.bureau, division=division) for division in self.divisions]
        self.cycle = factories.cycle(self.bureau)
        self.declarations = [factories.declaration(department) for department in self.departments]

    def person(self, role, nth=0, **values):
        scopes = {"filler": "departments", "head": "departments", "division": "divisions"}
        place = getattr(self, scopes[role])[nth] if role in scopes else self.bureau
        return factories.person(role, place, **values)


@pytest.fixture
def city():
    return City()


@pytest.fixture
def other_city():
    return City()


def freeze(declaration, *states):
    """Snapshots and events as if the declaration had passed through these states."""
    previous, before = None, State.DRAFT
    for state in states:
        previous = Snapshot.following(previous, content={}, declaration=declaration, state=state, row_ids={})
        previous.save()
        Event.objects.create(declaration=declaration, snapshot=previous, action="x", from_state=before, to_state=state)
        before = state


def seen(model, user):
    return set(model.objects.visible_to(user))


@pytest.mark.parametrize(
    ("role", "expected"),
    [("filler", {0}), ("head", {0}), ("division", {0}), ("performance", {0, 1}), ("administrator", {0, 1})],
)
def test_declarations_and_departments_by_role(city, other_city, role, expected):
    person = city.person(role)
    assert seen(Declaration, person) == {city.declarations[n] for n in expected}
    assert seen(Department, person) == {city.departments[n] for n in expected}
    assert seen(Bureau, person) == {city.bureau}
    assert seen(Cycle, person) == {city.cycle}


@pytest.mark.parametrize(
    ("role", "expected"),
    [("filler", {0}), ("head", {0}), ("division", {0}), ("performance", {0, 1}), ("observer", set())],
)
def test_divisions_by_role(city, other_city, role, expected):
    assert seen(Division, city.person(role)) == {city.divisions[n] for n in expected}


@pytest.mark.parametrize("state", State.values)
def test_an_observer_sees_only_what_was_approved(city, other_city, state):
    Declaration.objects.update(state=state)
    of_bureau, of_department = city.person("observer"), factories.person("observer", city.departments[1])
    approved = state == State.APPROVED
    assert seen(Declaration, of_bureau) == (set(city.declarations) if approved else set())
    assert seen(Declaration, of_department) == ({city.declarations[1]} if approved else set())


MODELS = [Bureau, Division, Department, Cycle, Declaration, Snapshot, Event, ImportBatch, Upload, User, Membership]


def everything_in(city):
    freeze(city.declarations[0], State.SUBMITTED, State.APPROVED)
    Declaration.objects.filter(pk=city.declarations[0].pk).update(state=State.APPROVED)
    administrator = city.person("administrator")
    batch = ImportBatch.objects.create(bureau=city.bureau, created_by=administrator)
    Upload.objects.create(batch=batch, original_name="表.xlsx", sha256="0" * 64, size=1)
    for role in Role.values:
        city.person(role)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_granted_to_strangers(city, model):
    everything_in(city)
    ended = city.person("administrator")
    ended.memberships.update(valid_from=timezone.localdate() - 9 * DAY, valid_to=timezone.localdate() - DAY)
    ended.forget_memberships()
    future = city.person("performance")
    future.memberships.update(valid_from=timezone.localdate() + DAY)
    future.forget_memberships()
    disabled = city.person("administrator", is_active=False)
    for stranger in (AnonymousUser(), factories.user(), disabled, ended, future):
        own = {stranger} if model is User else set(Membership.objects.filter(user=stranger.pk))
        assert seen(model, stranger) <= (own if model in (User, Membership) else set())


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("model", MODELS)
def test_nothing_crosses_from_one_bureau_to_another(city, other_city, role, model):
    everything_in(other_city)
    theirs = set(model.objects.all())
    if model not in (User, Membership):
        theirs -= seen(model, city.person("administrator"))
    person = city.person(role)
    assert theirs
    assert not theirs & seen(model, person)


@pytest.mark.parametrize("model", MODELS)
def test_the_operator_sees_all_rows(city, other_city, model):
    everything_in(city)
    everything_in(other_city)
    assert seen(model, factories.superuser()) == set(model.objects.all())


def test_the_bureau_does_not_see_what_was_frozen_before_it_was_reported(city):
    freeze(city.declarations[0], State.CERTIFYING, State.DRAFT, State.CERTIFYING, State.SUBMITTED, State.DRAFT)
    filler, reviewer = city.person("filler"), city.person("division")
    assert len(seen(Snapshot, filler)) == len(seen(Event, filler)) == 5
    assert {snapshot.state for snapshot in seen(Snapshot, reviewer)} == {State.SUBMITTED}
    moves = {(event.from_state, event.to_state) for event in seen(Event, reviewer)}
    assert moves == {("certifying", "submitted"), ("submitted", "draft")}


def test_an_observer_sees_of_the_record_what_was_approved(city):
    freeze(city.declarations[0], State.CERTIFYING, State.SUBMITTED, State.REVIEWED, State.APPROVED)
    Declaration.objects.update(state=State.APPROVED)
    observer = city.person("observer")
    assert {snapshot.state for snapshot in seen(Snapshot, observer)} == {State.APPROVED}
    assert {event.to_state for event in seen(Event, observer)} == {State.APPROVED}


def test_one_sees_ones_own_uploads_while_one_has_a_part_in_the_bureau(city):
    filler = city.person("filler")
    batch = ImportBatch.objects.create(bureau=city.bureau, created_by=filler)
    assert seen(ImportBatch, filler) == {batch}
    assert not seen(ImportBatch, city.person("filler"))
    filler.memberships.all().delete()
    filler.forget_memberships()
    assert not seen(ImportBatch, filler)


READERS = {
    "filler": set(State.values),
    "head": set(State.values),
    "division": set(State.AT_BUREAU),
    "performance": set(State.AT_BUREAU),
    "administrator": set(State.AT_BUREAU),
    "observer": {State.APPROVED},
}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("state", State.values)
def test_who_may_read_the_content_in_which_state(city, role, state):
    declaration = city.declarations[0]
    declaration.state = state
    person = city.person(role)
    assert permissions.may_read_content(person, declaration) is (state in READERS[role])
    assert permissions.may_export(person, declaration) is (state in READERS[role])
    assert not permissions.may_read_content(City().person(role), declaration)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("state", State.values)
def test_what_is_read_is_there_only_for_those_who_may(city, role, state):
    declaration = city.declarations[0]
    declaration.state = state
    declaration.save(update_fields=["state"])
    factories.freeze(declaration)
    table = permissions.readable_table(city.person(role), declaration)
    assert table == (store.table_of(declaration) if state in READERS[role] else None)


@pytest.fixture
def corrected(city):
    """Returned twice; since then the department changed the goal."""
    declaration = city.declarations[0]
    for goal in ("第一次报送的目标", "第二次报送的目标", "正在修改的目标"):
        declaration.state = State.DRAFT
        store.save_table(declaration, replace(store.table_of(declaration), overall_goal=goal))
        declaration.state = State.RETURNED
        declaration.save(update_fields=["state"])
        if goal != "正在修改的目标":
            factories.freeze(declaration)
    return declaration


@pytest.mark.parametrize("role", [role for role in Role.values if role != "observer"])
def test_the_bureau_reads_what_it_returned_not_what_is_being_corrected(city, corrected, role):
    table = permissions.readable_table(city.person(role), corrected)
    expected = "正在修改的目标" if role in ("filler", "head") else "第二次报送的目标"
    assert table.overall_goal == expected
    assert store.row_ids(table) == store.row_ids(store.table_of(corrected))


def test_once_it_is_reported_again_the_bureau_reads_the_correction(city, corrected):
    corrected.state = State.SUBMITTED
    corrected.save(update_fields=["state"])
    assert permissions.readable_table(city.person("division"), corrected).overall_goal == "正在修改的目标"


def test_a_returned_text_that_is_not_on_record_is_not_guessed(city):
    declaration = city.declarations[0]
    declaration.state = State.RETURNED
    assert permissions.readable_table(city.person("division"), declaration) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_reads_what_was_reported_in_queries_that_do_not_grow(city, rows, django_assert_num_queries):
    for department in [factories.department(city.bureau) for _ in range(rows)]:
        factories.declaration(department, state=State.RETURNED)
    reviewer = User.objects.get(pk=city.person("performance").pk)
    with django_assert_num_queries(6):
        found = [permissions.readable_table(reviewer, row) for row in store.with_reported(Declaration.objects.all())]
    assert [bool(table) for table in found].count(True) == rows


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("state", State.values)
def test_only_the_department_edits_and_only_while_it_is_with_it(city, role, state):
    declaration = city.declarations[0]
    declaration.state = state
    expected = role in ("filler", "head") and state in ("draft", "returned")
    assert permissions.may_edit(city.person(role), declaration) is expected


def test_the_operator_edits_nothing(city):
    assert not permissions.may_edit(factories.superuser(), city.declarations[0])
    assert permissions.may_read_content(factories.superuser(), city.declarations[0])


def test_after_the_deadline_only_what_was_returned_is_edited(city):
    declaration, filler = city.declarations[0], city.person("filler")
    after = city.cycle.deadline + DAY
    assert not permissions.may_edit(filler, declaration, after)
    declaration.returned_at = after
    assert permissions.may_edit(filler, declaration, after)


def test_before_the_opening_nothing_is_edited_or_started(city):
    filler, before = city.person("filler"), city.cycle.opens_at - DAY
    assert not permissions.may_edit(filler, city.declarations[0], before)
    assert not permissions.may_start(filler, city.departments[0], city.cycle, before)
    assert permissions.may_start(filler, city.departments[0], city.cycle)
    assert not permissions.may_start(filler, city.departments[1], city.cycle)


def test_an_imported_past_year_is_not_edited(city):
    declaration = city.declarations[0]
    declaration.is_imported = True
    assert not permissions.may_edit(city.person("filler"), declaration)


@pytest.mark.parametrize("role", Role.values)
def test_only_administrators_administer_and_only_their_bureau(city, other_city, role):
    person = city.person(role)
    expected = role == "administrator"
    assert permissions.may_administer(person) is expected
    assert permissions.may_import(person, city.bureau) is expected
    assert not permissions.may_import(person, other_city.bureau)


def test_memberships_are_read_once_a_request(city, django_assert_num_queries):
    person = User.objects.get(pk=city.person("division").pk)
    with django_assert_num_queries(1):
        permissions.active_roles(person)
        permissions.roles_on(person, city.declarations[0])
        str(Declaration.objects.visible_to(person).query)
        [str(item.place.bureau) for item in person.memberships_now]


PLACES = ("bureau", "division", "department")
TAKES = {
    "filler": {"department"},
    "head": {"department"},
    "division": {"division"},
    "performance": {"bureau"},
    "administrator": {"bureau"},
    "observer": {"bureau", "department"},
}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("given", [(), *((place,) for place in PLACES), ("bureau", "department"), PLACES])
def test_the_database_takes_only_a_scope_that_fits_the_role(city, role, given):
    places = {"bureau": city.bureau, "division": city.divisions[0], "department": city.departments[0]}
    membership = Membership(user=factories.user(), role=role, **{name: places[name] for name in given})
    if len(given) == 1 and given[0] in TAKES[role]:
        membership.full_clean()
        membership.save()
        assert membership.home_bureau_id == city.bureau.pk
        return
    with pytest.raises(ValidationError):
        membership.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        membership.save()
