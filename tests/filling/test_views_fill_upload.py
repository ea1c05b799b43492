"""One workbook straight into the open draft: kept, compared, brought in as chosen; and workbooks to take away."""

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from declarations.files.documents import pdf, word
from declarations.files.guarding.kinds import IN_WORDS
from declarations.files.opening.opening import open_sheets
from declarations.files.reading.reader import read_sheets
from declarations.files.writing.writer import write_tables
from declarations.filling.bringing.rollforward import KEEP, TAKE
from declarations.models import Origin, State, Upload
from declarations.models.upload import UploadState
from declarations.sheet.table import Table
from tests import factories
from tests.filling.fill_helpers import client_of, filler_of
from tests.filling.last_year_helpers import drafted, table
from tests.filling.test_views_last_year import posted
from tests.samples import sample, text_of
from tests.workbooks import pages

pytestmark = pytest.mark.django_db


def workbook(*tables, name="水务局.xlsx"):
    file = io.BytesIO()
    write_tables(tables, file)
    return SimpleUploadedFile(name, file.getvalue())


def url(declaration, page="fill_upload", *more):
    return reverse(f"declarations:{page}", args=[declaration.pk, *more])


@pytest.fixture
def draft():
    return drafted(past=False)


@pytest.fixture
def client(draft):
    return client_of(filler_of(draft))


def upload(client, draft, file):
    response = client.post(url(draft), {"file": file}, follow=True)
    return response, response.content.decode()


def said(**values):
    return sample(**{"year": 2027} | values)


def test_a_file_is_kept_compared_and_brought_in(client, draft):
    response, html = upload(client, draft, workbook(said()))
    kept = Upload.objects.get()
    assert (kept.declaration, kept.batch, kept.state) == (draft, None, UploadState.READ)
    assert kept.file.size == kept.size and "来源：文件“水务局.xlsx”" in html
    assert table(draft).staff_count is None, "nothing comes in before it is chosen"
    client.post(response.request["PATH_INFO"], posted(html) | {"do": "bring"})
    assert replace(table(draft), department="") == replace(said(), department="")
    origin = Origin.objects.get(name="basic_expenditure")
    assert origin.place == "文件“水务局.xlsx” 2027年!C5" and origin.copying.upload == kept


def test_only_a_part_can_be_taken(client, draft):
    response, html = upload(client, draft, workbook(said()))
    address = response.request["PATH_INFO"]
    html = client.post(address, posted(html) | {"all": "keep|年度重点工作任务"}).content.decode()
    client.post(address, posted(html) | {"do": "bring", "take:indicators.0": KEEP})
    assert table(draft).key_tasks == () and len(table(draft).indicators) == 9


def test_rows_of_the_draft_are_matched_and_kept_until_chosen():
    draft = drafted(said=said(staff_count=90, key_tasks=said().key_tasks[:1]), past=False)
    client = client_of(filler_of(draft))
    changed = replace(said().key_tasks[0], content="改为治理白石河。")
    response, html = upload(client, draft, workbook(said(key_tasks=(changed,))))
    data = posted(html)
    assert data["take:key_tasks.0"] == [KEEP] and "与草稿中的一行对应" in html and "与草稿相同" in html
    client.post(response.request["PATH_INFO"], data | {"do": "bring", "take:key_tasks.0": TAKE})
    assert [row.content for row in table(draft).key_tasks] == ["改为治理白石河。"]
    assert table(draft).staff_count == 90


def test_another_department_another_year_and_another_edition_are_pointed_out(client, draft):
    _, html = upload(client, draft, workbook(sample("2023", department="云溪市教育局")))
    assert "文件中的部门名称是“云溪市教育局”，不是“云溪市水务局”" in html
    assert "文件是2024年度的申报表，本表是2027年度" in html
    assert "2023年版（2023—2024年度）" in html


def retitled(*titles, name="水务局.xlsx"):
    """The workbook with its sheet renamed and its title replaced, so that only these state a year."""
    book = load_workbook(workbook(said()))
    sheet = book.active
    sheet.title = "Sheet1"
    for row in sheet.iter_rows(max_row=3):
        for cell in row:
            if isinstance(cell.value, str) and "绩效目标" in cell.value:
                cell.value = "部门整体预算绩效目标申报表"
            elif isinstance(cell.value, str) and "2027" in cell.value:
                cell.value = None
    for place, text in titles:
        sheet[place] = text
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def year_problems():
    read = Upload.objects.get().result["tables"][0]
    found = [(one["severity"], one["message"]) for one in read["problems"] if one["code"] == "R04"]
    return found, read["table"]["year"], [one for one in read["questions"] if one["kind"] == "year"]


def test_a_file_without_a_year_is_taken_for_one_of_the_drafts_year(client, draft):
    _, html = upload(client, draft, retitled())
    assert year_problems() == ([("I", "文件没有写年度，按2027年度带入")], 2027, [])
    assert "文件没有写年度，按2027年度带入" in html


def test_years_that_contradict_each_other_are_said_and_no_question(client, draft):
    upload(client, draft, retitled(("A2", "（2026年度）"), name="2027年申报表.xlsx"))
    [(severity, message)], year, questions = year_problems()
    assert (severity, year, questions) == ("W", 2027, []) and "写的是2026年" in message


def test_problems_name_their_cells(client, draft):
    bad = said(basic_expenditure=None, unread={"basic_expenditure": "约两千"})
    _, html = upload(client, draft, workbook(bad))
    assert "2027年!C5" in html


def test_of_several_tables_the_own_one_is_shown_and_another_can_be_chosen(client, draft):
    response, html = upload(client, draft, workbook(said(department="云溪市教育局", staff_count=11), said()))
    assert "文件里有 2 张申报表" in html and "不是“云溪市水务局”" not in html
    address = response.request["PATH_INFO"]
    assert "不是“云溪市水务局”" in client.get(address, {"table": 1}).content.decode()
    assert client.get(address, {"table": 9}).status_code == 404
    client.post(f"{address}?table=1", posted(client.get(address, {"table": 1}).content.decode()) | {"do": "bring"})
    assert table(draft).staff_count == 11


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.xlsx"), (b"%PDF-1.7 nothing", "scan.pdf"), (b"PK\x03\x04broken", "broken.xlsx")],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason_and_kept(client, draft, content, name):
    response, html = upload(client, draft, SimpleUploadedFile(name, content))
    assert response.status_code == 422 and "没有导入" in html and "草稿没有改动" in html
    kept = Upload.objects.get()
    assert kept.state == UploadState.REFUSED and kept.original_name == name


def test_text_out_of_a_pdf_comes_in_too(client, draft):
    file = SimpleUploadedFile("水务局.txt", text_of(said()).encode())
    response, html = upload(client, draft, file)
    assert response.status_code == 200 and "来源：文件“水务局.txt”" in html


def test_no_file_is_said(client, draft):
    assert "请选择要导入的文件" in client.post(url(draft), {}).content.decode()


def test_a_closed_declaration_takes_no_file(client, draft):
    type(draft).objects.filter(pk=draft.pk).update(state=State.SUBMITTED)
    assert client.post(url(draft), {"file": workbook(said())}).status_code == 409
    assert not Upload.objects.exists()


def test_a_file_belongs_to_its_department(client, draft):
    upload(client, draft, workbook(said()))
    kept = Upload.objects.get()
    other = factories.person("filler", factories.department(draft.department.bureau))
    reviewer = factories.person("performance", draft.department.bureau)
    assert not Upload.objects.visible_to(other).exists() and not Upload.objects.visible_to(reviewer).exists()
    own = factories.declaration(factories.department(draft.department.bureau), cycle=draft.cycle)
    assert client.get(url(own, "fill_compare", kept.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_comparison_costs_the_same_queries_however_many_rows(client, draft, rows, django_assert_num_queries):
    response, _ = upload(client, draft, workbook(said(key_tasks=said().key_tasks[:1] * rows)))
    with django_assert_num_queries(7):
        client.get(response.request["PATH_INFO"])


# --- workbooks to fill in elsewhere ----------------------------------------------------------


def read(response):
    (found,) = read_sheets(open_sheets(response.content))
    return found


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_the_blank_workbook_reads_back_without_a_problem(edition):
    home = factories.department(name="云溪市水务局")
    draft = factories.declaration(home, cycle=factories.cycle(home.bureau, edition=edition), said=Table(edition))
    found = read(client_of(filler_of(draft)).get(url(draft, "fill_workbook", "blank")))
    assert found.problems == ()
    assert found.table == Table(edition, "云溪市水务局", draft.cycle.year)


@pytest.mark.parametrize(("old", "new"), [("2023", "2026"), ("2023", "2023"), ("2026", "2026")])
def test_the_prefilled_workbook_imports_back_as_last_year_said(old, new):
    home = factories.department(name="云溪市水务局")
    times = {"opens_at": "2023-09-01T00:00Z", "deadline": "2023-12-31T00:00Z"}
    year = factories.cycle(home.bureau, year=2024, edition=old, **times)
    factories.declaration(home, cycle=year, state=State.APPROVED, said=sample(old))
    draft = factories.declaration(home, cycle=factories.cycle(home.bureau, edition=new), said=Table(new))
    client = client_of(filler_of(draft))
    file = client.get(url(draft, "fill_workbook", "last-year"))
    found = read(file)
    assert found.problems == () and (found.table.edition, found.table.year) == (new, draft.cycle.year)
    response, html = upload(client, draft, SimpleUploadedFile("预填表.xlsx", file.content))
    client.post(response.request["PATH_INFO"], posted(html) | {"do": "bring"})
    assert table(draft) == replace(found.table, department=home.name)
    assert table(draft).key_tasks == sample(old).key_tasks
    assert {row.name for row in table(draft).indicators} == {row.name for row in sample(old).indicators}


def test_without_a_past_there_is_no_prefilled_workbook(client, draft):
    assert client.get(url(draft, "fill_workbook", "last-year")).status_code == 404
    assert client.get(url(draft, "fill_workbook", "other")).status_code == 404
    assert "下载预填表" not in client.get(url(draft, "fill")).content.decode()


@pytest.mark.parametrize("name", ["水务局.pdf", "水务局.docx", "水务局.xls"])
def test_each_kind_of_file_comes_in(client, draft, name):
    made = {"pdf": pdf.write_table, "docx": word.write_table, "xls": lambda _: pages.page()}[name.rpartition(".")[2]]
    response, html = upload(client, draft, SimpleUploadedFile(name, made(said())))
    assert response.status_code == 200 and f"来源：文件“{name}”" in html


def test_the_page_and_its_refusal_name_the_same_kinds_of_file(client, draft):
    assert IN_WORDS in client.get(url(draft)).content.decode()
    _, html = upload(client, draft, SimpleUploadedFile("图.png", b"\x89PNG"))
    assert f"请上传{IN_WORDS}" in html


def test_a_form_of_a_project_is_refused_by_its_name(client, draft):
    rows = "<tr><td>2027年项目支出绩效目标表</tr><tr><td>项目名称<td>治理</tr>"
    response, html = upload(client, draft, SimpleUploadedFile("项目.xls", pages.page(f"<table>{rows}</table>")))
    assert response.status_code == 422 and "这是项目支出绩效目标表，不是部门整体预算绩效目标申报表。" in html
