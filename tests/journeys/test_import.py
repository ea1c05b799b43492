"""The import desk in a real browser: two files in, looked at, decided on, brought in."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from declarations.files.writing.writer import write_table
from declarations.models import Declaration, Department, Snapshot
from declarations.record import store
from tests import factories
from tests.journeys.everybody import objections
from tests.journeys.jobs import do_jobs
from tests.samples import sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[1] / "vendored" / "axe-core" / "axe.min.js"


@pytest.fixture
def bureau(db_cache_is_empty):
    """Declaring 2027 now, so that 2025 and 2026 are history."""
    made = factories.bureau(name="云溪市财政局")
    factories.cycle(made)
    for year in (2025, 2026):
        ended = timezone.now() - datetime.timedelta(days=365 * (2027 - year))
        factories.cycle(made, year=year, opens_at=ended - datetime.timedelta(days=60), deadline=ended)
    for name in ("云溪市水务局", "云溪市住房和城乡建设局", "云溪市教育局"):
        factories.department(made, name=name)
    return made


@pytest.fixture
def desk(page: Page, live_server, bureau):
    """The administrator's window, logged in; whatever the page complains of is an error."""
    person = factories.person("administrator", bureau, password=factories.PASSWORD)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("[name=login]").fill(person.username)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    yield page
    assert complaints == []


def workbook(folder, name, **values) -> str:
    return written(folder, name, sample(**{"department": name} | values))


def written(folder, name, said) -> str:
    path = folder / f"{name}.xlsx"
    write_table(said, str(path))
    return str(path)


def upload(page: Page, address: str, *files: str):
    page.goto(f"{address}/imports/new/")
    page.locator("input[type=file]").set_input_files(list(files))
    expect(page.locator("[data-upload-list] li")).to_have_count(len(files))
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_text("正在读取文件")).to_have_count(2)
    do_jobs()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def test_two_files_come_in_after_they_were_looked_at(desk, live_server, tmp_path):
    upload(desk, live_server.url, workbook(tmp_path, "云溪市水务局"), workbook(tmp_path, "住建局"))
    apply = desk.locator("[data-apply]")
    expect(apply).to_have_text("导入其余 1 份")  # the page noticed by itself that the job was done
    assert not Declaration.objects.exists()

    desk.get_by_role("radio", name="云溪市住房和城乡建设局 近似 75%").check()
    desk.get_by_role("button", name="确定").click()
    expect(apply).to_have_text("导入 2 份")
    desk.locator("input[name=take]").last.uncheck()
    expect(apply).to_contain_text("1 份")
    desk.locator("input[name=take]").last.check()
    apply.click()
    expect(desk.get_by_text("正在导入").first).to_be_visible()
    do_jobs()
    expect(desk.get_by_text("已导入 2 份申报表")).to_be_visible()
    found = Declaration.objects.get(department__name="云溪市住房和城乡建设局")
    assert store.table_of(found) == sample(department="云溪市住房和城乡建设局")
    desk.get_by_role("link", name="打开 云溪市水务局").click()
    expect(desk.get_by_role("heading", name="云溪市水务局")).to_be_visible()


def test_a_corrected_file_shows_what_it_would_change(desk, live_server, tmp_path, bureau):
    upload(desk, live_server.url, workbook(tmp_path, "云溪市水务局"))
    desk.locator("[data-apply]").click()
    do_jobs()
    expect(desk.get_by_text("已导入 1 份申报表")).to_be_visible()

    tasks = (replace(sample().key_tasks[0], expected_outcome="治理河长≥36公里"), *sample().key_tasks[1:])
    upload(desk, live_server.url, workbook(tmp_path, "云溪市水务局", key_tasks=tasks))
    expect(desk.get_by_text("与已有数据有 1 处不同")).to_be_visible()
    desk.get_by_role("link", name="查看").click()
    change = desk.locator(".import-table")
    expect(change.locator("del")).to_have_text("治理河长≥30公里")
    expect(change.locator("ins")).to_have_text("治理河长≥36公里")
    change.get_by_role("button", name="收起").click()
    expect(change).to_have_count(0)
    desk.get_by_role("button", name="取消这一批").click()
    expect(desk.get_by_text("没有改动任何数据")).to_be_visible()
    assert Snapshot.objects.count() == 1


def test_the_desk_is_usable_by_everybody(desk, live_server, tmp_path):
    desk.goto(f"{live_server.url}/imports/new/")
    found = objections(desk)
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")
    upload(desk, live_server.url, workbook(tmp_path, "云溪市水务局"), workbook(tmp_path, "住建局"), str(empty))
    expect(desk.locator("[data-apply]")).to_be_visible()
    found += objections(desk)
    desk.locator("[data-apply]").click()
    do_jobs()
    expect(desk.get_by_text("已导入 1 份申报表")).to_be_visible()
    assert found + objections(desk) == []


def test_bad_files_are_set_right_on_the_page_and_come_in(desk, live_server, tmp_path, bureau):
    bad = sample(department="云溪市水务局", basic_expenditure=None, unread={"basic_expenditure": "两千一百五十"})
    files = [
        workbook(tmp_path, "云溪市住房和城乡建设局"),
        workbook(tmp_path, "教体局", department="教育体育局"),
        workbook(tmp_path, "教体局上年", department="教育体育局", year=2025),
        written(tmp_path, "水务局", bad),
    ]
    upload(desk, live_server.url, *files)
    expect(desk.locator("[data-apply]")).to_have_text("导入其余 1 份")
    found = violations(desk)

    # a question answered once serves both files that call the department so
    question = desk.locator("tbody", has=desk.get_by_text("教体局.xlsx", exact=True)).locator(".import-question")
    question.get_by_label("名称、代码或拼音首字母").fill("yxsjyj")
    question.get_by_role("checkbox", name="记住“教育体育局”为曾用名").check()
    question.get_by_role("button", name="确定").click()
    expect(desk.locator("[data-said]")).to_contain_text("另有 1 份也因此认出")
    expect(desk.locator("[data-said]")).to_be_focused()
    expect(desk.locator("[data-apply]")).to_have_text("导入 3 份")
    assert Department.objects.get(name="云溪市教育局").former_names == ["教育体育局"]

    with desk.expect_download() as copy:
        desk.get_by_role("link", name="下载标红副本 水务局.xlsx").last.click()
    assert copy.value.suggested_filename == "水务局（标红）.xlsx"

    # the wrong cell, first no better, then right; what was unticked stays so
    desk.get_by_role("checkbox", name="导入 教体局上年.xlsx").uncheck()
    desk.get_by_role("link", name="就地改正 水务局.xlsx C5").click()
    cell = desk.locator(".import-fix").get_by_label("基本支出（万元）")
    expect(cell).to_have_value("两千一百五十")
    expect(cell).to_be_focused()
    cell.fill("两千多")
    cell.press("Enter")
    expect(desk.locator(".import-fix")).to_contain_text("“两千多”不是金额")
    found += violations(desk)
    desk.set_viewport_size({"width": 390, "height": 800})
    assert not desk.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    desk.locator(".import-fix").get_by_label("基本支出（万元）").fill("2,150.4567")
    desk.get_by_role("button", name="保存改正并重新核对").click()
    expect(desk.locator(".import-fix")).not_to_contain_text("不是金额")
    expect(desk.locator("[data-apply]")).to_have_text("导入 3 份")
    found += violations(desk)

    desk.reload()
    expect(desk.get_by_text("导入前的改正：改正 2 处")).to_be_visible()
    desk.locator("[data-apply]").click()
    do_jobs()
    expect(desk.get_by_text("已导入 3 份申报表")).to_be_visible()
    expect(desk.locator(".import-mended ins").last).to_have_text("2,150.4567")
    assert found + violations(desk) == []
    assert store.table_of(Declaration.objects.get(department__name="云溪市水务局")) == sample()


def test_what_the_server_refuses_is_told_beside_the_button_and_the_page_stays(desk, live_server, tmp_path):
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")
    upload(desk, live_server.url, str(empty))
    expect(desk.get_by_text("没有可以导入的申报表")).to_be_visible()
    page = desk.context.new_page()  # errors in its console are expected
    page.goto(desk.url)
    page.get_by_text("上传改好的文件替换").click()
    replace = page.locator(".import-replace")
    replace.locator("input[type=file]").set_input_files(str(empty))
    answers = {
        "请过 9 秒再试": lambda route: route.fulfill(status=429, body="<main><p>请过 9 秒再试</p></main>"),
        "没有连上服务器": lambda route: route.abort(),
    }
    for said, answer in answers.items():
        page.route("**/replace/", answer)
        replace.get_by_text("上传并替换").click()
        expect(replace.get_by_role("alert")).to_contain_text(said)
        page.unroute("**/replace/")
    page.context.clear_cookies(name="sessionid")
    replace.get_by_text("上传并替换").click()
    expect(replace.get_by_role("alert")).to_contain_text("登录已过期")
    page.close()
