"""Checks of what is to be reached: T09 nothing measurable in an outcome or the goal, L06 figures of the goal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase, is_blank
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.promises import Promise, is_carried, is_promised, promises_of
from declarations.checks.words import any_of, has_digit
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.value_grammar import words_of
from indicators.values import ValueKind

RESULTS = words_of("""
    建成 竣工 完工 投入使用 投入试运行 试运行 上线 通过验收 验收合格 通过评审 印发 出台 颁布 发布 挂牌 揭牌
    通车 投产 开园 开馆
    开放 交付 入库 签订 签约 获批 立项 通过审批 取得证 摘牌 封顶 启用 完成编制 编制完成 形成报告 全覆盖 零事故
    零投诉 零发生
    清零 应保尽保 应助尽助 达标 认证 创建成功 获评 获得奖 获得称号 完成改造 完成建设 完成普查 完成搬迁 完成采购
    完成安装
    完成迁移 召开
    评选出 落地 前列 优秀 良好以上 合格 类水质 Ⅰ类 Ⅱ类 Ⅲ类 Ⅳ类 一级 二级 甲级 国家级 省级 持平 名列
    完成换届 完成审计 完成评估 完成修编
    完成整治
""")
"""Results that are there or not: whoever checks needs no number."""
COMPLETED = re.compile(
    r"完成[^，。；]{1,20}(?:项目|建设|改造|迁移|升级|修缮|采购|安装|编制|普查|搬迁|验收|修编|部署|对接|移交|换届|审计|更新|清查|调查)"
)
LONGEST_GOAL = 2_000


@enters(
    "T09",
    Severity.WARNING,
    "任务的目标没有可以衡量的内容",
    "任务期望达到的目标应当细化、量化，能够检查是否完成（财预〔2015〕88号 明确清晰性）",
    results="可以检查的结果用语",
)
def outcome_is_not_measurable(case: CheckedCase, *, results: tuple[str, ...] = RESULTS) -> Iterator[CheckFinding]:
    """A task's outcome without number, date or a result that is there or not; a goal that has none, as a hint."""
    for i, task in enumerate(case.table.key_tasks):
        text = task.expected_outcome
        if text.strip() and not is_blank(task) and not is_measurable(case, text, results):
            path = f"key_tasks.{i}.expected_outcome"
            message = f"{case.place(path)}没有数量、比率、时间或者可以检查的结果"
            yield CheckFinding(path, message, "请写明做到什么程度，例如完成的数量、达到的比率、完成的日期。")
    goal = case.table.overall_goal[:LONGEST_GOAL]
    if goal.strip() and not is_measurable(case, goal, results):
        hint = "请补充全年要达到的主要数量、比率或者时间。"
        yield CheckFinding("overall_goal", "总体绩效目标通篇没有可以衡量的内容", hint, Severity.INFO)


def is_measurable(case: CheckedCase, text: str, results: tuple[str, ...] = RESULTS) -> bool:
    """Whether a text promises something that can be checked."""
    if any_of(results).search(text) or COMPLETED.search(text):
        return True
    return any(target.is_measurable or target.kind is ValueKind.COMPARISON for target in case.targets(text))


NOT_A_RESULT = re.compile(
    r"(?:十[二三四五]五|第|中心|领域|围绕|聚焦|坚持|构建|实施|打造|推动|统筹|做好|现有|目前|现|已|上年|去年|截至)[^，。；,;]{0,6}$"
)
LAST_CLAUSE = re.compile(r"[，。；,;：:、\n]")
COUNTS_NOTHING = ("个", "大", "项", "类", "年", "月", "天", "级", "岁", "届", "周年")
"""Units of what a goal lists rather than promises: “三个一批”“5大产业”“8项行动”, when nothing in front promises it."""
PROMISING = re.compile(
    r"(?:完成|新增|新建|改造|建成|组织|举办|开展|发放|培训|达|率|不少于|不低于|以上|消除|整治|救助|受理|查处|引进|≥|≤)"
)


WITHIN = ("分钟", "小时", "个小时", "天", "日", "个工作日", "工作日", "个月", "年", "秒")


def _is_condition(goal: str, promise: Promise) -> bool:
    """A time that only says of what: 5分钟内到达率, 24小时自助图书馆."""
    if promise.target.unit not in WITHIN:
        return False
    return not promise.target.operator or RATE_OF.match(goal, promise.target.end) is not None


RATE_OF = re.compile(r"[^，。；、]{0,10}率")


@enters(
    "L06",
    Severity.INFO,
    "总体绩效目标的数字没有列入指标",
    "总体绩效目标提出的数量和比率应由绩效指标承接，才能考核（财预〔2015〕88号 目标相关性）",
)
def goal_is_no_indicator(case: CheckedCase) -> Iterator[CheckFinding]:
    """One for the table, with the figures; what a task repeats is L02's."""
    goal = case.table.overall_goal
    if not has_digit(goal[:LONGEST_GOAL]) or not case.indicators:
        return
    in_tasks = "".join(task.expected_outcome for task in case.table.key_tasks)
    missing = [
        promise
        for promise in promises_of(goal[:LONGEST_GOAL])
        if is_promised(promise)
        and not _is_condition(goal, promise)
        and not NOT_A_RESULT.search(promise.target.subject[-30:])
        and (
            promise.target.unit not in COUNTS_NOTHING
            or promise.target.operator
            or PROMISING.search(promise.target.subject[-12:])
        )
        and not is_carried(promise, case.carried)
        and promise.value not in in_tasks
    ]
    if missing:
        said = "、".join(
            f"“{shorten_text(LAST_CLAUSE.split(promise.target.subject)[-1][-12:] + promise.value, 24)}”"
            for promise in missing[:3]
        )
        more = f"等{len(missing)}处" if len(missing) > 3 else ""
        message = f"总体绩效目标中的{said}{more}没有指标承接"
        yield CheckFinding("overall_goal", message, "请设为绩效指标，或者核对目标中的数字是否需要。")
