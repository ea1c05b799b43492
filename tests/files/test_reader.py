"""What real files contain (see the glossary), one test a hazard: the same facts come out, or a problem says where."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.files.opening.sheet import Sheet, address
from declarations.files.reading.reader import read_sheets
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.problems import Refused, Severity
from tests.samples import find, rows_of, sample, sheet_of, text_of


def read_one(sheet, **kwargs):
    [read] = read_sheets([sheet], **{"year": 2026, **kwargs})
    return read


def changed(table, *changes):
    """The sheet of a table with single cells replaced: (text of the label, columns to the right, new value)."""
    rows = rows_of(table)
    for label, offset, value in changes:
        i, j = find(rows, label)
        rows[i][j + offset] = value
    return Sheet("Sheet1", rows)


def only(problems, code):
    return [problem for problem in problems if problem.code == code]


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_the_form_as_printed_gives_the_facts_and_nothing_to_complain(edition):
    table = sample(edition)
    read = read_one(sheet_of(table), year=table.year)
    assert read.table == table
    assert read.problems == ()


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_every_value_knows_its_cell(edition):
    rows = rows_of(sample(edition))
    read = read_one(Sheet("Sheet1", rows))
    for path, cell in read.cells.items():
        assert cell in {
            address(i, j) for i, row in enumerate(rows, 1) for j, v in enumerate(row, 1) if v is not None
        }, path
    assert read.cells["basic_expenditure"] == "C5"
    assert read.cells["indicators.1.level1"] == read.cells["indicators.0.level1"]  # the one merged cell


def test_the_table_may_begin_anywhere():
    moved = replace(sheet_of(sample()), first_row=7, first_column=4)
    read = read_one(moved)
    assert read.table == sample()
    assert read.cells["department"] == "E8"


def test_unmerged_cells_repeat_their_label():
    rows = rows_of(sample())
    head = find(rows, "一级指标")[0]
    for row, above in zip(rows[head + 1 :], rows[head:], strict=False):
        row[0], row[1], row[2] = "绩效指标", row[1] or above[1], row[2] or above[2]
    assert read_one(Sheet("Sheet1", rows)).table == sample()


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("拟用于向下转移支付资金", "拟用于对下\n转移支付资金"),
        ("期望达到的目标(概述)", "期望达到的目标 （概述）"),
        ("其他需完成的任务(可选项)", "其他需完成的任务\n（可选填）"),
        ("财政供养人员数", "财 政 供 养 人 数"),
        ("年度重点工作任务", "年\n度\n重\n点\n工\n作\n任\n务"),
        ("服务对象满意度指标", "服务对象\n满意度指标"),
    ],
)
def test_labels_are_compared_after_normalising(printed, found):
    table = sample()
    read = read_one(changed(table, (printed, 0, found)))
    assert read.table.key_tasks == table.key_tasks
    assert read.table.indicators == table.indicators
    assert all(read.table.value(field) == table.value(field) for field in (*AMOUNTS, "staff_count"))
    assert read.problems == ()


def test_text_copied_from_a_pdf_loses_leading_cells_at_a_page_break():
    """Rows shifted left by one (label lost), by one (一级指标 too) and by two."""
    rows = rows_of(sample())
    for text, lost in (("防汛抗旱", 1), ("可持续影响指标", 1), ("服务对象满意度指标", 2)):
        i, _ = find(rows, text)
        rows[i] = rows[i][lost:] + [None] * lost
    assert read_one(Sheet("Sheet1", rows)).table == sample()


def test_an_indicator_alone_after_a_page_break_keeps_its_categories():
    rows = rows_of(sample())
    i, j = find(rows, "应急演练次数")
    rows[i] = rows[i][j:] + [None] * j
    assert read_one(Sheet("Sheet1", rows)).table == sample()


def test_a_repeated_head_title_and_page_number_are_no_rows():
    rows = rows_of(sample())
    head = find(rows, "一级指标")[0]
    i, _ = find(rows, "质量指标")
    between = [["第 1 页 共 2 页"], ["部门整体预算绩效目标申报表"], [None, *rows[head][1:]]]
    read = read_one(Sheet("Sheet1", rows[:i] + between + rows[i:]))
    assert read.table == sample()
    assert read.problems == ()


def test_spacer_rows_count_for_nothing():
    rows = [row for line in rows_of(sample()) for row in (line, [None] * 6, ["", " ", "\n", None, "", ""])]
    assert read_one(Sheet("Sheet1", rows)).table == sample()


def test_a_category_left_empty_gives_no_row_and_one_filled_with_无_does():
    rows = rows_of(sample(indicators=()))
    i, j = find(rows, "生态效益指标")
    rows[i][j + 1 :] = ["无", "无", "无"]
    read = read_one(Sheet("Sheet1", rows))
    assert [(row.level1, row.level2, row.name) for row in read.table.indicators] == [("效益指标", "生态效益指标", "无")]


def test_a_second_level_under_the_wrong_first_level_is_read_as_printed():
    rows = rows_of(sample())
    i, j = find(rows, "成本指标")
    rows[i][j] = "服务对象满意度指标"
    read = read_one(Sheet("Sheet1", rows))
    assert read.table.indicators[4].level2 == "服务对象满意度指标"
    assert read.table.indicators[4].level1 == "效益指标"


def test_a_percentage_stored_as_a_number_is_the_percentage_shown():
    rows = rows_of(sample())
    i, j = find(rows, "工程验收合格率")
    rows[i][j + 1], rows[i][j + 2] = 1, 0.985
    read = read_one(Sheet("Sheet1", rows, percentages={(i + 1, j + 2), (i + 1, j + 3)}))
    assert (read.table.indicators[2].cycle_value, read.table.indicators[2].annual_value) == ("100%", "98.5%")


def test_a_bare_number_in_a_text_column_is_written_as_people_would():
    rows = rows_of(sample())
    i, j = find(rows, "应急演练次数")
    rows[i][j + 1], rows[i][j + 2] = 650.0, 18.67
    read = read_one(Sheet("Sheet1", rows))
    assert (read.table.indicators[1].cycle_value, read.table.indicators[1].annual_value) == ("650", "18.67")


def test_a_date_cell_becomes_the_date_in_words():
    rows = rows_of(sample())
    i, j = find(rows, "平台上线时间")
    rows[i][j + 2] = datetime.date(2026, 12, 31)
    assert read_one(Sheet("Sheet1", rows)).table.indicators[3].annual_value == "2026年12月31日"


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        (82800.92000000001, "82800.92"),
        ("82,800.92", "82800.92"),
        ("８２，８００．９２", "82800.92"),
        (" 82800.92 万元", "82800.92"),
        ("￥82,800.92", "82800.92"),
        (1069.371234, "1069.371234"),
        (0, "0.00"),
    ],
)
def test_amounts_in_every_spelling(stored, kept):
    read = read_one(changed(sample(), ("基本支出", 1, stored)))
    assert read.table.to_json()["basic_expenditure"] == kept


def test_the_unit_comes_from_the_label():
    named = ("拟投入的资金(元)", 0, "拟投入的资金（万元）")
    in_wan = changed(sample(key_tasks=sample().key_tasks[:1]), named, ("中小河流治理", 2, 560))
    assert read_one(in_wan).table.key_tasks[0].funding == Decimal("5600000")
    in_yuan = changed(sample(), ("预算金额(万元)", 0, "预算金额（单位：元）"), ("基本支出", 1, 21504567))
    assert read_one(in_yuan).table.basic_expenditure == Decimal("2150.4567")


def test_a_unit_for_the_whole_sheet_serves_labels_without_one():
    rows = rows_of(sample())
    rows = [
        ["" if value is None else str(value).replace("预算金额(万元)", "预算金额") for value in row] for row in rows
    ]
    rows.insert(1, ["单位：万元"])
    assert read_one(Sheet("Sheet1", rows)).table == sample()


def test_an_amount_without_any_unit_is_a_problem_and_not_a_guess():
    read = read_one(changed(sample(), ("拟投入的资金(元)", 0, "拟投入的资金")))
    assert read.table.key_tasks[0].funding is None
    assert read.table.unread["key_tasks.0.funding"] == "5600000"
    first = only(read.problems, "R01")[0]
    assert (first.field, first.cell) == ("key_tasks.0.funding", read.cells["key_tasks.0.funding"])
    assert "没有写明单位" in first.message and "（万元）或（元）" in first.hint


def test_all_that_cannot_be_read_is_reported_at_once_with_cell_and_example():
    sheet = changed(
        sample(), ("基本支出", 1, "一千零六十九"), ("财政供养人员数", 1, "约80"), ("中小河流治理", 2, "560万左右")
    )
    read = read_one(sheet)
    assert {(p.code, p.field, p.severity) for p in read.problems} == {
        ("R01", "basic_expenditure", Severity.ERROR),
        ("R01", "staff_count", Severity.ERROR),
        ("R01", "key_tasks.0.funding", Severity.ERROR),
    }
    amount = next(p for p in read.problems if p.field == "basic_expenditure")
    assert (amount.cell, "一千零六十九" in amount.message, "1,069.37" in amount.hint) == ("C5", True, True)
    assert read.table.unread["basic_expenditure"] == "一千零六十九"


@pytest.mark.parametrize("fault", ["#DIV/0!", "=SUM(C5:C6)"])
def test_a_cell_without_a_computed_value_is_no_blank(fault):
    read = read_one(replace(changed(sample(), ("财政拨款", 1, None)), faults={(5, 5): fault}))
    assert read.table.fiscal_appropriation is None
    [problem] = only(read.problems, "R02")
    assert (problem.field, problem.cell) == ("fiscal_appropriation", "E5")
    assert fault in problem.message and "Excel" in problem.hint


def test_fractions_of_a_cent_are_rounded_only_with_a_word():
    read = read_one(changed(sample(), ("基本支出", 1, 1069.3712349)))
    assert read.table.basic_expenditure == Decimal("1069.371235")
    assert [problem.cell for problem in only(read.problems, "R06")] == ["C5"]


def test_space_and_breaks_inside_running_text_stay_as_written():
    goal = "  目标1：确保 供水 安全。\n\n　　目标2：≧98％ 达标；  \n（三）其他"
    assert read_one(sheet_of(sample(overall_goal=goal))).table.overall_goal == goal


def test_a_goal_over_several_cells_is_joined_line_by_line():
    rows = rows_of(sample(overall_goal="目标1：供水安全。"))
    i, _ = find(rows, "目标1：供水安全。")
    rows.insert(i + 1, [None, "目标2：防汛安全。", None, None, None, None])
    assert read_one(Sheet("Sheet1", rows)).table.overall_goal == "目标1：供水安全。\n目标2：防汛安全。"


def test_notes_below_the_table_are_named_and_not_taken_for_indicators():
    rows = [*rows_of(sample()), ["填表人：王某　联系电话：0000000"]]
    read = read_one(Sheet("Sheet1", rows))
    assert read.table == sample()
    [problem] = read.problems
    assert (problem.code, problem.severity, "填表人" in problem.message) == ("R07", Severity.INFO, True)


def test_an_unknown_column_is_named():
    rows = rows_of(sample())
    i, _ = find(rows, "一级指标")
    rows = [[*row, None] for row in rows]
    rows[i][6], rows[i + 1][6] = "责任处室", "建设科"
    [problem] = read_one(Sheet("Sheet1", rows)).problems
    assert (problem.code, problem.cell, "责任处室" in problem.message) == ("R08", address(i + 1, 7), True)


def test_a_missing_label_is_named():
    rows = rows_of(sample())
    i, j = find(rows, "财政供养人员数")
    rows[i][j : j + 2] = [None, None]
    [problem] = read_one(Sheet("Sheet1", rows)).problems
    assert problem.code == "R03"
    assert (problem.field, "财政供养人员数" in problem.message) == ("staff_count", True)


@pytest.mark.parametrize(
    ("title", "sheet", "name", "given", "year"),
    [
        ("2024年市级部门整体预算绩效目标表", "2023年", "2022.xlsx", 2027, 2027),
        ("2024年市级部门整体预算绩效目标表", "Sheet1", "申报表.xlsx", None, 2024),
        ("（2025年度）", "Sheet1", "申报表.xlsx", None, 2025),
        ("申报年度：2025", "Sheet1", "申报表.xlsx", None, 2025),
        ("部门整体预算绩效目标申报表", "2023年", "申报表.xlsx", None, 2023),
        ("部门整体预算绩效目标申报表", "Sheet1", "水务局2022年申报表.xlsx", None, 2022),
    ],
)
def test_the_year_is_given_or_in_the_title_or_a_date_line_or_a_name(title, sheet, name, given, year):
    rows = [[title], *rows_of(sample())[1:]]
    assert read_one(Sheet(sheet, rows), name=name, year=given).table.year == year


def test_an_unknown_year_is_a_problem():
    read = read_one(sheet_of(sample()), year=None)
    assert read.table.year is None
    assert [problem.field for problem in only(read.problems, "R04")] == ["year"]


def test_several_tables_in_a_workbook_instructions_first():
    instructions = Sheet("填报说明", [["一、部门名称填全称"], ["二、金额以万元为单位"]])
    other = sample(department="云溪市教育局")
    reads = read_sheets([instructions, sheet_of(sample(), "水务"), sheet_of(other, "教育")], year=2026)
    assert [(read.sheet, read.table) for read in reads] == [("水务", sample()), ("教育", other)]
    assert [problem.code for problem in reads[0].problems] == ["R10"]
    assert "填报说明" in reads[0].problems[0].message


def test_tables_stacked_on_one_sheet():
    other = sample(department="云溪市教育局")
    reads = read_sheets([Sheet("汇总", [*rows_of(sample()), [], *rows_of(other)])], year=2026)
    assert [read.table for read in reads] == [sample(), other]


def test_a_hidden_sheet_is_passed_over_and_said_so():
    [read] = read_sheets([sheet_of(sample()), replace(sheet_of(sample(), "旧版"), hidden=True)], year=2026)
    assert [(problem.code, "旧版" in problem.message) for problem in read.problems] == [("R10", True)]


def test_a_sheet_that_is_no_such_table_is_refused_naming_what_is_missing():
    with pytest.raises(Refused) as refusal:
        read_sheets([Sheet("Sheet1", [["部门名称", "水务局"], ["姓名", "电话"]])])
    assert refusal.value.code == "X50"
    assert "预算整体情况" in refusal.value.message and "部门名称" not in refusal.value.message.split("缺少")[1]


def test_tab_separated_text_reads_like_the_workbook():
    flat = sample(
        overall_goal="保障供水安全。", key_tasks=tuple(replace(t, content="治理河道") for t in sample().key_tasks)
    )
    rows = [line.split("\t") for line in text_of(flat).split("\n")]
    assert read_one(Sheet("文本", rows)).table == flat


def test_the_published_table_of_2026(example_path):
    text = example_path("zhanjiang-foreign-affairs-2026.txt").read_text(encoding="utf-8")
    sheet = Sheet("文本", [line.split("\t") for line in text.split("\n")])
    [read] = read_sheets([sheet], name="zhanjiang-foreign-affairs-2026.txt")
    table = read.table
    assert (table.edition, table.year, table.staff_count, read.problems) == ("2026", 2026, 33, ())
    assert (len(table.key_tasks), len(table.indicators), len(table.overall_goal)) == (7, 13, 617)
    assert sum(task.funding for task in table.key_tasks) == Decimal("718630.00")
    assert [(row.level2, row.name) for row in table.indicators[-2:]] == [
        ("可持续影响指标", "无"),
        ("服务对象满意度指标", "职工满意度(%)"),
    ]


def test_characters_that_cannot_be_printed_are_kept_and_said():
    rows = rows_of(sample(overall_goal="\uf0d8 治理河道\ue001"))
    [read] = read_sheets([Sheet("表", rows)], year=2026)
    [problem] = [problem for problem in read.problems if problem.code == "R15"]
    assert read.table.overall_goal == "\uf0d8 治理河道\ue001"
    assert problem.field == "overall_goal" and problem.cell and "2 个自造字或图标字符" in problem.message
