"""What surrounds a stored declaration when it is checked, for everybody alike and in a constant number of queries."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.checks import CATALOGUE, Need
from declarations.findings import check_settings
from declarations.findings.context import context_of, contexts_of
from declarations.findings.examination import examine, examine_all
from declarations.models import ControlFigures, Cycle, Declaration, Level, Round, State
from declarations.record.store import table_of
from declarations.reviewing import workflow
from declarations.sheet.problems import Severity
from declarations.views.reviewing.finding_lists import finding_tallies
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, send

pytestmark = pytest.mark.django_db


def last_year_of(declaration, said=None, **values):
    """The same department's declaration of the year before."""
    department = declaration.department
    before = factories.cycle(department.bureau, year=declaration.cycle.year - 1)
    return factories.declaration(department, cycle=before, said=said, **{"state": State.APPROVED} | values)


@pytest.fixture
def declaration():
    return factories.declaration(factories.department(division=factories.division()))


def test_the_year_is_that_of_the_cycle(declaration):
    assert context_of(declaration).year == 2027


def test_last_year_is_what_was_approved_for_the_same_department(declaration):
    before = last_year_of(declaration, said=factories.table(staff_count=77))
    factories.freeze(before)
    other = factories.department(declaration.department.bureau)
    factories.declaration(other, cycle=before.cycle, state=State.APPROVED, said=factories.table(staff_count=5))
    last = context_of(declaration).last_year
    assert last.staff_count == 77
    assert [row.id for row in last.indicators] == [str(row.pk) for row in before.indicators.all()]


def test_last_year_is_read_from_its_rows_where_no_version_was_frozen(declaration):
    last_year_of(declaration, said=factories.table(staff_count=78))
    assert context_of(declaration).last_year.staff_count == 78


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.REVIEWED])
def test_what_was_never_approved_is_no_last_year(declaration, state):
    last_year_of(declaration, state=state)
    assert context_of(declaration).last_year is None


def test_a_version_that_was_approved_counts_while_the_table_is_open_again(declaration):
    before = last_year_of(declaration, said=factories.table(staff_count=79))
    factories.freeze(before)
    Declaration.objects.filter(pk=before.pk).update(state=State.DRAFT, staff_count=1)
    assert context_of(declaration).last_year.staff_count == 79


def test_the_year_before_the_last_is_no_last_year(declaration):
    older = factories.cycle(declaration.department.bureau, year=2025)
    factories.declaration(declaration.department, cycle=older, state=State.APPROVED)
    assert context_of(declaration).last_year is None


def test_units_are_counted_in_the_tree_of_departments(declaration):
    home = declaration.department
    for name in ("一中心", "二中心"):
        factories.department(home.bureau, parent=home, name=name)
    factories.department(home.bureau, parent=home, name="已撤销", is_active=False)
    alone = factories.declaration(factories.department(home.bureau))
    assert (context_of(declaration).subordinate_units, context_of(alone).subordinate_units) == (2, 0)


def test_a_bureau_that_keeps_no_units_says_nothing_of_them(declaration):
    elsewhere = factories.department()
    factories.department(elsewhere.bureau, parent=elsewhere)
    assert context_of(declaration).subordinate_units is None


def test_an_imported_past_year_is_known_as_such():
    made = factories.declaration(is_imported=True, state=State.APPROVED, said=factories.table(staff_count=None))
    found = examine(made, table_of(made)).problems
    assert [(problem.code, problem.severity) for problem in found] == [("F01", Severity.WARNING)]


def test_what_could_not_be_checked_is_said_with_its_reason(declaration, monkeypatch):
    needs = {"B01": Need.LAST_YEAR, "B02": Need.LIMITS, "B03": Need.LAST_YEAR, "B04": Need.YEAR}
    for code, need in needs.items():
        monkeypatch.setitem(CATALOGUE, code, replace(CATALOGUE[code], needs=frozenset({need})))
    left = examine(declaration, table_of(declaration)).left_out
    said = {item.why: [check.code for check in item.checks] for item in left}
    assert said["没有已批复的上年申报表"][:2] == ["B01", "B03"]
    assert said["没有下达控制数"][0] == "B02"
    assert "没有申报年度" not in said
    pages = [("filler", "fill"), ("filler", "fill_check"), ("filler", "detail")]
    for role, page in pages:
        person = factories.person(role, declaration.department)
        assert "未检查：没有已批复的上年申报表" in client_of(person).get(address(declaration, page)).content.decode()


def lowered(declaration, code="B03", level=Level.INFO, **values):
    """The bureau changes a check for the year of a declaration."""
    person = factories.person("performance", declaration.department.bureau)
    return check_settings.change_check(
        declaration.cycle, CATALOGUE[code], person, "按市里要求", level=level, values=values
    )


def test_filler_head_reviewer_and_list_see_the_same_after_a_change_of_the_settings():
    said = factories.table(special_funds=Decimal("2000"), municipal_level_funds=Decimal("2000"))
    division = factories.division()
    declaration = factories.declaration(factories.department(division=division), said=said)
    lowered(declaration)
    filler, head = filler_of(declaration), factories.person("head", declaration.department)
    reviewer = factories.person("division", division)
    saved = send(client_of(filler), declaration, fields={"staff_count": "34"}).json()
    assert [(one["code"], one["severity"]) for one in saved["findings"]] == [("B03", "I")]
    assert finding_tallies(head, [declaration])[declaration.pk].infos == 1
    for action, person in (("send_to_head", filler), ("submit", head)):
        workflow.perform_move(declaration.pk, action, person)
    declaration.refresh_from_db()
    told = finding_tallies(reviewer, [declaration])[declaration.pk]
    assert (told.errors, told.warnings, told.infos) == (0, 0, 1)
    assert "提示（1）" in client_of(reviewer).get(address(declaration, "detail")).content.decode()


def test_another_years_and_another_bureaus_declarations_are_checked_as_before():
    said = factories.table(special_funds=Decimal("2000"), municipal_level_funds=Decimal("2000"))
    declaration, elsewhere = factories.declaration(said=said), factories.declaration(said=said)
    lowered(declaration)
    found = examine_all([(one, table_of(one)) for one in (declaration, elsewhere)])
    severities = [problem.severity for one in found for problem in one.problems]
    assert severities == [Severity.INFO, Severity.WARNING]


def issued(declaration, round_, **amounts):
    """控制数 of the declaration's department, and the year in this round."""
    Cycle.objects.filter(pk=declaration.cycle_id).update(round=round_)
    ControlFigures.objects.create(cycle=declaration.cycle, department=declaration.department, **amounts)
    return Declaration.objects.with_names().get(pk=declaration.pk)


def test_in_the_second_round_amounts_are_held_against_the_issued_limits(declaration):
    declaration = issued(declaration, Round.SECOND, project_expenditure=Decimal("70"))
    assert context_of(declaration).limits == {"project_expenditure": Decimal("70")}
    found = [problem for problem in examine(declaration, table_of(declaration)).problems if problem.code == "B09"]
    assert [(problem.field, problem.severity) for problem in found] == [("project_expenditure", Severity.ERROR)]
    assert "超过控制数 70.00 万元" in found[0].message


def test_in_the_first_round_and_without_limits_b09_is_not_run(declaration):
    assert context_of(issued(declaration, Round.FIRST, project_expenditure=Decimal("70"))).limits is None
    Cycle.objects.update(round=Round.SECOND)
    ControlFigures.objects.update(project_expenditure=None)
    assert context_of(Declaration.objects.with_names().get()).limits is None


@pytest.mark.parametrize("number", [1, 3])
def test_limits_of_many_cost_one_query_more(number, django_assert_num_queries):
    bureau = factories.bureau()
    cycle = factories.cycle(bureau, round=Round.SECOND)
    for _ in range(number):
        declaration = factories.declaration(factories.department(bureau), cycle=cycle)
        ControlFigures.objects.create(cycle=cycle, department=declaration.department, other_funds=Decimal("1"))
    declarations = list(Declaration.objects.with_names())
    with django_assert_num_queries(3):
        contexts = contexts_of(declarations)
    assert all(contexts[one.pk].limits for one in declarations)


@pytest.mark.parametrize("number", [1, 3, 30])
def test_contexts_take_the_same_queries_however_many_there_are(number, django_assert_num_queries):
    bureau = factories.bureau()
    cycle, before = factories.cycle(bureau), factories.cycle(bureau, year=2026)
    for _ in range(number):
        department = factories.department(bureau)
        factories.declaration(department, cycle=cycle)
        factories.freeze(factories.declaration(department, cycle=before, state=State.APPROVED))
    declarations = list(Declaration.objects.filter(cycle=cycle).with_names())
    with django_assert_num_queries(2):
        contexts = contexts_of(declarations)
    assert all(contexts[one.pk].last_year for one in declarations)
