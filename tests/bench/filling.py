"""The fill page of a table with 100 rows: its weight (JS and CSS, compressed), and how soon it can be typed into."""

import gzip
import os
from contextlib import contextmanager

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import sync_playwright

from tests import factories
from tests.conftest import NO_CHROMIUM, chromium

ROWS = 100
TIMES = 5
WEIGHT_AIM = 250
READY = """
new MutationObserver((changes, observer) => {
    if (!document.documentElement?.dataset.ready) return;
    window.readyAfter = performance.now();
    observer.disconnect();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""


def main():
    if chromium() is None:
        print(f"fill page: {NO_CHROMIUM}")
        return
    settings.ALLOWED_HOSTS = ["localhost"]
    address, session = prepare()
    with serving() as site, sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        context = playwright.chromium.launch(executable_path=chromium(), args=arguments).new_context()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        context.add_init_script(READY)
        weight, times = measure(context.new_page(), site + address)
        context.browser.close()
    cold, warm = times[0], sorted(times[1:])[len(times[1:]) // 2]
    print(f"fill page, {ROWS} rows: ready after {cold:.0f} ms, again after {warm:.0f} ms")
    print(f"fill page: {weight / 1000:.0f} kB of scripts and styles, compressed (aim {WEIGHT_AIM})")


def prepare():
    """The address of a table of 100 rows, and the session of somebody who may fill it in."""
    said = factories.table(key_tasks=tuple(factories.task(name=f"任务{n}") for n in range(ROWS)))
    declaration = factories.declaration(said=said)
    client = Client()
    client.force_login(factories.person("filler", declaration.department))
    return f"/declarations/{declaration.pk}/edit/", client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def serving():
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


def measure(page, url):
    """(bytes of all scripts and styles, each compressed; milliseconds until the page was ready, by visit)."""
    sizes, times = {}, []
    page.on("response", lambda response: note(sizes, response))
    for _ in range(TIMES):
        page.goto(url)
        page.wait_for_selector('html[data-ready="fill"]')
        times.append(page.evaluate("window.readyAfter"))
    return sum(sizes.values()), times


def note(sizes, response):
    path = response.url.partition("?")[0]
    if response.status == 200 and path not in sizes and path.endswith((".js", ".css")):
        sizes[path] = len(gzip.compress(response.body(), 9))
