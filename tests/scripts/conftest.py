"""Scripts of the pages, one module at a time, in a Chromium without site or database."""

from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "static" / "js"
SITE = "http://scripts.invalid/"
CALL = """async ([address, expression, given]) => {
    const script = await import(address);
    return await new Function("script", "given", `return (${expression})`)(script, given);
}"""


@pytest.fixture(scope="session")
def empty_page(browser):
    """A page without anything, which finds the scripts under `SITE`."""
    page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai")
    page.route(f"{SITE}**", answer)
    page.goto(SITE)
    yield page
    page.close()


def answer(route):
    """Answer with a script of ours, or with an empty page."""
    path = SCRIPTS / route.request.url.removeprefix(SITE)
    if path.is_file():
        route.fulfill(body=path.read_text("utf-8"), content_type="text/javascript; charset=utf-8")
    else:
        route.fulfill(body="<!DOCTYPE html><title>scripts</title><body></body>", content_type="text/html")


@pytest.fixture
def call(empty_page):
    """Return ``call(path, expression, given)``: the value of an expression over ``script``, a module, and ``given``."""

    def evaluate(path, expression, given=None):
        return empty_page.evaluate(CALL, [SITE + path, expression, given])

    return evaluate
