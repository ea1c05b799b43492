"""Whole tables, finding by finding: published ones where they are at hand, and one invented with the same faults."""

from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.checks import Context, check, not_run
from declarations.files.opening.opening import open_sheets
from declarations.files.reading.reader import read_sheets
from declarations.sheet.table import IndicatorRow, KeyTaskRow
from tests.samples import sample

LAST_COLUMN = {
    "Y01": ["key_tasks.0.name"],
    "T04": ["indicators.0.level2", "indicators.1.level2", "indicators.6.level2"],
    "T05": ["indicators.0.annual_value", "indicators.1.annual_value"],
    "T06": ["indicators.7.name", "indicators.8.name", "indicators.9.name"],
    "T08": ["indicators.5.name"],
    "V02": ["indicators.10.name", "indicators.11.name"],
    "V03": [f"indicators.{i}.cycle_value" for i in (4, 5, 6, 12)],
    "V04": [f"indicators.{i}.annual_value" for i in (2, 3, 7, 9)],
    "V05": ["indicators"],
    "V06": [f"indicators.{i}.annual_value" for i in (0, 1, 6, 12)],
    "V08": ["indicators.12.annual_value"],
    "V09": ["indicators.12.name"],
    "V10": [f"indicators.{i}.annual_value" for i in (2, 3, 7, 8, 9)],
    "V11": ["key_tasks.3.expected_outcome"],
    "V14": ["indicators.8.annual_value"],
    "L01": [f"key_tasks.{i}.name" for i in (0, 1, 2, 4, 5)],
    "L02": [f"key_tasks.{i}.expected_outcome" for i in (1, 3, 4, 4)],
    "L04": ["key_tasks.0.content"],
    "L05": ["key_tasks"],
    "W01": ["indicators.0.cycle_value"],
    "W02": [f"key_tasks.{i}.expected_outcome" for i in (1, 3, 4)],
    "S01": ["key_tasks.6.content"],
    "T09": ["key_tasks.0.expected_outcome"],
}
"""The last column of the table of checks, by code: where each finding is. What is not named here passes."""
INVENTED = LAST_COLUMN | {
    "L01": [f"key_tasks.{i}.name" for i in range(5)],
    "L06": ["overall_goal"],  # the goal of a water bureau
}


def places(problems):
    found = {}
    for problem in problems:
        found.setdefault(problem.code, []).append(problem.field)
    return found


def said(problems, code):
    return [problem.message for problem in problems if problem.code == code]


def read(path, **year):
    [one] = read_sheets(open_sheets(path.read_bytes()), **year)
    return one.table


@pytest.fixture(params=["published", "invented"])
def table_2026(request):
    """The published table of 2026, where it is at hand, and an invented one with the same faults in the same rows."""
    if request.param == "invented":
        return faulty()
    return read(request.getfixturevalue("example_path")("zhanjiang-foreign-affairs-2026.txt"), year=2026)


def test_the_table_of_2026_has_exactly_the_findings_of_the_last_column(table_2026):
    problems = check(table_2026, context=Context(year=2026))
    assert places(problems) == (INVENTED if table_2026.department == "云溪市档案馆" else LAST_COLUMN)
    assert {problem.severity for problem in problems} == {"W", "I"}


def test_the_findings_of_2026_say_what_they_are_about(table_2026):
    problems = check(table_2026, context=Context(year=2026))
    assert said(problems, "V05") == ["11项指标中只有6项有数字或日期，低于60%"]
    for words, message in zip(("> 98%", "≥ 100人", "≥ 3次", "≥ 6次"), said(problems, "L02"), strict=True):
        assert f"“{words}”没有指标承接" in message
    [typo] = said(problems, "W01")
    assert "“即使支付”疑为“及时支付”" in typo
    [unit] = said(problems, "V11")
    assert "的人次不一致" in unit
    [near] = said(problems, "T08")
    assert near.startswith("绩效指标第6项“完成时间”与第5项“任务完成及时性”的名称相近")


def test_what_the_table_of_2026_cannot_be_checked_for_is_said(table_2026):
    left_out = {one.check.code for one in not_run(table_2026, context=Context(year=2026))}
    assert left_out == {"B08", "B09", "C01", "F05", "V12"}


def test_the_tasks_of_2026_exceed_the_projects_by_less_than_is_allowed(table_2026):
    tasks = sum(task.funding for task in table_2026.key_tasks) / 10_000
    assert tasks - table_2026.project_expenditure == Decimal("0.003")


def test_the_table_of_2023_gives_no_finding_to_be_ashamed_of(example_path):
    table = read(example_path("zhanjiang-human-resources-2023.xlsx"))
    problems = check(table, context=Context(is_imported=True))
    assert places(problems) == {
        "B05": ["project_expenditure"],  # three key tasks of a large department
        "T02": ["indicators"],  # no cost indicator
        "V03": [f"indicators.{i}.annual_value" for i in (2, 3, 9, 10)],  # 根据下达任务目标要求确定
        "V06": [f"indicators.{i}.annual_value" for i in (1, 6, 12)],  # 5000万元, 100%, 650
        "V10": ["indicators.7.annual_value"],  # 合规
        "L06": ["overall_goal"],  # two rates of arbitration
        "T04": ["indicators.7.level2"],  # 规范性 under 时效
        "T09": [f"key_tasks.{i}.expected_outcome" for i in (0, 1)],
        "V16": ["indicators.12.annual_value"],  # 650 of what
        "W01": ["key_tasks.1.expected_outcome"],  # 完场
        "W02": [f"indicators.{i}.annual_value" for i in (4, 5, 8, 14, 15)],  # ≧
    }


def faulty():
    """An invented archive's table with the faults of the published one, row for row."""
    values = {"basic_expenditure": "812.40", "project_expenditure": "71.86", "fiscal_appropriation": "884.26"}
    zero = ("other_funds", "special_funds", "other_development_expenditure")
    values |= dict.fromkeys((*zero, "municipal_level_funds", "transfer_payment_funds"), "0.00")
    amounts = {name: Decimal(value) for name, value in values.items()}
    return replace(
        sample(), department="云溪市档案馆", staff_count=33, key_tasks=TASKS, indicators=INDICATORS, **amounts
    )


def task(name, content, funding, outcome):
    return KeyTaskRow(name, content, Decimal(funding), outcome)


TASKS = (
    task("2025年档案征集经费", "补充人员经费及公用经费", 18_630, "保障馆内日常运转"),
    task("修复破损档案", "修复受潮、虫蛀的民国档案，建立修复档案卡。", 10_000, "修复完成及时率 > 98%"),
    task("更新库房设备", "更换除湿机组，租用异地备份机房。", 200_000, "1、库房温湿度达标；2、完成异地备份"),
    task("举办档案日系列活动", "举办“国际档案日”展览和招待会。", 200_000, "参观展览人次(人) ≥ 100人"),
    task("推动馆际交流", "因公出国学习，接受友馆来访。", 40_000, "友馆来访次数 ≥ 3次，参加研讨次数 ≥ 6次"),
    task("完善档案工作机制", "落实《云溪市档案条例》，召开2026年全市档案工作会议。", 100_000, "召开全市档案工作会议。"),
    task("保障日常办公正常运行", "做好综治工作。做好保密工作，维护涉密载体安全。", 150_000, "2026年12月31日前完成"),
)
INDICATORS = tuple(
    IndicatorRow(level1, f"{level2}指标", name, cycle, annual)
    for level1, level2, name, cycle, annual in (
        ("产出指标", "数量", "支出及时率", "按照年度计划，即使支付各项开支", "100%"),
        ("产出指标", "数量", "资金使用合规率(%)", "严格遵守财务制度，确保合规", "100%"),
        ("产出指标", "质量", "馆舍正常开放", "无出现重大失误", "无出现重大失误"),
        ("产出指标", "质量", "档案整理质量水平", "高质量完成各项整理", "高质量完成各项整理"),
        ("产出指标", "时效", "任务完成及时性", "按各项工作计划", "2026年12月31日前"),
        ("产出指标", "时效", "完成时间", "制定预算时的计划数", "2026年12月31日前"),
        ("效益指标", "成本", "资金支出进度(%)", "制定预算时的计划数", "100%"),
        ("效益指标", "成本", "严控馆内开支", "在预算范围内，控制各类开支", "在预算范围内，控制各类开支"),
        ("效益指标", "经济效益", "提升经济效益", "发挥档案作用", "不断扩大档案影响，全面提高知名度和美誉度"),
        ("效益指标", "社会效益", "宣传档案、提高云溪的知名度", "讲好云溪故事", "讲好云溪故事"),
        ("效益指标", "生态效益", "无", "无", "无"),
        ("效益指标", "可持续影响", "无", "无", "无"),
        ("效益指标", "服务对象满意度", "职工满意度(%)", "制定预算时的计划数", "100%"),
    )
)
