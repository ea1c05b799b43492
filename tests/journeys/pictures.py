"""The pictures in docs/screenshots, taken anew of an invented city: make pictures

Not part of the suite (its name starts with no test_): run it after the looks of a page changed, and look at them.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from config.settings import BASE_DIR
from tests.journeys.city import City, build, sign_in

pytestmark = pytest.mark.browser
FOLDER = BASE_DIR / "docs/screenshots"


def views(city: City) -> dict[str, tuple[str, str]]:
    """By file name: (role, address)."""
    return {
        "login": ("visitor", reverse("account_login")),
        "home": ("filler", reverse("declarations:home")),
        "home-review": ("division", reverse("declarations:home")),
        "home-administrator": ("administrator", reverse("declarations:home")),
        "list": ("performance", reverse("declarations:list")),
        "detail": ("division", reverse("declarations:detail", args=[city.waiting.pk])),
        "returned": ("performance", reverse("declarations:detail", args=[city.back.pk])),
        "fill": ("filler", reverse("declarations:fill", args=[city.own.pk])),
        "check": ("filler", reverse("declarations:fill_check", args=[city.own.pk])),
        "last-year": ("filler", reverse("declarations:fill_last_year", args=[city.own.pk])),
        "library": ("filler", reverse("declarations:library")),
        "check-settings": ("performance", reverse("declarations:check_settings", args=[city.own.cycle.pk])),
        "log": ("performance", reverse("declarations:log")),
        "print": ("filler", reverse("declarations:print", args=[city.own.pk])),
    }


def test_take_the_pictures(context, live_server, transactional_db):
    city = build()
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = context.new_page()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 860})
    for name, (role, address) in views(city).items():
        sign_in(context, live_server, city.people.get(role))
        assert page.goto(live_server.url + address).ok
        page.screenshot(path=FOLDER / f"{name}.png")
    assert {path.stem for path in FOLDER.glob("*.png")} >= set(views(city))
