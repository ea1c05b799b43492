"""A city's tables at the import desk in a real browser: sixty-six files, a few screens, by keyboard too."""

import io
import zipfile
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from declarations.files.writing.writer import write_table
from declarations.models import Declaration
from tests import factories
from tests.journeys.everybody import objections
from tests.journeys.jobs import do_jobs
from tests.journeys.test_import import bureau, desk, upload, violations
from tests.samples import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["bureau", "desk"]
FILES = 66


@pytest.fixture
def city(bureau, tmp_path):
    """An archive of 66 tables of last year in folders: one doubtful department, one value that is none."""
    bureau.cycles.filter(year=2026).delete()
    path = tmp_path / "上年全市申报表.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(FILES):
            name = f"云溪市第{number:02}局"
            factories.department(bureau, name=name)
            said = replace(sample(), department="第某某处" if number == 65 else name, year=2026)
            if number == 0:
                said = replace(said, basic_expenditure=None, unread={"basic_expenditure": "见附件"})
            file = io.BytesIO()
            write_table(said, file)
            archive.writestr(f"各部门/第{number:02}局/2026年部门整体预算绩效目标申报表.xlsx", file.getvalue())
    return str(path)


def test_sixty_six_files_are_a_few_screens_and_come_in(desk: Page, live_server, city):
    desk.set_viewport_size({"width": 1366, "height": 768})
    upload(desk, live_server.url, city)
    apply = desk.locator("[data-apply]")
    desk.get_by_role("checkbox", name="本财政局还没有2026年度").check()
    desk.get_by_role("button", name="保存回答").click()
    expect(apply).to_contain_text("64 份")
    screens = desk.evaluate("document.documentElement.scrollHeight / innerHeight")
    assert screens < 3.5
    expect(apply).to_be_in_viewport()
    assert violations(desk) == []

    # the doubtful ones first: a name that several have, then the right one; the value read and ticked
    question = desk.locator(".import-question").first
    question.get_by_label("名称、代码或拼音首字母").fill("第6")
    question.get_by_label("名称、代码或拼音首字母").press("Enter")
    field = desk.locator(".import-question [aria-invalid]")
    expect(field).to_be_focused()
    expect(desk.locator(".import-question").first).to_contain_text("含“第6”的部门有")
    field.fill("第65")
    field.press("Enter")
    expect(desk.locator("[data-apply]")).to_contain_text("64 份")

    desk.locator("[name=q]").fill("第00局")
    desk.locator("[name=q]").press("Enter")
    expect(desk.locator("[name=take]")).to_have_count(1)
    desk.get_by_role("link", name="查看并改正").click()
    desk.get_by_text("读出的全部内容").click()
    desk.locator(".import-sheet").get_by_label("基本支出（万元）").fill("壹仟元")
    desk.locator(".import-sheet").get_by_label("基本支出（万元）").press("Enter")
    expect(desk.locator("[data-said]")).to_contain_text("“壹仟元”不是金额")
    expect(desk.locator("[data-said]")).to_be_focused()
    desk.locator(".import-sheet").get_by_label("基本支出（万元）").fill("1,000")
    desk.locator(".import-sheet").get_by_label("基本支出（万元）").press("Enter")
    expect(desk.locator("[data-said]")).to_contain_text("已改正 1 处")
    desk.get_by_role("button", name="删去 ").last.click()
    expect(desk.locator("[data-said]")).to_contain_text("已删去这一行")
    assert violations(desk) == []
    desk.get_by_role("link", name="清除").click()
    expect(apply).to_contain_text("66 份")

    desk.locator("[name=take]").first.uncheck()
    desk.get_by_role("button", name="下一页").click()
    expect(desk.get_by_text("第 2 页，共 4 页")).to_be_visible()
    expect(apply).to_contain_text("65 份")
    apply.click()
    do_jobs()
    expect(desk.get_by_text("已导入 65 份申报表")).to_be_visible()
    assert objections(desk) == []
    assert Declaration.objects.count() == 65
