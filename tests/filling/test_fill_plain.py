"""The same page without scripts: one ordinary form, buttons for rows, and nothing of what was typed lost."""

import html
import re

import pytest

from declarations.models import Declaration
from declarations.record import store
from declarations.sheet.table import LONGEST_TEXT
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def declaration():
    return factories.declaration(said=factories.table(key_tasks=(factories.task(name="甲"), factories.task(name="乙"))))


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration, name="陈晓"))


def form_of(text):
    """name -> value of every control, as a browser without scripts would send them."""
    text = re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL)
    names = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'\sname="([^"]*)"', tag), re.search(r'\svalue="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            names[name[1]] = html.unescape(value[1]) if value else ""
    for name, value in re.findall(r'<textarea[^>]*\sname="([^"]*)"[^>]*>\n(.*?)</textarea>', text, flags=re.DOTALL):
        names[name] = html.unescape(value).replace("\n", "\r\n")
    for name, body in re.findall(r'<select[^>]*\sname="([^"]*)"[^>]*>(.*?)</select>', text, flags=re.DOTALL):
        chosen = re.search(r"<option selected>(.*?)</option>", body)
        names[name] = html.unescape(chosen[1]) if chosen else ""
    return names


def opened(client, declaration):
    return form_of(client.get(address(declaration, "fill")).content.decode())


def post(client, declaration, form, **more):
    return client.post(address(declaration), form | more)


def table(declaration):
    return store.table_of(Declaration.objects.get(pk=declaration.pk))


def test_an_untouched_page_changes_nothing(client, declaration):
    before = table(declaration)
    answer = post(client, declaration, opened(client, declaration))
    declaration.refresh_from_db()
    assert (answer.status_code, declaration.version, table(declaration)) == (302, 1, before)


def test_what_was_typed_is_saved(client, declaration):
    name = f"key_tasks-{row_id(declaration, at=1)}-name"
    answer = post(client, declaration, opened(client, declaration), staff_count="３５", **{name: "乙二"})
    assert answer.headers["Location"] == address(declaration, "fill")
    assert (table(declaration).staff_count, table(declaration).key_tasks[1].name) == (35, "乙二")


def test_a_button_adds_a_row_and_saves_the_rest(client, declaration):
    answer = post(client, declaration, opened(client, declaration), staff_count="36", add="optional_tasks")
    added = table(declaration).key_tasks[-1]
    assert (added.is_optional, added.name, table(declaration).staff_count) == (True, "", 36)
    assert answer.headers["Location"].endswith(f"#row-{added.id}")


def test_a_button_adds_an_indicator_of_a_category(client, declaration):
    post(client, declaration, opened(client, declaration), add="indicators|产出指标|质量指标")
    added = table(declaration).indicators[-1]
    assert (added.level1, added.level2) == ("产出指标", "质量指标")


def test_buttons_remove_and_move_rows(client, declaration):
    first, second = row_id(declaration), row_id(declaration, at=1)
    post(client, declaration, opened(client, declaration), down=f"key_tasks-{first}-name")
    assert [task.id for task in table(declaration).key_tasks] == [second, first]
    post(client, declaration, opened(client, declaration), remove=f"key_tasks-{second}-name")
    assert [task.id for task in table(declaration).key_tasks] == [first]


def test_texts_over_the_limit_come_back_with_the_reason(client, declaration):
    long = "长" * (LONGEST_TEXT + 1)
    answer = post(client, declaration, opened(client, declaration), overall_goal=long, staff_count="37")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert long in text and "最多 32,000 字" in text
    assert table(declaration).staff_count == 37
    again = post(client, declaration, form_of(text), overall_goal="删短了的目标，足以说明要达到的效果。")
    assert again.status_code == 302
    assert table(declaration).overall_goal == "删短了的目标，足以说明要达到的效果。"


def test_the_loser_gets_409_with_both_texts_and_may_keep_either(client, declaration):
    form = opened(client, declaration)
    other = client_of(filler_of(declaration, name="林岚"))
    name = f"key_tasks-{row_id(declaration)}-name"
    send(
        other,
        declaration,
        fields={"staff_count": "50", "overall_goal": "林岚的目标"},
        rows={"key_tasks": {row_id(declaration): {"name": "林岚的任务"}}},
    )
    answer = post(client, declaration, form, overall_goal="陈晓的目标", **{name: "陈晓的任务"})
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in ("林岚", "林岚的目标", "陈晓的目标", "采用对方内容"):
        assert words in text
    kept = form_of(text)
    assert (kept["overall_goal"], kept["staff_count"]) == ("陈晓的目标", "50")
    assert post(client, declaration, kept, take=[name]).status_code == 302
    after = table(declaration)
    assert (after.overall_goal, after.key_tasks[0].name, after.staff_count) == ("陈晓的目标", "林岚的任务", 50)


def test_a_page_sent_too_late_shows_what_was_typed(client, declaration):
    form = opened(client, declaration)
    declaration.state = "submitted"
    declaration.save(update_fields=["state"])
    answer = post(client, declaration, form, overall_goal="来不及保存的目标")
    assert answer.status_code == 409
    assert "来不及保存的目标" in answer.content.decode()
    assert "已报送" in answer.content.decode()


def test_saving_may_lead_on_to_the_check(client, declaration):
    answer = post(client, declaration, opened(client, declaration), then="check")
    assert answer.headers["Location"] == address(declaration, "fill_check")


@pytest.mark.parametrize("broken", [{"version": ""}, {"version": "x"}, {"base": "{"}])
def test_a_form_that_is_not_ours_is_refused(client, declaration, broken):
    assert post(client, declaration, opened(client, declaration) | broken).status_code == 400
