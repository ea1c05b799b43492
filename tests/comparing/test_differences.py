"""What differs between two tables: by row, never by position alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from declarations.comparing.differences import (
    CellChange,
    ChangeSummary,
    changed_rows,
    differences_of,
    in_percent,
    summary_of,
)
from declarations.comparing.rowmatching import match_rows
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from tests.samples import INDICATORS_2026, TASKS, sample
from tests.strategies import tables

A = KeyTaskRow("河道巡查", "对12条河道开展巡查", Decimal("100.00"), "全年48次")
B = KeyTaskRow("防汛演练", "组织防汛应急演练", Decimal("200.00"), "不少于2次")
C = KeyTaskRow("节水宣传", "开展世界水日宣传活动", Decimal("300.00"), "发放资料5000份")
D = KeyTaskRow("智慧平台", "建设水文监测站点和预警模块", Decimal("400.00"), "年底前上线")


def of(*tasks, **values):
    return sample(key_tasks=tasks, **values)


def seen(old, new):
    return [(d.kind, d.field, d.old, d.new) for d in differences_of(old, new)]


def test_equal_tables_have_no_differences():
    assert differences_of(sample(), sample()) == []


def test_an_amount_is_shown_with_groups_and_unit():
    [found] = differences_of(sample(), replace(sample(), basic_expenditure=Decimal("12150.5")))
    assert found.label == "基本支出"
    assert (found.old, found.new) == ("2,150.4567 万元", "12,150.50 万元")
    assert (found.field, found.kind) == ("basic_expenditure", CellChange.CHANGED)


def test_numbers_texts_and_empty_values_are_shown_as_they_are():
    old = replace(sample(), other_funds=None)
    new = replace(sample(), staff_count=90, overall_goal="新目标")
    shown = {d.field: (d.old, d.new) for d in differences_of(old, new)}
    assert shown["staff_count"] == ("86", "90")
    assert shown["overall_goal"] == (old.overall_goal, "新目标")
    assert shown["other_funds"] == ("", "30.00 万元")


def test_what_is_unread_is_shown_as_it_was_typed():
    new = replace(sample(), other_funds=None, unread={"other_funds": "约30"})
    assert seen(sample(), new) == [(CellChange.CHANGED, "other_funds", "30.00 万元", "约30")]


def test_year_and_edition_alone_are_no_difference():
    assert differences_of(sample(), replace(sample(), year=2027)) == []


# --- rows ----------------------------------------------------------------------------------------


def test_a_changed_cell_names_the_row_and_the_column():
    [found] = differences_of(of(A, B), of(A, replace(B, funding=Decimal("250000.5"))))
    assert found.label == "年度重点工作任务第2项“防汛演练”的拟投入的资金"
    assert (found.old, found.new) == ("200.00 元", "250,000.50 元")
    assert found.field == "key_tasks.1.funding"


def test_an_edition_that_prints_another_unit_shows_it():
    old = sample("2023", key_tasks=(A,))
    [found] = differences_of(old, replace(old, key_tasks=(replace(A, funding=Decimal("20000")),)))
    assert (found.old, found.new) == ("0.01 万元", "2.00 万元")


def test_a_row_put_in_between_moves_nothing():
    assert [d[:2] for d in seen(of(A, B), of(A, C, B))] == [(CellChange.ADDED, "key_tasks.1")]


def test_a_row_added_or_removed_is_shown_whole():
    [added] = differences_of(of(A), of(A, C))
    assert (
        added.new
        == "名称：节水宣传\n主要实施内容：开展世界水日宣传活动\n拟投入的资金：300.00 元\n期望达到的目标：发放资料5000份"
    )
    assert added.label == "年度重点工作任务第2项“节水宣传”"
    [removed] = differences_of(of(A, C), of(A))
    assert (removed.kind, removed.field, removed.old, removed.new) == (CellChange.REMOVED, "key_tasks.1", added.new, "")


def test_the_rows_that_kept_their_order_have_not_moved():
    [found] = differences_of(of(A, B, C, D), of(D, A, B, C))
    assert (found.kind, found.field) == (CellChange.MOVED, "key_tasks.0")
    assert (found.old, found.new) == ("年度重点工作任务第4项", "年度重点工作任务第1项")


def test_a_task_that_becomes_optional_has_moved():
    [found] = differences_of(of(A, B), of(A, replace(B, is_optional=True)))
    assert (found.old, found.new) == ("年度重点工作任务第2项", "其他需完成的任务第1项")


def test_two_rows_that_changed_places_are_two_rows_not_two_changes():
    assert {d.kind for d in differences_of(of(A, B), of(B, A))} == {CellChange.MOVED}


def test_a_value_of_an_indicator_is_found_by_its_name():
    rows = tuple(reversed(INDICATORS_2026))
    new = sample(indicators=tuple(replace(r, annual_value="≥31公里") if r.name == "治理河长" else r for r in rows))
    changed = [d for d in differences_of(sample(), new) if d.kind is CellChange.CHANGED]
    assert [(d.field, d.old, d.new) for d in changed] == [("indicators.9.annual_value", "≥30公里", "≥31公里")]


def test_a_column_of_the_edition_before_is_compared_too():
    old = replace(sample("2026"), year=2024)
    new = replace(old, edition="2023")
    fields = {d.field.rpartition(".")[2] for d in differences_of(old, new)}
    assert fields == set()
    emptied = replace(new, indicators=tuple(replace(row, cycle_value="") for row in new.indicators))
    assert {d.field.rpartition(".")[2] for d in differences_of(old, emptied)} == {"cycle_value"}


# --- which row is which --------------------------------------------------------------------------


def test_identity_comes_first():
    old = [replace(A, id="1"), replace(B, id="2")]
    new = [replace(B, id="1"), replace(A, id="2")]
    assert match_rows(old, new) == [(0, 0), (1, 1)]


def test_a_row_without_identity_is_found_by_its_name():
    assert match_rows([replace(A, id="1"), replace(B, id="2")], [B, A]) == [(1, 0), (0, 1)]


def test_a_row_of_another_year_has_another_identity_and_is_found_by_its_name():
    old = [replace(A, id="1"), replace(B, id="2")]
    assert match_rows(old, [replace(B, id="8", content="别的"), replace(A, id="9")]) == [(1, 0), (0, 1)]


@pytest.mark.parametrize("name", ["河道 巡查", "河道巡查\n", "河道巡查\u3000"])
def test_names_are_compared_without_white_space(name):
    assert match_rows([A, B], [replace(A, name=name, content="另一套内容")]) == [(0, 0)]


def test_among_rows_of_one_name_the_same_level_is_preferred():
    old = [
        IndicatorRow("产出指标", "数量指标", "完成率", "", "1"),
        IndicatorRow("产出指标", "质量指标", "完成率", "", "2"),
    ]
    new = [IndicatorRow("产出指标", "质量", "完成率", "", "3"), IndicatorRow("产出指标", "数量", "完成率", "", "4")]
    assert match_rows(old, new) == [(1, 0), (0, 1)]


def test_a_reworded_row_is_found_by_likeness():
    assert match_rows([A, C], [replace(C, name="节水主题宣传"), replace(A, name="全域河道巡查")]) == [(1, 0), (0, 1)]


def test_a_renamed_task_is_found_by_its_content():
    assert match_rows([A, D], [replace(D, name="水务数字化项目")]) == [(1, 0)]


def test_rows_with_nothing_in_common_do_not_match_by_position():
    assert match_rows([A], [D]) == []
    assert {d.kind for d in differences_of(of(A), of(D))} == {CellChange.ADDED, CellChange.REMOVED}


def test_a_row_is_in_one_pair_at_most():
    assert match_rows([A], [A, A, A]) == [(0, 0)]
    assert match_rows([A, A], [A]) == [(0, 0)]


def test_a_row_that_moved_and_was_reworded_at_once_is_one_row():
    new = [replace(D, name="智慧水务平台建设"), A, B, C]
    assert match_rows([A, B, C, D], new) == [(3, 0), (0, 1), (1, 2), (2, 3)]
    assert summary_of(of(A, B, C, D), of(*new)) == ChangeSummary(1, 0, 0, 1, Decimal("0.0"))


def test_of_equal_rows_each_is_matched_once_and_none_has_moved():
    assert match_rows([A, A, B], [A, A, B]) == [(0, 0), (1, 1), (2, 2)]
    assert summary_of(of(A, B, A), of(A, A, B)).moved == 1
    assert summary_of(of(A, A), of(A, A)).is_same


@pytest.mark.parametrize(("old", "new", "added", "dropped"), [((A,), (A, A), 1, 0), ((A, A, A), (A,), 0, 2)])
def test_a_row_entered_twice_is_one_more_row_and_not_a_change(old, new, added, dropped):
    found = summary_of(of(*old), of(*new))
    assert (found.reworded, found.added, found.dropped, found.moved) == (0, added, dropped, 0)


# --- how much differs ----------------------------------------------------------------------------


def test_the_summary_counts_values_and_rows():
    old = of(A, B, C)
    new = of(
        C, replace(A, content="对15条河道开展巡查", funding=Decimal("120")), D, staff_count=90, overall_goal="新目标"
    )
    assert summary_of(old, new) == ChangeSummary(reworded=4, added=1, dropped=1, moved=1, expenditure=Decimal("0.0"))


def test_expenditure_is_compared_in_per_cent():
    more = replace(sample(), project_expenditure=Decimal("1293.0457"))
    assert summary_of(sample(), more).expenditure == Decimal("10.0")
    assert summary_of(more, sample()).expenditure == Decimal("-9.1")
    assert in_percent(None, Decimal(1)) is in_percent(Decimal(0), Decimal(1)) is in_percent(Decimal(1), None) is None


def test_of_two_editions_only_what_both_print_is_compared():
    """2023 printed one value column, task funding in 万元, and some categories below others."""
    old, new = sample("2023"), replace(sample("2026"), year=2025)
    assert summary_of(old, new).is_same
    assert summary_of(new, old).is_same
    dearer = replace(new, key_tasks=(replace(TASKS[0], funding=Decimal("5600000.01")), *TASKS[1:]))
    assert summary_of(old, dearer).reworded == 1


def test_as_many_rows_differ_as_the_summary_counts_each_once():
    reworded_and_moved = of(C, replace(A, content="对15条河道开展巡查", funding=Decimal("120")), D)
    assert changed_rows(of(A, B, C), reworded_and_moved) == 4
    assert changed_rows(sample("2023"), replace(sample("2026"), year=2025)) == 0, "as long as the summary says so"


def test_a_row_under_another_category_has_moved_and_nothing_in_it_is_reworded():
    rows = list(INDICATORS_2026)
    rows[1] = replace(rows[1], level2="质量指标")
    assert summary_of(sample(), sample(indicators=tuple(rows))) == ChangeSummary(0, 0, 0, 1, Decimal("0.0"))
    rows[1] = replace(rows[1], level2="数量")
    assert summary_of(sample(), sample(indicators=tuple(rows))).is_same


def test_an_optional_task_between_the_others_moves_nothing_that_is_printed():
    extra = replace(C, is_optional=True)
    assert summary_of(of(A, extra, B), of(A, B, extra)).is_same


def test_another_name_of_the_department_is_no_change():
    assert summary_of(sample(), replace(sample(), department="云溪市水利局")).is_same


# --- properties ----------------------------------------------------------------------------------


@given(tables())
def test_a_table_is_the_same_as_itself(table):
    copy = Table.from_json(table.to_json())
    assert differences_of(table, copy) == []


@given(tables("2026"), tables("2026"))
def test_there_is_a_difference_wherever_the_fields_differ(old, new):
    found = differences_of(old, new)
    for name in old.form.items:
        differs = (getattr(old, name), old.unread.get(name)) != (getattr(new, name), new.unread.get(name))
        assert differs == any(d.field == name for d in found)


@given(tables(), tables())
def test_every_row_is_matched_added_or_removed(old, new):
    found = differences_of(old, new)
    for grid in ("key_tasks", "indicators"):
        pairs = match_rows(getattr(old, grid), getattr(new, grid))
        rows = [d for d in found if d.field.count(".") == 1 and d.field.startswith(grid)]
        assert sum(d.kind is CellChange.ADDED for d in rows) == len(getattr(new, grid)) - len(pairs)
        assert sum(d.kind is CellChange.REMOVED for d in rows) == len(getattr(old, grid)) - len(pairs)
        assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


def test_amounts_that_are_none_are_shown_all_the_same():
    new = replace(
        sample(), other_funds=Decimal("NaN"), key_tasks=(replace(TASKS[0], funding=Decimal("1E+30")), *TASKS[1:])
    )
    assert {d.new for d in differences_of(sample(), new)} == {"NaN", "1E+30"}


def test_hundreds_of_new_rows_are_told_apart_quickly():
    old = [KeyTaskRow(f"旧任务{i}", "内容" * 50) for i in range(300)]
    new = [KeyTaskRow(f"新项目{i}", "说明" * 50) for i in range(300)]
    assert match_rows(old, new) == []
