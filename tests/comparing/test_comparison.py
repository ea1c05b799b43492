"""The official table with what changed in it: every change once, at its place, with last year's beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from declarations.comparing.comparison import Comparison
from declarations.comparing.differences import CellChange, summary_of
from declarations.comparing.excerpt import changed_rows
from declarations.sheet.layout import CellRole, lay_out
from declarations.sheet.table import IndicatorRow
from tests.costs import processor_time_below
from tests.samples import INDICATORS_2023, INDICATORS_2026, TASKS, sample
from tests.strategies import tables

RIVER, PLATFORM, FLOOD, WATER = TASKS


def cells(rows):
    return [one for row in rows for one in row]


def texts(rows, column: int) -> list[tuple[str, CellChange | None]]:
    """What stands in a column, with what became of its row."""
    return [
        (one.cell.value, one.row) for one in cells(rows) if one.cell.column == column and one.cell.role is CellRole.TEXT
    ]


def at(comparison, path: str):
    """The marks in the cell of a value of the new table."""
    return next(one.marks for one in cells(comparison.rows) if one.cell.path == path)


def words(mark) -> str:
    """A changed text as ``-old +new``."""
    signs = {"del": "-", "ins": "+", "same": ""}
    return "".join(f"[{signs[piece.kind]}{piece.text}]" if signs[piece.kind] else piece.text for piece in mark.pieces)


def with_tasks(*tasks, **values):
    return sample(key_tasks=tasks, **values)


# --- values --------------------------------------------------------------------------------------


def test_a_reworded_text_is_one_text_with_its_words_marked():
    new = sample(overall_goal=sample().overall_goal.replace("30公里", "45公里"))
    [mark] = at(Comparison(sample(), new), "overall_goal")
    assert "中小河流治理[-30][+45]公里" in words(mark)
    assert (mark.kind, mark.word, mark.label) == (CellChange.CHANGED, "改动", "总体绩效目标")


def test_two_texts_with_little_in_common_stand_one_after_the_other():
    old, new = (
        with_tasks(replace(RIVER, content="开展节水宣传活动")),
        with_tasks(replace(RIVER, content="购置抢险水泵12台")),
    )
    [mark] = at(Comparison(old, new), "key_tasks.0.content")
    assert words(mark) == "[-开展节水宣传活动][+购置抢险水泵12台]"


@pytest.mark.parametrize(
    ("before", "after", "said", "percent"),
    [
        ("2150.4567", "2300", "[-2,150.4567][+2,300.00]", "+7.0%"),
        ("2150.4567", "2100", "[-2,150.4567][+2,100.00]", "-2.3%"),
        ("0", "30", "[-0.00][+30.00]", ""),
        (None, "30", "[+30.00]", ""),
        ("30", None, "[-30.00]", ""),
    ],
)
def test_an_amount_shows_the_old_one_and_the_change_in_per_cent(before, after, said, percent):
    of = [sample(basic_expenditure=amount and Decimal(amount)) for amount in (before, after)]
    [mark] = at(Comparison(*of), "basic_expenditure")
    assert (words(mark), mark.percent) == (said, percent)


def test_a_count_is_no_amount():
    [mark] = at(Comparison(sample(), sample(staff_count=90)), "staff_count")
    assert (words(mark), mark.percent) == ("[-86][+90]", "")


def test_what_is_unread_is_compared_as_it_was_typed():
    new = replace(sample(), other_funds=None, unread={"other_funds": "约30"})
    [mark] = at(Comparison(sample(), new), "other_funds")
    assert words(mark) == "[-30.00][+约30]"


def test_last_years_edition_printed_万元_and_is_compared_in_元():
    """Edition 2023: funding in 万元, one value column; neither is a change of the department's."""
    old, new = sample("2023"), sample("2026", year=2027)
    assert Comparison(old, new).marks == []
    dearer = replace(new, key_tasks=(replace(RIVER, funding=Decimal("6000000")), *TASKS[1:]))
    [mark] = at(Comparison(old, dearer), "key_tasks.0.funding")
    assert (words(mark), mark.percent) == ("[-5,600,000.00][+6,000,000.00]", "+7.1%")


# --- rows ----------------------------------------------------------------------------------------


def test_a_row_that_is_gone_stands_where_it_stood():
    found = Comparison(with_tasks(RIVER, PLATFORM, FLOOD), with_tasks(RIVER, FLOOD))
    names = texts(found.rows, 2)[2:5]
    assert names == [(RIVER.name, None), (PLATFORM.name, CellChange.REMOVED), (FLOOD.name, None)]
    [mark] = found.marks
    assert (mark.kind, mark.label, mark.word) == (
        CellChange.REMOVED,
        "年度重点工作任务第2项“智慧水务平台（二期）”",
        "删除",
    )


def test_the_first_row_that_is_gone_stands_first():
    found = Comparison(with_tasks(RIVER, PLATFORM), with_tasks(PLATFORM))
    assert texts(found.rows, 2)[2:4] == [(RIVER.name, CellChange.REMOVED), (PLATFORM.name, None)]


def test_all_rows_gone_and_others_instead():
    found = Comparison(with_tasks(RIVER), with_tasks(PLATFORM))
    assert [state for _, state in texts(found.rows, 2)[2:4]] == [CellChange.REMOVED, CellChange.ADDED]


def test_of_a_row_that_is_gone_nothing_can_be_commented():
    found = Comparison(with_tasks(RIVER, PLATFORM), with_tasks(PLATFORM))
    assert [one.cell.path for one in cells(found.rows) if one.is_gone] == [""] * 4


def test_an_indicator_that_is_gone_stands_in_its_category():
    rows = tuple(row for row in INDICATORS_2026 if row.name != "平台上线时间")
    found = Comparison(sample(), sample(indicators=rows))
    [gone] = [one for one in cells(found.rows) if one.cell.value == "时效指标"]
    assert gone.is_gone
    around = [
        name for name, _ in texts(found.rows, 4) if name in ("工程验收合格率", "平台上线时间", "单位河长治理成本")
    ]
    assert around == ["工程验收合格率", "平台上线时间", "单位河长治理成本"]


def test_one_of_another_edition_stands_where_this_one_prints_its_category():
    """2023 printed 成本指标 under 产出指标, this year's table prints it under 效益指标."""
    rows = tuple(row for row in INDICATORS_2026 if row.level2 != "成本指标")
    found = Comparison(sample("2023"), sample("2026", indicators=rows, year=2027))
    above = [one.cell for one in cells(found.rows) if one.cell.value == "效益指标"]
    [gone] = [one.cell for one in cells(found.rows) if one.cell.value == "单位河长治理成本"]
    assert [cell.row <= gone.row < cell.row + cell.rows for cell in above] == [True]


def test_a_row_that_moved_and_was_reworded_at_once_says_both():
    moved = replace(FLOOD, name="防汛抗旱减灾", funding=Decimal("1200000"))
    found = Comparison(with_tasks(RIVER, PLATFORM, FLOOD), with_tasks(moved, RIVER, PLATFORM))
    row, reworded = at(found, "key_tasks.0.name")
    assert (row.kind, row.note, words(reworded)) == (CellChange.MOVED, "上年为第3项", "防汛抗旱[+减灾]")
    assert [mark.percent for mark in at(found, "key_tasks.0.funding")] == ["+20.0%"]
    assert summary_of(found.old, found.new).moved == 1


def test_two_rows_that_changed_places_are_one_move():
    found = Comparison(with_tasks(RIVER, PLATFORM), with_tasks(PLATFORM, RIVER))
    assert [(mark.kind, mark.label) for mark in found.marks] == [
        (CellChange.MOVED, "年度重点工作任务第1项“智慧水务平台（二期）”")
    ]


def test_an_identity_outweighs_what_the_row_says():
    old = with_tasks(replace(RIVER, id="1"), replace(FLOOD, id="2"))
    new = with_tasks(replace(FLOOD, id="1"), replace(RIVER, id="2"))
    assert {mark.kind for mark in Comparison(old, new).marks} == {CellChange.CHANGED}


def test_where_a_row_left_its_category_or_section_that_is_said():
    rows = list(INDICATORS_2026)
    rows[1] = replace(rows[1], level2="质量指标")
    [mark] = Comparison(sample(), sample(indicators=tuple(rows))).marks
    assert (mark.kind, mark.note) == (CellChange.MOVED, "上年属“产出指标 数量指标”")
    optional = with_tasks(RIVER, replace(FLOOD, is_optional=True))
    [mark] = Comparison(with_tasks(RIVER, FLOOD), optional, "previous").marks
    assert (mark.kind, mark.note) == (CellChange.MOVED, "上次报送为年度重点工作任务第2项")


# --- three tables --------------------------------------------------------------------------------


def third(year: str, before: str, now: str):
    """The mark of a value that said one thing last year, another when it was returned, and a third now."""
    of = [with_tasks(replace(RIVER, expected_outcome=text)) for text in (before, now, year)]
    [mark] = at(Comparison(of[0], of[1], "previous", of[2]), "key_tasks.0.expected_outcome")
    return mark


def test_a_value_changed_since_says_what_last_year_said():
    assert third("治理30公里", "治理20公里", "治理40公里").year == "上年：治理30公里"
    assert third("", "治理20公里", "治理40公里").year == "上年：空"


def test_last_years_text_is_not_said_twice():
    assert third("治理20公里", "治理20公里", "治理40公里").year == "上次报送与上年相同"
    assert third("治理40公里", "治理20公里", "治理40公里").year == "改回上年的内容"


def test_a_long_text_of_last_year_is_there_to_unfold():
    long = "治理中小河流，" * 20
    mark = third(long, "治理20公里", "治理40公里")
    assert (mark.year, mark.year_text) == ("上年另有表述", long)


def test_a_row_put_in_or_taken_out_says_whether_last_year_had_it():
    of_year = with_tasks(RIVER, FLOOD)
    found = Comparison(with_tasks(FLOOD, PLATFORM), with_tasks(RIVER, WATER), "previous", of_year)
    notes = {(mark.kind, mark.label.partition("“")[2].rstrip("”")): mark.note for mark in found.marks}
    assert notes == {
        (CellChange.ADDED, "中小河流治理"): "上年有这一行",
        (CellChange.REMOVED, "防汛抗旱"): "上年有这一行",
        (CellChange.REMOVED, "智慧水务平台（二期）"): "上年没有这一行",
        (CellChange.ADDED, "节水宣传"): "上年没有这一行",
    }


def test_what_did_not_change_since_says_nothing_of_last_year():
    assert Comparison(sample(), sample(), "previous", sample(staff_count=1)).marks == []


def test_a_column_that_last_years_edition_did_not_have_says_nothing_of_it():
    rows = (replace(INDICATORS_2026[0], cycle_value="≥81公里"), *INDICATORS_2026[1:])
    found = Comparison(sample(), sample(indicators=rows), "previous", sample("2023"))
    assert [mark.year for mark in found.marks] == [""]


# --- only what changed ---------------------------------------------------------------------------


def test_only_the_rows_that_changed_with_the_headings_above_them():
    rows = list(INDICATORS_2026)
    rows[1] = replace(rows[1], annual_value="≥3次")
    found = Comparison(sample(), sample(indicators=tuple(rows), other_funds=Decimal("31")))
    left = changed_rows(found)
    values = [one.cell.value for one in cells(left) if one.cell.path]
    assert values == [Decimal("980.00"), Decimal("31"), "应急演练次数", "≥6次", "≥3次"]
    assert [row[0].cell.value for row in left] == [
        "部门整体预算绩效目标申报表", "预算整体情况", "项目支出", "绩效指标", "产出指标",
    ]  # fmt: skip
    assert [one.cell.rows for one in cells(left) if one.cell.role is CellRole.LABEL] == [2, 2]


def test_an_optional_task_keeps_the_headings_it_shares():
    left = changed_rows(Comparison(sample(), with_tasks(*TASKS[:3], replace(WATER, content="另一项活动"))))
    assert "主要实施内容" in [one.cell.value for one in cells(left)]
    assert "其他需完成的任务(可选项)" in [one.cell.value for one in cells(left)]


def test_where_nothing_changed_only_the_title_is_left():
    assert [[one.cell.role for one in row] for row in changed_rows(Comparison(sample(), sample()))] == [
        [CellRole.TITLE]
    ]


# --- properties ----------------------------------------------------------------------------------


@given(tables(), tables())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_change_that_is_counted_is_marked_once(old, new):
    found = Comparison(old, new)
    kinds = Counter(mark.kind for mark in found.marks)
    counted = summary_of(old, new)
    assert [kinds[kind] for kind in (CellChange.CHANGED, CellChange.ADDED, CellChange.REMOVED, CellChange.MOVED)] == [
        counted.reworded, counted.added, counted.dropped, counted.moved,
    ]  # fmt: skip
    assert [mark.number for mark in found.marks] == [*range(1, len(found.marks) + 1)]


@given(tables(), tables())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_value_of_the_new_table_stands_there_and_no_cell_on_another(old, new):
    for rows in (Comparison(old, new).rows, changed_rows(Comparison(old, new))):
        covered = Counter(
            (one.cell.row + down, one.cell.column + right)
            for one in cells(rows)
            for down in range(one.cell.rows)
            for right in range(one.cell.columns)
        )
        assert set(covered.values()) == {1}
    paths = [cell.path for row in lay_out(new) for cell in row if cell.path]
    assert sorted(one.cell.path for one in cells(Comparison(old, new).rows) if one.cell.path) == sorted(paths)


def test_a_hundred_indicators_are_compared_at_once():
    """Of a tenth of a second, which a slow machine may take ten times over."""
    old = tuple(replace(INDICATORS_2023[n % 10], name=f"{INDICATORS_2023[n % 10].name}第{n}期") for n in range(100))
    new = tuple(
        IndicatorRow("产出指标", "数量指标", f"{INDICATORS_2026[n % 10].name}（第{n}期）", "", f"≥{n}次")
        for n in range(100)
    )
    with processor_time_below(1):
        assert len(Comparison(sample("2023", indicators=old), sample(indicators=new)).marks) > 100
