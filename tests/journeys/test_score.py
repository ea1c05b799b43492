"""Scoring by keyboard alone: to a 中, which may not pass and can be returned."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from declarations.models import ScoreSheet, State
from tests.journeys.city import build, sign_in
from tests.journeys.everybody import objections

pytestmark = pytest.mark.browser
MARKS = ("8.5", "７", "12", "11", "12", "11.5", "8", "7")


def test_scoring_by_keyboard_to_a_fair_grade_that_is_returned(context, live_server, transactional_db):
    city = build()
    page = context.new_page()
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + reverse("declarations:detail", args=[city.waiting.pk]))
    page.wait_for_selector("html[data-score=ready]")
    keys, total = page.keyboard, page.locator("[data-total]")

    keys.press("s")
    expect(page.locator("#score-norm")).to_be_focused()
    keys.type("99")
    expect(total).to_contain_text("有 1 项超过满分")
    keys.press("Control+a")
    for mark in MARKS:
        keys.type(mark)
        keys.press("Enter")
    expect(page.get_by_role("button", name="确认评分")).to_be_focused()
    expect(total).to_contain_text("77 分")
    expect(total).to_contain_text("等次 中")
    page.locator("#score-conditions").focus()
    keys.press("ArrowUp")
    expect(total).to_contain_text("77.5 分")
    expect(page.locator("[data-score-state]")).to_contain_text(re.compile("已自动保存"))
    assert not ScoreSheet.objects.get().is_confirmed
    assert objections(page) == []

    keys.press("Enter")
    keys.press("Enter")
    expect(page.locator("#score")).to_contain_text("77.50 分　中")
    page.wait_for_selector("html[data-review=ready]")
    keys.press("s")
    expect(page.locator("#score")).to_be_focused()
    page.locator("summary", has_text="初审通过").press("Enter")
    expect(page.locator(".move[open]").get_by_text("评分 77.50 分，等次为“中”")).to_be_visible()
    page.get_by_role("button", name="确认初审通过").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="等次为“中”")).to_be_visible()
    city.waiting.refresh_from_db()
    assert city.waiting.state == State.SUBMITTED

    page.locator("summary", has_text="退回修改").press("Enter")
    page.get_by_label("意见 （必填）").fill("请按评语修改。")
    page.get_by_role("button", name="确认退回修改").press("Enter")
    expect(page.get_by_text("已办理“退回修改”").first).to_be_visible()
    city.waiting.refresh_from_db()
    assert city.waiting.state == State.RETURNED
    assert broken == []
