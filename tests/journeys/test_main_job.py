"""The main job end to end in a real browser: files in, edited, certified, reviewed, approved, out as a workbook."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from declarations.files.guarding.sandbox import Sandbox
from declarations.files.writing.writer import write_table
from declarations.models import Cycle, Declaration, Department, Snapshot, State
from declarations.record import store
from declarations.sheet.table import Table
from declarations.sheet.units import grouped_amount
from tests import factories
from tests.chains import broken_links
from tests.journeys.jobs import do_jobs
from tests.journeys.reasons import give_reasons
from tests.samples import sample, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PUBLISHED = "zhanjiang-foreign-affairs-2026.txt"
YEAR = 2026


@dataclass
class Site:
    """A bureau whose year 2026 is open, and a browser window for each person."""

    browser: object
    options: dict
    address: str
    cycle: Cycle
    department: Department

    @property
    def bureau(self):
        return self.department.bureau

    def call_department(self, name):
        self.department.name = name
        self.department.save()

    def window(self, role, place) -> Page:
        """A window of its own in which somebody with this role has logged in."""
        person = factories.person(role, place, password=factories.PASSWORD)
        page = self.browser.new_context(**self.options).new_page()
        page.goto(f"{self.address}/accounts/login/")
        page.locator("[name=login]").fill(person.username)
        page.locator("[name=password]").fill(factories.PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(f"{self.address}/")
        return page

    def path(self, declaration, ending="") -> str:
        return f"{self.address}/declarations/{declaration.pk}/{ending}"


@pytest.fixture
def site(browser, browser_context_args, live_server, db_cache_is_empty):
    bureau = factories.bureau(name="云溪市财政局")
    cycle = factories.cycle(bureau, year=YEAR, edition="2026")
    department = factories.department(division=factories.division(bureau), name="云溪市水务局")
    yield Site(browser, browser_context_args, live_server.url, cycle, department)
    for context in browser.contexts:
        context.close()


def bring_in(page: Page, address: str, *files: Path):
    """The import desk: upload, look, apply."""
    page.goto(f"{address}/imports/new/")
    page.locator("input[type=file]").set_input_files(list(files))
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/imports/*-*/")
    do_jobs()
    page.get_by_role("button", name="份").click()
    do_jobs()
    expect(page.get_by_text(f"已导入 {len(files)} 份申报表")).to_be_visible()


def save(page: Page):
    page.keyboard.press("Control+s")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def take(page: Page, address: str, label: str, comment: str = ""):
    """A move from the page of a declaration, with its confirmation."""
    page.goto(address)
    page.locator("summary", has_text=label).click()
    panel = page.locator("details[open]")
    if comment:
        panel.locator("textarea").fill(comment)
    panel.get_by_role("button", name=f"确认{label}").click()
    expect(page.get_by_text(f"已办理“{label}”").first).to_be_visible()


def send_on(page: Page, address: str, label: str):
    page.goto(f"{address}check/")
    give_reasons(page)
    page.get_by_role("button", name=label).click()
    expect(page.get_by_text(f"已办理“{label}”").first).to_be_visible()


def read_back(path: Path) -> Table:
    with Sandbox(workers=1) as sandbox:
        [read] = sandbox.read(path).tables
    return Table.from_json(read["table"])


def invented(tmp_path) -> Path:
    """A table as copied out of a PDF: tab-separated, its rows after the page break shifted left."""
    table = sample(indicators=tuple(row for row in sample().indicators if row.name != "无"))
    lines = text_of(table).split("\n")
    lines = [line.removeprefix("\t") + "\t" if "防汛抗旱" in line else line for line in lines]
    path = tmp_path / f"水务局{YEAR}.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("source", ["invented", "published"])
def test_from_a_published_table_to_an_approved_workbook(site, tmp_path, source, example_path):
    text = invented(tmp_path) if source == "invented" else example_path(PUBLISHED)
    if source == "published":
        site.call_department(text.read_text(encoding="utf-8").split("部门名称\t")[1].split("\t")[0])
    other = factories.department(site.bureau, name="云溪市教育局")
    workbook = tmp_path / "教育局.xlsx"
    write_table(sample(department=other.name), str(workbook))

    bring_in(site.window("administrator", site.bureau), site.address, text, workbook)
    assert store.table_of(Declaration.objects.get(department=other)) == sample(department=other.name)
    declaration = Declaration.objects.get(department=site.department)
    imported, address = store.table_of(declaration), site.path(declaration)
    assert imported.year == YEAR and len(imported.indicators) >= 9

    head = site.window("head", site.department)
    edit_and_send(site.window("filler", site.department), address, imported)
    send_on(head, address, "报送")
    take(site.window("division", site.department.division), address, "初审通过")
    bureau = site.window("performance", site.bureau)
    take(bureau, address, "批复")

    with bureau.expect_download() as download:
        bureau.locator(f"a[href*='/{declaration.pk}/export/']").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    approved = Snapshot.objects.get(declaration=declaration, state=State.APPROVED)
    assert path.name == f"{site.department.name}_{YEAR}年度_部门整体预算绩效目标申报表.xlsx"
    assert read_back(path) == Table.from_json(approved.content)
    assert read_back(path).basic_expenditure == imported.basic_expenditure + Decimal("1.23")
    actions = [event.action for event in declaration.events.all()]
    assert actions == ["import", "send_to_head", "submit", "pass", "approve"]


def edit_and_send(page: Page, address: str, table: Table):
    """What a filler does: a slip that is kept and shown, its correction, an indicator more, and on to the head."""
    open_form(page, address)
    page.locator("#basic_expenditure").fill("两千多")
    save(page)
    expect(page.locator("section.card").get_by_text("不是金额").first).to_be_visible()
    page.locator("#basic_expenditure").fill(grouped_amount(table.basic_expenditure + Decimal("1.23")))
    page.locator("#fiscal_appropriation").fill(str(table.fiscal_appropriation + Decimal("1.23")))
    page.get_by_role("button", name="质量指标").first.click()
    row = page.locator('[data-grid="indicators"] tr[data-row]').filter(has=page.locator("textarea:focus")).last
    row.locator("textarea[data-field=name]").fill("应急预案备案率")
    row.locator("textarea[data-field=annual_value]").fill("≥95%")
    save(page)
    expect(page.locator("section.card").get_by_text("不是金额")).to_have_count(0)
    send_on(page, address, "送部门审定")


def test_returned_with_a_comment_corrected_and_submitted_again(site):
    declaration = factories.declaration(site.department, said=factories.table(year=YEAR), cycle=site.cycle)
    address, comment = site.path(declaration), "“河道巡查次数”偏低，请结合上年完成情况调整。\n任务资金请细化。"
    filler, head = site.window("filler", site.department), site.window("head", site.department)
    division = site.window("division", site.department.division)
    send_on(filler, address, "送部门审定")
    send_on(head, address, "报送")
    take(division, address, "退回修改", comment)

    filler.goto(site.address)
    expect(filler.get_by_text("已退回").first).to_be_visible()
    filler.goto(address)
    expect(filler.get_by_text("请结合上年完成情况调整").first).to_be_visible()
    open_form(filler, address)
    filler.locator('[data-grid="indicators"] textarea[data-field=annual_value]').first.fill("≥60次")
    save(filler)
    send_on(filler, address, "送部门审定")
    send_on(head, address, "报送")
    take(division, address, "初审通过")

    declaration.refresh_from_db()
    assert (declaration.state, declaration.submissions) == (State.REVIEWED, 2)
    assert declaration.events.get(action="return").comment == comment
    values = [snapshot.content["indicators"][0]["annual_value"] for snapshot in declaration.snapshots.all()]
    assert values == ["≥48次"] * 3 + ["≥60次"] * 3
    assert broken_links(declaration.snapshots.all()) == []


def open_form(page: Page, address: str):
    page.goto(f"{address}edit/")
    page.wait_for_selector('html[data-ready="fill"]')
