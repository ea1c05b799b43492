"""A list of people in a real browser: a bad row is told, put right in the file, uploaded again and brought in."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from declarations.models import ListImport, Membership
from tests import factories
from tests.journeys.city import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[1] / "vendored" / "axe-core" / "axe.min.js"
HEAD = ("用户名", "姓名", "邮箱", "角色", "部门/科室代码", "生效日期", "失效日期")


@pytest.fixture
def desk(page: Page, context, live_server, db_cache_is_empty):
    bureau = factories.bureau(name="云溪市财政局")
    department = factories.department(bureau, code="101001", name="云溪市水务局")
    factories.membership(factories.user(username="zhouli", name="周丽"), "head", department)
    sign_in(context, live_server, factories.person("administrator", bureau, name="赵敏"))
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    assert complaints == []


def people(folder, code: str) -> str:
    path = folder / "人员.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = [("wangmin", "王敏", "w@example.cn", "填报人", code, "2026-11-01", "")]
        rows += [("zhouli", "周莉", "", "部门审核人", "101001", "", "2027-12-31")]
        csv.writer(file).writerows([HEAD, *rows])
    return str(path)


EVERY_LOOK = (("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390))


def violations(page: Page, name: str, looks=EVERY_LOOK) -> list[str]:
    """What axe finds on a page, light and dark, wide and on a telephone, where it must not scroll sideways."""
    page.evaluate(AXE.read_text("utf-8"))
    found = []
    for theme, width in looks:
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
        page.set_viewport_size({"width": width, "height": 900})
        result = page.evaluate("axe.run()")["violations"]
        found += [f"{name} {theme} {width} {one['id']} {node['html'][:99]}" for one in result for node in one["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name} {width} scrolls sideways")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_people_come_in_after_a_bad_row_was_put_right(desk, live_server, tmp_path):
    desk.emulate_media(reduced_motion="reduce")  # colours do not fade while axe looks
    desk.goto(f"{live_server.url}/imports/")
    desk.get_by_role("link", name="基础数据").click()
    found = violations(desk, "index", [("dark", 390)])
    desk.get_by_role("link", name="人员与角色", exact=True).click()
    found += violations(desk, "list", [("dark", 390)])
    desk.get_by_label("选择文件").set_input_files(people(tmp_path, "10100l"))
    desk.get_by_role("button", name="上传并核对").click()
    expect(desk.get_by_role("alert")).to_contain_text("有 1 行不能导入")
    expect(desk.get_by_role("row", name="第 2 行")).to_contain_text("没有代码为“10100l”的部门")
    found += violations(desk, "errors", EVERY_LOOK[::2])

    desk.get_by_label("选择文件").set_input_files(people(tmp_path, "101001"))
    desk.get_by_role("button", name="上传并核对").click()
    expect(desk.locator("del").first).to_have_text("周丽")
    expect(desk.locator("ins").first).to_have_text("周莉")
    found += violations(desk, "differences")
    desk.get_by_role("link", name=re.compile("新增 ?1")).click()
    expect(desk.get_by_role("cell", name="wangmin")).to_be_visible()
    assert not Membership.objects.filter(user__username="wangmin").exists()
    desk.get_by_role("button", name="确认导入：新增 1 行，修改 1 行").click()
    expect(desk.get_by_text("已导入：新增 1 行，修改 1 行。")).to_be_visible()
    found += violations(desk, "result", [("dark", 390)])
    with desk.expect_download() as links:
        desk.get_by_role("button", name="下载设置密码的链接").click()
    assert links.value.suggested_filename == "新账号设置密码的链接.xlsx"
    assert Membership.objects.get(user__username="wangmin").department.code == "101001"
    assert ListImport.objects.count() == 2 and found == []
