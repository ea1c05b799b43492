"""Invented tables with the shapes and the faults of published ones, and the sheets they would be printed on."""

from dataclasses import replace
from decimal import Decimal

from declarations.files.opening.sheet import Sheet
from declarations.sheet.layout import lay_out
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from declarations.sheet.units import grouped_amount

GOAL = (
    "统筹全市水资源配置和河湖保护，保障城乡供水和防汛安全。1、完成中小河流治理30公里，消除险工险段12处。"
    "2、健全水资源刚性约束制度，万元生产总值用水量较上年下降3%。\n3、推进智慧水务平台（二期）建设，年底前投入试运行。"
)


def sample(edition="2026", **changes):
    """A complete, balanced table of an invented water bureau."""
    values = {
        "department": "云溪市水务局",
        "year": 2026 if edition == "2026" else 2024,
        "staff_count": 86,
        "subordinate_unit_count": 3,
        "basic_expenditure": Decimal("2150.4567"),
        "project_expenditure": Decimal("980.00"),
        "fiscal_appropriation": Decimal("3100.4567"),
        "other_funds": Decimal("30.00"),
        "special_funds": Decimal("200.00"),
        "other_development_expenditure": Decimal("0.00"),
        "municipal_level_funds": Decimal("150.00"),
        "transfer_payment_funds": Decimal("50.00"),
        "overall_goal": GOAL,
        "key_tasks": TASKS,
        "indicators": INDICATORS_2026 if edition == "2026" else INDICATORS_2023,
    }
    return Table(edition, **(values | changes))


TASKS = (
    KeyTaskRow(
        "中小河流治理", "治理清溪河、白石河等中小河流，加固堤防、清淤疏浚。", Decimal("5600000"), "治理河长≥30公里"
    ),
    KeyTaskRow(
        "智慧水务平台（二期）", "建设水文监测站点、\n供水调度和预警模块。", Decimal("3200000"), "年底前投入试运行"
    ),
    KeyTaskRow("防汛抗旱", "储备防汛物资，组织应急演练2次。", Decimal("999999.99"), "险情处置及时率 100%"),
    KeyTaskRow("节水宣传", "开展“世界水日”宣传活动。", Decimal("0.01"), "发放资料5000份", is_optional=True),
)


def _indicators(cost_level, satisfaction_level, cycle):
    return (
        IndicatorRow("产出指标", "数量指标", "治理河长", cycle and "≥80公里", "≥30公里"),
        IndicatorRow("产出指标", "数量指标", "应急演练次数", cycle and "≥6次", "≥2次"),
        IndicatorRow("产出指标", "质量指标", "工程验收合格率", cycle and "100%", "100%"),
        IndicatorRow("产出指标", "时效指标", "平台上线时间", cycle and "2027年底前", "2026年12月31日前"),
        IndicatorRow(cost_level, "成本指标", "单位河长治理成本", cycle and "≤20万元/公里", "≤18.67万元/公里"),
        IndicatorRow("效益指标", "经济效益指标", "减少洪涝直接损失", cycle and "逐年下降", "≥1500万元"),
        IndicatorRow("效益指标", "社会效益指标", "供水受益人口", cycle and "≥60万人", "≥58万人"),
        IndicatorRow("效益指标", "生态效益指标", "无", cycle and "无", "无"),
        IndicatorRow("效益指标", "可持续影响指标", "万元生产总值用水量下降率", cycle and "≥10%", "≥3%"),
        IndicatorRow(satisfaction_level, "服务对象满意度指标", "用水户满意度", cycle and "≥92%", "≥90%"),
    )


INDICATORS_2026 = _indicators("效益指标", "效益指标", "是")
INDICATORS_2023 = _indicators("产出指标", "满意度指标", "")


def clean(edition="2026", **changes):
    """The sample without anything to object to: its figures are indicators, each task is linked to one."""
    table = sample(edition)
    tasks = [replace(task, id=f"task-{i}") for i, task in enumerate(table.key_tasks)]
    tasks[2] = replace(tasks[2], expected_outcome="物资验收合格率≥98%")
    tasks[3] = replace(tasks[3], expected_outcome="12月底前完成节水宣传")
    rows = list(table.indicators)
    rows[0] = replace(rows[0], tasks=tuple(task.id for task in tasks))
    rows[2] = replace(rows[2], cycle_value=rows[2].cycle_value and "≥98%", annual_value="≥98%")
    rows[3] = replace(rows[3], annual_value=f"{table.year}年12月31日前")
    rows[7] = replace(rows[7], name="不适用", annual_value="本年度任务不涉及生态修复")
    goal = GOAL.replace("，消除险工险段12处", "")
    parts = {"overall_goal": goal, "key_tasks": tuple(tasks), "indicators": tuple(rows)}
    return replace(table, **(parts | changes))


def rows_of(table):
    """The cells of the printed form as a list of rows, merged cells filled only at their first."""
    width = len(table.form.widths)
    rows = [[None] * width for _ in lay_out(table)]
    for line in lay_out(table):
        for cell in line:
            rows[cell.row - 1][cell.column - 1] = _stored(cell)
    return rows


def _stored(cell):
    if isinstance(cell.value, Decimal):
        return float(cell.value)
    return cell.value


def sheet_of(table, name="Sheet1", **changes):
    return Sheet(name, rows_of(table), **changes)


def text_of(table):
    """The form as tab-separated text, as copied out of a PDF: amounts grouped, no breaks inside a cell."""
    lines = [["" if value is None else _copied(value) for value in row] for row in rows_of(table)]
    return "\n".join("\t".join(line) for line in lines)


def _copied(value):
    return grouped_amount(Decimal(str(value))) if isinstance(value, float) else str(value).replace("\n", "")


def find(rows, text):
    """(row, column), from 0, of the first cell that holds exactly this text."""
    return next((i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if value == text)
