"""Checks of rows that are no indicator of their own: T10 fillers, T11 two in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of
from declarations.sheet.problems import Severity
from declarations.sheet.table import IndicatorRow
from declarations.sheet.units import shorten_text
from indicators.measures import plain_unit
from indicators.value_grammar import words_of
from indicators.values import Target, ValueKind

FILLERS = words_of("""
    目标明确性 目标合理性 绩效目标明确性 绩效目标合理性 绩效指标明确性 指标明确性 资金到位率 资金到位及时率
    资金到位及时性 立项规范性
    立项依据充分性 立项程序规范性 项目立项规范性 立项充分性 预算编制科学性 预算编制完整性 预算编制合理性
    预算编制规范性 资金分配合理性
    管理制度健全性 制度健全性 制度执行有效性 组织机构健全性 经费到位率 预算到位率 配套资金到位率 绩效自评完成率
    绩效管理规范性
""")
"""What an evaluator scores of any project: it says nothing of what the department achieves."""
GENERAL = words_of(
    "各项 年度 全年 重点 工作 任务 项目 计划 目标 总体 本年 部门 单位 业务 职能 按时 预定 既定 全部 日常 上级 交办 下达"
)
MEASURES = words_of(
    "次数 人数 人次 场次 户数 数量 个数 件数 份数 期数 篇数 家数 台数 面积 里程 长度 项目数 学校数 企业数 数"
)
SUFFIX = re.compile(rf"(?:{'|'.join(MEASURES)})$")
BRACKETED = re.compile(r"[(（][^()（）]{0,20}[)）]\s*$")


@enters(
    "T10",
    Severity.WARNING,
    "指标没有实际意义",
    "绩效指标应反映部门自身的产出和效果，不以目标明确、资金到位来凑数（财预〔2015〕88号 指标科学性）",
    fillers="没有实际意义的指标名称",
    general="不表示具体事项的用语",
)
def indicator_fills_a_row(
    case: CheckedCase, *, fillers: tuple[str, ...] = FILLERS, general: tuple[str, ...] = GENERAL
) -> Iterator[CheckFinding]:
    """Names that an evaluator scores, and the 完成率 of what another row counts or of no matter at all."""
    counted = {
        SUFFIX.sub("", name): i
        for i, row in case.real
        if SUFFIX.search(name := plain_name(row.name))
        and any(target.kind is ValueKind.NUMBER for target in case.targets(row.annual_value))
    }
    for i, row in case.real:
        name = plain_name(row.name)
        why = ""
        if name in fillers or name.removeprefix("项目") in fillers:
            why = "不反映部门自身的产出和效果"
        elif name.endswith("完成率"):
            why = _filling(name.removesuffix("完成率"), counted, any_of(general))
        if why:
            message = f"{case.row_place('indicators', i)}{why}"
            yield CheckFinding(f"indicators.{i}.name", message, "请改为反映具体产出或效果的指标，或者删除这一行。")


def plain_name(name: str) -> str:
    """Return a name without a closing bracket and white space."""
    return "".join(BRACKETED.sub("", name[:100]).split())


def _filling(matter: str, counted: dict[str, int], general: re.Pattern[str]) -> str:
    """Why the rate of completion of ``matter`` fills a row, empty where it does not."""
    own = general.sub("", matter)
    if not own:
        return "没有说明完成的是什么"
    stem = SUFFIX.sub("", matter)
    other = next(
        (i for base, i in counted.items() if len(base) > 1 and (stem in (base, own) and base in (stem, own))), None
    )
    other = counted.get(stem, counted.get(own)) if other is None else other
    return "" if other is None else f"与第{other + 1}项的数量重复：数量完成了，完成率就是100%"


APART = re.compile(r"[、，,；;/及和与]")
WHOLE_WORDS = re.compile(
    r"及时|普及|以及|涉及|及格|危及|触及|波及|和谐|总和|饱和|缓和|和平|和睦|调和|中和|参与|给予|与会|及以上|和美|惠及|共和|附和|和解"
)
ONE_MEASURE = re.compile(
    r"(?:[率数次额]|人次|满意度|知晓度|面积|里程|金额|时间|数量|产量|长度|及时性|合规性|规范性|准确性|完整性)(?:[(（][^()（）]{0,12}[)）])?$"
)
INNER_UNITS = frozenset(words_of("年 月 日 天 个月 小时 个小时 分钟 个工作日 工作日 岁 级 星 秒 周 周岁 学时 课时"))
"""Units of a condition: 2小时内到达率≥95%, 60岁以上≥90%."""


@enters(
    "T11",
    Severity.WARNING,
    "一行写了两项指标",
    "一行只考核一项内容，才能分别打分（财预〔2021〕101号 指标设置）",
)
def row_holds_two(case: CheckedCase) -> Iterator[CheckFinding]:
    """Two measures in a name (场次和人数), or figures of several units in a value."""
    for i, row in case.real:
        if holds_two_names(row.name):
            message = f"{case.row_place('indicators', i)}的名称“{shorten_text(row.name)}”含有两项内容"
            yield CheckFinding(f"indicators.{i}.name", message, "请拆成两行，每行一个名称、一个指标值。")
        elif _holds_two_values(case, row):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(row.annual_value)}”含有几项不同的内容"
            yield CheckFinding(path, message, "请拆成几行，每行一个名称、一个指标值。")


@lru_cache(maxsize=4096)
def holds_two_names(name: str) -> bool:
    """Whether two parts of a name each end in a measure: 培训场次及人数, 知晓率、满意度."""
    plain = WHOLE_WORDS.sub("◇", BRACKETED.sub("", name[:100]))
    parts = [part.strip() for part in APART.split(plain)]
    return len(parts) > 1 and sum(ONE_MEASURE.search(part) is not None for part in parts) > 1


def _holds_two_values(case: CheckedCase, row: IndicatorRow) -> bool:
    if len(row.annual_value) > 200:
        return False
    targets = [target for target in case.targets(row.annual_value) if _is_result(target)]
    units = {plain_unit(target.unit)[0] for target in targets}
    if len(units) > 1:
        return True
    subjects = [target.subject for target in targets]
    return (
        len(targets) > 1 and len(set(subjects)) == len(subjects) > 1 and all(len(subject) > 2 for subject in subjects)
    )


def _is_result(target: Target) -> bool:
    is_number = target.kind in (ValueKind.NUMBER, ValueKind.PERCENT)
    return is_number and bool(target.unit) and not target.direction and target.unit not in INNER_UNITS
