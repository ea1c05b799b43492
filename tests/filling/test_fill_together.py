"""Several people at one declaration: they see each other, what the others saved, and no text is lost to another's."""

import datetime
import json
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from declarations.models import Declaration, Presence, Replaced, State
from declarations.record import store
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send
from tests.filling.test_fill_plain import form_of

pytestmark = pytest.mark.django_db
QUIET_QUERIES = 6
"""Session, person, roles, declaration; this page is noted, the others are read."""
NEWS_QUERIES = 11
"""The two grids besides."""


@pytest.fixture
def declaration():
    tasks = (factories.task(name="甲"), factories.task(name="乙"))
    return factories.declaration(said=factories.table(key_tasks=tasks))


@pytest.fixture
def chen(declaration):
    return client_of(filler_of(declaration, name="陈晓"))


@pytest.fixture
def lin(declaration):
    return client_of(filler_of(declaration, name="林岚"))


def ask(client, declaration, page, version=1, **more):
    body = json.dumps({"page": str(page), "version": version, **more})
    return client.post(address(declaration, "fill_together"), body, content_type="application/json")


def table(declaration):
    return store.table_of(Declaration.objects.get(pk=declaration.pk))


def kept(declaration):
    rows = Replaced.objects.filter(declaration=declaration).order_by("pk")
    return [(row.label, row.text, str(row.written_by), str(row.replaced_by)) for row in rows]


def test_people_see_who_else_has_it_open_and_where(declaration, chen, lin):
    first, second = uuid.uuid4(), uuid.uuid4()
    assert ask(chen, declaration, first).json() == {"version": 1, "people": []}
    heard = ask(lin, declaration, second, section="key_tasks").json()
    assert heard["people"] == [{"name": "陈晓", "section": ""}]
    assert ask(chen, declaration, first).json()["people"] == [{"name": "林岚", "section": "key_tasks"}]
    assert ask(chen, declaration, uuid.uuid4()).json()["people"][-1]["name"] == "您本人（另一个窗口）"


def test_a_closed_page_is_gone_at_once_a_silent_one_after_a_while(declaration, chen, lin):
    page, other = uuid.uuid4(), uuid.uuid4()
    ask(chen, declaration, page)
    ask(lin, declaration, other)
    assert ask(lin, declaration, other, leaving=True).status_code == 204
    assert ask(chen, declaration, page).json()["people"] == []
    ask(lin, declaration, other)
    Presence.objects.filter(page=other).update(seen_at=timezone.now() - datetime.timedelta(seconds=76))
    assert ask(chen, declaration, page).json()["people"] == []
    ask(chen, declaration, page, leaving=True)
    assert not Presence.objects.exists()


def test_a_page_hears_what_others_saved_and_nothing_twice(declaration, chen, lin):
    send(lin, declaration, fields={"overall_goal": "林岚写的目标"})
    heard = ask(chen, declaration, uuid.uuid4(), version=1).json()
    assert (heard["version"], heard["saved_by"], heard["texts"]["overall_goal"]) == (2, "林岚", "林岚写的目标")
    assert heard["order"]["key_tasks"] == [row_id(declaration), row_id(declaration, at=1)]
    assert "findings" in heard
    assert "texts" not in ask(chen, declaration, uuid.uuid4(), version=2).json()


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_asking_costs_the_same_queries_however_many_rows_and_people(rows, django_assert_num_queries):
    said = factories.table(key_tasks=tuple(factories.task() for _ in range(rows)))
    declaration = factories.declaration(said=said)
    client, page = client_of(filler_of(declaration)), uuid.uuid4()
    for _ in range(min(rows, 3)):
        ask(client_of(filler_of(declaration)), declaration, uuid.uuid4())
    with django_assert_num_queries(QUIET_QUERIES):
        ask(client, declaration, page)
    with django_assert_num_queries(NEWS_QUERIES):
        ask(client, declaration, page, version=7)


@pytest.mark.parametrize(
    "word",
    [
        {"page": "x"},
        {"page": 1},
        {"version": "1"},
        {"version": None},
        {"section": 5},
        {"section": "<b>"},
        {"section": "a" * 61},
    ],
)
def test_a_broken_word_is_refused(declaration, chen, word):
    body = json.dumps({"page": str(uuid.uuid4()), "version": 1} | word)
    answer = chen.post(address(declaration, "fill_together"), body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")
    assert not Presence.objects.exists()


def test_once_sent_on_the_page_hears_why(declaration, chen):
    Declaration.objects.filter(pk=declaration.pk).update(state=State.SUBMITTED)
    answer = ask(chen, declaration, uuid.uuid4())
    assert (answer.status_code, answer.json()["error"]) == (409, "closed")


def test_nobody_else_hears_or_is_seen(declaration):
    outsider = client_of(factories.person("filler", factories.department()))
    assert ask(outsider, declaration, uuid.uuid4()).status_code == 404
    reviewer = factories.person("division", declaration.department.bureau.divisions.create(code="K", name="一科"))
    assert ask(client_of(reviewer), declaration, uuid.uuid4()).status_code == 403
    assert not Presence.objects.exists()


def test_the_text_that_was_given_up_is_kept(declaration, chen, lin):
    send(lin, declaration, fields={"overall_goal": "林岚写的目标"})
    answer = send(chen, declaration, 2, dropped={"overall_goal": "陈晓写的目标"})
    assert answer.status_code == 200
    assert table(declaration).overall_goal == "林岚写的目标"
    assert kept(declaration) == [("总体绩效目标", "陈晓写的目标", "陈晓", "林岚")]


def test_the_text_that_was_written_over_is_kept(declaration, chen, lin):
    name = f"key_tasks-{row_id(declaration)}-name"
    send(lin, declaration, rows={"key_tasks": {row_id(declaration): {"name": "林岚的名称"}}})
    send(chen, declaration, 2, rows={"key_tasks": {row_id(declaration): {"name": "陈晓的名称"}}}, over=[name])
    assert kept(declaration) == [("年度重点工作任务 第1项 名称", "林岚的名称", "林岚", "陈晓")]


def test_what_is_written_over_with_the_same_is_not_kept(declaration, chen):
    send(chen, declaration, fields={"overall_goal": factories.GOAL, "staff_count": "34"}, over=["overall_goal"])
    assert kept(declaration) == []


def test_a_save_that_comes_too_late_keeps_nothing_and_may_be_sent_again(declaration, chen, lin):
    send(lin, declaration, fields={"staff_count": "40"})
    assert send(chen, declaration, 1, dropped={"overall_goal": "陈晓写的目标"}).status_code == 409
    assert kept(declaration) == []
    assert send(chen, declaration, 2, dropped={"overall_goal": "陈晓写的目标"}).status_code == 200
    assert len(kept(declaration)) == 1


def test_a_removed_row_is_kept_whole_and_an_empty_one_not(declaration, chen):
    first, empty = row_id(declaration), str(uuid.uuid4())
    send(chen, declaration, rows={"key_tasks": {empty: {"name": ""}}})
    send(chen, declaration, 2, deleted={"key_tasks": [first, empty]})
    row = Replaced.objects.get()
    assert (row.control, row.label) == (f"key_tasks-{first}", "年度重点工作任务 第1项")
    assert (row.texts["name"], row.texts["funding"], row.texts["is_optional"]) == ("甲", "700,000.00", False)


def test_a_removed_row_that_stays_for_being_changed_is_not_kept(declaration, chen):
    first = row_id(declaration)
    send(chen, declaration, deleted={"key_tasks": [str(uuid.uuid4())]}, rows={"key_tasks": {first: {"name": "甲二"}}})
    assert kept(declaration) == []


@pytest.mark.parametrize("wrong", [{"over": "x"}, {"over": [1]}, {"dropped": ["x"]}, {"dropped": {"overall_goal": 1}}])
def test_a_choice_that_no_page_sends_is_refused(declaration, chen, wrong):
    answer = send(chen, declaration, **wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, "unusable")


def test_texts_of_no_control_are_not_kept(declaration, chen):
    send(chen, declaration, dropped={"state": "approved", f"key_tasks-{uuid.uuid4()}-declaration": "x"})
    assert kept(declaration) == []


def test_what_was_kept_can_be_neither_changed_nor_removed(declaration, chen):
    send(chen, declaration, dropped={"overall_goal": "陈晓写的目标"})
    for change in (lambda rows: rows.update(text=""), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Replaced.objects.all())
    assert len(kept(declaration)) == 1


def test_the_list_shows_both_kinds_and_who(declaration, chen, lin):
    send(lin, declaration, fields={"overall_goal": "林岚写的目标"})
    send(
        chen,
        declaration,
        2,
        dropped={"overall_goal": "<b>陈晓</b>写的目标"},
        deleted={"key_tasks": [row_id(declaration)]},
    )
    for part in ("", "?part=list"):
        text = chen.get(address(declaration, "fill_replaced") + part).content.decode()
        assert "&lt;b&gt;陈晓&lt;/b&gt;写的目标" in text
        assert "陈晓 填写，由 林岚 的内容替换" in " ".join(text.split())
        assert "陈晓 删除" in " ".join(text.split())
        assert "对城区12条河道开展日常巡查和问题整改。" in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries_however_long(declaration, chen, count, django_assert_num_queries):
    for n in range(count):
        send(chen, declaration, dropped={"overall_goal": f"第{n}种写法"})
    with django_assert_num_queries(5):
        chen.get(address(declaration, "fill_replaced"))


def test_the_list_is_the_departments_alone(declaration, chen):
    send(chen, declaration, dropped={"overall_goal": "草稿里的话"})
    Declaration.objects.filter(pk=declaration.pk).update(state=State.SUBMITTED)
    reviewer = factories.person("performance", declaration.department.bureau)
    both = factories.person("performance", declaration.department.bureau)
    factories.membership(both, "filler", factories.department(declaration.department.bureau))
    for person in (reviewer, both):
        assert client_of(person).get(address(declaration, "fill_replaced")).status_code == 403
        assert not Replaced.objects.visible_to(person).exists()
    assert chen.get(address(declaration, "fill_replaced")).status_code == 200


def test_a_page_saves_for_nobody_but_whom_it_was_drawn_for(declaration, chen, lin):
    mine = form_of(chen.get(address(declaration, "fill")).content.decode())
    answer = send(lin, declaration, person=mine["person"], fields={"overall_goal": "陈晓的草稿"})
    assert (answer.status_code, answer.json()["error"]) == (409, "unusable")
    assert "林岚" in answer.json()["message"]
    assert ask(lin, declaration, uuid.uuid4(), person=mine["person"]).status_code == 409
    assert lin.post(address(declaration), mine | {"overall_goal": "陈晓的草稿"}).status_code == 409
    assert table(declaration).overall_goal == factories.GOAL
    assert send(chen, declaration, person=mine["person"], fields={"overall_goal": "陈晓的目标"}).status_code == 200


def test_without_scripts_the_choice_is_kept_too(declaration, chen, lin):
    form = form_of(chen.get(address(declaration, "fill")).content.decode())
    name = f"key_tasks-{row_id(declaration)}-name"
    send(
        lin,
        declaration,
        fields={"overall_goal": "林岚的目标"},
        rows={"key_tasks": {row_id(declaration): {"name": "林岚的任务"}}},
    )
    answer = chen.post(address(declaration), form | {"overall_goal": "陈晓的目标", name: "陈晓的任务"})
    again = form_of(answer.content.decode()) | {"over": ["overall_goal", name], "take": [name]}
    assert chen.post(address(declaration), again).status_code == 302
    assert kept(declaration) == [
        ("年度重点工作任务 第1项 名称", "陈晓的任务", "陈晓", "林岚"),
        ("总体绩效目标", "林岚的目标", "林岚", "陈晓"),
    ]
