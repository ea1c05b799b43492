"""What journeys on the fill page share: opening it as somebody, its grids, its saving."""

import re

from playwright.sync_api import expect

from declarations.models import Declaration
from declarations.record import store
from tests import factories

SAVED = re.compile("已自动保存")
TASKS = '[data-grid="key_tasks"]'
INDICATORS = '[data-grid="indicators"]'


def filler(declaration, name):
    return factories.person("filler", declaration.department, name=name, password=factories.PASSWORD)


def opened(context, live_server, declaration, person):
    """The fill page of a declaration, logged in as a person."""
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/declarations/{declaration.pk}/edit/")
    page.fill("[name=login]", person.username)
    page.fill("[name=password]", factories.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector('html[data-ready="fill"]')
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: page.errors.append(message.text) if "Content Security" in message.text else None)
    return page


def settle(page):
    """Lets a save that is due arrive before the database is emptied."""
    if page.locator("#save-state").count():
        page.keyboard.press("Control+s")
        expect(page.locator("#save-state")).not_to_have_attribute("data-state", re.compile("^(unsaved|saving)$"))


def table(declaration):
    return store.table_of(Declaration.objects.get(pk=declaration.pk))


def saved(page):
    page.keyboard.press("Control+s")
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)


def cell(part, row, field):
    return f'{part} tbody tr:nth-child({row}) [data-field="{field}"]'


def names(page, part=TASKS):
    return page.eval_on_selector_all(f'{part} tbody [data-field="name"]', "cells => cells.map(cell => cell.value)")


def paste(page, selector, text, html=""):
    """Pastes into a control, and waits until the form has taken it."""
    press_paste(page, selector, text, html)
    expect(page.locator("#fill")).not_to_have_attribute("aria-busy", "true")


def press_paste(page, selector, text, html=""):
    """Pastes into a control; a question may follow."""
    page.focus(selector)
    page.evaluate(
        """([text, html]) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            if (html) data.setData("text/html", html);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        [text, html],
    )
