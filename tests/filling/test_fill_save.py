"""Saving demands validity of nothing, writes what changed only, and never over somebody else's work."""

import threading
import uuid
from decimal import Decimal

import pytest
from django.db import connection

from declarations.filling import drafts
from declarations.filling.changes import Changes
from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, Indicator, KeyTask, StaleVersion, State
from declarations.record import bulk, store
from declarations.reviewing import workflow
from declarations.sheet.table import LONGEST_TEXT
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

pytestmark = pytest.mark.django_db
HALF = Decimal("350000.00")
SAVE_QUERIES = 14
"""Session, person, roles, declaration, two grids; in a savepoint the declaration, who edited it, one row; for its
checks settings, surroundings and dismissals."""
PAGE_QUERIES = 14


@pytest.fixture
def declaration():
    tasks = (factories.task(name="甲", funding=HALF), factories.task(name="乙", funding=HALF))
    return factories.declaration(said=factories.table(key_tasks=tasks))


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration, name="陈晓"))


def table(declaration):
    return store.table_of(Declaration.objects.get(pk=declaration.pk))


def test_only_what_was_sent_changes(client, declaration):
    before = table(declaration)
    answer = send(client, declaration, fields={"basic_expenditure": "2,000"}).json()
    after = table(declaration)
    assert after.basic_expenditure == Decimal("2000.00")
    assert after.to_json() == before.to_json() | {"basic_expenditure": "2000.00"}
    assert answer["version"] == 2
    assert answer["values"] == {"basic_expenditure": "2,000.00"}


def test_who_saved_is_recorded(client, declaration):
    send(client, declaration, fields={"staff_count": "34"})
    declaration.refresh_from_db()
    assert declaration.updated_by.name == "陈晓"
    assert [person.name for person in declaration.editors.all()] == ["陈晓"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１２，３４５．６０", "12345.60"),
        ("3.5万元", "3.50"),
        ("35000元", "3.50"),
        ("0.000001", "0.000001"),
        ("", None),
        ("   ", None),
    ],
)
def test_amounts_are_read_in_every_spelling(client, declaration, typed, kept):
    send(client, declaration, fields={"other_funds": typed})
    assert table(declaration).to_json()["other_funds"] == kept


@pytest.mark.parametrize("typed", ["约三万", "-5", "1.2.3", "1e5", "0.0000001", "NaN", "10000000000000"])
def test_what_is_no_amount_is_kept_and_said_beside_its_field(client, declaration, typed):
    answer = send(client, declaration, fields={"other_funds": typed}).json()
    after = table(declaration)
    assert (after.other_funds, after.unread) == (None, {"other_funds": typed})
    assert answer["values"] == {"other_funds": typed}
    found = [finding for finding in answer["findings"] if finding["target"] == "other_funds"]
    assert [(finding["code"], finding["severity"]) for finding in found] == [("B06", "E")]
    assert typed in client.get(address(declaration, "fill")).content.decode()


def test_an_amount_that_is_put_right_is_no_longer_unread(client, declaration):
    task = row_id(declaration)
    send(client, declaration, rows={"key_tasks": {task: {"funding": "若干"}}})
    assert table(declaration).unread == {"key_tasks.0.funding": "若干"}
    send(client, declaration, 2, rows={"key_tasks": {task: {"funding": "0.3万"}}})
    assert (table(declaration).key_tasks[0].funding, table(declaration).unread) == (Decimal("3000.00"), {})


def test_unread_texts_follow_their_row(client, declaration):
    first, second = row_id(declaration), row_id(declaration, at=1)
    send(client, declaration, rows={"key_tasks": {second: {"funding": "若干"}}}, order={"key_tasks": [second, first]})
    assert table(declaration).unread == {"key_tasks.0.funding": "若干"}
    assert [task.name for task in table(declaration).key_tasks] == ["乙", "甲"]


def test_rows_are_added_changed_removed_and_ordered_in_one_save(client, declaration):
    first, second, new = row_id(declaration), row_id(declaration, at=1), str(uuid.uuid4())
    answer = send(
        client,
        declaration,
        rows={"key_tasks": {new: {"name": "丙", "funding": "5万元", "is_optional": True}, second: {"name": "乙二"}}},
        deleted={"key_tasks": [first]},
        order={"key_tasks": [new, second]},
    )
    tasks = table(declaration).key_tasks
    assert [(task.id, task.name, task.funding, task.is_optional) for task in tasks] == [
        (new, "丙", Decimal("50000.00"), True),
        (second, "乙二", HALF, False),
    ]
    assert answer.json()["values"][f"key_tasks-{new}-funding"] == "50,000.00"


def test_a_deleted_row_comes_back_under_its_own_identity(client, declaration):
    first = row_id(declaration)
    send(client, declaration, deleted={"key_tasks": [first]})
    send(client, declaration, 2, rows={"key_tasks": {first: {"name": "甲", "content": "内容"}}})
    back = table(declaration).key_tasks[-1]
    assert (back.id, back.name, back.content) == (first, "甲", "内容")


def test_a_text_over_the_limit_is_answered_at_its_field_and_the_rest_is_saved(client, declaration):
    long = "长" * (LONGEST_TEXT + 1)
    answer = send(client, declaration, fields={"overall_goal": long, "staff_count": "40"}).json()
    assert "最多 32,000 字" in answer["refused"]["overall_goal"]
    assert "overall_goal" not in answer["values"]
    after = table(declaration)
    assert (after.staff_count, after.overall_goal) == (40, factories.GOAL)


def test_texts_keep_their_spaces_and_line_breaks(client, declaration):
    task = row_id(declaration)
    send(client, declaration, rows={"key_tasks": {task: {"content": "  一、巡查\r\n二、整改\x00 "}}})
    assert table(declaration).key_tasks[0].content == "  一、巡查\n二、整改 "


def test_nothing_new_makes_no_new_version(client, declaration):
    answer = send(client, declaration, fields={"staff_count": "33"})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": {"state": "approved"}},
        {"fields": {"department": "别的部门"}},
        {"fields": {"version": "9"}},
        {"fields": {"staff_count": 5}},
        {"fields": ["staff_count"]},
        {"rows": {"key_tasks": {"1": {"name": "甲"}}}},
        {"rows": {"snapshots": {str(uuid.uuid4()): {"name": "甲"}}}},
        {"rows": {"key_tasks": {str(uuid.uuid4()): {"declaration": "x"}}}},
        {"rows": {"indicators": {str(uuid.uuid4()): {"is_optional": True}}}},
        {"order": {"key_tasks": "x"}},
        {"deleted": {"events": []}},
    ],
)
def test_what_no_page_sends_is_refused_whole_and_in_words(client, declaration, changes):
    answer = send(client, declaration, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")
    assert "刷新页面" in answer.json()["message"]
    declaration.refresh_from_db()
    assert declaration.version == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"version": "1"}', b'{"version": true}', b"[" * 100_000, b"\xff"])
def test_a_broken_request_is_refused(client, declaration, body):
    answer = client.post(address(declaration), body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")


def test_the_second_of_two_people_gets_409_and_both_texts(client, declaration):
    other = client_of(filler_of(declaration, name="林岚"))
    first = send(client, declaration, fields={"overall_goal": "陈晓写的目标", "staff_count": "34"})
    second = send(other, declaration, fields={"overall_goal": "林岚写的目标", "other_funds": "0"})
    assert (first.status_code, second.status_code) == (200, 409)
    said = second.json()
    assert (said["error"], said["version"], said["saved_by"]) == ("stale", 2, "陈晓")
    assert said["conflicts"] == [
        {"name": "overall_goal", "label": "总体绩效目标", "mine": "林岚写的目标", "theirs": "陈晓写的目标"}
    ]
    assert (said["texts"]["staff_count"], table(declaration).overall_goal) == ("34", "陈晓写的目标")
    assert send(other, declaration, said["version"], fields={"overall_goal": "林岚写的目标"}).status_code == 200
    assert table(declaration).overall_goal == "林岚写的目标"


def test_a_row_that_somebody_else_removed_is_named_in_the_conflict(client, declaration):
    first = row_id(declaration)
    send(client, declaration, deleted={"key_tasks": [first]})
    answer = send(client, declaration, 1, rows={"key_tasks": {first: {"name": "改名"}}})
    assert answer.json()["conflicts"][0]["theirs"] == "（对方已删除这一行）"


def at_the_same_moment(declaration, *saves):
    """Runs saves of (person, changes), each in its own thread and connection, all having read before any writes."""
    ready, outcomes = threading.Barrier(len(saves)), []

    def save(person, changes):
        try:
            desk = FillingDesk(Declaration.objects.get(pk=declaration.pk), person)
            assert desk.table
            ready.wait(10)
            drafts.save_changes(desk, changes)
            outcomes.append("saved")
        except StaleVersion:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=each) for each in saves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(outcomes)


def two_goals(declaration):
    people = [filler_of(declaration), filler_of(declaration)]
    return [(person, Changes(1, fields={"overall_goal": text})) for person, text in zip(people, "甲乙", strict=True)]


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_written():
    declaration = factories.declaration()
    assert at_the_same_moment(declaration, *two_goals(declaration)) == ["saved", "stale"]
    assert Declaration.objects.get(pk=declaration.pk).version == 2


@pytest.mark.django_db(transaction=True)
def test_two_cells_of_one_grid_at_the_same_moment_are_not_both_written_over_version_one():
    declaration = of_rows(2)
    rows = [row_id(declaration, at=at) for at in (0, 1)]
    saves = [(filler_of(declaration), Changes(1, rows={"key_tasks": {row: {"name": "新"}}})) for row in rows]
    assert at_the_same_moment(declaration, *saves) == ["saved", "stale"]
    assert [task.name for task in table(declaration).key_tasks].count("新") == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_version_in_the_update_a_save_would_be_lost(monkeypatch):
    """The negative control of the two tests above: take the check out, and nobody hears of the loss."""
    declaration = factories.declaration()
    whole = bulk.update_rows
    monkeypatch.setattr(bulk, "update_rows", lambda instances, names, successor="": whole(instances, names))
    assert at_the_same_moment(declaration, *two_goals(declaration)) == ["saved", "saved"]
    assert Declaration.objects.get(pk=declaration.pk).version == 2


@pytest.mark.django_db(transaction=True)
def test_a_save_and_a_move_at_the_same_moment_do_not_both_happen():
    declaration = factories.declaration()
    own = Declaration.objects.get(pk=declaration.pk)
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    with pytest.raises(StaleVersion):
        drafts.save_changes(FillingDesk(own, filler_of(declaration)), Changes(1, fields={"overall_goal": "晚了"}))
    assert table(declaration).overall_goal == factories.GOAL


def test_once_sent_on_nothing_is_saved_and_the_reason_is_said(client, declaration):
    workflow.perform_move(declaration.pk, "send_to_head", filler_of(declaration))
    answer = send(client, declaration, 2, fields={"staff_count": "99"})
    assert (answer.status_code, answer.json()["error"]) == (409, "closed")
    assert "待部门审定" in answer.json()["message"]
    assert table(declaration).staff_count == 33


@pytest.mark.parametrize("state", [State.CERTIFYING, State.SUBMITTED, State.REVIEWED, State.APPROVED])
def test_only_an_open_declaration_is_saved(state):
    declaration = factories.declaration(state=state)
    assert send(client_of(filler_of(declaration)), declaration, fields={"staff_count": "1"}).status_code == 409


def test_others_cannot_save():
    declaration = factories.declaration(state=State.SUBMITTED)
    reviewer = factories.person("performance", declaration.department.bureau)
    stranger = factories.person("filler", factories.department())
    assert send(client_of(reviewer), declaration, fields={"staff_count": "1"}).status_code == 403
    assert send(client_of(stranger), declaration, fields={"staff_count": "1"}).status_code == 404


def test_the_answer_has_what_the_page_shows_live(client, declaration):
    answer = send(client, declaration, fields={"other_funds": "3"}).json()
    assert [finding["code"] for finding in answer["findings"] if finding["severity"] == "E"] == ["B01"]
    assert answer["totals"]["fiscal_appropriation"] == "1,144.23"
    assert (answer["totals"]["tasks"], answer["totals"]["tasks_wan"]) == ("700,000.00", "70.00")
    assert answer["totals"]["share"] == "97.4%"
    assert answer["panels"]["basic_expenditure"] == ["error", "1 处提示"]


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_a_save_of_one_cell_costs_the_same_queries_however_many_rows(rows, django_assert_num_queries):
    declaration = of_rows(rows)
    client, task = client_of(filler_of(declaration)), row_id(declaration)
    send(client, declaration, fields={"staff_count": "34"})
    with django_assert_num_queries(SAVE_QUERIES):
        send(client, declaration, 2, rows={"key_tasks": {task: {"name": "改名"}}})
    assert table(declaration).key_tasks[0].name == "改名"


def of_rows(count):
    return factories.declaration(
        said=factories.table(key_tasks=tuple(factories.task(funding=Decimal(1)) for _ in range(count)))
    )


def row_versions(model, declaration):
    """What PostgreSQL says of each row: the transaction and the command that wrote it last."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, xmin::text || '.' || cmin::text FROM {model._meta.db_table} WHERE declaration_id = %s",
            [declaration.pk],
        )
        return dict(cursor.fetchall())


def test_rows_that_did_not_change_are_not_written_again():
    declaration = of_rows(100)
    changed = row_id(declaration, at=50)
    tasks, indicators = row_versions(KeyTask, declaration), row_versions(Indicator, declaration)
    send(client_of(filler_of(declaration)), declaration, rows={"key_tasks": {changed: {"name": "改名"}}})
    after = row_versions(KeyTask, declaration)
    assert [str(key) for key in tasks if after[key] != tasks[key]] == [changed]
    assert row_versions(Indicator, declaration) == indicators


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_costs_the_same_queries_however_many_rows(rows, django_assert_num_queries):
    said = factories.table(key_tasks=tuple(factories.task(funding=Decimal(1)) for _ in range(rows)))
    declaration = factories.declaration(said=said)
    client = client_of(filler_of(declaration))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(address(declaration, "fill"))
