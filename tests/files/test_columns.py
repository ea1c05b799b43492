"""Every column owns its cells: unknown ones are left out and listed, nothing is glued into a neighbour."""

from dataclasses import replace

import pytest

from declarations.files.opening.sheet import LeftOut, Sheet, Why
from declarations.files.reading.reader import read_sheets
from tests.samples import find, rows_of, sample


def read_one(rows, **sheet):
    [read] = read_sheets([Sheet("Sheet1", rows, **sheet)], year=2026)
    return read


def with_column(place, task_head, indicator_head, value):
    """The printed form with a column put in before ``place`` (from 0), filled in every row of the grids."""
    rows = [[*row[:place], None, *row[place:]] for row in rows_of(sample())]
    first, second = find(rows, "名称")[0], find(rows, "一级指标")[0]
    for i in range(first, len(rows)):
        rows[i][place] = {first: task_head, second: indicator_head}.get(i, value)
    return rows


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("head", ["备注", "责任科室", "指标权重", "评分标准", "上年实际值", "绩效标准"])
def test_an_unknown_column_is_left_out_wherever_it_stands(place, head):
    read = read_one(with_column(place, head, head, "城建科"))
    assert (read.table.key_tasks, read.table.indicators) == (sample().key_tasks, sample().indicators)
    assert [problem.code for problem in read.problems] == ["R08"]
    assert sum(entry.why is Why.UNKNOWN_COLUMN and entry.text == "城建科" for entry in read.left_out) == 14


@pytest.mark.parametrize("head", ["序号", "编号", "No."])
@pytest.mark.parametrize("place", [1, 2])
def test_serial_numbers_are_passed_over_without_a_word(head, place):
    read = read_one(with_column(place, head, head, 7.0))
    assert (read.table, read.problems) == (sample(), ())
    assert {entry.why for entry in read.left_out} == {Why.SERIAL_NUMBER, Why.TITLE}
    assert {entry.text for entry in read.left_out} >= {"7"}


@pytest.mark.parametrize("head", ["计量单位", "度量单位", "单位"])
def test_the_unit_of_measurement_joins_the_number(head):
    rows = [[*row, None] for row in rows_of(sample())]
    i, j = find(rows, "应急演练次数")
    rows[find(rows, "一级指标")[0]][6] = head
    rows[i][j + 1 :] = [6.0, 2, "次"]
    row = read_one(rows).table.indicators[1]
    assert (row.cycle_value, row.annual_value) == ("6次", "2次")


def test_a_unit_that_belongs_to_no_number_is_listed():
    rows = [[*row, None] for row in rows_of(sample())]
    i, _ = find(rows, "减少洪涝直接损失")
    rows[find(rows, "一级指标")[0]][6], rows[i][5], rows[i][6] = "计量单位", "明显减少", "定性"
    read = read_one(rows)
    assert read.table.indicators[5].annual_value == "明显减少"
    assert LeftOut(f"G{i + 1}", "定性", Why.UNKNOWN_COLUMN) in read.left_out


@pytest.mark.parametrize("below", [("实施周期", "年度"), ("实施周期指标值", "年度指标值"), ("周期目标值", "2026年")])
def test_two_rows_of_heads_are_one_head(below):
    rows = rows_of(sample())
    i, j = find(rows, "实施周期指标值")
    rows[i][j : j + 2] = ["指标值", None]
    rows.insert(i + 1, [None, None, None, None, *below])
    read = read_one(rows)
    assert (read.table, read.problems) == (sample(), ())


def test_two_rows_of_heads_come_again_at_a_page_break():
    rows = rows_of(sample())
    i, j = find(rows, "实施周期指标值")
    rows[i][j : j + 2] = ["指标值", None]
    rows.insert(i + 1, [None, None, None, None, "实施周期", "年度"])
    k, _ = find(rows, "成本指标")
    rows[k:k] = [list(rows[i]), list(rows[i + 1])]
    assert read_one(rows).table == sample()


def test_of_two_columns_for_one_value_the_printed_one_is_read():
    rows = with_column(5, None, "目标值", "旧值")
    read = read_one(rows)
    assert read.table.indicators == sample().indicators
    assert {entry.text for entry in read.left_out if entry.why is Why.UNKNOWN_COLUMN} >= {"旧值"}


@pytest.mark.parametrize("printed", ["产出指标（50分）", "产出指标(50)", "1.产出指标【50分】", "产出指标①"])
def test_points_and_marks_are_no_part_of_a_level(printed):
    rows = rows_of(sample())
    i, j = find(rows, "产出指标")
    rows[i][j] = printed
    read = read_one(rows)
    assert read.table.indicators == sample().indicators
    assert any("50" in entry.text for entry in read.left_out if entry.why is Why.POINTS) or "50" not in printed


def test_a_hidden_column_between_label_and_value_is_left_out_and_said():
    rows = [[*row[:2], None, *row[2:]] for row in rows_of(sample())]
    i, j = find(rows, "基本支出")
    rows[i][j + 1] = 1500.0
    read = read_one(rows, hidden_columns={3})
    assert read.table == sample()
    assert LeftOut(f"C{i + 1}", "1500", Why.HIDDEN_COLUMN) in read.left_out
    assert [(problem.code, "隐藏" in problem.message) for problem in read.problems] == [("R12", True)]


def test_hidden_rows_are_read_and_named():
    rows = rows_of(sample())
    i, _ = find(rows, "防汛抗旱")
    read = read_one(rows, hidden_rows={i + 1})
    assert read.table == sample()
    [problem] = read.problems
    assert (problem.code, f"第{i + 1}行" in problem.message) == ("R12", True)


def test_what_the_file_leaves_out_itself_is_listed_and_said():
    struck = LeftOut("C5", "1700.00", Why.STRUCK_OUT)
    read = read_one(rows_of(sample()), left_out=[struck])
    assert struck in read.left_out
    assert "删除线" in read.problems[0].message


def test_a_number_with_words_in_its_format_is_read_as_it_is_shown():
    rows = rows_of(sample())
    i, j = find(rows, "应急演练次数")
    rows[i][j + 2] = 2
    read = read_one(rows, displayed={(i + 1, j + 3): "≥2次"})
    assert read.table == sample()


def test_characters_that_look_like_others_are_read_as_those():
    table = sample(department="云溪市⽔务局\u200d")
    assert read_one(rows_of(table)).table == replace(table, department="云溪市水务局")


@pytest.mark.parametrize(
    "below",
    [
        ("实施周期（2026-2028年）", "2026年"), ("三年总目标", "年度目标"), ("中长期目标", "本年目标"),
        ("2026—2028年规划值", "当年度目标"),
    ],
)  # fmt: skip
def test_heads_below_the_values_say_of_which_time_they_are(below):
    rows = [list(row) for row in rows_of(sample())]
    i, _ = find(rows, "三级指标")
    rows[i][4:6] = ["指标值", None]
    rows.insert(i + 1, [None, None, None, None, *below])
    [read] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    assert read.table == sample()


def test_numbers_and_points_come_off_a_level_together():
    printed = {"数量指标": "数量指标（15分）", "质量指标": "1.质量指标", "成本指标": "3.成本指标 10分"}
    rows = [[printed.get(value, value) for value in row] for row in rows_of(sample())]
    [read] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    assert read.table == sample()
    assert [entry.text for entry in read.left_out if entry.why is Why.POINTS] == ["（15分）", "10分"]
