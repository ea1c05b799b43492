"""The inbox in a real browser, by keyboard alone: a card, a filter, a hand-over, two reminders."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from declarations.models import Assignment, Code, Cycle, Department, StandIn, State, Urging
from declarations.notifying import urging
from declarations.reviewing import assigning, comments
from tests import factories
from tests.journeys.city import City, build, sign_in
from tests.journeys.everybody import objections

pytestmark = pytest.mark.browser


@pytest.fixture
def city(transactional_db) -> City:
    """The small city with a second reviewer in the division, a department handed over and a stand-in."""
    city = build()
    division = city.waiting.department.division
    city.people["colleague"] = factories.person("division", division, name="郑晓东")
    factories.declaration(factories.department(division=division, name="云溪市审计局"), state=State.SUBMITTED)
    for name in ("档案馆", "体育局", "科技局"):
        factories.department(division=division, name=f"云溪市{name}")
    return city


def press(page, role: str, name: str, key: str = "Enter") -> None:
    """Tab until the control has the focus, then the key: no mouse."""
    target = page.get_by_role(role, name=name).first
    for _ in range(60):
        if target.evaluate("node => node === document.activeElement"):
            return page.keyboard.press(key)
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


def test_by_keyboard_from_a_card_to_a_hand_over_and_two_reminders(context, live_server, city):
    page = context.new_page()
    sign_in(context, live_server, city.people["division"])
    page.goto(live_server.url + reverse("declarations:home"))
    press(page, "link", "已退回待修改")
    expect(page.get_by_role("link", name=city.back.department.name).first).to_be_visible()
    press(page, "link", "待我审核")
    press(page, "searchbox", "部门", "g")
    page.keyboard.type("aj")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    press(page, "link", city.waiting.department.name)

    page.wait_for_selector("html[data-review=ready]")
    page.locator("summary", has_text="转他人").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hand-to")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("出差一周")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已转办").first).to_be_visible()
    expect(page.get_by_text("经办人 郑晓东")).to_be_visible()
    assert Assignment.objects.get().reviewer == city.people["colleague"]

    page.goto(live_server.url + reverse("declarations:home"))
    press(page, "link", "未报送")
    for name in ("云溪市档案馆", "云溪市科技局"):
        press(page, "checkbox", f"选择{name}", "Space")
    page.get_by_role("button", name="催报所选").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已催报 2 个部门")).to_be_visible()
    assert {row.department.name for row in Urging.objects.all()} == {"云溪市档案馆", "云溪市科技局"}


def busy(city: City) -> None:
    """Something in every column: comments, hand-over, absence, reminders, last year."""
    division, colleague = city.people["division"], city.people["colleague"]
    comments.write_comment(division, city.waiting, field="", code=Code.VAGUE, text="请细化。", number=None)
    handed = city.waiting.department.declarations.get(cycle=city.waiting.cycle)
    assigning.hand_over(division, handed, colleague.pk, "出差一周")
    assigning.take_over(division, handed)
    today = timezone.localdate()
    StandIn.objects.create(
        bureau=division.memberships.get().home_bureau,
        reviewer=colleague,
        stand_in=division,
        first_day=today,
        last_day=today + datetime.timedelta(days=5),
        reason="年休假",
        named_by=colleague,
    )
    cycle = Cycle.objects.get(year=2027)
    own = city.own.department
    urging.urge_departments(division, cycle, [own, *Department.objects.filter(name="云溪市档案馆")], "")


def pages(city: City) -> list[tuple[str, str]]:
    """(role, address) of what the journeys of other pages do not show filled."""
    home = reverse("declarations:home")
    return [
        ("division", home),
        ("division", f"{home}?show=missing"),
        ("division", reverse("declarations:detail", args=[city.waiting.pk])),
        ("division", reverse("declarations:assignments")),
        ("division", reverse("declarations:stand_ins")),
        ("filler", home),
    ]


def test_the_pages_around_the_inbox_are_usable_by_everybody(context, live_server, city):
    busy(city)
    page = context.new_page()
    complaints = []
    for role, address in pages(city):
        sign_in(context, live_server, city.people[role])
        page.goto(live_server.url + address)
        if page.locator("summary", has_text="转他人").count():
            page.locator("summary", has_text="转他人").click()
        complaints += objections(page)
    assert "\n".join(complaints) == ""
