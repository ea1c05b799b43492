"""Links between indicators and tasks: kept with the rows, never part of what the official table says."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from declarations.comparing.differences import differences_of
from declarations.importing.batch.overwriting import with_identities
from declarations.models import Declaration, Snapshot
from declarations.record import store
from declarations.reviewing import workflow
from declarations.sheet import links
from tests import factories
from tests.chains import broken_links
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

HALF = Decimal("350000.00")
LINK_PAGE_QUERIES = 6
FIRST, SECOND, FOREIGN = (str(uuid.UUID(int=n)) for n in (1, 2, 3))


def said(*tasks, **values):
    """A table of two tasks, whose first indicator is linked to ``tasks``."""
    rows = (factories.task(id=FIRST, name="甲", funding=HALF), factories.task(id=SECOND, name="乙", funding=HALF))
    first, *rest = factories.indicators()
    linked = replace(first, tasks=tasks, id=str(uuid.UUID(int=9)))
    return factories.table(key_tasks=rows, indicators=(linked, *rest), **values)


def linked(table):
    return [row.tasks for row in table.indicators]


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


# --- as a value --------------------------------------------------------------------------------------


def test_links_stand_in_the_order_of_the_tasks_each_once_and_only_to_tasks_that_are_there():
    assert linked(links.with_valid_links(said(SECOND, FOREIGN, FIRST, SECOND)))[0] == (FIRST, SECOND)


def test_links_are_no_part_of_what_a_table_says():
    assert said(FIRST) == said()
    assert said(FIRST).to_json() == said().to_json()
    assert said(FIRST).fingerprint == said().fingerprint


def test_a_row_without_identity_says_nothing_of_links():
    unknown = replace(said(), indicators=factories.indicators())
    assert links.same_links(said(FIRST), unknown)
    assert not links.same_links(said(FIRST), said())


# --- in the database ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_links_are_written_with_a_new_declaration_and_read_back():
    declaration = factories.declaration(said=said(FIRST, SECOND))
    assert linked(store.table_of(fresh(declaration)))[0] == (FIRST, SECOND)


@pytest.mark.django_db
def test_a_change_of_links_alone_is_a_change():
    declaration = factories.declaration(said=said())
    before = store.table_of(declaration)
    changed = replace(before, indicators=(replace(before.indicators[0], tasks=(SECOND,)), *before.indicators[1:]))
    assert store.save_table(declaration, changed)
    assert linked(store.table_of(fresh(declaration))) == [(SECOND,), (), (), (), (), ()]
    assert not store.save_table(fresh(declaration), changed)


@pytest.mark.django_db
def test_deleting_a_task_drops_the_links_to_it():
    declaration = factories.declaration(said=said(FIRST, SECOND))
    before = store.table_of(declaration)
    store.save_table(declaration, replace(before, key_tasks=before.key_tasks[1:]))
    assert linked(store.table_of(fresh(declaration)))[0] == (SECOND,)
    assert [str(task) for task in declaration.indicators.first().tasks] == [SECOND]


@pytest.mark.django_db
def test_a_file_brought_in_over_linked_rows_leaves_the_links():
    declaration = factories.declaration(said=said(FIRST))
    before = store.table_of(declaration)
    from_file = replace(factories.table(overall_goal="另写的目标"), key_tasks=said().key_tasks)
    store.save_many([(fresh(declaration), with_identities(from_file, before))], is_edit=False)
    after = store.table_of(fresh(declaration))
    assert (after.overall_goal, linked(after)[0]) == ("另写的目标", (FIRST,))


@pytest.mark.django_db
def test_a_snapshot_keeps_links_beside_the_content_in_an_unbroken_chain():
    declaration = factories.declaration(said=said(FIRST))
    factories.explain(declaration)
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    snapshot = Snapshot.objects.get(declaration=declaration)
    assert linked(store.frozen_table(snapshot))[0] == (FIRST,)
    assert snapshot.content == store.table_of(fresh(declaration)).to_json()
    assert "tasks" not in snapshot.content["indicators"][0]
    assert broken_links([snapshot]) == []
    snapshot.row_ids["links"] = {}
    assert broken_links([snapshot]) == [snapshot]


@pytest.mark.django_db
def test_a_snapshot_of_an_unlinked_table_is_what_it_was_before_there_were_links():
    table = store.table_of(factories.declaration(said=said()))
    assert store.row_identities(table) == store.row_ids(table)
    assert set(store.row_identities(table)) == {"key_tasks", "indicators"}


# --- while filling in --------------------------------------------------------------------------------


@pytest.fixture
def declaration(db):
    return factories.declaration(said=said())


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration))


@pytest.mark.parametrize("typed", [[SECOND, FIRST], f"{SECOND} {FIRST}"])
def test_a_save_takes_links_as_a_list_or_as_their_control_holds_them(client, declaration, typed):
    indicator = row_id(declaration, "indicators")
    answer = send(client, declaration, rows={"indicators": {indicator: {"tasks": typed}}}).json()
    assert linked(store.table_of(fresh(declaration)))[0] == (FIRST, SECOND)
    assert answer["values"] == {f"indicators-{indicator}-tasks": f"{FIRST} {SECOND}"}


def test_other_changes_leave_links_alone(client, declaration):
    indicator = row_id(declaration, "indicators")
    send(client, declaration, rows={"indicators": {indicator: {"tasks": [FIRST]}}})
    send(client, declaration, 2, rows={"indicators": {indicator: {"name": "改名"}}})
    table = store.table_of(fresh(declaration))
    assert (table.indicators[0].name, table.indicators[0].tasks) == ("改名", (FIRST,))


def test_a_new_indicator_and_a_new_task_are_linked_in_one_save(client, declaration):
    task, indicator = str(uuid.uuid4()), str(uuid.uuid4())
    rows = {"indicators": {indicator: {"name": "新指标", "tasks": [task]}}, "key_tasks": {task: {"name": "新任务"}}}
    send(client, declaration, rows=rows)
    assert store.table_of(fresh(declaration)).indicators[-1].tasks == (task,)


def test_a_save_that_deletes_a_task_drops_the_links_to_it(client, declaration):
    indicator = row_id(declaration, "indicators")
    send(client, declaration, rows={"indicators": {indicator: {"tasks": [FIRST, SECOND]}}})
    send(client, declaration, 2, deleted={"key_tasks": [FIRST]})
    assert linked(store.table_of(fresh(declaration)))[0] == (SECOND,)


@pytest.mark.parametrize("typed", ["甲", ["1"], 7, [None], {"a": 1}])
def test_links_that_no_page_of_ours_sends_are_refused(client, declaration, typed):
    indicator = row_id(declaration, "indicators")
    answer = send(client, declaration, rows={"indicators": {indicator: {"tasks": typed}}})
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")
    assert linked(store.table_of(fresh(declaration)))[0] == ()


def test_two_people_who_link_the_same_indicator_are_both_shown(client, declaration):
    indicator = row_id(declaration, "indicators")
    send(client, declaration, rows={"indicators": {indicator: {"tasks": [FIRST]}}})
    answer = send(client, declaration, rows={"indicators": {indicator: {"tasks": [SECOND]}}})
    assert answer.status_code == 409
    [conflict] = answer.json()["conflicts"]
    assert (conflict["mine"], conflict["theirs"]) == ("任务2 乙", "任务1 甲")
    assert conflict["label"] == "绩效指标 第1项 对应任务"


# --- where they are read ------------------------------------------------------------------------------


def test_the_page_to_read_shows_links_below_the_official_table(client, declaration):
    shown = client.get(address(declaration, "detail")).content.decode()
    assert "任务与指标的对应" not in shown
    table = store.table_of(declaration)
    rows = (replace(table.indicators[0], tasks=(SECOND,)), *table.indicators[1:])
    store.save_table(declaration, replace(table, indicators=rows))
    shown = client.get(address(declaration, "detail")).content.decode()
    official, _, below = shown.partition("任务与指标的对应")
    assert "任务2 乙" in below and "没有对应指标" in below
    assert "任务2 乙" not in official


def test_a_version_shows_the_links_that_it_had(client, declaration):
    send(client, declaration, rows={"indicators": {row_id(declaration, "indicators"): {"tasks": [SECOND]}}})
    factories.explain(declaration)
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    fresh(declaration).indicators.update(tasks=[])
    shown = client.get(reverse("declarations:snapshot", args=[declaration.pk, 1])).content.decode()
    assert "校验一致" in shown
    assert "任务2 乙" in shown


def test_changed_links_are_a_difference_between_versions_of_the_same_rows():
    one, other = said(FIRST), said(FIRST, SECOND)
    [found] = differences_of(one, other)
    assert (found.field, found.label) == ("indicators.0.tasks", "绩效指标第1项“河道巡查次数”的对应任务")
    assert (found.old, found.new) == ("甲", "甲、乙")
    assert differences_of(one, said(FIRST)) == []


def test_links_of_other_rows_are_no_difference():
    other_year = replace(said(), indicators=tuple(replace(row, id="") for row in said().indicators))
    assert differences_of(said(FIRST), other_year) == []


# --- without scripts ----------------------------------------------------------------------------------


def tick(client, declaration, *tasks, version=1):
    name = f"indicators-{row_id(declaration, 'indicators')}-tasks"
    return client.post(address(declaration, "fill_links"), {"version": version, name: tasks})


def test_links_are_ticked_and_unticked_on_a_page_of_their_own(client, declaration):
    assert tick(client, declaration, FIRST, SECOND).status_code == 302
    assert linked(store.table_of(fresh(declaration)))[0] == (FIRST, SECOND)
    shown = client.get(address(declaration, "fill_links")).content.decode()
    assert shown.count("checked") == 2
    assert tick(client, declaration, version=2).status_code == 302
    assert linked(store.table_of(fresh(declaration)))[0] == ()


def test_a_page_that_changes_nothing_saves_nothing(client, declaration):
    assert tick(client, declaration).status_code == 302
    assert fresh(declaration).version == 1


def test_ticks_on_an_old_page_are_shown_beside_what_was_saved_meanwhile(client, declaration):
    send(client, declaration, fields={"staff_count": "50"})
    answer = tick(client, declaration, FIRST)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "先保存了这份申报表" in shown
    assert "任务1 甲" in shown
    assert linked(store.table_of(fresh(declaration)))[0] == ()


@pytest.mark.parametrize("values", [{}, {"version": "x"}])
def test_a_page_of_links_that_is_not_ours_is_refused(client, declaration, values):
    assert client.post(address(declaration, "fill_links"), values).status_code == 400


def test_a_promise_becomes_a_linked_indicator_without_scripts(client, declaration):
    command = f"indicators|产出指标|数量指标|治理河长|≥30公里|{FIRST}"
    client.post(address(declaration), {"version": "1", "base": "{}", "add": command})
    made = store.table_of(fresh(declaration)).indicators[-1]
    assert (made.level2, made.name, made.annual_value, made.tasks) == ("数量指标", "治理河长", "≥30公里", (FIRST,))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_links_asks_the_same_of_the_database_for_any_number_of_rows(count):
    declaration = factories.declaration(said=factories.table(indicators=factories.indicators()[:count]))
    client = client_of(filler_of(declaration))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(declaration, "fill_links")).status_code == 200
    assert len(queries) == LINK_PAGE_QUERIES
