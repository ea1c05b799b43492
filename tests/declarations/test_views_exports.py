"""Taking the official table away: a workbook that reads back equal, JSON, and a name as people file it."""

from __future__ import annotations

import io
import json
from urllib.parse import unquote

import openpyxl
import pytest
from django.urls import reverse

from declarations import store
from declarations.models import State
from declarations.table import Table
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
    with django_assert_max_num_queries(8):
        client.get(reverse("declarations:list_export"))
