"""Signatures, opinions, dates, notes, page marks and sums are no content; indicators that sound like them are."""

from dataclasses import replace

import pytest

from declarations.files.opening.sheet import Sheet, Why
from declarations.files.reading.reader import read_sheets
from tests.samples import find, rows_of, sample


def read_one(rows):
    [read] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    return read


LINES = [
    (["填表人：张三", None, None, "联系电话：000-0000"], Why.SIGNATURE),
    ([None, "单位负责人（签字）：", None, "填表人：", None, "2025年11月20日"], Why.SIGNATURE),
    ([None, None, None, "填表人", "张三", "0000-1234567"], Why.SIGNATURE),
    ([None, None, None, "填表人　张三"], Why.SIGNATURE),
    ([None, None, None, None, None, "（盖章）"], Why.SIGNATURE),
    (["云溪市水务局", None, None, "经办人：李四"], Why.SIGNATURE),
    (["主管部门审核意见", "同意。"], Why.OPINION),
    ([None, "财政局绩效科意见：", None, "同意"], Why.OPINION),
    ([None, None, "填报日期：2025年11月20日"], Why.DATE),
    ([None, None, None, None, None, "2025年11月20日"], Why.DATE),
    (["主管部门（单位）审核意见", None, None, "财政局业务科室审核意见"], Why.OPINION),
    (["经办科室：", "水资源科"], Why.SIGNATURE),
    (["主任：张三", None, None, "科长：李四"], Why.SIGNATURE),
    (["总分", None, None, None, None, 100], Why.SUM_ROW),
    (["年　　月　　日"], Why.DATE),
    (["注：1.本表一式三份"], Why.NOTE),
    ([None, None, None, "填报说明：见附件"], Why.NOTE),
    (["第1页", None, None, None, None, "共2页"], Why.PAGE_MARK),
    (["合计", None, None, None, None, 100], Why.SUM_ROW),
    ([None, "小计（分）", None, None, None, "100"], Why.SUM_ROW),
]


@pytest.mark.parametrize(("line", "why"), LINES, ids=lambda value: str(value)[:30])
def test_a_line_below_the_table_is_no_indicator(line, why):
    read = read_one([*rows_of(sample()), line])
    assert read.table == sample()
    row = len(rows_of(sample())) + 1
    listed = [entry.why for entry in read.left_out if entry.cell[1:] == str(row)]
    assert len(listed) == sum(text is not None for text in line)
    assert why in listed


@pytest.mark.parametrize(("line", "why"), LINES, ids=lambda value: str(value)[:30])
def test_nor_is_it_a_task_between_the_tasks(line, why):
    rows = rows_of(sample())
    i, _ = find(rows, "防汛抗旱")
    assert read_one([*rows[:i], line, *rows[i:]]).table == sample()


def test_lines_below_an_opinion_belong_to_it():
    read = read_one([*rows_of(sample()), ["审核意见："], [None, "同意申报。"], [None, None, None, "请按期完成。"]])
    assert read.table == sample()
    assert [entry.why for entry in read.left_out].count(Why.OPINION) == 3


@pytest.mark.parametrize(
    "name",
    [
        "合计发放补贴人数", "小计复核差错率", "总计投入资金", "审核意见反馈及时率", "盖章文件归档率",
        "填表人员培训次数", "联系电话畅通率",
        "日期填报准确率", "说明会召开次数", "注册企业增长数", "附件归档率", "负责人履职到位率", "备注信息完整率",
        "签字率", "审核意见",
    ],
)  # fmt: skip
def test_an_indicator_that_begins_with_such_words_is_read(name):
    rows = list(sample().indicators)
    rows[1] = replace(rows[1], name=name, annual_value="≥95%")
    table = sample(indicators=tuple(rows))
    assert read_one(rows_of(table)).table == table


@pytest.mark.parametrize(
    "name", ["合计发放补贴", "盖章服务", "审核", "负责人培训", "备注说明编写", "会计核算", "联系电话更新"]
)
def test_a_task_that_begins_with_such_words_is_read(name):
    tasks = list(sample().key_tasks)
    tasks[1] = replace(tasks[1], name=name)
    table = sample(key_tasks=tuple(tasks))
    assert read_one(rows_of(table)).table == table
