"""Models to tables and back: nothing lost, rows keep their identity, the second to save is told."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarations.models import Declaration, Indicator, KeyTask, StaleVersion
from declarations.record import store
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table, clean_text
from tests import factories

pytestmark = pytest.mark.django_db

nasty = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["≧95％", "=SUM(A1:A2)", "　全角　空格　", "第一行\n第二行", "“引号”‘’", "𠮷野家", "'; DROP TABLE", "\\N", "\t"]
)
texts = nasty.map(clean_text)
wan = st.none() | st.decimals(0, Decimal("999999999999.999999"), places=6)
yuan = st.none() | st.decimals(0, Decimal("999999999999.99"), places=2)
counts = st.none() | st.integers(0, 2**31 - 1)
extras = st.dictionaries(st.sampled_from(["weight", "unit"]), texts, max_size=2)
tasks = st.builds(
    KeyTaskRow,
    name=texts,
    content=texts,
    funding=yuan,
    expected_outcome=texts,
    is_optional=st.booleans(),
    extra=extras,
)
indicators = st.builds(
    IndicatorRow, level1=texts, level2=texts, name=texts, cycle_value=texts, annual_value=texts, extra=extras
)
tables = st.builds(
    Table,
    edition=st.just("2026"),
    department=st.just("云溪市水务局"),
    year=st.just(2027),
    staff_count=counts,
    subordinate_unit_count=counts,
    **dict.fromkeys(AMOUNTS, wan),
    overall_goal=texts,
    key_tasks=st.lists(tasks, max_size=4).map(tuple),
    indicators=st.lists(indicators, max_size=4).map(tuple),
)
slow = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


@pytest.fixture
def declaration():
    return factories.declaration(factories.department(name="云溪市水务局"), said=Table(edition="2026"))


@slow
@given(table=tables, later=tables)
def test_a_table_comes_back_as_it_was_saved(declaration, table, later):
    for said in (table, later):
        store.save_table(fresh(declaration), said)
        assert store.table_of(fresh(declaration)) == said


@slow
@given(table=tables)
def test_bulk_insertion_writes_the_same(declaration, table):
    KeyTask.objects.all().delete()
    Indicator.objects.all().delete()
    Declaration.objects.all().delete()
    again = Declaration(department=declaration.department, cycle=declaration.cycle)
    store.insert_new([(again, table)])
    assert store.table_of(fresh(again)) == table


def test_what_is_no_amount_yet_is_kept_as_typed(declaration):
    unread = {"basic_expenditure": "约一千万", "key_tasks.1.funding": "待定", "staff_count": "三十几"}
    said = Table(
        edition="2026",
        department="云溪市水务局",
        year=2027,
        key_tasks=(factories.task(), factories.task(funding=None)),
        unread=unread,
    )
    store.save_table(declaration, said)
    assert store.table_of(fresh(declaration)) == said


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("basic_expenditure", Decimal("-5"), "-5.00"),
        ("basic_expenditure", Decimal("NaN"), "NaN"),
        ("basic_expenditure", Decimal(10) ** 12, "1000000000000.00"),
        ("other_funds", Decimal("0.0000001"), "0.0000001"),
        ("staff_count", -1, "-1"),
        ("staff_count", 2**31, "2147483648"),
    ],
)
def test_a_number_that_no_column_can_hold_is_kept_as_text(declaration, field, value, text):
    store.save_table(declaration, replace(store.table_of(declaration), **{field: value}))
    kept = store.table_of(fresh(declaration))
    assert (getattr(kept, field), kept.unread) == (None, {field: text})


def test_rows_keep_their_identity_through_change_move_and_removal(declaration):
    store.save_table(declaration, factories.table())
    before = store.table_of(fresh(declaration))
    first, second, *rest = before.indicators
    moved = (second, replace(first, annual_value="≥50次"), factories.indicator(name="新增指标"), *rest[1:])
    store.save_table(fresh(declaration), replace(before, indicators=moved))
    after = store.table_of(fresh(declaration)).indicators
    assert [row.id for row in after[:2]] == [second.id, first.id]
    assert [row.id for row in after[3:]] == [row.id for row in rest[1:]]
    assert after[2].id not in {row.id for row in before.indicators}


def test_a_row_brought_back_has_the_identity_it_had(declaration):
    store.save_table(declaration, factories.table())
    before = store.table_of(fresh(declaration))
    store.save_table(fresh(declaration), replace(before, indicators=before.indicators[1:]))
    store.save_table(fresh(declaration), before)
    assert store.row_ids(store.table_of(fresh(declaration))) == store.row_ids(before)


def test_no_declaration_takes_the_row_of_another(declaration):
    other = factories.declaration()
    theirs = store.table_of(fresh(other))
    store.save_table(declaration, factories.table(key_tasks=theirs.key_tasks))
    mine = store.table_of(fresh(declaration))
    assert mine.key_tasks == theirs.key_tasks
    assert mine.key_tasks[0].id != theirs.key_tasks[0].id
    assert store.table_of(fresh(other)) == theirs


def test_saving_the_same_again_writes_nothing(declaration):
    assert store.save_table(fresh(declaration), factories.table()) is True
    version = fresh(declaration).version
    assert store.save_table(fresh(declaration), factories.table()) is False
    assert fresh(declaration).version == version


def test_the_second_of_two_who_save_is_told_and_changes_nothing(declaration):
    first, second = fresh(declaration), fresh(declaration)
    store.save_table(first, factories.table(staff_count=1))
    with pytest.raises(StaleVersion, match="他人修改"):
        store.save_table(second, factories.table(staff_count=2, key_tasks=()))
    kept = store.table_of(fresh(declaration))
    assert (kept.staff_count, len(kept.key_tasks)) == (1, 1)


def test_each_save_takes_the_next_version_and_names_the_editor(declaration):
    person = factories.person("filler", declaration.department)
    store.save_table(declaration, factories.table(), user=person)
    kept = fresh(declaration)
    assert (kept.version, declaration.version, kept.updated_by) == (2, 2, person)
    assert list(kept.editors.all()) == [person]


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_many_takes_as_many_queries_as_reading_one(rows, django_assert_num_queries):
    bureau = factories.bureau()
    for _ in range(rows):
        factories.declaration(factories.department(bureau))
    with django_assert_num_queries(3):
        found = list(store.tables_of(Declaration.objects.all()))
    assert [len(table.indicators) for _, table in found] == [6] * rows


def test_saving_takes_as_many_queries_for_thirty_rows_as_for_one(declaration):
    def queries(rows):
        said = factories.table(indicators=tuple(factories.indicator(name=f"{rows}-{i}") for i in range(rows)))
        with CaptureQueriesContext(connection) as captured:
            store.save_table(fresh(declaration), said)
        return len(captured)

    queries(2)
    assert queries(1) == queries(30)


@pytest.mark.parametrize("field", AMOUNTS)
@pytest.mark.parametrize("impossible", [Decimal("-0.01"), Decimal("NaN")])
def test_the_database_refuses_an_impossible_amount(declaration, field, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(f"UPDATE declarations_declaration SET {field} = %s", [impossible])


@pytest.mark.parametrize(
    "broken", ["state = 'lost'", "version = 0", "staff_count = -1", "department_id = NULL", "overall_goal = NULL"]
)
def test_the_database_refuses_what_can_never_be(declaration, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(f"UPDATE declarations_declaration SET {broken}")


def test_the_database_refuses_negative_funding(declaration):
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyTask.objects.create(declaration=declaration, position=0, funding=Decimal("-1"))


def test_a_department_declares_once_a_year(declaration):
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.create(department=declaration.department, cycle=declaration.cycle)


def test_row_keys_are_random_uuids(declaration):
    assert isinstance(declaration.pk, uuid.UUID) and declaration.pk.version == 4
