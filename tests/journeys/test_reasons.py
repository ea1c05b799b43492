"""Doubts in a real browser: twelve are bearable, no reason is typed twice, and a reviewer answers a wrong finding."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from declarations.findings import examination, explanations
from declarations.models import Event, State
from declarations.sheet.problems import Problem, Severity
from tests import factories
from tests.journeys.city import sign_in
from tests.journeys.everybody import objections
from tests.journeys.reasons import give_reasons

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def twelve_doubts(monkeypatch):
    """Whatever is checked, each of six indicators is doubtful twice."""

    def found(table, *, context):
        return [
            Problem(code, Severity.WARNING, f"第{i + 1}项{words}", "请核对。", f"indicators.{i}.annual_value")
            for code, words in (("V04", "两栏相同"), ("V06", "没有写明方向"))
            for i in range(6)
        ]

    monkeypatch.setattr(examination, "check", found)


@pytest.fixture
def declaration(twelve_doubts):
    return factories.declaration(factories.department(division=factories.division()))


def page_as(context, live_server, person):
    sign_in(context, live_server, person)
    return context.new_page()


def address(live_server, declaration, name="fill_check"):
    return live_server.url + reverse(f"declarations:{name}", args=[declaration.pk])


def test_two_reasons_cover_twelve_doubts_and_the_head_only_confirms_them(context, live_server, declaration):
    filler = factories.person("filler", declaration.department)
    page = page_as(context, live_server, filler)
    page.goto(address(live_server, declaration))
    page.get_by_role("button", name="送部门审定").click()
    expect(page.get_by_text("还有 12 处疑点没有改正")).to_be_visible()
    assert give_reasons(page, "沿用上年口径") == 2
    page.get_by_role("button", name="送部门审定").click()
    expect(page.get_by_text("已办理“送部门审定”").first).to_be_visible()

    head = page_as(context, live_server, factories.person("head", declaration.department))
    head.goto(address(live_server, declaration, "detail"))
    head.locator("summary", has_text="报送").click()
    head.get_by_role("button", name="确认报送").click()
    expect(head.get_by_text("已办理“报送”").first).to_be_visible()
    recorded = Event.objects.get(action="submit").confirmations
    assert len(recorded) == 12 and set(recorded.values()) == {"沿用上年口径"}


def test_a_reason_is_kept_on_leaving_its_field_and_when_the_page_is_closed(context, live_server, declaration):
    page = page_as(context, live_server, factories.person("filler", declaration.department))
    page.goto(address(live_server, declaration))
    page.get_by_label("这 6 处不改的共同理由").first.fill("沿用上年口径")
    page.keyboard.press("Tab")
    expect(page.locator("[data-reasons-state]")).to_contain_text("说明已保存")
    expect(page.locator('[data-doubt="V04"]')).to_have_text("已说明")
    expect(page.locator('[data-doubt="V06"]')).to_have_text("6 处未说明")
    page.get_by_label("这 6 处不改的共同理由").nth(1).click()
    page.keyboard.type("按国家标准填写")
    page.goto(live_server.url)
    deadline = time.monotonic() + 10
    while len(explanations.standing_reasons(declaration)) < 12 and time.monotonic() < deadline:
        time.sleep(0.05)  # what was sent while the page closed is on its way

    page.goto(address(live_server, declaration))
    expect(page.get_by_label("这 6 处不改的共同理由").first).to_have_value("沿用上年口径")
    expect(page.get_by_label("这 6 处不改的共同理由").nth(1)).to_have_value("按国家标准填写")
    assert len(explanations.standing_reasons(declaration)) == 12


def test_two_people_at_different_doubts_do_not_take_away_each_others_reasons(context, live_server, declaration):
    page = page_as(context, live_server, factories.person("filler", declaration.department))
    page.goto(address(live_server, declaration))
    key = explanation_key(declaration)
    explanations.keep_reasons(declaration, factories.person("head", declaration.department), {key: "另一人写的"})
    page.get_by_label("这 6 处不改的共同理由").nth(1).fill("按国家标准填写")
    page.keyboard.press("Tab")
    expect(page.locator("[data-reasons-state]")).to_contain_text("说明已保存")
    given = explanations.standing_reasons(declaration)
    assert given.pop(key) == "另一人写的"
    assert list(given.values()) == ["按国家标准填写"] * 6


def explanation_key(declaration) -> str:
    return f"V04 indicators-{declaration.indicators.first().pk}-annual_value"


def test_enter_in_a_reason_saves_it_and_sends_nothing_on(context, live_server, declaration):
    page = page_as(context, live_server, factories.person("filler", declaration.department))
    page.goto(address(live_server, declaration))
    page.get_by_label("这 6 处不改的共同理由").first.fill("沿用上年口径")
    page.keyboard.press("Enter")
    expect(page.get_by_text("说明已保存").first).to_be_visible()
    declaration.refresh_from_db()
    assert declaration.state == State.DRAFT


def test_the_pages_with_doubts_are_usable_by_everybody(context, live_server, declaration):
    filler, head = (factories.person(role, declaration.department) for role in ("filler", "head"))
    factories.explain(declaration, filler)
    state = type(declaration).objects.filter(pk=declaration.pk)
    looks = [(filler, "fill_check", State.DRAFT), (head, "detail", State.CERTIFYING)]
    looks += [(factories.person("division", declaration.department.division), "detail", State.SUBMITTED)]
    for person, name, at in looks:
        state.update(state=at)
        page = page_as(context, live_server, person)
        page.goto(address(live_server, declaration, name))
        for folded in page.locator("details").all():
            folded.evaluate("details => { details.open = true; }")
        assert objections(page) == []


def test_a_reviewer_dismisses_a_finding_and_takes_it_back(context, live_server, declaration):
    type(declaration).objects.filter(pk=declaration.pk).update(state=State.SUBMITTED)
    page = page_as(context, live_server, factories.person("division", declaration.department.division))
    page.goto(address(live_server, declaration, "detail"))
    expect(page.get_by_text("疑点（12）")).to_be_visible()
    page.locator(".dismiss summary").first.click()
    page.get_by_label("为什么不成立").first.fill("两栏相同符合实际")
    page.keyboard.press("Enter")
    expect(page.get_by_text("疑点（11）")).to_be_visible()
    page.get_by_text("已标记为不成立（1）").click()
    expect(page.get_by_text("两栏相同符合实际")).to_be_visible()
    page.get_by_role("button", name="恢复这条提示").click()
    expect(page.get_by_text("疑点（12）")).to_be_visible()
