"""Rules that several pages ask for stand once: who had a hand in it, who declares, until when, who writes texts."""

import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from declarations.findings import dismissals
from declarations.findings.context import last_years
from declarations.models import Declaration, Department, Dismissal, Extension, Notice, StaleVersion, State
from declarations.people import permissions
from declarations.record import store
from declarations.reviewing import extensions, workflow
from declarations.reviewing.refusals import MoveRefused
from tests import factories
from tests.filling.fill_helpers import filler_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def goal(declaration, text):
    return declaration, replace(store.table_of(declaration), overall_goal=text)


def extend(declaration, days, by):
    given = {"cycle": declaration.cycle, "department": declaration.department, "reason": "机构调整"}
    return extensions.grant(Extension(until=declaration.cycle.deadline + days * DAY, **given), by)


def test_whoever_filled_in_or_certified_had_a_hand_in_it_however_one_asks():
    declaration, other = factories.declaration(), factories.declaration()
    factories.explain(declaration)
    filler, editor = filler_of(declaration), factories.user()
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    declaration.editors.add(editor)
    people = set(permissions.people_with_hand_in(declaration).values_list("pk", flat=True))
    assert {filler.pk, editor.pk} <= people
    assert permissions.hands_in([declaration, other]) == {declaration.pk: people}
    assert [set(permissions.with_hand_in(one)) for one in (filler, editor)] == [{declaration}, {declaration}]


def test_units_and_closed_departments_declare_nothing():
    bureau, other = factories.bureau(), factories.department()
    department = factories.department(bureau)
    factories.department(bureau, parent=department)
    factories.department(bureau, is_active=False)
    assert list(Department.objects.declaring(bureau)) == [department]
    assert set(Department.objects.declaring()) == {department, other}


@pytest.mark.parametrize("state", State)
def test_a_department_is_unreported_until_the_bureau_has_its_declaration(state):
    declaration = factories.declaration(state=state)
    unreported = declaration.department in Department.objects.unreported(declaration.cycle)
    assert unreported is (state in State.UNREPORTED)


def test_the_newest_extension_says_until_when_also_where_it_ended_an_older_one(django_assert_num_queries):
    declaration = factories.declaration()
    cycle, person = declaration.cycle, factories.person("performance", declaration.cycle.bureau)
    usual = factories.department(cycle.bureau)
    extend(declaration, 30, person)
    extend(declaration, 10, person)
    with django_assert_num_queries(1):
        limits = cycle.until_for([declaration.department_id, usual.pk])
    assert limits[declaration.department_id].until == cycle.deadline + 10 * DAY
    assert limits[usual.pk].until == cycle.deadline


def test_an_extension_is_granted_and_ended_with_a_word_to_the_department():
    declaration = factories.declaration()
    filler, person = filler_of(declaration), factories.person("performance", declaration.cycle.bureau)
    granted = extend(declaration, 10, person)
    ended = extensions.end_early(granted, person)
    assert (ended.reason, ended.granted_by) == (extensions.EARLY, person) and not ended.is_running()
    assert extensions.counting([ended, granted]) == {ended.pk}
    assert Notice.objects.filter(recipient=filler).count() == 2


def test_what_speaks_against_an_extension_is_told_by_field():
    cycle, elsewhere = factories.cycle(), factories.department()
    past = Extension(cycle=cycle, department=elsewhere, until=timezone.now() - DAY)
    early = Extension(cycle=cycle, until=cycle.deadline - DAY)
    assert extensions.objections(past) == {"until": extensions.PAST, "department": extensions.ANOTHER_BUREAU}
    assert extensions.objections(early) == {"until": extensions.NOT_NEEDED}
    assert extensions.objections(Extension(cycle=cycle, until=cycle.deadline + DAY)) == {}


def test_a_dismissal_that_is_refused_writes_nothing():
    declaration = factories.declaration(state=State.SUBMITTED)
    stranger, reviewer = factories.user(), factories.person("performance", declaration.cycle.bureau)
    with pytest.raises(Declaration.DoesNotExist):
        dismissals.dismiss(declaration.pk, stranger, ("B01", ""), "已核实")
    for reason in ("", "长" * 501, "已核实"):
        with pytest.raises(MoveRefused):
            dismissals.dismiss(declaration.pk, reviewer, ("B01", ""), reason)
    assert not Dismissal.objects.exists()


def test_many_texts_are_written_in_as_many_statements_as_one():
    counts = []
    for n in (1, 3):
        made = [factories.declaration() for _ in range(n)]
        pairs = [goal(one, f"目标{n}") for one in made]
        with CaptureQueriesContext(connection) as captured:
            assert store.save_many(pairs, user=factories.user()) == made
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_only_what_says_something_else_is_written():
    same, changed = factories.declaration(), factories.declaration()
    assert store.save_many([goal(same, same.overall_goal), goal(changed, "新的目标")]) == [changed]
    assert (same.version, changed.version) == (1, 2)


def test_one_that_was_saved_meanwhile_stops_all_and_nothing_is_written():
    first, second = factories.declaration(), factories.declaration()
    Declaration.objects.filter(pk=second.pk).update(version=5)
    with pytest.raises(StaleVersion):
        store.save_many([goal(first, "新的目标"), goal(second, "新的目标")])
    assert not Declaration.objects.filter(overall_goal="新的目标").exists()
    assert first.version == 1


def test_an_import_brings_a_text_and_has_no_hand_in_it():
    declaration, person = factories.declaration(), factories.user()
    store.save_many([goal(declaration, "新的目标")], user=person, is_edit=False)
    assert declaration.updated_by == person and not permissions.has_hand_in(person, declaration)


def test_last_year_is_one_table_for_whoever_may_find_it():
    declaration = factories.declaration()
    last = factories.cycle(declaration.cycle.bureau, year=declaration.cycle.year - 1)
    past = factories.declaration(declaration.department, cycle=last, state=State.APPROVED)
    approved = store.frozen_table(factories.freeze(past))
    assert last_years(filler_of(declaration), [declaration]) == {declaration.pk: approved}
    assert last_years(factories.user(), [declaration]) == {}
