"""A whole declaration by keyboard alone: from a blank table to the head of the department."""

import re

import pytest
from playwright.sync_api import expect

from declarations.models import Declaration, Event, State
from declarations.sheet.table import Table
from tests import factories
from tests.filling.fill_helpers import address
from tests.journeys.filling import SAVED, filler, opened, table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 400
FIELDS = {
    "staff_count": "33",
    "subordinate_unit_count": "1",
    "basic_expenditure": "1,069.37",
    "project_expenditure": "71.86",
    "fiscal_appropriation": "1141.23",
    "other_funds": "0",
    "special_funds": "0",
    "other_development_expenditure": "0",
    "municipal_level_funds": "0",
    "transfer_payment_funds": "0",
    "overall_goal": factories.GOAL,
}


@pytest.fixture
def declaration():
    return factories.declaration(said=Table(edition="2026", department="", year=2027))


def tab_to(page, selector):
    """Tab until the element has the focus; nothing else moves it."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never leads to {selector}")


def next_cell(page):
    """Tab to the next cell of the grid, past the buttons that stand in a cell."""
    page.keyboard.press("Tab")
    tab_to(page, "textarea.cell, select.cell, input.cell")


def type_over(page, text):
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def add_indicator(page, row):
    """A press on the button of its category; the cursor is then in the new row's name."""
    tab_to(page, f'button[data-level2="{row.level2}"]')
    page.keyboard.press("Enter")
    for text in (row.name, row.cycle_value):
        page.keyboard.type(text)
        next_cell(page)
    page.keyboard.type(row.annual_value)
    page.evaluate("document.activeElement.blur()")  # Tab starts at the top again, as after Ctrl+Home


def test_from_blank_to_sent_on(context, live_server, declaration):
    person = filler(declaration, "陈晓")
    page = opened(context, live_server, declaration, person)
    for name, text in FIELDS.items():
        tab_to(page, f"#{name}")
        type_over(page, text)
    tab_to(page, '[data-grid="key_tasks"] [data-add]')
    page.keyboard.press("Enter")
    task = factories.task()
    for text in (task.name, task.content, "70万元"):
        page.keyboard.type(text)
        next_cell(page)
    page.keyboard.type(task.expected_outcome)
    for row in factories.indicators():
        add_indicator(page, row)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    said = table(declaration)
    assert said.to_json() == factories.table(department=said.department).to_json()
    tab_to(page, "[data-check]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/check/$"))
    tab_to(page, '#send button[value="send_to_head"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{address(declaration, 'detail')}$"))
    declaration = Declaration.objects.get(pk=declaration.pk)
    assert declaration.state == State.CERTIFYING
    assert [event.action for event in Event.objects.filter(declaration=declaration)] == ["send_to_head"]
