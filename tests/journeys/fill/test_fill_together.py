"""Two people at one declaration, each in a browser of their own: they see each other, and neither loses a word."""

import pytest
from playwright.sync_api import expect

from declarations.models import Presence, Replaced
from declarations.record import store
from tests import factories
from tests.filling.fill_helpers import row_id
from tests.journeys.everybody import objections
from tests.journeys.filling import SAVED, TASKS, cell, filler, names, opened, saved, settle, table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITHIN = 20_000
"""Milliseconds within which another's change appears: pages ask every 15 seconds."""


@pytest.fixture
def declaration():
    tasks = tuple(factories.task(name=name) for name in "一二三")
    return factories.declaration(said=factories.table(key_tasks=tasks))


@pytest.fixture
def page(context, live_server, declaration):
    page = opened(context, live_server, declaration, filler(declaration, "陈晓"))
    yield page
    assert page.errors == []
    settle(page)


@pytest.fixture
def other(page, browser, browser_context_args, live_server, declaration):
    with browser.new_context(**browser_context_args) as elsewhere:
        other = opened(elsewhere, live_server, declaration, filler(declaration, "林岚"))
        yield other
        assert other.errors == []
        settle(other)


def heard(page):
    """The page asks now, as it does every 15 seconds and when one comes back to its window."""
    with page.expect_response("**/together/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def until(page, asking, count, wanted):
    """Waits for what the pages told the server."""
    for _ in range(50):
        if asking:
            heard(asking)
        if count() == wanted:
            break
        page.wait_for_timeout(100)
    assert count() == wanted


def test_each_sees_the_other_and_where(page, other):
    other.focus(cell(TASKS, 1, "name"))
    until(page, other, lambda: Presence.objects.filter(section="key_tasks").count(), 1)
    heard(page)
    expect(page.locator("#together")).to_contain_text("林岚 也打开了这份申报表")
    expect(page.locator(".contents .here")).to_have_text("林岚 正在填写")
    expect(other.locator("#together")).to_contain_text("陈晓")
    other.goto("about:blank")
    until(page, None, Presence.objects.count, 1)
    heard(page)
    expect(page.locator("#together")).to_be_hidden()


def test_changes_of_the_other_appear_under_the_cursor_without_moving_it(page, other, declaration):
    third = row_id(declaration, at=2)
    name = f"#key_tasks-{third}-name"
    page.focus(name)
    other.fill("#overall_goal", "林岚写的目标")
    other.focus(cell(TASKS, 3, "content"))
    other.keyboard.press("Alt+ArrowUp")
    other.locator(f"{TASKS} [data-add]").first.click()
    other.keyboard.type("林岚的任务")
    saved(other)
    expect(page.locator("#overall_goal")).to_have_value("林岚写的目标", timeout=WITHIN)
    assert names(page) == ["一", "三", "二", "林岚的任务"]
    assert f"#{page.evaluate('document.activeElement.id')}" == name
    page.keyboard.press("End")
    page.keyboard.type("号")
    expect(page.locator(name)).to_have_value("三号")
    saved(page)
    after = table(declaration)
    assert (after.overall_goal, [task.name for task in after.key_tasks]) == (
        "林岚写的目标",
        ["一", "三号", "二", "林岚的任务"],
    )
    assert page.locator("#conflicts").is_hidden()


def test_nothing_changes_under_an_input_method(page, other):
    page.focus("#staff_count")
    page.evaluate("document.activeElement.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))")
    other.fill("#overall_goal", "林岚写的目标")
    saved(other)
    heard(page)
    expect(page.locator("#overall_goal")).to_have_value(factories.GOAL)
    page.evaluate("document.activeElement.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))")
    heard(page)
    expect(page.locator("#overall_goal")).to_have_value("林岚写的目标")


def test_what_is_typed_while_a_refused_save_is_on_its_way_is_saved_too(page, declaration):
    person = filler(declaration, "林岚")
    store.save_table(declaration, factories.table(key_tasks=table(declaration).key_tasks, staff_count=50), user=person)
    page.evaluate(
        """() => {
            const whole = window.fetch;
            window.fetch = async (...request) => {
                const response = await whole(...request);
                if (String(request[0]).includes("/save/")) await new Promise((resolve) => setTimeout(resolve, 800));
                return response;
            };
        }"""
    )
    page.fill("#overall_goal", "陈晓写的目标")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(300)
    page.fill("#subordinate_unit_count", "7")
    expect(page.locator("[data-save-text]")).to_have_text(SAVED, timeout=15_000)
    after = table(declaration)
    assert (after.overall_goal, after.subordinate_unit_count, after.staff_count) == ("陈晓写的目标", 7, 50)


def test_the_question_does_not_tear_away_who_is_typing(page, other):
    other.fill("#overall_goal", "林岚写的目标")
    saved(other)
    page.focus("#overall_goal")
    page.keyboard.press("Control+End")
    page.keyboard.type("又一句")
    expect(page.locator("#conflicts")).to_be_visible()
    page.keyboard.type("，再一句")
    expect(page.locator("#overall_goal")).to_have_value(f"{factories.GOAL}又一句，再一句")
    expect(page.locator("#conflicts dd").first).to_have_text(f"{factories.GOAL}又一句，再一句")
    page.get_by_role("link", name="去选择").click()
    assert page.evaluate("document.activeElement.id") == "conflicts"


def test_a_question_about_a_row_that_is_removed_is_none_any_more(page, other, declaration):
    other.fill(cell(TASKS, 1, "name"), "林岚的名称")
    saved(other)
    page.fill(cell(TASKS, 1, "name"), "陈晓的名称")
    page.keyboard.press("Control+s")
    expect(page.locator("#conflicts")).to_be_visible()
    page.get_by_role("button", name="删除第1项").first.click()
    page.get_by_role("button", name="用我的内容覆盖").click()
    expect(page.locator("#conflicts")).to_be_hidden()
    saved(page)
    assert [task.name for task in table(declaration).key_tasks] == ["二", "三"]
    assert "林岚的名称" in [row.texts.get("name") for row in Replaced.objects.all()]


@pytest.mark.parametrize(
    ("choice", "stays", "kept"),
    [
        ("用我的内容覆盖", "陈晓写的目标", "林岚写的目标"),
        ("采用对方内容", "林岚写的目标", "陈晓写的目标"),
    ],
)
def test_the_text_that_was_not_chosen_can_be_put_back(page, other, declaration, choice, stays, kept):
    other.fill("#overall_goal", "林岚写的目标")
    saved(other)
    page.fill("#overall_goal", "陈晓写的目标")
    page.keyboard.press("Control+s")
    page.get_by_role("button", name=choice).click()
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    assert table(declaration).overall_goal == stays
    assert list(Replaced.objects.values_list("text", flat=True)) == [kept]
    page.locator("#replaced > summary").click()
    expect(page.locator("[data-replaced-list]")).to_contain_text(kept)
    page.get_by_role("button", name="放回原处：总体绩效目标").click()
    expect(page.locator("#overall_goal")).to_have_value(kept)
    saved(page)
    assert table(declaration).overall_goal == kept
    assert sorted(Replaced.objects.values_list("text", flat=True)) == sorted([kept, stays])


def test_a_row_that_was_removed_long_ago_comes_back_whole(page, declaration):
    first = row_id(declaration)
    page.get_by_role("button", name="删除第1项").first.click()
    saved(page)
    page.fill("#staff_count", "45")
    saved(page)
    page.reload()
    page.wait_for_selector('html[data-ready="fill"]')
    page.locator("#replaced > summary").click()
    page.get_by_role("button", name="恢复这一行：年度重点工作任务 第1项").click()
    saved(page)
    back = table(declaration).key_tasks[-1]
    assert (back.id, back.name, back.content) == (first, "一", factories.task().content)
    assert names(page) == ["二", "三", "一"]


def test_all_that_two_people_may_see_is_accessible(page, other, context, live_server, declaration):
    """Who else is here, a question, a lost connection, what was replaced, what came back: in any light and width."""
    page.get_by_role("button", name="删除第1项").first.click()
    page.route("**/save/", lambda route: route.abort())
    page.fill("#overall_goal", "陈晓写的目标")
    page.fill("#staff_count", "46")
    expect(page.locator("#connection")).to_be_visible()
    other.fill("#overall_goal", "林岚写的目标")
    saved(other)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute("**/save/")
    expect(page.locator("#conflicts")).to_be_visible()
    expect(page.locator("#restored")).to_be_visible()
    page.locator("#replaced > summary").click()
    page.locator("#restored summary").click()
    expect(page.locator(".replaced-list")).to_be_visible()
    heard(page)
    expect(page.locator("#together")).to_be_visible()
    context.set_offline(True)
    expect(page.locator("#connection")).to_be_visible()
    assert objections(page) == []
    context.set_offline(False)
    page.get_by_role("button", name="采用对方内容").click()
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
