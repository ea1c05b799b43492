"""Linking indicators to tasks, promised numbers made indicators, and what is said while somebody types."""

import re
import uuid
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from declarations.models import Declaration
from declarations.record import store
from tests import factories
from tests.journeys.everybody import objections
from tests.journeys.fill.test_fill import INDICATORS, SAVED, TASKS, cell, filler, opened, paste, saved, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, SECOND = (str(uuid.UUID(int=n)) for n in (1, 2))
OPEN = f"{INDICATORS} tbody tr:nth-child(1) [data-links-open]"
PROMISES = f"{TASKS} tbody tr:nth-child(1) [data-promises]"


@pytest.fixture
def declaration():
    half = Decimal("350000.00")
    tasks = (
        factories.task(id=FIRST, name="中小河流治理", funding=half, expected_outcome="治理河长≥30公里"),
        factories.task(id=SECOND, name="节水宣传", funding=half, expected_outcome="活动有序开展"),
    )
    return factories.declaration(said=factories.table(key_tasks=tasks))


@pytest.fixture
def page(context, live_server, declaration):
    page = opened(context, live_server, declaration, filler(declaration, "陈晓"))
    yield page
    assert page.errors == []
    settle(page)


def table(declaration):
    return store.table_of(Declaration.objects.get(pk=declaration.pk))


def links(declaration):
    return [row.tasks for row in table(declaration).indicators if row.tasks]


def answered(page):
    """Until the request that looks at what was typed has been answered."""
    return page.expect_response(lambda response: "/live/" in response.url and response.ok)


def test_an_indicator_is_linked_by_keyboard_alone(page, declaration):
    page.focus(cell(INDICATORS, 1, "name"))
    page.keyboard.press("Tab")
    expect(page.locator(OPEN)).to_be_focused()
    expect(page.locator(OPEN)).to_have_accessible_name("第1项 对应任务：未选择")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="对应任务")).to_contain_text("绩效指标第1项“河道巡查次数”")
    expect(page.get_by_label("任务1 中小河流治理")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_be_focused()
    expect(page.locator(OPEN)).to_have_accessible_name("第1项 对应任务：任务2 节水宣传")
    saved(page)
    assert links(declaration) == [(SECOND,)]
    page.reload()
    expect(page.locator(OPEN)).to_have_text("任务2 节水宣传")


def test_links_follow_the_names_and_places_of_their_tasks(page, declaration):
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{SECOND}"]')
    page.get_by_role("button", name="完成").click()
    page.fill(cell(TASKS, 2, "name"), "节水进社区")
    expect(page.locator(OPEN)).to_have_text("任务2 节水进社区")
    page.focus(cell(TASKS, 2, "name"))
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(OPEN)).to_have_text("任务1 节水进社区")
    saved(page)
    assert links(declaration) == [(SECOND,)]


def test_a_deleted_task_takes_its_links_along_and_a_step_back_brings_both(page, declaration):
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{FIRST}"]')
    page.keyboard.press("Escape")
    saved(page)
    page.locator(f"{TASKS} tbody tr:nth-child(1) [data-remove]").click()
    expect(page.locator(OPEN)).to_have_text("＋ 对应任务")
    saved(page)
    assert links(declaration) == []
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(OPEN)).to_have_text("任务1 中小河流治理")
    saved(page)
    assert links(declaration) == [(FIRST,)]


def test_the_map_shows_a_task_that_came_back_after_its_deletion_was_saved(page):
    summary = page.locator(".coverage-summary")
    before = summary.text_content()
    with answered(page):
        page.click(f"{TASKS} tbody tr:nth-child(1) [data-remove]")
    expect(summary).to_contain_text("1 项任务")
    saved(page)
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    with answered(page):
        page.get_by_role("button", name="撤销").click()
    expect(summary).to_have_text(before)


def test_a_copied_indicator_has_the_same_links(page, declaration):
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{FIRST}"]')
    page.keyboard.press("Escape")
    page.locator(f"{INDICATORS} tbody tr:nth-child(1) [data-copy]").click()
    saved(page)
    assert links(declaration) == [(FIRST,), (FIRST,)]


def test_a_promised_number_becomes_a_linked_indicator_and_may_be_taken_back(page, declaration):
    count = len(table(declaration).indicators)
    page.get_by_role("button", name="设为指标：治理河长 ≥30公里").click()
    expect(page.locator(cell(INDICATORS, 2, "name"))).to_have_value("治理河长")
    expect(page.locator(PROMISES)).to_be_hidden()
    saved(page)
    made = table(declaration).indicators[1]
    assert (made.level1, made.level2, made.name, made.annual_value, made.tasks) == (
        "产出指标",
        "数量指标",
        "治理河长",
        "≥30公里",
        (FIRST,),
    )
    with answered(page):
        page.get_by_role("button", name="撤销").click()
    expect(page.locator(PROMISES)).to_contain_text("设为指标：治理河长 ≥30公里")
    saved(page)
    assert len(table(declaration).indicators) == count


def test_a_number_just_typed_is_offered_too(page):
    page.fill(cell(TASKS, 2, "expected_outcome"), "培训骨干不少于300人次")
    offer = page.get_by_role("button", name="设为指标：培训骨干人次 不少于300人次")
    expect(offer).to_be_visible()
    page.fill(cell(TASKS, 2, "expected_outcome"), "按期完成")
    expect(offer).to_have_count(0)


def test_what_was_understood_and_found_is_shown_before_anything_is_saved(page, declaration):
    value = page.locator(cell(INDICATORS, 2, "annual_value"))
    place = page.locator(f"[id='understood-{value.get_attribute('id')}']")
    page.route("**/save/", lambda route: route.abort())
    value.fill("98.5％以上")
    expect(place).to_have_text("≥ 98.5 %")
    expect(page.locator("#announcer")).to_have_text("已识别为：≥ 98.5 %")
    value.fill("120%")
    expect(value).to_have_attribute("aria-invalid", "true")
    value.fill("高质量完成")
    expect(place).to_be_empty()
    expect(value).not_to_have_attribute("aria-invalid", "true")
    assert table(declaration).indicators[1].annual_value == "≥95%"
    page.unroute("**/save/")
    saved(page)


def test_the_map_follows_while_typing(page):
    page.set_viewport_size({"width": 1440, "height": 900})
    map_ = page.locator("[data-coverage]")
    expect(map_).to_contain_text("2 项任务，0 项有对应指标；6 条指标，0 条有对应任务。")
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{FIRST}"]')
    page.keyboard.press("Escape")
    expect(map_).to_contain_text("2 项任务，1 项有对应指标；6 条指标，1 条有对应任务。")
    map_.get_by_role("link", name="任务2 节水宣传").click()
    expect(page.locator(cell(TASKS, 2, "name"))).to_be_focused()


def test_a_request_on_its_way_is_given_up_when_a_newer_one_starts(page):
    asked = []
    page.on("request", lambda request: asked.append(request) if "/live/" in request.url else None)
    held = []
    page.route("**/live/", lambda route: held.append(route) if not held else route.continue_())
    value = page.locator(cell(INDICATORS, 1, "annual_value"))
    value.fill("≥1次")
    page.wait_for_timeout(600)
    with answered(page):
        value.fill("≥2次左右")
    assert len(asked) == 2
    assert asked[0].failure == "net::ERR_ABORTED"


def test_a_failure_to_look_is_silent(page):
    page.route("**/live/", lambda route: route.abort())
    page.fill(cell(INDICATORS, 1, "annual_value"), "≥7次")
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)


def test_a_pasted_block_goes_past_the_links(page, declaration):
    block = "产出指标\t数量指标\t甲\t≥1次\t≥2次\t多余\r\n产出指标\t质量指标\t乙\t≥3%\t≥4%\t多余\r\n"
    paste(page, cell(INDICATORS, 1, "name"), block)
    expect(page.locator(".undo")).to_contain_text("未粘贴的列：多出的 1 列")
    saved(page)
    rows = table(declaration).indicators[:2]
    assert [(row.name, row.cycle_value, row.annual_value) for row in rows] == [
        ("甲", "≥1次", "≥2次"),
        ("乙", "≥3%", "≥4%"),
    ]
    assert links(declaration) == []


def test_a_task_that_comes_back_for_what_was_typed_in_it_keeps_its_links(page, browser, live_server, declaration):
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{FIRST}"]')
    page.keyboard.press("Escape")
    saved(page)
    with browser.new_context() as elsewhere:
        theirs = opened(elsewhere, live_server, declaration, filler(declaration, "林岚"))
        theirs.click(f"{TASKS} tbody tr:nth-child(1) [data-remove]")
        saved(theirs)
    page.fill(f'#row-{FIRST} [data-field="content"]', "又写了内容")
    saved(page)
    expect(page.locator(OPEN)).to_have_text(re.compile("中小河流治理"))
    saved(page)
    assert links(declaration) == [(FIRST,)]


def test_two_people_who_link_the_same_indicator_read_names_not_numbers(page, browser, live_server, declaration):
    with browser.new_context() as elsewhere:
        theirs = opened(elsewhere, live_server, declaration, filler(declaration, "林岚"))
        theirs.click(OPEN)
        theirs.check(f'#links-dialog input[value="{FIRST}"]')
        theirs.keyboard.press("Escape")
        saved(theirs)
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{SECOND}"]')
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    question = page.locator("[data-conflicts-list] li")
    expect(question).to_contain_text("任务2 节水宣传")
    expect(question).to_contain_text("任务1 中小河流治理")
    page.get_by_role("button", name="采用对方内容").click()
    expect(page.locator(OPEN)).to_have_text("任务1 中小河流治理")


def test_the_dialog_and_the_map_are_accessible(page):
    page.locator("[data-coverage-box]").evaluate("box => { box.open = true; }")
    assert objections(page, 1440, 1280, 390) == []
    page.click(OPEN)
    page.check(f'#links-dialog input[value="{FIRST}"]')
    assert objections(page, 1440, 1280, 390) == []
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_text(re.compile("任务1"))
