"""Checks of the names of indicators: T06 … T08."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from declarations.checks.case import CheckedCase, is_said
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.vague import is_hollow
from declarations.checks.words import any_of, starts_with
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.taxonomy import kind_of
from indicators.value_grammar import words_of
from indicators.values import ValueKind, is_nothing

ACTIONS = words_of("""
    提升 提高 宣传 加强 推进 推动 促进 完善 保障 严控 严格 控制 做好 落实 强化 深化 加快 改善 增强 扩大
    确保 维护 健全 积极 引导 防范 规范 降低 助力 巩固 拓展 弘扬 丰富
    营造 发挥 做实 抓好 抓实 大力 持续 进一步 有效提升 有效促进 有效保障 有效改善 切实 不断 着力 统筹推进
    全力 全面提升
    全面推进 全面加强 培育壮大 激发 释放 缓解 化解 遏制 杜绝 预防和 规避 守护 传承 繁荣 活跃 增加群众 刺激 满足
    畅通 夯实 筑牢 压实 确保 稳步 稳定 助推 赋能 擦亮 讲好 聚焦 形成 树立 培养 履行 贯彻 执行好 配合 协助 做大
    降本 严守 严格执行 逐步
""")
DOING = words_of("""
    完成 实施 举办 建设 改造 新建 编制 制定 出台 召开 修订 购置 采购 印发 组建 开展 组织
    建立 支持 服务 打造 优化 扩大 构建 带动 减少 压减 拉动
""")
"""Actions that name what is counted where the value counts it: 举办培训班 ≥3期."""
ENDING = re.compile(
    r"[\u4e00-\u9fff]{2}(?:不断|持续|有效|明显|显著|进一步|逐步|稳步|全面|得到|有所|大幅|切实)*"
    r"(?:提升|提高|增强|改善|完善|健全|优化|加强|促进|强化|深化|落实|推进|保障|巩固|降低|减少|到位)$"
)
"""A matter and what is to become of it: 服务水平不断提升. It is a work, where the value is a description."""
MEASURES = words_of("""
    率 数 量 额 次 人次 场次 批次 户次 时间 时限 时长 天数 周期 日期 进度 满意度 及时性 准确性 规范性 完整性
    合规性 有效性 比例 占比 比重 面积 长度 里程 成本 费用 支出 资金 金额 标准 单价 人员 人口 收入 产值 投资
    损失 程度 情况 能力指数 指数 指标 等级 名次 排名 得分 评分 覆盖面 期限 结果 浓度 强度 能耗 消耗 距离 用电
    增幅 降幅 增速 规模 项目 幅度 倍数 值 天 分 家 户 对象 企业 单位 学校 村 社区 家庭 物价 价格 年限 知名度指数
    安全性 可靠性 稳定性 规范性 公平性 便利性 时效性 排放 用量 耗水 缺口 差距 债务 贷款 融资 税收 税费
""")
NO_MEASURES = ("效率", "质量", "力量", "能量", "正能量")
"""Endings that only look like 率 or 量."""
BRACKETED = re.compile(r"[(（][^()（）]{0,20}[)）]\s*$")


@enters(
    "T06",
    Severity.WARNING,
    "指标名称是一项工作，不是指标",
    "三级指标应当是可以衡量的事项，而不是工作要求（财预〔2015〕88号 指标科学性）",
    actions="表示工作的开头用语",
    measures="表示可以衡量的结尾用语",
)
def name_is_an_action(
    case: CheckedCase, *, actions: tuple[str, ...] = ACTIONS, measures: tuple[str, ...] = MEASURES
) -> Iterator[CheckFinding]:
    """What begins with an action and ends in a measure (提升率, 培训开展次数) is a name; 提升……水平 is none."""
    begins, does = starts_with(actions).match, starts_with(DOING).match
    for i, row in case.indicators:
        name = BRACKETED.sub("", row.name[:LONGEST_NAME]).rstrip()
        is_action = begins(name) is not None
        if not is_action and is_said(row.annual_value) and (does(name) or ENDING.search(name[-20:])):
            is_action = not counts_something(case, row.annual_value)
        if is_action and (name.endswith(NO_MEASURES) or not name.endswith(measures)):
            message = f"{case.row_place('indicators', i)}的名称是工作要求，不是可以衡量的指标"
            hint = "请改为衡量这项工作成效的名称，例如“……增长率”“……次数”“……知晓率”。"
            yield CheckFinding(f"indicators.{i}.name", message, hint)


def counts_something(case: CheckedCase, value: str) -> bool:
    """Whether a value has a counted number, a date or a change: 14条, 增长5%; a level in per cent counts nothing."""
    targets = case.targets(value)
    return any(t.kind in (ValueKind.NUMBER, ValueKind.DATE) or t.direction is not None for t in targets)


@enters(
    "T07",
    Severity.ERROR,
    "三级指标名称重复",
    "同一指标只填一次；名称相同的两项指标无法分别考核",
)
def name_is_repeated(case: CheckedCase) -> Iterator[CheckFinding]:
    """Under whatever 二级指标; a name that says 无 is no name."""
    first: dict[str, int] = {}
    for i, key in case.name_keys:
        earlier = first.setdefault(key, i)
        if earlier != i and not is_nothing(case.table.indicators[i].name):
            here, there = case.row_place("indicators", i), earlier + 1
            hint = "请合并为一项，或者修改名称，使两项指标区分得开。"
            yield CheckFinding(f"indicators.{i}.name", f"{here}与第{there}项的三级指标名称相同", hint)


LONGEST_NAME = 200
"""Characters of a name that are looked at."""

FILLERS = words_of("各项 工作 任务 项目 全部 本年度 年度 全年 的 总 开展 实际 资金 经费 专项 相关 对 情况")
SYNONYMS = tuple(
    (re.compile(wrong), right)
    for wrong, right in (
        ("拨付|拨款|付款|支出", "支付"),
        ("按时|按期|准时|如期", "及时"),
        ("办理|处置|处理|办复", "办结"),
        ("社会公众|人民群众|服务群众|办事群众|广大群众|受益群众|公众|市民|居民|社会", "群众"),
        ("验收通过|验收合格|检验合格", "合格"),
    )
)
"""Words that say the same in the name of an indicator; those asked for their satisfaction only there."""
SAME_MEASURES = tuple(
    re.compile(rf"(?:{'|'.join(endings.split())})$")
    for endings in ("及时性 及时率 时间 时限 时效 期限 进度", "率 比例 占比 比重 情况 程度 水平", "数量 个数 总数 数")
)
"""Endings that measure the same thing of the same matter; between these groups they do not."""
LONG_VALUE = 10
"""Characters from which the same description of two indicators is no coincidence."""


@enters(
    "T08",
    Severity.WARNING,
    "两项指标内容相近",
    "内容相近的指标重复考核同一件事，应当合并或者区分",
    fillers="比较名称时不计的用语",
    longest="指标值相同即提示的最少字数",
)
def indicator_is_nearly_repeated(
    case: CheckedCase, *, fillers: tuple[str, ...] = FILLERS, longest: int = LONG_VALUE
) -> Iterator[CheckFinding]:
    """Under one 二级指标, names that differ in filling words alone, or one long description twice; T07 apart."""
    seen: dict[tuple[object, ...], tuple[int, str]] = {}
    keys = dict(case.name_keys)
    for i, row in case.real:
        kind, key = kind_of(row.level2) or row.level2, keys.get(i, "")
        marks: list[tuple[object, ...]] = [(kind, "name", *core_of(key, fillers))]
        if len(row.annual_value) >= longest and case.is_text(row.annual_value) and not is_hollow(row.annual_value):
            marks.append((kind, "value", row.annual_value.strip()))
        for mark in marks:
            earlier, other = seen.setdefault(mark, (i, key))
            if earlier != i and other != key:
                yield _nearly(case, i, earlier, "名称" if mark[1] == "name" else "年度指标值")
                break


def core_of(key: str, fillers: tuple[str, ...]) -> tuple[int, str]:
    """A name without filling words and its closing measure, and which group of measures that was."""
    return _remembered_core(key, fillers) if len(key) <= LONGEST_NAME else (-1, key)


@lru_cache(maxsize=4096)
def _remembered_core(key: str, fillers: tuple[str, ...]) -> tuple[int, str]:
    if key.endswith("满意度"):
        asked = SYNONYMS[3][0].sub(SYNONYMS[3][1], key.removesuffix("满意度"), count=1)
        return 9, any_of(fillers).sub("", asked) or "群众"
    for pattern, word in (*SYNONYMS[:3], SYNONYMS[4]):
        key = pattern.sub(word, key)
    if "及时" in key and key.endswith(("率", "性", "程度")):
        matter = any_of(fillers).sub("", SAME_MEASURES[0].sub("", key.replace("及时", "").rstrip("率性")))
        if matter and (matter != "完成" or key.endswith("及时性")):
            return 0, matter
    for group, pattern in enumerate(SAME_MEASURES):
        if ending := pattern.search(key, 1):
            return group, any_of(fillers).sub("", key[: ending.start()]) or key
    return -1, any_of(fillers).sub("", key) or key


def _nearly(case: CheckedCase, i: int, earlier: int, what: str) -> CheckFinding:
    here, there = case.row_place("indicators", i), case.table.indicators[earlier].name
    message = f"{here}与第{earlier + 1}项“{shorten_text(there, 20)}”的{what}相近，可能重复"
    return CheckFinding(f"indicators.{i}.name", message, "请合并为一项；确有不同的，请把名称写得区分得开。")
