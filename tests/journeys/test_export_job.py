"""An export made by a job in a real browser: asked for, waited for, opened; and an import taken back."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from declarations.models import Declaration, State
from declarations.views.exporting import exports
from tests import factories
from tests.journeys.city import sign_in
from tests.journeys.jobs import do_jobs
from tests.journeys.test_import import bureau, desk, upload, violations, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["bureau", "desk"]


@pytest.fixture
def reviewer(page: Page, context, live_server, db_cache_is_empty, monkeypatch):
    """Somebody of the bureau with three tables before them, of which one may leave at once."""
    monkeypatch.setattr(exports, "DIRECT", dict.fromkeys(exports.DIRECT, 1))
    home = factories.bureau(name="云溪市财政局")
    for name in ("云溪市水务局", "云溪市民政局", "云溪市司法局"):
        state = State.DRAFT if "司法" in name else State.SUBMITTED
        factories.declaration(factories.department(home, name=name), state=state)
    sign_in(context, live_server, factories.person("performance", home))
    page.goto(f"{live_server.url}/declarations/")
    return page


def fits(page: Page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_what_was_ticked_is_made_while_one_waits_and_opens(reviewer, tmp_path):
    reviewer.get_by_label("选择 云溪市水务局 2027年度").check()
    reviewer.get_by_label("选择 云溪市司法局 2027年度").check()
    reviewer.locator("summary", has_text="导出申报表").click()
    found = violations(reviewer)
    reviewer.get_by_role("button", name="Excel，一部门一个文件").click()
    expect(reviewer.get_by_text("等待生成，共 2 份")).to_be_visible()
    found += violations(reviewer)
    do_jobs()
    link = reviewer.get_by_role("link", name="下载")  # the page noticed by itself that the job was done
    expect(link).to_be_visible()
    expect(reviewer.get_by_role("heading", name="已生成 1 份，1 份没有导出")).to_be_visible()
    reviewer.set_viewport_size({"width": 390, "height": 800})
    assert found + violations(reviewer) == [] and fits(reviewer)
    with reviewer.expect_download() as download:
        link.click()
    download.value.save_as(path := Path(tmp_path / "export.zip"))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None and any("云溪市水务局" in name for name in archive.namelist())
    reviewer.get_by_role("link", name="我的导出").first.click()
    expect(reviewer.get_by_text("可以下载")).to_be_visible()
    assert violations(reviewer) == [] and fits(reviewer)


def test_a_batch_is_taken_back_from_its_result(desk, live_server, tmp_path):
    upload(desk, live_server.url, workbook(tmp_path, "云溪市水务局"))
    desk.locator("[data-apply]").click()
    do_jobs()
    desk.get_by_role("link", name="撤销整批").click()
    expect(desk.get_by_text("1 份是这次导入新建的，将从申报表中撤下")).to_be_visible()
    found = violations(desk)
    desk.get_by_role("button", name="确认撤销 1 份").click()
    expect(desk.get_by_text("正在撤销导入").first).to_be_visible()
    do_jobs()
    expect(desk.get_by_text("1 份已撤销")).to_be_visible()
    assert found + violations(desk) == [] and not Declaration.objects.exists()
