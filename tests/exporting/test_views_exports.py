"""Taking the official table away: a workbook that reads back equal, JSON, and a name as people file it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from typst import Fonts

from declarations.exporting import kept
from declarations.exporting.rendering import FORMS, LIST_FORMS
from declarations.models import Declaration, State
from declarations.record import store
from declarations.sheet.table import Table
from tests import factories


@pytest.fixture
def declaration(client, db):
    department = factories.department(name="云溪市文化广电/旅游局")
    client.force_login(factories.person("filler", department))
    return factories.declaration(department)


def export(client, declaration, **params):
    return client.get(reverse("declarations:export", args=[declaration.pk]), params)


def test_the_json_is_the_table(client, declaration):
    response = export(client, declaration, format="json")
    assert Table.from_json(json.loads(response.content)) == store.table_of(declaration)


def test_the_workbook_holds_the_figures_as_numbers(client, declaration):
    sheet = openpyxl.load_workbook(io.BytesIO(export(client, declaration).content)).active
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert 1069.37 in values
    assert 700000 in values
    assert "沿河居民满意度" in values


def test_the_file_is_named_by_department_and_year(client, declaration):
    header = export(client, declaration).headers["Content-Disposition"]
    assert header.startswith("attachment")
    assert unquote(header).endswith("云溪市文化广电_旅游局_2027年度_部门整体预算绩效目标申报表.xlsx")


def test_an_unknown_format_is_told_so(client, declaration):
    response = export(client, declaration, format="exe")
    assert response.status_code == 400
    assert "xlsx、docx、pdf 或 json" in response.content.decode()


def test_the_list_is_exported_as_it_is_filtered(client, declaration):
    bureau = declaration.department.bureau
    wrong = factories.table(staff_count=None)
    factories.declaration(factories.department(bureau, name="=甲局"), state=State.SUBMITTED, said=wrong)
    factories.declaration(factories.department(bureau, name="乙局"), said=wrong)
    client.force_login(factories.person("performance", bureau))
    response = client.get(reverse("declarations:list_export"), {"q": "局", "sort": "department"})
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(min_row=2, values_only=True))
    assert {row[1]: row[5:9] for row in rows} == {
        "=甲局": (1069.37, 71.86, 1, 0),
        "乙局": (None, None, None, None),
        declaration.department.name: (None, None, None, None),
    }


def test_the_export_of_a_list_does_not_cost_a_query_a_row(client, declaration, django_assert_max_num_queries):
    bureau = declaration.department.bureau
    for _ in range(20):
        factories.declaration(factories.department(bureau), state=State.SUBMITTED)
    client.force_login(factories.person("performance", bureau))
    with django_assert_max_num_queries(12):
        client.get(reverse("declarations:list_export"))


# --- documents and archives ------------------------------------------------------------------


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("json", b"{")])
def test_each_form_is_offered_on_the_page_and_leaves(client, declaration, form, begins):
    page = client.get(reverse("declarations:detail", args=[declaration.pk])).content.decode()
    address = reverse("declarations:export", args=[declaration.pk])
    assert (f"{address}?format={form}" if form != "xlsx" else address) in page
    response = export(client, declaration, format=form)
    assert response.content.startswith(begins)
    assert response.headers["Content-Disposition"].endswith(f".{form}")


def test_what_was_approved_leaves_as_it_was_frozen(client, declaration):
    snapshot = approved(declaration)
    document = Document(io.BytesIO(export(client, declaration, format="docx").content))
    assert f"第1版　校验码 {snapshot.hash[:12]}" in document.sections[0].footer.paragraphs[0].text
    assert kept.place_of_file(snapshot, FORMS["docx"]).exists()


def test_a_draft_has_no_version_and_is_not_kept(client, declaration, settings):
    document = Document(io.BytesIO(export(client, declaration, format="docx").content))
    assert "校验码" not in document.sections[0].footer.paragraphs[0].text
    assert not (Path(settings.MEDIA_ROOT) / kept.FOLDER).exists()


def test_without_a_font_the_page_says_what_to_install(client, declaration, monkeypatch):
    monkeypatch.setattr(
        "declarations.files.documents.fonts.find_fonts", lambda folders: Fonts(include_system_fonts=False)
    )
    response = export(client, declaration, format="pdf")
    assert response.status_code == 422
    assert "fonts-noto-cjk" in response.content.decode()
    response = client.get(reverse("declarations:list_export"), {"format": "pdf"})
    assert (response.status_code, "fonts-noto-cjk" in response.content.decode()) == (422, True)


def approved(declaration):
    Declaration.objects.filter(pk=declaration.pk).update(state=State.APPROVED)
    declaration.state = State.APPROVED
    return factories.freeze(declaration)


def archive(client, **params):
    response = client.get(reverse("declarations:list_export"), params)
    assert response.status_code == 200, response.content.decode()
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_the_archive_holds_what_the_person_may_read_and_nothing_else(client, declaration):
    bureau = declaration.department.bureau
    reported = factories.declaration(factories.department(bureau, code="200", name="甲局"), state=State.SUBMITTED)
    frozen = factories.declaration(factories.department(bureau, code="100", name="乙局"))
    snapshot = approved(frozen)
    factories.declaration(state=State.SUBMITTED)  # of another bureau
    client.force_login(factories.person("performance", bureau))
    with archive(client, format="json", sort="department") as found:
        assert sorted(found.namelist()) == ["100_乙局_2027年度.json", "200_甲局_2027年度.json"]
        assert json.loads(found.read("200_甲局_2027年度.json")) == store.table_of(reported).to_json()
        assert json.loads(found.read("100_乙局_2027年度.json")) == snapshot.content


def test_the_archive_follows_the_filters(client, declaration):
    with archive(client, format="xlsx", year="2027") as found:
        assert len(found.namelist()) == 1
    response = client.get(reverse("declarations:list_export"), {"format": "xlsx", "year": "2020"})
    assert (response.status_code, "没有可以导出的" in response.content.decode()) == (404, True)


def test_the_figures_of_what_may_be_read_leave_as_one_workbook(client, declaration):
    bureau = declaration.department.bureau
    factories.declaration(factories.department(bureau, name="甲局"), state=State.SUBMITTED)
    client.force_login(factories.person("performance", bureau))
    response = client.get(reverse("declarations:list_export"), {"format": "flat"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert [sheet.title for sheet in book] == ["申报表", "重点任务", "绩效指标"]
    assert book["申报表"].max_row == 2  # the other one is a draft


def test_an_unknown_form_of_a_list_is_told_so(client, declaration):
    assert client.get(reverse("declarations:list_export"), {"format": "exe"}).status_code == 400


@pytest.mark.parametrize("form", ["docx", "flat"])
def test_one_declaration_costs_as_many_queries_as_three(client, declaration, form):
    bureau = declaration.department.bureau
    client.force_login(factories.person("performance", bureau))
    spent = []
    for _ in range(2):
        for _ in range(1 if not spent else 2):
            factories.declaration(factories.department(bureau), state=State.SUBMITTED)
            approved(factories.declaration(factories.department(bureau)))
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(reverse("declarations:list_export"), {"format": form}).streaming_content)
        spent.append(len(queries))
    assert spent[0] == spent[1]


def test_the_menus_offer_every_form_that_there_is(client, declaration):
    """A form that is new comes into the menus, the limits and the texts by itself."""
    one = client.get(reverse("declarations:detail", args=[declaration.pk])).content.decode()
    listed = client.get(reverse("declarations:list")).content.decode()
    assert all(f"?format={key}" in one for key, form in FORMS.items() if form.offer)
    assert all(f'value="{form.key}"' in listed and form.list_offer in listed for form in LIST_FORMS.values())
