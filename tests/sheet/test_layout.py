"""One layout for every rendering: each value at its place, every place filled once, levels merged down their rows."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.sheet.layout import CellRole, columns_of, lay_out
from declarations.sheet.official import EDITIONS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from declarations.sheet.units import Unit
from tests.samples import sample


def cells(table):
    return [cell for row in lay_out(table) for cell in row]


def cell_of(table, path):
    [cell] = [cell for cell in cells(table) if cell.path == path]
    return cell


def levels(table):
    """(text, rows it spans) of the cells of 一级指标 and 二级指标, from top to bottom."""
    return [(cell.value, cell.rows) for cell in cells(table) if cell.role is CellRole.LEVEL]


TABLES = [sample("2023"), sample("2026"), Table("2023"), Table("2026", indicators=sample().indicators[:1])]


@pytest.mark.parametrize("table", TABLES)
def test_the_cells_cover_every_place_of_the_table_once(table):
    rows, width = lay_out(table), len(table.form.widths)
    covered = [
        (row, column)
        for cell in cells(table)
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    ]
    assert sorted(covered) == [(row, column) for row in range(1, len(rows) + 1) for column in range(1, width + 1)]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_holds_the_cells_that_begin_in_it_from_left_to_right(table):
    for number, row in enumerate(lay_out(table), 1):
        assert [cell.row for cell in row] == [number] * len(row)
        assert [cell.column for cell in row] == sorted(cell.column for cell in row)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_value_of_a_table_has_one_cell(edition):
    table = sample(edition)
    paths = [cell.path for cell in cells(table) if cell.path]
    own_levels = {f"indicators.{i}.{level}" for i in range(len(table.indicators)) for level in ("level1", "level2")}
    assert sorted(paths) == sorted(set(table.paths()) - own_levels)


def test_the_title_spans_the_table_and_says_the_year_where_the_edition_does():
    first = lay_out(sample("2023"))[0][0]
    assert (first.role, first.columns, first.value) == (CellRole.TITLE, 5, "2024年市级部门整体预算绩效目标表")
    assert lay_out(sample("2026"))[0][0].value == "部门整体预算绩效目标申报表"


@pytest.mark.parametrize(("edition", "unit", "printed"), [("2023", Unit.WAN, "560"), ("2026", Unit.YUAN, "5600000")])
def test_task_funding_is_shown_in_the_unit_of_the_edition(edition, unit, printed):
    cell = cell_of(sample(edition), "key_tasks.0.funding")
    assert (cell.unit, cell.value) == (unit, Decimal(printed))


def test_budget_amounts_are_shown_in_wan_with_all_their_decimals():
    cell = cell_of(sample(), "basic_expenditure")
    assert (cell.role, cell.unit, cell.value) == (CellRole.AMOUNT, Unit.WAN, Decimal("2150.4567"))


def test_what_could_not_be_read_as_an_amount_is_shown_as_it_was_typed():
    task = KeyTaskRow(name="任务")
    table = Table("2026", key_tasks=(task,), unread={"key_tasks.0.funding": "约二十万", "staff_count": "三十"})
    assert (cell_of(table, "key_tasks.0.funding").value, cell_of(table, "staff_count").value) == ("约二十万", "三十")
    assert cell_of(table, "key_tasks.0.funding").role is CellRole.TEXT


def test_optional_tasks_stand_in_their_own_section_under_their_own_number():
    table = sample()
    label = next(cell for cell in cells(table) if cell.value == "其他需完成的任务(可选项)")
    assert cell_of(table, "key_tasks.3.name").row == label.row
    assert cell_of(table, "key_tasks.2.name").row == label.row - 1


def test_an_empty_grid_of_tasks_shows_a_blank_row():
    table = replace(sample(), key_tasks=())
    label = next(cell for cell in cells(table) if cell.value == "其他需完成的任务(可选项)")
    assert [cell.value for cell in lay_out(table)[label.row - 1]][1:] == [None] * 4


def test_levels_are_merged_down_the_rows_that_share_them():
    shown = levels(sample())
    assert ("产出指标", 4) in shown
    assert ("数量指标", 2) in shown
    assert ("效益指标", 6) in shown


def test_a_category_left_empty_is_shown_without_an_indicator():
    table = replace(sample(), indicators=sample().indicators[:1])
    assert [text for text, _ in levels(table) if text in ("产出指标", "效益指标")] == ["产出指标", "效益指标"]
    assert ("服务对象满意度指标", 1) in levels(table)


def test_indicators_out_of_the_order_of_the_form_stay_in_theirs_and_nothing_is_added():
    rows = tuple(reversed(sample().indicators))
    assert next(text for text, _ in levels(replace(sample(), indicators=rows))) == "效益指标"
    names = [cell.value for cell in cells(replace(sample(), indicators=rows)) if cell.path.endswith(".name")]
    assert names[-len(rows) :] == [row.name for row in rows]


def test_labels_that_the_edition_does_not_print_are_shown_as_they_are():
    own = IndicatorRow("其他指标", "自定指标", "名称", "", "值")
    assert levels(Table("2026", indicators=(own,))) == [("其他指标", 1), ("自定指标", 1)]


@pytest.mark.parametrize(("at", "place"), [("A", (1, 1)), ("B:F", (2, 5)), ("E:F", (5, 2))])
def test_columns_are_named_by_letters(at, place):
    assert columns_of(at) == place
