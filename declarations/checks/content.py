"""Checks of completeness: what a submission must have, as the edition demands it."""

from __future__ import annotations

from collections.abc import Iterator

from declarations.checks.case import CheckedCase, is_blank
from declarations.checks.catalogue import CheckFinding, Need, enters
from declarations.sheet.official.fields import FieldKind
from declarations.sheet.problems import Severity
from declarations.sheet.table import KeyTaskRow, Row, cell_of


def is_empty(value: object) -> bool:
    """Null, or a text of nothing but white space; zero is an answer."""
    return not value.strip() if isinstance(value, str) else value is None


@enters(
    "F01",
    Severity.ERROR,
    "必填项未填写",
    "部门名称、财政供养人员数和总体绩效目标是申报表的必填内容（财预〔2015〕88号 规范完整性）",
)
def demanded_is_empty(case: CheckedCase) -> Iterator[CheckFinding]:
    for name, item in case.form.items.items():
        if item.demanded and is_empty(getattr(case.table, name)) and name not in case.table.unread:
            example = "请填写整数，例如 33。" if case.form.kind(name) is FieldKind.COUNT else f"请填写{item.text}。"
            yield CheckFinding(name, f"{item.text}未填写", item.help or example)


@enters(
    "F03",
    Severity.ERROR,
    "任务填写不完整",
    "每项任务应有名称、主要实施内容、拟投入的资金和期望达到的目标（财预〔2015〕88号 规范完整性）",
)
def task_is_incomplete(case: CheckedCase) -> Iterator[CheckFinding]:
    """One finding for each empty cell, one for a row that is empty altogether; an empty optional row says nothing."""
    demanded = [case.demanded(name) for name in ("key_tasks", "optional_tasks")]
    for i, task in enumerate(case.table.key_tasks):
        if lacks := lacking_fields(task, demanded[task.is_optional]):
            yield from _incomplete(case, i, task, lacks)


def lacking_fields(row: Row, demanded: list[str]) -> list[str]:
    """The demanded fields that are empty in a row."""
    return [name for name in demanded if is_empty(cell_of(row, name))]


def _incomplete(case: CheckedCase, i: int, task: KeyTaskRow, lacks: list[str]) -> Iterator[CheckFinding]:
    paths = [f"key_tasks.{i}.{name}" for name in lacks]
    open_paths = [path for path in paths if path not in case.table.unread]
    if is_blank(task) and open_paths == paths:
        if not task.is_optional:
            row = case.row_place("key_tasks", i)
            yield CheckFinding(paths[0], f"{row}整行未填写", "请填写这项任务，或者删除这一行。")
        return
    for path in open_paths:
        hint = "请填写金额，没有资金的填 0。" if path.endswith(".funding") else "请补充填写。"
        yield CheckFinding(path, f"{case.place(path)}未填写", hint)


@enters(
    "F04",
    Severity.WARNING,
    "总体绩效目标过短或过长",
    "总体绩效目标应概括全年工作和预期成效，既不空泛也不罗列（财预〔2015〕88号 明确清晰性）",
    shortest="最少字数",
    longest="最多字数",
)
def goal_is_too_short_or_long(case: CheckedCase, *, shortest: int = 50, longest: int = 800) -> Iterator[CheckFinding]:
    """Characters without white space; an empty goal is F01's."""
    length = len("".join(case.table.overall_goal.split()))
    if 0 < length < shortest:
        hint = f"请写明全年要做的主要工作和要达到的成效，不少于{shortest}字。"
        yield CheckFinding("overall_goal", f"总体绩效目标只有{length}字，少于{shortest}字", hint)
    elif length > longest:
        hint = f"请概括为{longest}字以内，具体做法写入各项任务。"
        yield CheckFinding("overall_goal", f"总体绩效目标有{length}字，多于{longest}字", hint)


@enters(
    "F05",
    Severity.WARNING,
    "基本信息与部门情况不符",
    "财政供养人员数和下属二级单位数应与部门的实际情况一致",
    needs=(Need.TREE,),
)
def basics_are_unlike_the_department(case: CheckedCase) -> Iterator[CheckFinding]:
    """The number of units as the department tree of the site has it."""
    table, units = case.table, case.context.subordinate_units
    if table.staff_count == 0:
        yield CheckFinding("staff_count", "财政供养人员数为0", "请核对；确无财政供养人员的，请说明理由。")
    if table.subordinate_unit_count is not None and table.subordinate_unit_count != units:
        message = f"下属二级单位数填报{table.subordinate_unit_count}个，系统中登记{units}个"
        hint = "请核对下属二级单位数；系统登记有误的，请联系财政局更正。"
        yield CheckFinding("subordinate_unit_count", message, hint)
