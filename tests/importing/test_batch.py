"""Planning and applying many tables: what comes of each, and that the second time nothing does."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from declarations.importing.batch.plan import ImportSource, Planner
from declarations.importing.batch.rows import ImportOutcome, ImportResult, PlannedRow, mark_clashes
from declarations.importing.batch.writing import BatchWriter, Expected, digest_seen
from declarations.models import Cycle, Declaration, Event, Snapshot, State
from declarations.record import store
from declarations.sheet.problems import Problem, Severity
from tests import factories
from tests.chains import broken_links

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
PAST = 2026


@pytest.fixture
def bureau():
    """Declaring 2027 now."""
    made = factories.bureau(name="云溪市财政局")
    factories.cycle(made)
    return made


@pytest.fixture
def department(bureau):
    return factories.department(bureau, name="云溪市教育局", code="101")


def source(table, name="a.xlsx", index=0, **values):
    return ImportSource((name, index), name, "Sheet1", table, **values)


def of(department, year=PAST, **values):
    return factories.table(department=department.name, year=year, **values)


def plan(bureau, *tables):
    return Planner(bureau).plan([source(table, f"{i}.xlsx") for i, table in enumerate(tables)])


def write(bureau, *tables, actor=None, expected=None):
    sources = [source(table, f"{i}.xlsx") for i, table in enumerate(tables)]
    return list(BatchWriter(Planner(bureau), actor).write(sources, expected).values())


def kept(department, year=PAST):
    return Declaration.objects.get(department=department, cycle__year=year)


# --- what is planned -------------------------------------------------------------------------


def test_what_the_file_shows_no_label_of_stays_as_it_is_stored(bureau, department):
    write(bureau, of(department, staff_count=46, other_funds=Decimal("60.00")))
    read = of(department, staff_count=None, other_funds=None)
    [planned] = Planner(bureau).plan([source(read, absent=frozenset({"staff_count"}))])
    assert (planned.table.staff_count, planned.table.other_funds) == (46, None)


def test_a_year_that_the_file_contradicts_brings_nothing_in(bureau, department):
    problem = Problem("R04", Severity.ERROR, "年度前后不一致", "", "year")
    [planned] = Planner(bureau).plan([source(of(department), problems=(problem,))])
    assert planned.outcome is ImportOutcome.BLOCKED
    assert [one.code for one in planned.objections] == ["P03"]


def test_a_past_year_becomes_approved_history_with_its_record(bureau, department):
    assert plan(bureau, of(department))[0].outcome is ImportOutcome.NEW
    written = write(bureau, of(department))[0]
    declaration = kept(department)
    assert (written.result, written.declaration) == (ImportResult.WRITTEN, declaration)
    assert (declaration.state, declaration.is_imported, declaration.cycle.edition) == (State.APPROVED, True, "2026")
    assert not declaration.cycle.is_open()
    snapshot, event = Snapshot.objects.get(), Event.objects.get()
    assert (event.action, event.snapshot, event.actor, event.to_state) == ("import", snapshot, None, State.APPROVED)
    assert snapshot.content == store.table_of(declaration).to_json()
    assert snapshot.row_ids == store.row_ids(store.table_of(declaration))
    assert broken_links([snapshot]) == []


def test_the_same_again_changes_nothing_and_writes_nothing(bureau, department):
    write(bureau, of(department))
    before = kept(department).version
    with CaptureQueriesContext(connection) as queries:
        again = write(bureau, of(department))[0]
    assert (again.result, kept(department).version, Snapshot.objects.count()) == (ImportResult.SAME, before, 1)
    assert not [one for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE", "COPY"))]


def test_history_that_was_imported_is_corrected_by_a_new_import_and_keeps_its_rows(bureau, department):
    write(bureau, of(department))
    first = store.table_of(kept(department))
    tasks = factories.task(content="改过了"), factories.task(name="新任务")
    changed = of(department, basic_expenditure=Decimal("1"), key_tasks=tasks)
    planned = plan(bureau, changed)[0]
    assert planned.outcome is ImportOutcome.CHANGED
    assert {"basic_expenditure", "key_tasks.0.content", "key_tasks.1"} == {one.field for one in planned.changes}
    write(bureau, changed)
    now = store.table_of(kept(department))
    assert now == replace(changed, department=department.name)
    assert now.key_tasks[0].id == first.key_tasks[0].id
    assert [row.id for row in now.indicators] == [row.id for row in first.indicators]
    snapshots = list(kept(department).snapshots.order_by("number"))
    assert [one.number for one in snapshots] == [1, 2]
    assert broken_links(snapshots) == []
    assert kept(department).version == 2


def test_a_draft_that_is_written_over_stays_on_record(bureau, department):
    factories.declaration(department, said=factories.table(staff_count=7))
    write(bureau, of(department, 2027))
    before, after = Snapshot.objects.order_by("number")
    assert (before.content["staff_count"], after.content["staff_count"]) == (7, 33)
    assert broken_links([before, after]) == []
    assert Event.objects.get().snapshot == after and "第 1 版" in Event.objects.get().comment


def test_what_is_imported_into_a_returned_declaration_is_not_what_was_returned(bureau, department):
    factories.declaration(department, state=State.RETURNED)
    write(bureau, of(department, 2027, staff_count=1))
    declaration = kept(department, 2027)
    assert (declaration.state, declaration.staff_count) == (State.RETURNED, 1)
    assert declaration.snapshots.latest("number").state == State.DRAFT
    assert store.reported_table(declaration).staff_count == 33


def test_rows_that_are_gone_go(bureau, department):
    write(bureau, of(department))
    write(bureau, of(department, indicators=factories.indicators()[:2], key_tasks=()))
    now = kept(department)
    assert (now.key_tasks.count(), now.indicators.count()) == (0, 2)


def test_the_year_being_declared_fills_the_draft_of_the_department(bureau, department):
    actor = factories.person("administrator", bureau)
    write(bureau, of(department, 2027), actor=actor)
    declaration = kept(department, 2027)
    assert (declaration.state, declaration.is_imported, declaration.updated_by) == (State.DRAFT, False, actor)
    assert list(declaration.editors.all()) == [actor]
    assert Event.objects.get().acting_role == "administrator"


def test_an_empty_draft_is_filled_and_a_filled_one_is_written_over(bureau, department):
    category = factories.indicator(name="", cycle_value="", annual_value="")
    nothing = dict.fromkeys(store.SCALARS[:-1])
    empty = factories.table(**nothing, overall_goal="", key_tasks=(), indicators=(category,))
    factories.declaration(department, said=empty)
    assert plan(bureau, of(department, 2027))[0].outcome is ImportOutcome.NEW
    write(bureau, of(department, 2027))
    assert plan(bureau, of(department, 2027, staff_count=1))[0].outcome is ImportOutcome.CHANGED


@pytest.mark.parametrize("state", [State.CERTIFYING, State.SUBMITTED, State.REVIEWED, State.APPROVED])
def test_what_a_department_has_sent_is_not_written_over(bureau, department, state):
    factories.declaration(department, state=state)
    planned = plan(bureau, of(department, 2027, staff_count=1))[0]
    assert planned.outcome is ImportOutcome.BLOCKED
    assert planned.objections[0].code == "P05"
    assert State(state).label in planned.objections[0].message
    assert write(bureau, of(department, 2027, staff_count=1))[0].result is ImportResult.BLOCKED
    assert kept(department, 2027).staff_count == 33


def test_a_declared_past_year_is_not_written_over(bureau, department):
    old = factories.cycle(bureau, year=PAST, opens_at=timezone.now() - 400 * DAY, deadline=timezone.now() - 300 * DAY)
    factories.declaration(department, cycle=old, state=State.APPROVED)
    assert plan(bureau, of(department, staff_count=1))[0].objections[0].code == "P05"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"department": ""}, "P01"),
        ({"department": "火星探测指挥部"}, "P01"),
        ({"department": "教育体育局"}, "P02"),
        ({"year": None}, "P03"),
        ({"year": 2028}, "P04"),
        ({"year": 20260}, "P04"),
    ],
)
def test_what_cannot_be_placed_is_blocked_with_the_reason(bureau, department, values, code):
    planned = plan(bureau, replace(of(department), **values))[0]
    assert planned.outcome is ImportOutcome.BLOCKED
    assert [one.code for one in planned.objections] == [code]
    assert planned.objections[0].hint


def test_a_person_says_which_department_is_meant(bureau, department):
    planner, one = Planner(bureau), source(replace(of(department), department="教育体育局"))
    planned = planner.plan([one], {one.key: department.pk})[0]
    assert (planned.outcome, planned.department, planned.match.confidence) == (ImportOutcome.NEW, department, 100)
    assert planned.table.department == department.name


def test_another_bureau_cannot_be_chosen(bureau, department):
    stranger, one = factories.department(), source(replace(of(department), department="教育体育局"))
    assert Planner(bureau).plan([one], {one.key: stranger.pk})[0].outcome is ImportOutcome.BLOCKED


def test_a_department_no_longer_in_use_has_a_past_and_no_present(bureau, department):
    department.is_active = False
    department.save()
    assert plan(bureau, of(department))[0].outcome is ImportOutcome.NEW
    assert plan(bureau, of(department, 2027))[0].objections[0].code == "P08"


def test_errors_of_the_checks_do_not_block_a_past_year_and_show_as_doubts(bureau, department):
    found = (Problem("B01", Severity.ERROR, "收支不平"), Problem("R01", Severity.ERROR, "不是金额"))
    planned = Planner(bureau).plan([source(of(department), problems=found)])[0]
    assert planned.outcome is ImportOutcome.NEW
    assert [(one.code, one.severity) for one in planned.problems] == [("B01", "W"), ("R01", "E")]
    assert [fault["code"] for fault in planned.row().faults] == ["R01"]


def test_what_could_not_be_read_is_kept_as_it_was_written(bureau, department):
    unread = {"basic_expenditure": "一千零六十九", "key_tasks.0.funding": "二十万"}
    said = of(department, basic_expenditure=None, key_tasks=(factories.task(funding=None),), unread=unread)
    write(bureau, said)
    assert store.table_of(kept(department)).unread == unread
    assert write(bureau, said)[0].result is ImportResult.SAME


def test_a_table_in_another_edition_than_its_year_is_kept_in_that_of_the_year(bureau, department):
    other = factories.department(bureau)
    write(bureau, of(department))
    planned = plan(bureau, replace(of(other), edition="2023"))[0]
    assert (planned.outcome, planned.table.edition) == (ImportOutcome.NEW, "2026")
    assert "P09" in [one.code for one in planned.problems]


def test_while_no_year_is_open_the_years_up_to_now_are_past(department):
    Cycle.objects.all().delete()
    assert plan(department.bureau, of(department, timezone.localdate().year))[0].outcome is ImportOutcome.NEW
    assert plan(department.bureau, of(department, timezone.localdate().year + 1))[0].objections[0].code == "P04"


# --- several tables at once ------------------------------------------------------------------


def row(department=1, year=PAST, **values):
    return PlannedRow(file="a.xlsx", sheet="", index=0, outcome="new", department=department, year=year, **values)


def test_two_files_for_one_declaration_block_each_other_by_name():
    one, other, third = row(), replace(row(), file="b.xlsx"), row(department=2)
    assert mark_clashes([("x", one), ("y", other), ("z", third)]) == [one, other]
    assert (one.effective, one.clash, third.effective) == (ImportOutcome.BLOCKED, ["b.xlsx"], ImportOutcome.NEW)
    assert "b.xlsx" in one.reasons[0]["message"]


def test_a_clash_ends_when_one_of_them_is_another_departments():
    one, other = row(clash=["b.xlsx"]), replace(row(department=2, clash=["a.xlsx"]), file="b.xlsx")
    assert mark_clashes([("x", one), ("y", other)]) == [one, other]
    assert one.effective is ImportOutcome.NEW


def test_the_same_file_twice_is_no_clash_and_written_once(bureau, department):
    assert mark_clashes([("x", row()), ("x", row())]) == []
    results = write(bureau, of(department), of(department))
    assert [one.result for one in results] == [ImportResult.WRITTEN, ImportResult.SAME]
    assert Declaration.objects.count() == Snapshot.objects.count() == 1


# --- between preview and apply ---------------------------------------------------------------


def test_what_changed_since_the_preview_is_not_written_over(bureau, department):
    factories.declaration(department)
    one = source(of(department, 2027, staff_count=1))
    previewed = digest_seen(Planner(bureau).plan([one])[0])
    declaration = kept(department, 2027)
    store.save_table(declaration, factories.table(staff_count=7))
    written = BatchWriter(Planner(bureau)).write([one], {one.key: previewed})[one.key]
    assert (written.result, kept(department, 2027).staff_count) == (ImportResult.STALE, 7)
    assert "核对之后" in written.said


def test_a_declaration_that_came_since_the_preview_is_not_written_over(bureau, department):
    one = source(of(department, 2027, staff_count=1))
    expected = Expected(ImportOutcome.NEW, department.pk, None)
    factories.declaration(department)
    assert BatchWriter(Planner(bureau)).write([one], {one.key: expected})[one.key].result is ImportResult.STALE


def test_one_that_cannot_be_written_does_not_take_the_others_with_it(bureau, department, monkeypatch):
    other = factories.department(bureau)
    planner = Planner(bureau)
    late = factories.declaration  # somebody begins the declaration after the plan was made
    original, calls = Planner._declarations, []

    def once_blind(self, sources, matches, lock):
        calls.append(len(sources))
        found = original(self, sources, matches, lock)
        return {} if len(calls) == 1 else found

    late(department)
    monkeypatch.setattr(Planner, "_declarations", once_blind)
    tables = [source(of(department, 2027, staff_count=1), "a.xlsx"), source(of(other, 2027), "b.xlsx")]
    places = zip(tables, (department.pk, other.pk), strict=True)
    expected = {one.key: Expected(ImportOutcome.NEW, pk, None) for one, pk in places}
    results = BatchWriter(planner).write(tables, expected)
    assert [one.result for one in results.values()] == [ImportResult.STALE, ImportResult.WRITTEN]
    assert kept(department, 2027).staff_count == 33


# --- cost ------------------------------------------------------------------------------------


def queries_for(work, *args):
    with CaptureQueriesContext(connection) as queries:
        work(*args)
    return len(queries)


def altered(table):
    tasks = factories.task(content="改过了"), factories.task(name="新任务")
    return replace(table, staff_count=9, key_tasks=tasks, indicators=table.indicators[1:])


@pytest.mark.parametrize("kind", ["new", "changed", "same"])
def test_the_number_of_queries_does_not_grow_with_the_number_of_tables(bureau, kind):
    write(bureau, of(factories.department(bureau)))  # the year is made once
    counts = []
    for size in (1, 3, 30):
        tables = [of(factories.department(bureau)) for _ in range(size)]
        if kind != "new":
            write(bureau, *tables)
        if kind == "changed":
            tables = [altered(table) for table in tables]
        counts.append((queries_for(plan, bureau, *tables), queries_for(write, bureau, *tables)))
    assert counts[0] == counts[1] == counts[2]
