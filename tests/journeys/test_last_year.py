"""From a table of 2024 in the old form to this year's draft, in a real browser; 填写说明 and the guided visit."""

from __future__ import annotations

import io
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from declarations.files.writing.writer import write_table
from declarations.models import State
from declarations.sheet.table import Table
from tests import factories
from tests.filling.last_year_helpers import brought, drafted, fresh, table
from tests.journeys.city import sign_in
from tests.journeys.everybody import objections
from tests.journeys.fill.test_fill import settle
from tests.samples import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOAL = "2024年治理中小河流30公里，按粤财绩〔2024〕11号和《2024年水务要点》执行，2024年12月31日前完成。规范资金使用。"


def address(live_server, page, *args):
    return live_server.url + reverse(f"declarations:{page}", args=args)


def opened(context, live_server, person, page, *args):
    """A page as this person sees it; what the browser complains of is kept."""
    sign_in(context, live_server, person)
    tab = context.new_page()
    tab.errors = []
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.on("console", lambda line: tab.errors.append(line.text) if "Content Security" in line.text else None)
    tab.goto(address(live_server, page, *args))
    return tab


@pytest.fixture
def draft(transactional_db):
    return drafted(past=sample("2023", overall_goal=GOAL))


@pytest.fixture
def person(draft):
    return factories.person("filler", draft.department, name="陈晓云")


def test_last_years_table_becomes_this_years_draft(context, live_server, draft, person):
    page = opened(context, live_server, person, "fill", draft.pk)
    page.get_by_role("link", name="从上年复制").click()
    expect(page.get_by_text("指标已按类别对应到本年的一级、二级指标")).to_be_visible()
    expect(page.locator("[data-bring-count]")).to_have_text("将带入 25 项，共 25 项")
    page.get_by_label("2024年12月31日 → 2027年12月31日").check()
    page.get_by_role("button", name="按所选年份更新下面的文字").click()
    expect(page.locator(".marked ins").first).to_have_text("2027年12月31日")
    cost = page.locator("fieldset", has_text="类别有变化").first
    expect(cost.get_by_label("本年类别")).to_have_value("效益指标|成本指标")
    second = page.get_by_role("group", name="年度重点工作任务第2项")
    second.get_by_label("不带入").check()
    page.get_by_label("年度重点工作任务第1项 主要实施内容").fill("治理清溪河。")
    page.get_by_role("button", name="带入草稿").click()
    page.wait_for_selector('html[data-help="ready"]')
    said = table(draft)
    assert [row.name for row in said.key_tasks] == ["中小河流治理", "防汛抗旱", "节水宣传"]
    assert said.overall_goal == GOAL.replace("2024年12月31日", "2027年12月31日")
    assert said.key_tasks[0].content == "治理清溪河。"
    confirm_in_the_form(page, draft)
    page.goto(address(live_server, "fill_check", draft.pk))
    expect(page.locator("#brought")).to_be_visible()
    page.get_by_role("button", name="都已核对，全部确认").click()
    expect(page.get_by_text("已确认")).to_be_visible()
    assert not draft.origins.filter(confirmed_at=None).exists()
    assert page.errors == []


def confirm_in_the_form(page, draft):
    """Editing, one click, a row by keyboard and a section each end the marks."""
    count = page.locator("[data-brought-count]")
    start = int(count.inner_text())
    page.fill("#staff_count", "88")
    expect(count).to_have_text(str(start - 1))
    page.locator("#basic_expenditure").locator("xpath=../..").get_by_role("button", name="确认").click()
    expect(count).to_have_text(str(start - 2))
    row = page.locator('[data-grid="key_tasks"] tbody tr').nth(1)
    row.locator('[data-field="name"]').press("Alt+Enter")
    expect(count).to_have_text(str(start - 6))
    expect(row.locator(".origin").first).to_be_hidden()
    page.locator('[data-grid="indicators"]').get_by_role("button", name=re.compile("^确认本节")).click()
    expect(page.locator('[data-grid="indicators"] .origin:visible')).to_have_count(0)
    expect(page.locator("#announcer")).to_have_text(re.compile("^已确认"))
    settle(page)
    page.reload()
    expect(count).to_have_text(re.compile(r"^\d+$"))
    assert int(count.inner_text()) == draft.origins.filter(confirmed_at=None).count() - 1


def test_the_whole_copying_is_undone_right_after(context, live_server, draft, person):
    before = table(draft)
    page = opened(context, live_server, person, "fill_last_year", draft.pk)
    page.get_by_role("button", name="带入草稿").click()
    page.get_by_role("button", name="撤销带入").click()
    expect(page.get_by_text("已撤销带入，草稿恢复为带入之前的内容")).to_be_visible()
    assert table(draft) == before
    assert page.errors == []


def test_a_workbook_goes_straight_into_the_form(context, live_server, draft, person):
    file = io.BytesIO()
    write_table(sample(year=2027), file)
    page = opened(context, live_server, person, "fill", draft.pk)
    page.get_by_role("link", name="从Excel导入到表单").click()
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("[name=file]", {"name": "水务局.xlsx", "mimeType": mime, "buffer": file.getvalue()})
    page.get_by_role("button", name="上传并对照").click()
    page.locator("section", has_text="年度重点工作任务").get_by_role("button", name="全部不带入").click()
    page.get_by_role("button", name="带入草稿").click()
    page.wait_for_selector('html[data-help="ready"]')
    assert table(draft).key_tasks == () and table(draft).staff_count == 86
    mark = page.locator("#staff_count").locator("xpath=../..").locator(".origin summary")
    mark.click()
    expect(page.get_by_text("来自文件“水务局.xlsx” 2027年!C3：原文“86”")).to_be_visible()
    assert page.errors == []


def test_the_guided_visit_is_offered_once_and_works_by_keyboard(context, live_server, draft, person):
    page = opened(context, live_server, person, "fill", draft.pk)
    invitation = page.locator("[data-tour-invite]")
    expect(invitation).to_be_visible()
    page.get_by_role("button", name="操作引导").press("Enter")
    tour = page.get_by_role("dialog", name="先把上年的表带过来")
    expect(tour).to_be_visible()
    for _ in range(5):
        page.locator("[data-tour-next]").press("Enter")
    expect(page.locator("#tour-title")).to_be_focused()
    page.locator("[data-tour-next]").press("Enter")
    expect(page.locator("#tour")).to_be_hidden()
    expect(page.locator("[data-tour-start]")).to_be_focused()
    page.reload()
    page.wait_for_selector('html[data-help="ready"]')
    expect(invitation).to_be_hidden()
    page.goto(address(live_server, "help"))
    page.get_by_role("link", name="在我的申报表上看操作引导").click()
    expect(page.locator("#tour")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    assert page.errors == []


def test_last_years_row_stands_beside_this_years(context, live_server, person, draft):
    brought(draft, person)
    page = opened(context, live_server, person, "fill", draft.pk)
    row = page.locator('[data-grid="indicators"] tbody tr').first
    row.get_by_role("button", name="看上年的第1项对应内容").click()
    dialog = page.get_by_role("dialog", name="第1项在2024年度历史导入的申报表中")
    expect(dialog.get_by_text("≥30公里")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    help = page.locator("details.field-help").first
    help.locator("summary").press("Enter")
    expect(help.get_by_text("填由财政拨款供养的在编实有人数")).to_be_visible()
    assert page.errors == []


def test_the_pages_are_usable_by_everybody(context, live_server, draft, person):
    page = opened(context, live_server, person, "help")
    found = looked_at(page, address(live_server, "help"))
    for target in ("fill_last_year", "fill_upload", "fill", "fill_check"):
        if target == "fill":
            brought(draft, person)
        found += looked_at(page, address(live_server, target, draft.pk))
    assert page.errors == [] and found == []


def looked_at(page, target):
    """What axe and the eye find fault with, everything that folds unfolded."""
    page.goto(target)
    page.evaluate("for (const each of document.querySelectorAll('details:not(.menu)')) each.open = true")
    return objections(page)


def test_an_empty_past_says_what_to_do(context, live_server, transactional_db):
    alone = drafted(past=False, said=Table("2026"))
    person = factories.person("filler", alone.department)
    page = opened(context, live_server, person, "fill_last_year", alone.pk)
    expect(page.get_by_role("heading", name="还没有可以复制的往年申报表")).to_be_visible()
    assert fresh(alone).state == State.DRAFT
