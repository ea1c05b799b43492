"""Every page in a real browser, light and dark, wide and on a phone: axe finds nothing serious, nothing runs off."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.city import City, build, sign_in
from tests.journeys.everybody import objections

pytestmark = pytest.mark.browser


def pages(city: City) -> list[tuple[str, str]]:
    """(role, address) of every page that exists; a role of its own for somebody not logged in."""

    def about(name: str, declaration, *more) -> str:
        return reverse(f"declarations:{name}", args=[declaration.pk, *more])

    home, listed = reverse("declarations:home"), reverse("declarations:list")
    return [
        ("visitor", reverse("account_login")),
        ("filler", home),
        ("filler", listed),
        ("filler", f"{listed}?q=no-such"),
        ("filler", about("detail", city.own)),
        ("filler", about("fill", city.own)),
        ("filler", about("fill_links", city.own)),
        ("filler", about("fill_check", city.own)),
        ("filler", about("print", city.own)),
        ("filler", reverse("account_change_password")),
        ("filler", reverse("mfa_index")),
        ("filler", reverse("account_logout")),
        ("filler", reverse("admin:index")),
        ("head", home),
        ("division", home),
        ("division", f"{home}?show=missing"),
        ("division", about("detail", city.waiting)),
        ("division", about("detail", city.own)),
        ("division", about("snapshot", city.waiting, 2)),
        ("division", reverse("declarations:notices")),
        ("filler", reverse("declarations:notices")),
        ("division", reverse("declarations:notice_preferences")),
        ("administrator", reverse("declarations:notice_failures")),
        ("performance", home),
        ("performance", listed),
        ("performance", reverse("declarations:log")),
        ("performance", f"{reverse('declarations:log')}?q=no-such"),
        ("performance", reverse("declarations:statistics")),
        ("performance", reverse("declarations:letters")),
        ("performance", reverse("declarations:letter_wordings")),
        ("administrator", reverse("declarations:letter_wording", args=[city.own.cycle.bureau_id, "return"])),
        ("performance", reverse("declarations:check_settings", args=[city.own.cycle.pk])),
        ("performance", reverse("declarations:score_settings", args=[city.own.cycle.pk])),
        ("performance", reverse("declarations:invitations")),
        ("administrator", reverse("declarations:check_setting", args=[city.own.cycle.pk, "B01"])),
        ("administrator", home),
        ("observer", reverse("declarations:authenticity")),
        ("performance", f"{reverse('declarations:authenticity')}?code={city.waiting.snapshots.last().code}"),
        ("observer", home),
        ("observer", "/no-such-page/"),
    ]


@pytest.fixture
def city(transactional_db) -> City:
    return build()


def test_every_page_is_usable_by_everybody(context, live_server, city):
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for role, address in pages(city):
        sign_in(context, live_server, city.people.get(role))
        page.goto(live_server.url + address)
        for panel in page.locator("details.move").all()[:1]:
            panel.evaluate("panel => { panel.open = true; }")
        complaints += [f"{role}: {what}" for what in objections(page)]
    assert "\n".join(complaints) == ""


def test_a_page_begins_as_dark_as_the_system(context, live_server, city):
    page = context.new_page()
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.goto(live_server.url + reverse("account_login"))
        assert page.evaluate("document.documentElement.dataset.bsTheme") == theme


def test_light_and_dark_are_chosen_and_kept(context, live_server, city):
    page = context.new_page()
    page.emulate_media(color_scheme="light")
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_role("button", name="切换到深色界面").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.get_by_role("button", name="切换到浅色界面").is_visible()


def test_a_double_click_takes_a_move_once(context, live_server, city):
    page = context.new_page()
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + reverse("declarations:detail", args=[city.waiting.pk]))
    before = city.waiting.events.count()
    page.locator("summary", has_text="初审通过").click()
    page.get_by_role("button", name="确认初审通过").dblclick()
    page.get_by_text("申报表现为“已初审”").wait_for()
    assert city.waiting.events.count() == before + 1


def test_the_comment_stays_while_one_reads_the_table(context, live_server, city):
    page = context.new_page()
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + reverse("declarations:detail", args=[city.waiting.pk]))
    page.locator("summary", has_text="退回修改").click()
    expect(page.locator("#comment-return")).to_be_focused()
    page.keyboard.type("请补充数量指标。")
    page.locator("td.cell-amount").first.click()
    assert page.locator("#comment-return").input_value() == "请补充数量指标。"
    page.keyboard.press("Escape")
    assert not page.locator("details.move[open]").count()


def test_the_print_is_a_table_of_a4_pages(context, live_server, city, tmp_path):
    page = context.new_page()
    sign_in(context, live_server, city.people["filler"])
    page.goto(live_server.url + reverse("declarations:print", args=[city.own.pk]))
    page.emulate_media(media="print")
    hidden = page.locator(".bar, .page-head")
    assert all(not part.is_visible() for part in hidden.all())
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
