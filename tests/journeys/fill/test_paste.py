"""Pasting into the form out of Excel, Word, LibreOffice, WPS and web pages, as each writes its clipboard."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.fill.clipboards import EXCEL, LIBREOFFICE, WEB_PAGE, WORD, WPS
from tests.journeys.filling import (
    INDICATORS,
    TASKS,
    cell,
    filler,
    names,
    opened,
    paste,
    press_paste,
    saved,
    settle,
    table,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def declaration():
    tasks = tuple(factories.task(name=name, funding=Decimal("100000.00")) for name in "一二三")
    return factories.declaration(said=factories.table(key_tasks=tasks))


@pytest.fixture
def page(context, live_server, declaration):
    page = opened(context, live_server, declaration, filler(declaration, "陈晓"))
    yield page
    assert page.errors == []
    settle(page)


def said(page):
    return page.locator(".undo [role=status]")


def choose(page, answer):
    page.get_by_role("dialog").get_by_role("button", name=answer).click()
    expect(page.locator("#fill")).not_to_have_attribute("aria-busy", "true")


def test_half_a_row_from_excel_is_asked_about_and_what_is_left_out_is_named(page, declaration):
    press_paste(page, cell(TASKS, 2, "name"), *EXCEL)
    expect(page.get_by_role("dialog")).to_contain_text("期望达到的目标")
    choose(page, "作为新行添加")
    assert names(page) == ["一", "二", "三", "河道清淤", "泵站改造"]
    expect(said(page)).to_have_text("已粘贴 2 行；未粘贴的列：责任科室；隐藏的 1 行未粘贴")
    expect(page.locator(cell(TASKS, 4, "content"))).to_have_value("清淤三条河；\n整治岸线")
    saved(page)
    task = table(declaration).key_tasks[3]
    assert (task.funding, task.expected_outcome) == (Decimal("12345000.00"), "")
    press_paste(page, cell(TASKS, 2, "name"), *EXCEL)
    choose(page, "不粘贴")
    assert names(page)[:3] == ["一", "二", "三"]


def test_paragraphs_from_word_stay_in_their_cell_and_the_cursor_too(page):
    paste(page, cell(TASKS, 2, "name"), *WORD)
    assert names(page) == ["一", "任务一", "任务二"]
    expect(page.locator(cell(TASKS, 2, "content"))).to_have_value("1.内容一；\n2.内容二。")
    expect(page.locator(cell(TASKS, 3, "expected_outcome"))).to_have_value("目标")
    expect(page.locator(cell(TASKS, 2, "name"))).to_be_focused()


def test_the_one_value_from_libreoffice_goes_to_the_year(page, declaration):
    page.locator(f"{INDICATORS} > .grid-head [data-add]").click()
    paste(page, cell(INDICATORS, 7, "name"), *LIBREOFFICE)
    saved(page)
    rows = table(declaration).indicators[6:]
    assert [(row.level1, row.level2, row.name, row.annual_value) for row in rows] == [
        ("产出指标", "数量指标", "培训人数", "≥100人"),
        ("产出指标", "数量指标", "巡查次数", "≥3次"),
    ]


def test_a_whole_form_leads_to_the_comparison(page, declaration):
    press_paste(page, cell(TASKS, 1, "name"), *WEB_PAGE)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("这是整张申报表，逐项对照后带入")
    expect(dialog).to_contain_text("市水务局")
    assert names(page) == ["一", "二", "三"]
    dialog.get_by_role("button", name="逐项对照").click()
    page.wait_for_url(re.compile(rf"/declarations/{declaration.pk}/upload/[0-9a-f-]+/"))
    expect(page.locator("main")).to_contain_text("网上巡查")


def test_a_part_of_the_budget_fills_its_fields_and_can_be_taken_back(page):
    before = page.input_value("#basic_expenditure")
    paste(page, "#staff_count", *WPS)
    expect(page.locator("#basic_expenditure")).to_have_value("500.00")
    expect(page.locator("#fiscal_appropriation")).to_have_value("700.00")
    expect(said(page)).to_contain_text("已填入 4 栏：基本支出")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#basic_expenditure")).to_have_value(before)
    paste(page, "#basic_expenditure", "500\t700\n203\t3\n")
    expect(said(page)).to_contain_text("没有栏目名称")
    expect(page.locator("#basic_expenditure")).to_have_value(before)


def test_a_plain_column_of_amounts_fills_downwards(page, declaration):
    paste(page, cell(TASKS, 2, "funding"), "1,200.50\n3500\n２万元")
    saved(page)
    funding = [task.funding for task in table(declaration).key_tasks]
    assert funding == [Decimal("100000.00"), Decimal("1200.50"), Decimal("3500.00"), Decimal("20000.00")]


def test_without_a_connection_the_labels_of_the_page_are_known(page):
    page.route("**/block/", lambda route: route.abort())
    paste(page, cell(TASKS, 3, "name"), "名称\t主要实施内容\n甲\t乙\n")
    assert names(page) == ["一", "二", "甲"]
    expect(said(page)).to_contain_text("没有连接")
