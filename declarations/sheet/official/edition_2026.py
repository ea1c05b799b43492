"""Edition 2026: 部门整体预算绩效目标申报表 of 2025 on. Six columns, task funding in 元, two value columns."""

from declarations.sheet.official.shape import Edition, Grid, Heading, Item, Section
from declarations.sheet.units import Unit
from indicators.taxonomy import IndicatorKind

TASK_COLUMNS = (
    Item("name", "名称", "B", demanded=True),
    Item("content", "主要实施内容", "C", demanded=True),
    Item("funding", "拟投入的资金(元)", "D", unit=Unit.YUAN, demanded=True),
    Item("expected_outcome", "期望达到的目标(概述)", "E:F", demanded=True),
)

EDITION_2026 = Edition(
    code="2026",
    name="2026年版（2025年度起）",
    title="部门整体预算绩效目标申报表",
    years=(2025, None),
    widths=(12, 20, 33, 19, 20, 20),
    sections=(
        Section("部门名称", ((Item("department", "部门名称", "B:F", demanded=True),),)),
        Section(
            "基本信息",
            (
                (
                    Item("staff_count", "财政供养人员数", "C", "B", demanded=True),
                    Item("subordinate_unit_count", "下属二级单位数", "E:F", "D"),
                ),
            ),
        ),
        Section(
            "预算整体情况",
            (
                (
                    Heading("部门预算支出", "B"),
                    Heading("预算金额(万元)", "C", Unit.WAN),
                    Heading("收入来源", "D"),
                    Heading("预算金额(万元)", "E:F", Unit.WAN),
                ),
                (
                    Item("basic_expenditure", "基本支出", "C", "B", Unit.WAN),
                    Item("fiscal_appropriation", "财政拨款", "E:F", "D", Unit.WAN),
                ),
                (
                    Item("project_expenditure", "项目支出", "C", "B", Unit.WAN),
                    Item("other_funds", "其他资金", "E:F", "D", Unit.WAN),
                ),
                (
                    Heading("事业发展性支出", "B"),
                    Heading("预算金额(万元)", "C", Unit.WAN),
                    Heading("按预算级次划分", "D"),
                    Heading("预算金额(万元)", "E:F", Unit.WAN),
                ),
                (
                    Item("special_funds", "财政专项资金", "C", "B", Unit.WAN),
                    Item("municipal_level_funds", "市本级使用资金", "E:F", "D", Unit.WAN),
                ),
                (
                    Item("other_development_expenditure", "其他事业发展性支出", "C", "B", Unit.WAN),
                    Item("transfer_payment_funds", "拟用于向下转移支付资金", "E:F", "D", Unit.WAN),
                ),
            ),
        ),
        Section("总体绩效目标", ((Item("overall_goal", "总体绩效目标", "B:F", demanded=True),),)),
        Grid("年度重点工作任务", "key_tasks", TASK_COLUMNS),
        Grid("其他需完成的任务(可选项)", "key_tasks", TASK_COLUMNS, optional=True),
        Grid(
            "绩效指标",
            "indicators",
            (
                Item("level1", "一级指标", "B"),
                Item("level2", "二级指标", "C"),
                Item("name", "三级指标", "D", demanded=True),
                Item("cycle_value", "实施周期指标值", "E"),
                Item("annual_value", "年度指标值", "F", demanded=True),
            ),
        ),
    ),
    taxonomy=(
        ("产出指标", (IndicatorKind.QUANTITY, IndicatorKind.QUALITY, IndicatorKind.TIMELINESS)),
        (
            "效益指标",
            (
                IndicatorKind.COST,
                IndicatorKind.ECONOMIC,
                IndicatorKind.SOCIAL,
                IndicatorKind.ECOLOGICAL,
                IndicatorKind.SUSTAINABLE,
                IndicatorKind.SATISFACTION,
            ),
        ),
    ),
)
