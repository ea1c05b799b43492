"""Edition 2023: 市级部门整体预算绩效目标表 of 2023 and 2024. Five columns, task funding in 万元, one value column."""

from declarations.sheet.official.shape import Edition, Grid, Heading, Item, Section
from declarations.sheet.units import Unit
from indicators.taxonomy import IndicatorKind

TASK_COLUMNS = (
    Item("name", "名称", "B", demanded=True),
    Item("content", "主要实施内容", "C", demanded=True),
    Item("funding", "拟投入的资金（万元）", "D", unit=Unit.WAN, demanded=True),
    Item("expected_outcome", "期望达到的目标（概述）", "E", demanded=True),
)

EDITION_2023 = Edition(
    code="2023",
    name="2023年版（2023—2024年度）",
    title="{year}年市级部门整体预算绩效目标表",
    years=(2023, 2024),
    widths=(13, 20, 34, 23, 26),
    sections=(
        Section("部门名称", ((Item("department", "部门名称", "B:E", demanded=True),),)),
        Section(
            "基本信息",
            (
                (
                    Item("staff_count", "财政供养人员数", "C", "B", demanded=True),
                    Item("subordinate_unit_count", "下属二级单位数", "E", "D"),
                ),
            ),
        ),
        Section(
            "预算整体情况",
            (
                (
                    Heading("部门预算支出", "B"),
                    Heading("预算金额（万元）", "C", Unit.WAN),
                    Heading("收入来源", "D"),
                    Heading("预算金额（万元）", "E", Unit.WAN),
                ),
                (
                    Item("basic_expenditure", "基本支出", "C", "B", Unit.WAN),
                    Item("fiscal_appropriation", "财政拨款", "E", "D", Unit.WAN),
                ),
                (
                    Item("project_expenditure", "项目支出", "C", "B", Unit.WAN),
                    Item("other_funds", "其他资金", "E", "D", Unit.WAN),
                ),
                (
                    Heading("事业发展性支出", "B"),
                    Heading("预算金额（万元）", "C", Unit.WAN),
                    Heading("按预算级次划分", "D"),
                    Heading("预算金额（万元）", "E", Unit.WAN),
                ),
                (
                    Item("special_funds", "财政专项资金", "C", "B", Unit.WAN),
                    Item("municipal_level_funds", "市本级使用资金", "E", "D", Unit.WAN),
                ),
                (
                    Item("other_development_expenditure", "其他事业发展性支出", "C", "B", Unit.WAN),
                    Item("transfer_payment_funds", "拟用于对下转移支付资金", "E", "D", Unit.WAN),
                ),
            ),
        ),
        Section("总体绩效目标", ((Item("overall_goal", "总体绩效目标", "B:E", demanded=True),),)),
        Grid("年度重点工作任务", "key_tasks", TASK_COLUMNS),
        Grid("其他需完成的任务（可选填）", "key_tasks", TASK_COLUMNS, optional=True),
        Grid(
            "绩效指标",
            "indicators",
            (
                Item("level1", "一级指标", "B"),
                Item("level2", "二级指标", "C"),
                Item("name", "三级指标", "D", demanded=True),
                Item("annual_value", "指标值", "E", demanded=True),
            ),
        ),
    ),
    taxonomy=(
        ("产出指标", (IndicatorKind.QUANTITY, IndicatorKind.QUALITY, IndicatorKind.TIMELINESS, IndicatorKind.COST)),
        (
            "效益指标",
            (IndicatorKind.ECONOMIC, IndicatorKind.SOCIAL, IndicatorKind.ECOLOGICAL, IndicatorKind.SUSTAINABLE),
        ),
        ("满意度指标", (IndicatorKind.SATISFACTION,)),
    ),
)
