"""Nothing that was typed is lost: without a network, after the browser was killed, after the session ended."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from declarations.models import Declaration, Replaced, State
from tests import factories
from tests.journeys.filling import SAVED, TASKS, cell, filler, names, opened, paste, saved, settle, table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "没有网络时填写的总体目标"


@pytest.fixture
def declaration():
    tasks = tuple(factories.task(name=name) for name in "一二三")
    return factories.declaration(said=factories.table(key_tasks=tasks))


@pytest.fixture
def person(declaration):
    return filler(declaration, "陈晓")


@pytest.fixture
def page(context, live_server, declaration, person):
    page = opened(context, live_server, declaration, person)
    yield page
    assert page.errors == []
    if not page.is_closed():
        settle(page)


def signed_out(context):
    context.clear_cookies()
    return context


def copies(page):
    """The texts that this computer keeps, whoever's."""
    return page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("unsaved-declarations", 1);
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
                const db = opening.result;
                const asked = db.transaction("pages").objectStore("pages").getAll();
                asked.onsuccess = () => {
                    db.close();
                    resolve(asked.result.flatMap((copy) => copy.texts.map((each) => each.text)));
                };
            };
        })"""
    )


def until(found, wanted, within=10):
    """Waits for what no page shows."""
    end = time.monotonic() + within
    while found() != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found() == wanted


def close_unsaved(page):
    page.close(run_before_unload=False)


def test_without_a_network_the_page_says_so_and_sends_in_order_when_it_is_back(page, context, declaration):
    context.set_offline(True)
    expect(page.locator("#connection")).to_contain_text("网络已断开")
    page.fill("#staff_count", "41")
    paste(page, cell(TASKS, 3, "name"), "三二\t内容\t5\t目标\r\n四\t内容\t6\t目标\r\n")
    page.fill("#staff_count", "42")
    page.get_by_role("button", name="删除第1项").first.click()
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("保存失败"))
    assert table(declaration).staff_count == 33
    context.set_offline(False)
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    expect(page.locator("#connection")).to_be_hidden()
    after = table(declaration)
    assert (after.staff_count, [task.name for task in after.key_tasks]) == (42, ["二", "三二", "四"])
    until(lambda: copies(page), [])


def test_leaving_with_unsent_text_warns(page, context):
    context.set_offline(True)
    page.click("#overall_goal")
    page.keyboard.type(TYPED)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    context.set_offline(False)


def test_a_server_that_restarts_is_tried_again(page, declaration):
    page.route("**/save/", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    page.fill("#staff_count", "43")
    expect(page.locator("#connection")).to_contain_text("服务器暂时不能访问")
    page.unroute("**/save/")
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    assert table(declaration).staff_count == 43


def browser_on(browser_type, launch, arguments, profile):
    """A browser of its own, with what it keeps in ``profile``."""
    return browser_type.launch_persistent_context(profile, **launch, **arguments)


def kill_browser(profile):
    """kill -9 for the browser that runs on this profile: it gets no chance to put anything away."""
    for number in processes_on(profile):
        os.kill(number, signal.SIGKILL)
    until(lambda: processes_on(profile), [])


def processes_on(profile):
    running = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [int(entry.name) for entry in running if f"--user-data-dir={profile}" in command_of(entry)]


def command_of(process):
    try:
        return (process / "cmdline").read_text().split("\0")
    except OSError:  # it ended meanwhile
        return []


def test_what_was_typed_offline_is_there_after_the_browser_was_killed(
    browser_type, browser_type_launch_args, browser_context_args, live_server, declaration, person, tmp_path
):
    start = (browser_type, browser_type_launch_args, browser_context_args, tmp_path / "profile")
    first = browser_on(*start)
    page = opened(first, live_server, declaration, person)
    first.set_offline(True)
    page.fill("#overall_goal", TYPED)
    page.fill("#other_funds", "约三万")
    page.locator(f"{TASKS} [data-add]").first.click()
    page.keyboard.type("断网时添加的任务")
    page.get_by_role("button", name="删除第1项").first.click()
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("保存失败"))
    kill_browser(tmp_path / "profile")
    assert table(declaration).overall_goal == factories.GOAL

    second = browser_on(*start)
    page = opened(second, live_server, declaration, person)
    expect(page.locator("#restored")).to_contain_text("已恢复您")
    expect(page.locator("#restored")).to_contain_text(TYPED)
    expect(page.locator("#overall_goal")).to_have_value(TYPED)
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    after = table(declaration)
    assert (after.overall_goal, after.unread) == (TYPED, {"other_funds": "约三万"})
    assert [task.name for task in after.key_tasks] == ["二", "三", "断网时添加的任务"]
    until(lambda: copies(page), [])
    second.close()


def test_what_came_back_may_be_given_up(page, context, live_server, declaration, person):
    context.set_offline(True)
    page.fill("#overall_goal", TYPED)
    page.get_by_role("button", name="删除第1项").first.click()
    until(lambda: copies(page), [TYPED])
    close_unsaved(page)
    context.set_offline(False)
    again = opened(signed_out(context), live_server, declaration, person)
    expect(again.locator("#overall_goal")).to_have_value(TYPED)
    assert names(again) == ["二", "三"]
    again.get_by_role("button", name="放弃恢复的内容").click()
    expect(again.locator("#restored")).to_be_hidden()
    expect(again.locator("#overall_goal")).to_have_value(factories.GOAL)
    saved(again)
    after = table(declaration)
    assert (after.overall_goal, [task.name for task in after.key_tasks]) == (factories.GOAL, ["一", "二", "三"])
    assert TYPED in Replaced.objects.filter(declaration=declaration).values_list("text", flat=True)


def test_what_came_back_meets_what_another_saved_meanwhile(page, context, live_server, declaration, person):
    context.set_offline(True)
    page.fill("#overall_goal", TYPED)
    page.fill("#staff_count", "44")
    until(lambda: sorted(copies(page)), ["44", TYPED])
    close_unsaved(page)
    context.set_offline(False)
    Declaration.objects.filter(pk=declaration.pk).update(overall_goal="林岚写的目标", version=2)
    again = opened(signed_out(context), live_server, declaration, person)
    expect(again.locator("#conflicts")).to_contain_text("林岚写的目标")
    expect(again.locator("#conflicts")).to_contain_text(TYPED)
    again.get_by_role("button", name="用我的内容覆盖").click()
    expect(again.locator("[data-save-text]")).to_have_text(SAVED)
    after = table(declaration)
    assert (after.overall_goal, after.staff_count) == (TYPED, 44)


def test_a_declaration_sent_on_meanwhile_shows_the_text_to_be_copied(page, context, live_server, declaration, person):
    context.set_offline(True)
    page.fill("#overall_goal", TYPED)
    until(lambda: copies(page), [TYPED])
    close_unsaved(page)
    context.set_offline(False)
    Declaration.objects.filter(pk=declaration.pk).update(state=State.SUBMITTED, version=2)
    later = context.new_page()
    later.goto(f"{live_server.url}/declarations/{declaration.pk}/edit/")
    box = later.locator("#unsent-here")
    expect(box).to_contain_text("没有保存")
    assert TYPED in later.input_value("#unsent-texts")
    box.get_by_role("button", name="放弃这些内容").click()
    expect(box).to_be_hidden()
    until(lambda: copies(later), [])


def test_after_the_session_ended_the_same_person_loses_nothing(page, context, live_server, declaration, person):
    Session.objects.all().delete()
    page.fill("#overall_goal", TYPED)
    expect(page.locator("#connection")).to_contain_text("登录已过期")
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("登录已过期"))
    other_window = opened(context, live_server, declaration, person)
    expect(other_window.locator("#overall_goal")).to_have_value(factories.GOAL)
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    expect(page.locator("#connection")).to_be_hidden()
    assert table(declaration).overall_goal == TYPED


def test_another_person_who_logs_in_neither_sees_nor_saves_it(page, context, live_server, declaration, person):
    other = filler(declaration, "林岚")
    Session.objects.all().delete()
    page.fill("#overall_goal", TYPED)
    expect(page.locator("#connection")).to_contain_text("登录已过期")
    theirs = opened(context, live_server, declaration, other)
    page.get_by_role("button", name="立即重试").click()
    expect(page.locator("#connection")).to_contain_text("现在登录的是“林岚”")
    close_unsaved(page)
    theirs.reload()
    theirs.wait_for_selector('html[data-ready="fill"]')
    expect(theirs.locator("#restored")).to_be_hidden()
    assert TYPED not in theirs.content() + theirs.input_value("#overall_goal")
    assert table(declaration).overall_goal == factories.GOAL
    close_unsaved(theirs)

    again = opened(signed_out(context), live_server, declaration, person)
    expect(again.locator("#overall_goal")).to_have_value(TYPED)
    expect(again.locator("[data-save-text]")).to_have_text(SAVED)
    assert table(declaration).overall_goal == TYPED


def test_two_windows_of_one_person_do_not_take_each_others_text(page, context, live_server, declaration):
    page.route("**/save/", lambda route: route.abort())
    page.fill("#overall_goal", TYPED)
    until(lambda: copies(page), [TYPED])
    second = context.new_page()
    second.goto(page.url)
    second.wait_for_selector('html[data-ready="fill"]')
    expect(second.locator("#restored")).to_be_hidden()
    expect(second.locator("#overall_goal")).to_have_value(factories.GOAL)
    page.unroute("**/save/")
    saved(page)
    until(lambda: copies(page), [])
