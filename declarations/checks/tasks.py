"""Checks of the tasks and of what links them to indicators: L01, L02, L04, L05."""

from __future__ import annotations

from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.promises import carried_by, is_carried, promises_of
from declarations.checks.words import any_of, has_any
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.value_grammar import words


@enters(
    "L01",
    Severity.WARNING,
    "有资金的任务没有对应的指标",
    "安排了资金的任务应有指标衡量其产出和效果（财预〔2015〕88号 目标相关性）",
)
def task_has_no_indicator(case: CheckedCase) -> Iterator[CheckFinding]:
    """One for the table where nothing is linked at all, else one for each funded task that no indicator names."""
    funded = [(i, task) for i, task in enumerate(case.table.key_tasks) if case.funding[i]]
    linked = {key for _, row in case.indicators for key in row.tasks}
    if funded and not linked:
        message = f"{len(funded)}项安排了资金的任务都没有对应的绩效指标"
        yield CheckFinding("key_tasks", message, "请在绩效指标中为每项任务选择衡量它的指标（“对应任务”）。")
        return
    for i, task in funded:
        if task.id not in linked:
            message = f"{case.row_place('key_tasks', i)}安排了资金，但没有对应的绩效指标"
            yield CheckFinding(
                f"key_tasks.{i}.name", message, "请补充衡量这项任务的指标，或者在已有指标中选择对应这项任务。"
            )


@enters(
    "L02",
    Severity.WARNING,
    "任务承诺的数字没有列入指标",
    "任务期望达到的目标中的数字应由绩效指标承接，才能考核（财预〔2015〕88号 目标相关性）",
)
def promise_is_no_indicator(case: CheckedCase) -> Iterator[CheckFinding]:
    """The figures for which the fill page offers 设为指标; the operator may differ."""
    carried = carried_by(case.table.indicators)
    for i, task in enumerate(case.table.key_tasks):
        for promise in promises_of(task.expected_outcome):
            if not is_carried(promise, carried):
                path = f"key_tasks.{i}.expected_outcome"
                words_before = shorten_text((promise.target.subject + promise.value)[-30:])
                message = f"{case.place(path)}中的“{shorten_text(promise.value)}”没有指标承接"
                yield CheckFinding(path, message, f"请把“{words_before}”设为绩效指标，或者修改任务的目标。")


BASIC_COSTS = words("""
    人员经费 公用经费 人员工资 工资福利 基本工资 绩效工资 津贴补贴 津补贴 奖金发放 在职人员工资 离退休人员
    退休费 社保缴费 社会保险缴费 职业年金缴费 住房公积金缴 日常公用 办公经费 水电费 工会经费 福利费
""")


@enters(
    "L04",
    Severity.WARNING,
    "项目支出中列有人员或公用经费",
    "人员经费和公用经费属于基本支出，不在项目支出中安排（《预算法实施条例》基本支出与项目支出的划分）",
    costs="属于基本支出的用语",
)
def task_pays_for_basics(case: CheckedCase, *, costs: tuple[str, ...] = BASIC_COSTS) -> Iterator[CheckFinding]:
    """One a task, at the first cell that says so."""
    if not has_any(costs, case.all_text):
        return
    pattern = any_of(costs)
    for i, task in enumerate(case.table.key_tasks):
        for name in ("name", "content", "expected_outcome"):
            if found := pattern.search(getattr(task, name)):
                message = f"{case.place(f'key_tasks.{i}.{name}')}含有“{found[0]}”，属于基本支出"
                hint = "请从项目支出中调出，列入基本支出；确属项目开支的，请说明理由。"
                yield CheckFinding(f"key_tasks.{i}.{name}", message, hint)
                break


SPENDING = words("出访 出国 接待 招待 培训 会议 公务用车 公务车 车辆")


@enters(
    "L05",
    Severity.INFO,
    "涉及“三公”经费和会议、培训",
    "出国（境）、公务接待、公务用车、会议、培训费用应控制在核定的预算内（中央八项规定及其实施细则，《党政机关厉行节约反对浪费条例》）",
    spending="有关的用语",
)
def task_may_spend_on_hospitality(case: CheckedCase, *, spending: tuple[str, ...] = SPENDING) -> Iterator[CheckFinding]:
    """One for the table: it is a reminder."""
    if not has_any(spending, case.all_text):
        return
    pattern = any_of(spending)
    texts = [f"{task.name}\n{task.content}\n{task.expected_outcome}" for task in case.table.key_tasks]
    found = [(str(i), sorted(set(pattern.findall(text)))) for i, text in enumerate(texts, 1) if pattern.search(text)]
    if found:
        said = "、".join(dict.fromkeys(word for _, matched in found for word in matched))
        message = f"任务第{'、'.join(number for number, _ in found)}项涉及{said}"
        hint = "请核对“三公”经费、会议费和培训费预算，确认没有超出核定数。"
        yield CheckFinding("key_tasks", message, hint)
