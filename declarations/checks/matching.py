"""Whether the parts of an indicator fit together: V15 name and value, V17 cycle, year, task, V18 cost and bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.promises import is_promised
from declarations.checks.vague import is_graded, is_hollow
from declarations.checks.words import any_of, names_rate
from declarations.sheet.problems import Severity
from declarations.sheet.table import IndicatorRow
from declarations.sheet.units import shorten_text
from indicators.measures import measures_of
from indicators.taxonomy import CategoryGroup, IndicatorKind, kind_of
from indicators.value_grammar import words_of
from indicators.values import Target, ValueKind, parse

BRACKETED = re.compile(r"[(（][^()（）]{0,20}[)）]\s*$")
COUNTS = words_of("""
    次数 人数 人次 场次 户数 数量 个数 件数 份数 期数 篇数 家数 台数 套数 面积 里程 长度 金额 总额 额度 天数
    项数 吨数 亩数
    总量 产量 项目数 企业数 培训量 接待量
""")
TIMES = words_of("""
    完成时间 完成时限 完成日期 完成期限 竣工时间 完工时间 上线时间 办结时间 办理时限 办结时限 办理时间 印发时间
    发放时间 拨付时间
    支付时间 交付时间 投入使用时间 验收时间 响应时间 工期 时间节点 开工时间 启动时间 建成时间
""")
RATE_UNITS = ("%", "‰", "‱", "个百分点", "百分点", "", "成")


@enters(
    "V15",
    Severity.WARNING,
    "指标与指标值不匹配",
    "指标值应当是名称所说的那种量：比率用百分比，数量用带单位的数，时间用日期或期限（财预〔2021〕101号 指标值设定）",
    counts="以数量为值的名称结尾",
    times="以时间为值的名称结尾",
)
def value_does_not_fit(
    case: CheckedCase, *, counts: tuple[str, ...] = COUNTS, times: tuple[str, ...] = TIMES
) -> Iterator[CheckFinding]:
    """A rate with a text, a date or a count; a count with a percentage; a time with a percentage."""
    for i, row in case.real:
        wanted, hint = _wanted(case, row, counts, times)
        if wanted:
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(row.annual_value)}”与指标名称不匹配，应为{wanted}"
            yield CheckFinding(path, message, hint)


def misfitting_rows(case: CheckedCase) -> frozenset[int]:
    """Return the indicators whose value is to be replaced anyway, by the words of the catalogue."""
    return frozenset(i for i, row in case.real if _wanted(case, row, COUNTS, TIMES)[0])


def _wanted(case: CheckedCase, row: IndicatorRow, counts: tuple[str, ...], times: tuple[str, ...]) -> tuple[str, str]:
    """What a value should be by the name of its indicator, and an example; both empty where it is that."""
    targets = case.targets(row.annual_value)
    name = BRACKETED.sub("", row.name[-60:]).rstrip()
    kinds = {target.kind for target in targets}
    if names_rate(row.name):
        fits = any(map(_is_rate, targets)) or ValueKind.COMPARISON in kinds
        says_less = is_hollow(row.annual_value) or (kinds == {ValueKind.TEXT} and is_graded(row.annual_value))
        return (
            ("", "")
            if fits or says_less
            else ("百分比", "请改为百分比，例如“≥95%”；要考核数量或时间的，请修改指标名称。")
        )
    is_percentage = kinds == {ValueKind.PERCENT} and not any(target.direction for target in targets)
    if is_percentage and name.endswith(counts):
        return "带单位的数量", "请改为数量，例如“≥12次”；要考核比率的，请修改指标名称，例如“……完成率”。"
    if is_percentage and name.endswith(times):
        return (
            "日期或期限",
            "请改为日期或期限，例如“11月30日前”“5个工作日内”；要考核比率的，请修改指标名称，例如“……及时率”。",
        )
    return "", ""


def _is_rate(target: Target) -> bool:
    """A percentage, a part of a whole, or a number of so many in so many: 3人/万车."""
    if target.kind in (ValueKind.PERCENT, ValueKind.RATIO):
        return True
    return target.kind is ValueKind.NUMBER and (
        target.unit in RATE_UNITS or "/" in target.unit or target.numbers == (0,)
    )


FALLING = words_of("""
    下降 降低 减少 压减 缩减 死亡 发病 事故 投诉 差错 失误 案件 能耗 消耗 排放 浓度 时间 时限 时长 逾期 负债
    债务 空置 流失 违规
    信访 返贫 辍学 失业 赤字 缺口 隐患 耗水 用水量 发案 火灾 损失 周期 工期 退件 故障 成本 费用 单价 支出 存量
    欠薪 上访 撂荒
""")
"""What should become less: its value of the year may lie above that of the cycle."""


@enters(
    "V17",
    Severity.WARNING,
    "指标值前后矛盾",
    "实施周期与年度、任务与指标说的是同一件事，数字应当一致（财预〔2015〕88号 目标相关性）",
    falling="越少越好的指标用语（年度值可以高于实施周期值）",
)
def values_contradict(case: CheckedCase, *, falling: tuple[str, ...] = FALLING) -> Iterator[CheckFinding]:
    """The value of the year beyond that of the cycle, or another figure than the task of the same name promises."""
    for i, row in case.real:
        if row.cycle_value and (why := _beyond_cycle(case, row, falling)):
            path = f"indicators.{i}.annual_value"
            annual, cycle = shorten_text(row.annual_value), shorten_text(row.cycle_value)
            message = f"{case.place(path)}“{annual}”{why}实施周期指标值“{cycle}”"
            yield CheckFinding(path, message, "请核对两栏：年度是实施周期的一部分，方向应当一致，时间和数量不应超出。")
    for i, made in enumerate(case.promised):
        for promise in made:
            other = case.contradicting(promise) if is_promised(promise) else None
            if other is not None:
                path = f"key_tasks.{i}.expected_outcome"
                value = shorten_text(case.table.indicators[other].annual_value)
                place = case.row_place("indicators", other)
                message = f"{case.place(path)}中的“{shorten_text(promise.value)}”与{place}的“{value}”不一致"
                yield CheckFinding(path, message, "请核对后统一任务目标和指标值。")


UPWARD, DOWNWARD = ("≥", ">"), ("≤", "<")


def _beyond_cycle(case: CheckedCase, row: IndicatorRow, falling: tuple[str, ...]) -> str:
    """How the value of the year contradicts that of the cycle, in words; empty where it does not."""
    if len(row.cycle_value) + len(row.annual_value) > LONGEST_VALUES:
        return ""
    why = contradiction_of(row.cycle_value, row.annual_value)
    is_meant = why == MORE and (case.group(row) is CategoryGroup.COST or any_of(falling).search(row.name))
    return "" if is_meant else why


LONGEST_VALUES = 200
MORE = "大于"


@lru_cache(maxsize=4096)
def contradiction_of(cycle_value: str, annual_value: str) -> str:
    """Return how two values contradict each other in time, direction or number; both promise one thing, in one unit."""
    pair = parse(cycle_value), parse(annual_value)
    if len(pair[0]) != 1 or len(pair[1]) != 1:
        return ""
    cycle, year = pair[0][0], pair[1][0]
    if cycle.date and year.date:
        return "晚于" if cycle.date.year and year.date.year and year.date.year > cycle.date.year else ""
    if cycle.direction is not year.direction or len(measures_of(cycle)) != 1 or len(measures_of(year)) != 1:
        return ""
    [(whole, unit)], [(part, same)] = measures_of(cycle), measures_of(year)
    if unit != same or ValueKind.RATIO in (cycle.kind, year.kind):
        return ""
    signs = {cycle.operator, year.operator}
    if not signs.isdisjoint(UPWARD) and not signs.isdisjoint(DOWNWARD):
        return "的方向不同于"
    return MORE if signs.isdisjoint(DOWNWARD) and part > whole else ""


SAVED = words_of("""
    节约 节支 节省 下降 降低 压减 压缩 减少 核减 审减 降幅 缩减 标准 完成率 合规率 执行率
    达标率 及时率 准确率 投保 控制合规 生均 补差 低保 救助 补助 补贴 保障水平 待遇
""")
"""Names under a cost of which more is better."""
COSTS = frozenset(
    {IndicatorKind.COST, IndicatorKind.ECONOMIC_COST, IndicatorKind.SOCIAL_COST, IndicatorKind.ECOLOGICAL_COST}
)


@enters(
    "V18",
    Severity.WARNING,
    "成本指标写成越多越好",
    "成本指标反映预期的成本控制，应写不超过多少（财预〔2021〕101号 成本指标）",
    saved="越多越好的成本用语",
)
def cost_has_no_upper_bound(case: CheckedCase, *, saved: tuple[str, ...] = SAVED) -> Iterator[CheckFinding]:
    for i, row in case.real:
        if kind_of(row.level2) not in COSTS or any_of(saved).search(row.name):
            continue
        upward = next((target for target in case.targets(row.annual_value) if _only_rises(target)), None)
        if upward:
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(upward.text)}”写成了越多越好，成本应有上限"
            number = upward.text.lstrip("≥>≧＞⩾= ")
            yield CheckFinding(
                path, message, f"请写明上限，例如“≤{shorten_text(number)}”；反映节约的，请改为“成本节约率”等名称。"
            )


def _only_rises(target: Target) -> bool:
    return target.operator in UPWARD and not target.direction and target.kind in (ValueKind.NUMBER, ValueKind.PERCENT)
