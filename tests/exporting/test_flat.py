"""All figures as one workbook: a row a declaration, a task, an indicator; numbers are numbers."""

import datetime
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from declarations.exporting import flat
from declarations.models import Declaration
from declarations.record import store
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs():
    said = factories.table(overall_goal="=1+1", basic_expenditure=Decimal("1069.370001"))
    value = replace(factories.indicator(), annual_value="3-5次")
    factories.declaration(factories.department(name="云溪市教育局"), said=replace(said, indicators=(value,)))
    factories.declaration(factories.department(name="云溪市水务局"))
    return list(store.tables_of(Declaration.objects.order_by("department__name")))


def written(pairs, note=""):
    file = io.BytesIO()
    flat.write_flat(file, pairs, note)
    return load_workbook(file)


def rows(sheet):
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_there_is_a_sheet_of_declarations_one_of_tasks_and_one_of_indicators(pairs):
    book = written(pairs)
    assert [(sheet.title, sheet.max_row - 1) for sheet in book] == [("申报表", 2), ("重点任务", 2), ("绩效指标", 7)]


def test_figures_are_numbers_and_texts_stay_texts(pairs):
    first = rows(written(pairs)["申报表"])[0]
    assert (first["部门"], first["年度"], first["财政供养人员数"]) == ("云溪市教育局", 2027, 33)
    assert first["基本支出（万元）"] == 1069.370001
    assert first["任务资金合计（元）"] == 700000
    assert isinstance(first["更新时间"], datetime.datetime)
    assert first["总体绩效目标"] == "=1+1"
    assert written(pairs)["申报表"].cell(2, 2).data_type == "s"


def test_target_values_are_taken_apart(pairs):
    first, second, *_ = rows(written(pairs)["绩效指标"])
    assert [first[name] for name in ("年度指标值", "数值", "数值上限", "单位")] == ["3-5次", 3, 5, "次"]
    assert [second[name] for name in ("年度指标值", "比较符", "数值", "单位")] == ["≥48次", "≥", 48, "次"]


def test_heads_are_frozen_and_filtered(pairs):
    for sheet in written(pairs):
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith(str(sheet.max_row))


def test_what_does_not_fit_is_said(pairs, monkeypatch):
    monkeypatch.setattr(flat, "MOST_ROWS", 2)
    file = io.BytesIO()
    assert flat.write_flat(file, pairs) == 1
    assert "其余申报表没有导出" in str(list(load_workbook(file)["申报表"].values)[-1][0])
    assert list(written(pairs[:1], "只导出前 1 份")["申报表"].values)[-1][0] == "只导出前 1 份"
