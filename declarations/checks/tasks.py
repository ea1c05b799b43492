"""Checks of the tasks and of what links them to indicators: L01, L02, L04, L05."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, Need, enters
from declarations.checks.links import unmeasured_tasks
from declarations.checks.promises import is_carried, is_promised
from declarations.checks.words import any_of, has_any
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.value_grammar import words_of


@enters(
    "L01",
    Severity.INFO,
    "有资金的任务没有对应的指标",
    "安排了资金的任务应有指标衡量其产出和效果（财预〔2015〕88号 目标相关性）",
    needs=(Need.LINKS,),
)
def task_has_no_indicator(case: CheckedCase) -> Iterator[CheckFinding]:
    """One for each funded task that no indicator carries: by link, by a figure of its outcome, or by its words."""
    funded = [i for i, _ in enumerate(case.table.key_tasks) if case.funding[i]]
    rows = [row for _, row in case.indicators]
    is_linked = any(row.tasks for row in rows)
    why = "没有对应的绩效指标" if is_linked else "从数字和字面看，没有衡量它的绩效指标（按文字推断，请核对）"
    for i in unmeasured_tasks(case.table, funded, rows, case.carried, case.promised):
        message = f"{case.row_place('key_tasks', i)}安排了资金，但{why}"
        hint = "请补充衡量这项任务的指标，或者在已有指标中选择对应这项任务。"
        yield CheckFinding(f"key_tasks.{i}.name", message, hint)


@enters(
    "L02",
    Severity.WARNING,
    "任务承诺的数字没有列入指标",
    "任务期望达到的目标中的数字应由绩效指标承接，才能考核（财预〔2015〕88号 目标相关性）",
)
def promise_is_no_indicator(case: CheckedCase) -> Iterator[CheckFinding]:
    """The figures for which the fill page offers 设为指标; the operator may differ. Figures of law, ages and what is
    paid in are no promise, and what an indicator says otherwise is V17's."""
    carried = case.carried
    for i, made in enumerate(case.promised):
        for promise in made:
            if not is_carried(promise, carried) and is_promised(promise) and case.contradicting(promise) is None:
                path = f"key_tasks.{i}.expected_outcome"
                words_before = shorten_text((promise.target.subject + promise.value)[-30:])
                message = f"{case.place(path)}中的“{shorten_text(promise.value)}”没有指标承接"
                yield CheckFinding(path, message, f"请把“{words_before}”设为绩效指标，或者修改任务的目标。")


BASIC_COSTS = words_of("""
    人员经费 公用经费 人员工资 工资福利 基本工资 绩效工资 津贴补贴 津补贴 奖金发放 在职人员工资 离退休人员经费
    离退休费 退休费 社保缴费 社会保险缴费 职业年金缴费 住房公积金 日常公用 办公经费 水电费 工会经费 福利费
    人员支出 五险一金
    在编人员 工资津贴 工资发放 日常办公费 人头经费 基本支出不足 医疗保险缴费 养老保险缴费 年终奖 一次性奖金
    值班补助费
""")
OTHERS_COSTS = words_of("""
    生均公用经费 生均经费 公用经费补助 公用经费拨款 公用经费保障 公用经费定额 农民工 遗属 村级 村居 村干部
    社区 居委会 村委会 学校 中小学 义务教育 幼儿园 学生 居民 城乡 困难 企业 灵活就业 民办 代课 村医 乡村医生
    护林员 公益性岗位
    网格员 志愿者 优抚 孤儿 残疾 基层组织 基层党组织 两新 低保 特困 退役 退伍 军队 军休 下岗 失业 参保 缴存
    欠薪 拖欠 减免
    归集 执法 代缴 征缴 征收 基金 经办 稽核 审批 核定 政策 改革 监管 监督 补贴标准 缴费人数 领取 低收入 脱贫
""")
"""Whose costs are no basic expenditure of the department, where they stand in the same clause."""
CLAUSE = re.compile(r"[，。；;,、\n！？]")


@enters(
    "L04",
    Severity.WARNING,
    "项目支出中列有人员或公用经费",
    "人员经费和公用经费属于基本支出，不在项目支出中安排（《预算法实施条例》基本支出与项目支出的划分）",
    costs="属于基本支出的用语",
    others="表示不是本部门基本支出的用语（同一分句）",
)
def task_pays_for_basics(
    case: CheckedCase, *, costs: tuple[str, ...] = BASIC_COSTS, others: tuple[str, ...] = OTHERS_COSTS
) -> Iterator[CheckFinding]:
    """One a task, at the first cell that says so."""
    if not has_any(costs, case.all_text):
        return
    pattern = any_of(costs)
    for i, task in enumerate(case.table.key_tasks):
        for name in ("name", "content", "expected_outcome"):
            if found := _first_own(getattr(task, name), pattern, any_of(others)):
                message = f"{case.place(f'key_tasks.{i}.{name}')}含有“{found}”，属于基本支出"
                hint = "请从项目支出中调出，列入基本支出；确属项目开支的，请说明理由。"
                yield CheckFinding(f"key_tasks.{i}.{name}", message, hint)
                break


def _first_own(text: str, costs: re.Pattern[str], others: re.Pattern[str]) -> str:
    """The first basic cost in a text that the words around it do not give to somebody else, or nothing."""
    if not costs.search(text):
        return ""
    for clause in CLAUSE.split(text):
        found = costs.search(clause)
        if found and not others.search(clause):
            return found[0]
    return ""


SPENDING = words_of(
    "公务接待 接待费 因公出国 因公临时出国 因公出访 因公赴 出国（境） 出国(境) 公务用车 公务车 公车 会议费 培训费 三公"
)


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
