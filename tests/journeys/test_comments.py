"""Two rounds of review by keyboard: comments, a 中, a return, answers, 优, passed, approved, the letter."""

from __future__ import annotations

import docx
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from declarations.models import Code, Comment, Declaration, State
from declarations.record import store
from declarations.reviewing import comments, workflow
from declarations.sheet.controls import name_of
from tests import factories
from tests.journeys.by_keyboard import comment_by_keyboard, decide, score, tab_to
from tests.journeys.city import City, build, sign_in
from tests.journeys.everybody import objections
from tests.journeys.reasons import give_reasons

pytestmark = pytest.mark.browser
COMPOSING = """key => document.body.dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true}))"""
FAIR = ("8.5", "7", "12", "11", "12", "11.5", "8", "7")
EXCELLENT = ("10", "9", "15", "15", "15", "15", "10", "9")
REPLY = "任务资金按上年决算测算，明细已报资金科，维持原数。"


@pytest.fixture
def city(transactional_db) -> City:
    return build()


@pytest.fixture
def people(city) -> dict:
    """Those of the bureau, and filler and head of the department whose declaration waits."""
    home = city.waiting.department
    ours = {"filler": factories.person("filler", home), "head": factories.person("head", home)}
    return city.people | ours


class Browser:
    """One window, in which one person after another logs in."""

    def __init__(self, context, live_server, people, declaration):
        self.page = context.new_page()
        self.context, self.server, self.people, self.declaration = context, live_server, people, declaration

    def open(self, role: str, name: str = "detail"):
        self.page.goto("about:blank")  # nothing is asked for any more in the name of the one before
        sign_in(self.context, self.server, self.people[role])
        self.page.goto(self.server.url + reverse(f"declarations:{name}", args=[self.declaration.pk]))
        return self.page

    def take(self, label: str) -> None:
        self.page.locator("summary", has_text=label).click()
        self.page.get_by_role("button", name=f"确认{label}").click()
        expect(self.page.get_by_text(f"已办理“{label}”").first).to_be_visible()

    def send(self, role: str, label: str) -> None:
        self.open(role, "fill_check")
        give_reasons(self.page)
        self.page.get_by_role("button", name=label).click()
        expect(self.page.get_by_text(f"已办理“{label}”").first).to_be_visible()


def test_two_rounds_from_a_return_to_the_letter(context, live_server, city, people):
    declaration = city.waiting
    window = Browser(context, live_server, people, declaration)
    first_review_by_keyboard(window, city)
    declaration.refresh_from_db()
    assert declaration.state == State.RETURNED

    page = window.open("filler")
    expect(page.locator("#score")).to_contain_text("77.00 分　中")
    page = window.open("filler", "fill")
    page.wait_for_selector('html[data-ready="fill"]')
    expect(page.get_by_role("heading", name="审核意见 2 条")).to_be_visible()
    page.get_by_role("link", name="河道巡查次数").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("河道日常巡查次数")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    answer_the_other(window)
    window.send("filler", "送部门审定")
    window.send("head", "报送")

    page = window.open("division")
    page.wait_for_selector("html[data-review=ready]")
    earlier = page.locator("#earlier")
    expect(earlier.get_by_role("heading", name="上次意见与修改")).to_be_in_viewport()
    expect(earlier.locator("ins")).to_have_text("日常")
    expect(earlier.get_by_text(REPLY)).to_be_visible()
    for _ in range(2):
        tab_to(page, "#earlier button[value=resolved]")
        page.keyboard.press("Enter")
        expect(page.get_by_text("意见已标为“已解决”")).to_be_visible()
    score(page, EXCELLENT)
    expect(page.locator("#score")).to_contain_text("98.00 分　优")
    decide(page, "初审通过")
    expect(page.get_by_text("已办理“初审通过”").first).to_be_visible()
    declaration.refresh_from_db()
    assert (declaration.state, declaration.submissions) == (State.REVIEWED, 2)
    assert Comment.objects.filter(sent_with__isnull=True).count() == 0

    page = window.open("performance")
    page.wait_for_selector("html[data-review=ready]")
    decide(page, "批复")
    expect(page.get_by_text("已办理“批复”").first).to_be_visible()
    assert declaration.department.name in words_of_the_letter(page)


def first_review_by_keyboard(window: Browser, city: City) -> None:
    """From the inbox to the return, without a mouse: J and back, two comments, a 中 that may not pass."""
    sign_in(window.context, window.server, window.people["division"])
    page = window.page
    page.goto(window.server.url + reverse("declarations:home"))
    own = reverse("declarations:detail", args=[city.waiting.pk])
    tab_to(page, f'.inbox th a[href="{own}"]')
    page.keyboard.press("Enter")
    for key, address in (("", own), ("j", ""), ("k", own)):
        if key:
            page.keyboard.press(key)
        page.wait_for_url(lambda url, at=address: url.endswith(at) and (at or own not in url))
        page.wait_for_selector("html[data-review=ready]")
    comment_by_keyboard(page, "key_tasks-", "资金请细化。")
    expect(page.locator('.official [data-comment^="key_tasks-"]').first).to_be_focused()
    comment_by_keyboard(page, "indicators-", "指标值偏低，请调整。")
    score(page, FAIR)
    expect(page.locator("#score")).to_contain_text("77.00 分　中")
    decide(page, "初审通过")
    expect(page.get_by_role("alert").filter(has_text="等次为“中”")).to_be_visible()
    decide(page, "退回修改")
    expect(page.get_by_text("已办理“退回修改”").first).to_be_visible()


def answer_the_other(window: Browser) -> None:
    """What was asked for and not changed holds the sending up until it is replied to."""
    page = window.open("filler", "fill_check")
    give_reasons(page)
    page.get_by_role("button", name="送部门审定").click()
    expect(page.get_by_text("还有 1 条审核意见既没有修改，也没有答复。")).to_be_visible()
    page.get_by_role("link", name="去答复").click()
    waiting = page.locator(".comment", has_text="没有修改，也没有答复")
    waiting.locator("summary").click()
    waiting.locator("textarea").fill(REPLY)
    waiting.get_by_role("button", name="保存答复").click()
    expect(page.get_by_text("已保存答复")).to_be_visible()


def words_of_the_letter(page) -> str:
    """The words of the Word document behind the link in the history; the same letter stands on screen."""
    page.get_by_role("link", name="意见书", exact=True).first.click()
    expect(page.get_by_role("heading", name="批复意见书").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word 文档").click()
    return "\n".join(one.text for one in docx.Document(download.value.path()).paragraphs)


def test_keys_do_nothing_while_one_types_or_composes(context, live_server, city, people):
    page = Browser(context, live_server, people, city.waiting).open("division")
    page.wait_for_selector("html[data-review=ready]")
    address = page.url
    page.locator("#comment-text").fill("")
    page.locator("#comment-text").press_sequentially("jkc?")
    assert page.locator("#comment-text").input_value() == "jkc?"
    composing = (
        "key => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: true, bubbles: true}))"
    )
    for key in "jkc?":
        page.evaluate(composing, key)
    assert page.url == address and not page.locator("#review-keys").is_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.locator("#review-keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#review-keys")).to_be_hidden()
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != address)
    page.wait_for_selector("html[data-review=ready]")
    page.keyboard.press("k")
    page.wait_for_url(address)
    expect(page.locator("#comment-text")).to_have_value("jkc?")
    expect(page.get_by_text("上次写的意见还没有保存，可以接着写。")).to_be_visible()


def test_arrows_lead_from_cell_to_cell_and_a_phrase_is_put_in(context, live_server, city, people):
    page = Browser(context, live_server, people, city.waiting).open("division")
    page.wait_for_selector("html[data-review=ready]")
    page.locator(".official [data-comment]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".official [data-comment]").nth(1)).to_be_focused()
    assert page.locator(".official [data-comment][tabindex='0']").count() == 1
    page.get_by_text("常用意见").click()
    page.locator("[data-phrase]").first.click()
    assert page.locator("#comment-text").input_value() == page.locator("[data-phrase]").first.inner_text()


def second_round(city: City, people) -> Declaration:
    """Back with the reviewer: one place changed, one replied to, one more comment not sent yet."""
    declaration, filler, division = city.waiting, people["filler"], people["division"]
    table = store.table_of(declaration)
    for path, text in (("indicators.0.name", "名称不规范，请修改。"), ("key_tasks.0.funding", "资金请细化。")):
        given = {"field": name_of(table, path), "code": Code.WORDING, "text": text, "number": None}
        comments.write_comment(division, declaration, **given)
    workflow.perform_move(declaration.pk, "return", division)
    row = declaration.indicators.order_by("position").first()
    row.name = "河道日常巡查次数"
    row.save()
    declaration = Declaration.objects.get(pk=declaration.pk)
    factories.answer(declaration, filler, REPLY)
    factories.explain(declaration, filler)
    workflow.perform_move(declaration.pk, "send_to_head", filler)
    workflow.perform_move(declaration.pk, "submit", people["head"])
    declaration = Declaration.objects.get(pk=declaration.pk)
    field = name_of(table, "indicators.2.annual_value")
    comments.write_comment(division, declaration, field=field, code=Code.VALUE, text="指标值偏低。", number=None)
    return declaration


def test_the_pages_with_comments_are_usable_by_everybody(context, live_server, city, people):
    window = Browser(context, live_server, people, second_round(city, people))
    complaints = []
    for role, name, move in (("division", "detail", ""), ("filler", "fill", "return"), ("filler", "fill_check", "")):
        if move:
            workflow.perform_move(window.declaration.pk, move, people["division"])
        window.open(role, name)
        complaints += objections(window.page)
    assert "\n".join(complaints) == ""
