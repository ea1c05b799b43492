"""Why the invented departments leave what the checks doubt: a reason for each doubt, in the words offices use."""

from __future__ import annotations

from declarations.checks import Context, check
from declarations.findings.doubts import doubts_of
from declarations.sheet.table import Table

REASONS = {
    "B": "已与部门预算编制数核对一致，属年度工作安排变化。",
    "F": "已核实，按本部门实际情况填写。",
    "Y": "该年份为文件或项目名称的一部分，不作修改。",
    "T": "指标分类沿用上年批复的口径，与主管科室沟通一致。",
    "V": "指标值按年度工作计划核定，有台账可以佐证。",
    "L": "任务与指标的对应关系已在实施方案中明确。",
    "W": "表述与上级文件一致，予以保留。",
    "S": "不涉及不宜公开的内容，已经本单位保密审查。",
    "C": "属常年性工作，目标与上年基本一致。",
}
OTHERWISE = "已核实，与本部门年度工作计划一致。"


def reasons_for(table: Table, last_year: Table | None) -> dict[str, str]:
    """A reason for each doubt about a table, by its key."""
    doubts = doubts_of(table, check(table, context=Context(year=table.year, last_year=last_year)), {})
    return {doubt.key: REASONS.get(doubt.problem.code[:1], OTHERWISE) for doubt in doubts}
