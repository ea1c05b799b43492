"""Filling in, in a real browser: typing, pasting, moving rows, two people, sending on."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from declarations.models import Declaration, Event
from declarations.record import store
from tests import factories
from tests.filling.fill_helpers import row_id
from tests.journeys.everybody import objections
from tests.journeys.filling import (
    INDICATORS,
    SAVED,
    TASKS,
    cell,
    filler,
    names,
    opened,
    paste,
    saved,
    settle,
    table,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTED = (
    "名称\t主要实施内容\t拟投入的资金(元)\t期望达到的目标(概述)\r\n"
    '甲\t"第一行\n第二行，含""引号"""\t１２，３４５．６０\t完成1次\r\n'
    "乙\t内容\t3.5万元\t完成2次\r\n丙\t内容\t1,000\t完成3次\r\n丁\t内容\t约两千\t完成4次\r\n戊\t内容\t0\t完成5次\r\n"
)


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


def test_typing_is_saved_by_itself_and_shown_as_kept(page, declaration):
    page.fill("#other_funds", "３.５")
    expect(page.locator("[data-save-text]")).to_have_text("未保存")
    page.focus("#overall_goal")
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    expect(page.locator("#other_funds")).to_have_value("3.50")
    assert table(declaration).other_funds == Decimal("3.50")


def test_steady_typing_is_saved_before_it_ends(page, declaration):
    page.clock.install()
    page.focus("#overall_goal")
    for _ in range(24):
        page.keyboard.type("字")
        page.clock.run_for(500)
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("未保存|正在保存|已自动保存"))
    expect(page.locator("#fill [name=version]")).not_to_have_value("1")
    assert "字" * 15 in table(declaration).overall_goal


def test_totals_follow_while_typing(page):
    expect(page.locator("[data-verdict]").first).to_have_text("✓ 平衡")
    page.fill("#other_funds", "0.000001")
    expect(page.locator('[data-sum="fiscal_appropriation"]')).to_have_text("1,141.230001")
    expect(page.locator("[data-verdict]").first).to_have_text("✓ 平衡（相差 0.000001 万元，在允许范围内）")
    page.fill("#other_funds", "3")
    expect(page.locator("[data-verdict]").first).to_have_text("✗ 不平衡，相差 3.00 万元")
    page.fill(cell(TASKS, 1, "funding"), "１．８６万元")
    expect(page.locator(f"{TASKS} [data-tasks-yuan]")).to_have_text("218,600.00")
    expect(page.locator(f"{TASKS} [data-tasks-share]")).to_have_text("占项目支出 30.4%")


def test_a_block_from_excel_fills_rows_and_can_be_taken_back(page, declaration):
    paste(page, cell(TASKS, 3, "name"), PASTED)
    assert names(page) == ["一", "二", "甲", "乙", "丙", "丁", "戊"]
    expect(page.locator(cell(TASKS, 3, "content"))).to_have_value('第一行\n第二行，含"引号"')
    saved(page)
    tasks = table(declaration).key_tasks
    funding = ["12345.60", "35000.00", "1000.00", None, "0.00"]
    assert [task.to_json()["funding"] for task in tasks[2:]] == funding
    assert table(declaration).unread == {"key_tasks.5.funding": "约两千"}
    expect(page.locator(f"{TASKS} tbody tr:nth-child(6) .beside-E")).to_contain_text("不是金额")
    page.get_by_role("button", name="撤销").click()
    assert names(page) == ["一", "二", "三"]
    saved(page)
    after = table(declaration)
    assert ([task.name for task in after.key_tasks], after.unread) == (["一", "二", "三"], {})


def test_indicators_are_recognised_by_their_category(page, declaration):
    block = (
        "一级指标\t二级指标\t三级指标\t实施周期指标值\t年度指标值\r\n"
        "产出指标\t数量指标\t检查次数\t≥30次\t≥10次\r\n\t\t培训人数\t≥300人\t≥100人\r\n"
        "效益\t满意度\t群众满意度\t≥90%\t≥90%\r\n"
    )
    page.locator(f"{INDICATORS} > .grid-head [data-add]").click()
    paste(page, cell(INDICATORS, 7, "name"), block)
    saved(page)
    rows = table(declaration).indicators[6:]
    assert [(row.level2, row.name, row.annual_value) for row in rows] == [
        ("数量指标", "检查次数", "≥10次"),
        ("数量指标", "培训人数", "≥100人"),
        ("服务对象满意度指标", "群众满意度", "≥90%"),
    ]


def test_running_text_is_pasted_as_text(page):
    paste(page, cell(TASKS, 1, "content"), "第一段\n第二段")
    assert len(names(page)) == 3
    expect(page.locator(".undo")).to_be_hidden()


def test_rows_move_by_keyboard_and_by_hand(page, declaration):
    page.focus(cell(TASKS, 1, "name"))
    page.keyboard.press("Alt+ArrowDown")
    assert names(page) == ["二", "一", "三"]
    assert page.evaluate("document.activeElement.value") == "一"
    page.locator(f"{TASKS} tbody tr:nth-child(3) [data-handle]").drag_to(
        page.locator(f"{TASKS} tbody tr:nth-child(1) [data-handle]"), target_position={"x": 4, "y": 2}
    )
    expect(page.locator(cell(TASKS, 1, "name"))).to_have_value("三")
    saved(page)
    assert [task.name for task in table(declaration).key_tasks] == ["三", "二", "一"]
    expect(page.locator(cell(TASKS, 1, "funding"))).to_have_attribute("aria-label", "第1项 拟投入的资金(元)")


def test_keys_go_from_row_to_row_and_add_one(page):
    page.focus(cell(TASKS, 1, "funding"))
    page.keyboard.press("Control+ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "第2项 拟投入的资金(元)"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "第3项 拟投入的资金(元)"
    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "第4项 名称"
    assert names(page) == ["一", "二", "三", ""]


def test_nothing_fires_while_an_input_method_composes(page):
    page.focus(cell(TASKS, 1, "name"))
    for key in ("Enter", "ArrowDown"):
        page.evaluate(
            """key => {
                const held = key === "Enter" ? { ctrlKey: true } : { altKey: true };
                const event = { key, ...held, isComposing: true, bubbles: true, cancelable: true };
                document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event));
            }""",
            key,
        )
    assert names(page) == ["一", "二", "三"]


def test_a_deleted_row_comes_back_with_its_texts(page, declaration):
    first = row_id(declaration)
    page.get_by_role("button", name="删除第1项").first.click()
    assert names(page) == ["二", "三"]
    saved(page)
    assert len(table(declaration).key_tasks) == 2
    page.keyboard.press("Control+z")
    assert names(page) == ["一", "二", "三"]
    saved(page)
    back = table(declaration).key_tasks[0]
    assert (back.id, back.name, back.funding) == (first, "一", Decimal("100000.00"))


def test_steps_are_taken_back_one_by_one(page, declaration):
    page.get_by_role("button", name="删除第1项").first.click()
    page.get_by_role("button", name="删除第2项").first.click()
    paste(page, cell(TASKS, 1, "name"), "新\t内容\t1\t目标\r\n又新\t内容\t2\t目标\r\n")
    assert names(page) == ["新", "又新"]
    for after in (["二"], ["二", "三"], ["一", "二", "三"]):
        page.get_by_role("button", name="撤销").click()
        assert names(page) == after
    expect(page.locator(".undo")).to_be_hidden()
    saved(page)
    assert [task.name for task in table(declaration).key_tasks] == ["一", "二", "三"]


def test_taking_a_paste_back_leaves_what_was_typed_since(page):
    paste(page, cell(TASKS, 1, "name"), "新\t内容\t1\t目标\r\n又新\t内容\t2\t目标\r\n")
    page.fill(cell(TASKS, 1, "name"), "改过的")
    page.get_by_role("button", name="撤销").click()
    assert names(page) == ["改过的", "二", "三"]
    expect(page.locator(cell(TASKS, 1, "content"))).to_have_value(factories.task().content)


# WPS puts one cell, or one column, on the clipboard without a tab; only its HTML says that it is a table.
WPS = "<html><body><table>{}</table></body></html>"
ROW = "<tr><td>{}</td></tr>"


def test_a_column_from_wps_fills_downwards(page):
    paste(page, cell(TASKS, 2, "name"), "甲\r\n乙\r\n丙\r\n", WPS.format("".join(map(ROW.format, "甲乙丙"))))
    assert names(page) == ["一", "甲", "乙", "丙"]


def test_one_cell_from_excel_comes_without_its_quotes(page):
    page.fill(cell(TASKS, 1, "content"), "")
    paste(page, cell(TASKS, 1, "content"), '"第一行\n第二行"\r\n', WPS.format(ROW.format("第一行<br>第二行")))
    expect(page.locator(cell(TASKS, 1, "content"))).to_have_value("第一行\n第二行")
    assert len(names(page)) == 3


def test_the_optional_tasks_take_a_row_with_its_identity(page, declaration):
    third = row_id(declaration, at=2)
    page.locator('[data-grid="optional_tasks"] [data-add]').first.click()
    page.keyboard.type("可选的任务")
    page.locator(f"#row-{third} [data-handle]").drag_to(
        page.locator('[data-grid="optional_tasks"] tbody tr [data-handle]')
    )
    saved(page)
    moved = next(task for task in table(declaration).key_tasks if task.id == third)
    assert (moved.name, moved.is_optional) == ("三", True)


def test_an_indicator_is_added_where_its_category_stands(page):
    page.get_by_role("button", name="质量指标 1 条，添加一条").click()
    expect(page.locator(cell(INDICATORS, 3, "level1"))).to_have_value("产出指标")
    expect(page.locator(cell(INDICATORS, 3, "level2"))).to_have_value("质量指标")
    page.locator(cell(INDICATORS, 3, "level2")).select_option("成本指标")
    expect(page.locator(cell(INDICATORS, 3, "level1"))).to_have_value("效益指标")


def test_a_finding_leads_to_its_field(page):
    page.fill("#staff_count", "")
    page.focus("#overall_goal")
    link = page.locator("[data-assistant-list] a", has_text="财政供养人员数")
    link.click()
    assert page.evaluate("document.activeElement.id") == "staff_count"
    expect(page.locator("#staff_count")).to_have_attribute("aria-invalid", "true")


def test_two_people_keep_what_both_wrote(page, browser, live_server, declaration):
    with browser.new_context() as elsewhere:
        other = opened(elsewhere, live_server, declaration, filler(declaration, "林岚"))
        other.fill("#overall_goal", "林岚写的目标")
        other.fill("#staff_count", "50")
        saved(other)
    page.fill("#overall_goal", "陈晓写的目标")
    page.fill("#subordinate_unit_count", "4")
    page.keyboard.press("Control+s")
    box = page.locator("#conflicts")
    expect(box).to_contain_text("林岚")
    expect(box).to_contain_text("林岚写的目标")
    expect(box).to_contain_text("陈晓写的目标")
    expect(page.locator("#overall_goal")).to_have_value("陈晓写的目标")
    expect(page.locator("#staff_count")).to_have_value("50")
    assert table(declaration).overall_goal == "林岚写的目标"
    page.get_by_role("button", name="用我的内容覆盖").click()
    expect(box).to_be_hidden()
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    after = table(declaration)
    assert (after.overall_goal, after.staff_count, after.subordinate_unit_count) == ("陈晓写的目标", 50, 4)


def test_the_other_text_may_be_taken(page, declaration):
    store.save_table(declaration, factories.table(overall_goal="系统外的修改"), user=filler(declaration, "林岚"))
    page.fill("#overall_goal", "我的修改")
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="采用对方内容").click()
    expect(page.locator("#overall_goal")).to_have_value("系统外的修改")
    assert names(page) == ["河道巡查项目"]
    assert table(declaration).overall_goal == "系统外的修改"


def test_a_lost_connection_loses_nothing(page, declaration):
    page.route("**/save/", lambda route: route.abort())
    page.fill("#staff_count", "41")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-save-text]")).to_have_text(re.compile("保存失败"))
    page.unroute("**/save/")
    page.get_by_role("button", name="立即重试").click()
    expect(page.locator("[data-save-text]")).to_have_text(SAVED)
    assert table(declaration).staff_count == 41


def test_a_declaration_sent_on_meanwhile_keeps_the_text_on_the_page(page, declaration):
    Declaration.objects.filter(pk=declaration.pk).update(state="certifying", version=2)
    page.fill("#overall_goal", "来不及保存的目标")
    page.keyboard.press("Control+s")
    expect(page.locator("#closed")).to_contain_text("待部门审定")
    assert "来不及保存的目标" in page.input_value("#unsent")
    expect(page.locator("#overall_goal")).to_have_value("来不及保存的目标")
    page.fill("#staff_count", "41")  # typed on after the page learnt of it
    assert "41" in page.input_value("#unsent")


def test_a_double_click_sends_it_once(page, declaration):
    page.fill("#staff_count", "42")
    page.get_by_role("button", name="检查并提交").click()
    page.get_by_role("button", name="送部门审定").dblclick()
    page.wait_for_url(re.compile(rf"/declarations/{declaration.pk}/$"))
    assert [event.action for event in Event.objects.filter(declaration=declaration)] == ["send_to_head"]
    assert table(declaration).staff_count == 42


def test_amounts_in_the_browser_are_read_as_on_the_server(page):
    given = ["1,069.37", "１２，３４５．６０", "3.5万元", "￥100", "-0", "-1", "1e5"]
    given += ["0.001", "1,23", ".5", "5.", "1亿", "abc"]
    read = page.evaluate(
        """async given => {
            const { cents } = await import("/static/js/filling/grid/amounts.js");
            return given.map(text => { const c = cents(text, "元"); return c === undefined ? null : String(c); });
        }""",
        given,
    )
    assert read == [
        "106937", "1234560", "3500000", "10000", "0", None, None, None, None, "50", "500", "10000000000", None,
    ]  # fmt: skip


BLOCKS = (
    ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),
    ("a\tb\r\n", [["a", "b"]]),
    ('"x\ty"\t"1\n2"\r\n', [["x\ty", "1\n2"]]),
    ('"他说""好"""\t5"', [['他说"好"', '5"']]),
    ('"没有结束\tb', [['"没有结束', "b"]]),
    ("a\t\t", [["a", "", ""]]),
    ("\n\na", [[""], [""], ["a"]]),
)


def test_a_block_is_read_as_excel_writes_it(page):
    read = """async texts => {
        const { parseBlock } = await import("/static/js/filling/grid/paste.js");
        return texts.map(text => parseBlock(text));
    }"""
    assert page.evaluate(read, [text for text, _ in BLOCKS]) == [cells for _, cells in BLOCKS]


def test_the_page_is_accessible(page):
    page.fill(cell(TASKS, 1, "funding"), "若干")
    saved(page)
    assert objections(page, 390, 1280, 1500) == []


def test_three_hundred_rows_stay_quick(context, live_server):
    tasks = tuple(factories.task(name=f"任务{i}", funding=Decimal(1)) for i in range(300))
    declaration = factories.declaration(said=factories.table(key_tasks=tasks))
    page = opened(context, live_server, declaration, filler(declaration, "陈晓"))
    page.focus(cell(TASKS, 150, "funding"))
    spent = page.evaluate(
        """() => {
            const cell = document.activeElement, start = performance.now();
            for (let i = 0; i < 10; i += 1) {
                cell.value = String(i);
                cell.dispatchEvent(new InputEvent("input", { bubbles: true }));
            }
            return (performance.now() - start) / 10;
        }"""
    )
    assert spent < 50, f"{spent:.0f} ms a key"
    saved(page)


def test_three_hundred_rows_are_pasted_at_once(page, declaration):
    block = "".join(f"任务{n}\t内容\t{n}\t目标\r\n" for n in range(300))
    paste(page, cell(TASKS, 3, "name"), "热身\t内容\t1\t目标\r\n热身\t内容\t1\t目标\r\n")
    start = page.evaluate("performance.now()")
    paste(page, cell(TASKS, 4, "name"), block)
    spent = page.evaluate("performance.now()") - start
    assert spent < 10_000, f"{spent:.0f} ms for 300 rows"
    saved(page)
    assert [task.name for task in table(declaration).key_tasks[3:]] == [f"任务{n}" for n in range(300)]
