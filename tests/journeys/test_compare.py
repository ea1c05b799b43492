"""Reading what changed, by keyboard: last year's table, the version before, one change after another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from declarations.models import Declaration, State
from declarations.record import store
from declarations.reviewing import workflow
from tests import factories
from tests.journeys.city import City, build, sign_in
from tests.journeys.everybody import objections

pytestmark = pytest.mark.browser


@pytest.fixture
def city(transactional_db) -> City:
    return build()


@pytest.fixture
def resubmitted(city) -> Declaration:
    """In its second submission: the first was returned, and differed from last year's table in its turn."""
    declaration = city.waiting
    home = declaration.department
    filler, head = factories.person("filler", home), factories.person("head", home)
    workflow.perform_move(declaration.pk, "return", city.people["division"], comment="请细化。")
    declaration = Declaration.objects.get(pk=declaration.pk)
    store.save_table(declaration, rewritten(store.table_of(declaration)), user=filler)
    declaration = Declaration.objects.get(pk=declaration.pk)
    factories.explain(declaration, filler)
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    workflow.perform_move(declaration.pk, "submit", head)
    return Declaration.objects.get(pk=declaration.pk)


def rewritten(said):
    """Reworded, moved, added, dropped, and dearer."""
    first, _dropped, third, fourth = said.key_tasks
    indicators = list(said.indicators)
    indicators[0] = replace(indicators[0], annual_value="≥52次")
    del indicators[3]
    indicators.insert(2, factories.indicator(level2="质量指标", name="巡查记录完整率", annual_value="≥98%"))
    return replace(
        said,
        overall_goal=said.overall_goal.replace("不少于300人次", "不少于360人次"),
        basic_expenditure=Decimal("1169.37"),
        fiscal_appropriation=Decimal("1241.23"),
        key_tasks=(fourth, first, replace(third, content=third.content.replace("每季度", "每两个月"))),
        indicators=tuple(indicators),
    )


def url(declaration, more: str = "") -> str:
    return reverse("declarations:detail", args=[declaration.pk]) + more


def test_modes_and_changes_by_keyboard(context, live_server, city, resubmitted):
    page = context.new_page()
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + url(resubmitted))
    page.wait_for_selector("html[data-compare=ready][data-review=ready]")
    current = page.locator(".compare-modes [aria-current]")
    expect(current).to_have_text("对比上次报送")
    expect(page.locator(".compare-summary")).to_contain_text("改写 5 处，新增 1 行，删除 2 行，移动 1 行")
    expect(page.locator("#cell-basic_expenditure")).to_contain_text("1,069.371,169.37+9.4%")
    expect(page.locator("#cell-basic_expenditure")).to_contain_text("上次报送与上年相同")

    page.keyboard.press("n")
    expect(page.locator("#diff-1")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("#diff-9")).to_be_focused()
    expect(page.locator("[data-diff-count]")).to_have_text("第 9 处，共 9 处")
    page.locator("#comment-text").press_sequentially("npd")
    assert page.locator("#comment-text").input_value() == "npd"
    page.locator("#comment-text").fill("")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("d")
    expect(current).to_have_text("不对比")
    expect(page.locator(".official :is(ins, del)")).to_have_count(0)
    page.locator(".compare-modes a", has_text="对比上年").focus()
    page.keyboard.press("Enter")
    expect(current).to_have_text("对比上年")
    page.get_by_role("link", name="只看有变化的行").click()
    expect(page.get_by_role("link", name="显示全部行")).to_be_visible()
    expect(page.locator("#cell-other_funds")).to_have_count(0)


def test_the_next_is_at_hand_and_compared_the_same_way(context, live_server, city, resubmitted):
    """The browser stored the page that was asked for ahead, and is told that it holds."""
    waiting = Declaration.objects.filter(state=State.SUBMITTED, cycle=resubmitted.cycle)
    first, second = waiting.order_by("updated_at")
    page = context.new_page()
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + url(first, "?compare=year"))
    page.wait_for_selector("html[data-ahead=ready][data-review=ready]")
    page.keyboard.press("j")
    page.wait_for_url(f"**{url(second)}?compare=year")
    expect(page.locator(".compare-modes [aria-current]")).to_have_text("对比上年")
    assert sent(page) < 1_000
    page.reload()
    assert sent(page) > 10_000
    factories.freeze(second)
    page.keyboard.press("k")
    page.wait_for_selector("html[data-ahead=ready]")
    workflow.perform_move(second.pk, "return", city.people["division"], comment="请细化。")
    page.keyboard.press("j")
    page.wait_for_url(f"**{url(second)}?compare=year")
    expect(page.locator(".page-head .state")).to_contain_text("已退回")


def sent(page) -> int:
    """Bytes that came over the network for the page."""
    return page.evaluate("performance.getEntriesByType('navigation')[0].transferSize")


def test_the_compared_table_is_usable_by_everybody(context, live_server, city, resubmitted):
    page = context.new_page()
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + url(resubmitted, "?compare=previous"))
    page.locator(".compare-legend summary").click()
    assert objections(page) == []
