"""The library in a real browser: the picker by keyboard alone, what it never overwrites, every page for everybody."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from indicators import library
from indicators.models import Proposal
from tests import factories
from tests.journeys.city import sign_in
from tests.journeys.everybody import objections
from tests.journeys.fill.test_fill import INDICATORS, cell, filler, names, opened, saved, settle, table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def declaration():
    library.load(library.start_set())
    return factories.declaration(factories.department(name="云溪市水务局"))


@pytest.fixture
def page(context, live_server, declaration):
    page = opened(context, live_server, declaration, filler(declaration, "陈晓"))
    yield page
    assert page.errors == []
    settle(page)


def active(page):
    """The option that the combobox names as active."""
    return page.locator(f"#{page.get_attribute('#picker-words', 'aria-activedescendant')}")


def test_an_indicator_is_picked_by_keyboard_alone_saved_and_taken_back(page, declaration):
    before = names(page, INDICATORS)
    page.locator(".pick-new").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#picker-words")).to_be_focused()
    page.keyboard.type("yhsmyd")
    expect(page.locator("#picker-list strong").first).to_have_text("用水户满意度")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(active(page)).to_contain_text("≥90%")
    expect(active(page)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#picker")).not_to_be_visible()
    saved(page)
    row = next(row for row in table(declaration).indicators if row.name == "用水户满意度")
    assert (row.level1, row.level2, row.annual_value) == ("效益指标", "服务对象满意度指标", "≥90%")
    page.locator(".undo").get_by_role("button", name="撤销").press("Enter")
    assert names(page, INDICATORS) == before
    saved(page)
    assert [row.name for row in table(declaration).indicators] == before


def test_what_is_filled_in_is_replaced_only_when_asked(page, declaration):
    name, value = cell(INDICATORS, 1, "name"), cell(INDICATORS, 1, "annual_value")
    page.locator(".pick").first.focus()
    page.keyboard.press("Enter")
    page.locator("#picker-words").fill("污水管网清淤")
    expect(page.locator("#picker-list strong").first).to_have_text("污水管网清淤疏通长度")
    page.keyboard.press("Enter")
    expect(page.locator("[data-picker-question]")).to_contain_text("“河道巡查次数”将改为“污水管网清淤疏通长度”")
    page.get_by_role("button", name="只填空白处").press("Enter")
    expect(page.locator(name)).to_have_value("河道巡查次数")
    expect(page.locator(value)).to_have_value("≥48次")
    page.locator(".pick").first.press("Enter")
    page.locator("#picker-words").fill("污水管网清淤")
    expect(page.locator("#picker-list strong").first).to_have_text("污水管网清淤疏通长度")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="替换").press("Enter")
    expect(page.locator(name)).to_have_value("污水管网清淤疏通长度")
    expect(page.locator(value)).to_have_value("≥200公里")
    page.locator(".undo").get_by_role("button", name="撤销").press("Enter")
    expect(page.locator(name)).to_have_value("河道巡查次数")


def test_keys_of_an_input_method_choose_nothing(page):
    page.locator(".pick-new").press("Enter")
    expect(page.locator("#picker-list strong").first).to_be_visible()
    page.evaluate(
        """() => document.getElementById("picker-words").dispatchEvent(
            new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    expect(page.locator("#picker")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#picker")).not_to_be_visible()
    expect(page.locator(".pick-new")).to_be_focused()


def test_a_row_that_the_library_lacks_is_proposed(page, context, declaration):
    page.locator(".pick").first.press("Enter")
    with context.expect_page() as opening:
        page.locator("[data-picker-propose]").press("Enter")
    form = opening.value
    expect(form.get_by_label("指标名称")).to_have_value("河道巡查次数")
    form.get_by_label("建议理由").fill("各区都用得上。")
    form.get_by_role("button", name="提交建议").click()
    expect(form.get_by_text("建议已提交")).to_be_visible()
    assert Proposal.objects.get().name == "河道巡查次数"


def test_every_page_of_the_library_is_usable_by_everybody(context, live_server, declaration):
    department = declaration.department
    entry = factories.library_entry(department.bureau, name="河道巡查次数")
    proposal = factories.proposal(department)
    people = {
        role: factories.person(role, place)
        for role, place in (("filler", department), ("performance", department.bureau))
    }
    row = declaration.indicators.first()
    addresses = [
        ("filler", "library", []),
        ("filler", "library_detail", [entry.pk]),
        ("filler", "library_propose", [declaration.pk, row.pk]),
        ("performance", "library", []),
        ("performance", "library_edit", [entry.pk]),
        ("performance", "library_proposals", []),
        ("performance", "library_proposal", [proposal.pk]),
        ("filler", "fill", [declaration.pk]),
    ]
    page = context.new_page()
    found = []
    for role, name, arguments in addresses:
        sign_in(context, live_server, people[role])
        page.goto(live_server.url + reverse(f"declarations:{name}", args=arguments))
        if name == "fill":
            page.locator(".pick-new").click()
            page.locator("#picker-list strong").first.wait_for()
        found += objections(page)
    assert found == []
