"""Other forms are called by their name, and a department's table that speaks of them is read."""

from dataclasses import replace

import pytest

from declarations.exporting import flat
from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import Sheet
from declarations.files.reading.reader import read_sheets
from declarations.sheet.problems import Refused
from tests.samples import sample
from tests.workbooks import builders as make
from tests.workbooks.tables import official_rows

INDICATORS = [
    ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
    [None, "产出指标", "数量指标", "治理河长", "≥30公里"],
    [None, "效益指标", "社会效益指标", "受益人口", "≥58万人"],
]


def project(title="2026年项目支出绩效目标表", more=()):
    return [
        [title],
        ["项目名称", "中小河流治理"],
        ["主管部门", "云溪市水务局"],
        ["项目资金（万元）", "年度资金总额", 500.0],
        ["总体目标", "治理河道30公里"],
        *more,
        *INDICATORS,
    ]


def refusal_of(rows):
    with pytest.raises(Refused) as refusal:
        read_sheets([Sheet("Sheet1", rows)], year=2026)
    return refusal.value


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2026年项目支出绩效目标表", "项目支出绩效目标表"),
        ("项目绩效目标申报表（2026年度）", "项目支出绩效目标表"),
        ("市级专项资金绩效目标申报表", "项目支出绩效目标表"),
        ("2025年度项目支出绩效自评表", "绩效自评表"),
        ("部门整体支出绩效自评表", "部门整体绩效自评表"),
        ("项目支出绩效自评报告", "绩效自评报告"),
        ("部门预算项目支出绩效目标运行监控表", "绩效运行监控表"),
        ("云溪市水务局", "项目的绩效表"),
    ],
)
def test_another_form_is_called_by_its_name(title, name):
    refusal = refusal_of(project(title))
    assert refusal.code == "X51" and f"这是{name}，不是部门整体预算绩效目标申报表。" in str(refusal)


def test_the_self_evaluation_of_a_department_is_none_of_its_declarations():
    reached = ["绩效指标", "一级指标", "三级指标", "年度指标值", "实际完成值", "得分", "偏差原因"]
    refusal = refusal_of([["部门整体支出绩效自评表"], ["部门名称", "水务局"], ["财政供养人员数", 86], reached])
    assert "这是部门整体绩效自评表" in str(refusal)


def test_a_table_whose_tasks_speak_of_other_forms_is_read():
    table = sample("2026")
    task = replace(table.key_tasks[0], name="项目支出绩效目标表", content="编制项目支出绩效自评表，填写项目名称")
    table = replace(table, key_tasks=(task, *table.key_tasks[1:]), overall_goal="完成项目支出绩效自评报告")
    [read] = read_sheets(open_sheets(make.xlsx(rows=official_rows("2026", **changed(table)))), year=2026)
    assert read.table == table


def changed(table):
    return {"key_tasks": table.key_tasks, "overall_goal": table.overall_goal}


def test_of_a_workbook_with_both_the_department_is_read_and_the_project_named():
    sheets = [Sheet("项目表", project()), Sheet("整体表", official_rows())]
    [read] = read_sheets(sheets, year=2026)
    assert read.table == sample("2026")
    assert [problem.message for problem in read.problems] == ["工作表“项目表”是项目支出绩效目标表，未读入"]


def test_a_form_of_a_project_below_the_table_is_left_out_and_said():
    rows = official_rows()
    [read] = read_sheets([Sheet("Sheet1", [*rows, *project()])], year=2026)
    assert read.table == sample("2026")
    assert [problem.message for problem in read.problems] == [
        f"第 {len(rows) + 1} 行起是项目支出绩效目标表，不是部门整体预算绩效目标申报表，未读入"
    ]


@pytest.mark.parametrize("columns", [columns for _, columns in flat.SHEETS], ids=[name for name, _ in flat.SHEETS])
def test_the_list_of_all_figures_is_no_table(columns):
    heads = [column.label for column in columns]
    assert "这是供分析的汇总清单" in str(refusal_of([heads, ["101", "云溪市水务局", 2026, *heads[3:]]]))


def test_data_for_programs_are_refused_in_words():
    with pytest.raises(Refused) as refusal:
        open_sheets(b'{"edition": "2026", "year": 2026}')
    assert "这是供程序使用的 JSON 数据" in str(refusal.value)
