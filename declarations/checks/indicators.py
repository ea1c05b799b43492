"""Checks of the indicators and their target values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from declarations.checks.case import Case
from declarations.checks.catalogue import Finding, Need, enters
from declarations.checks.content import lacking
from declarations.problems import Severity
from declarations.table import IndicatorRow
from declarations.units import shorten
from indicators.taxonomy import Group
from indicators.value_grammar import words
from indicators.values import Target, ValueKind, is_nothing

DEMANDED_GROUPS = (Group.OUTPUT, Group.BENEFIT, Group.SATISFACTION)


@lru_cache(maxsize=64)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of the words; none of them where there are none."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


@enters(
    "T01",
    Severity.ERROR,
    "缺少产出、效益或满意度指标",
    "绩效指标应包括产出、效益和满意度三类（财预〔2015〕88号，财预〔2021〕101号）",
)
def group_is_missing(case: Case) -> Iterator[Finding]:
    """A row whose name says 无 is no indicator of its group."""
    present = {case.group(row) for _, row in case.indicators if row.name.strip() and not is_nothing(row.name)}
    for group in (group for group in DEMANDED_GROUPS if group not in present):
        if kinds := [str(kind) for _, kinds in case.form.taxonomy for kind in kinds if kind.group is group]:
            hint = f"请至少填写一项{group}，二级指标可选：{'、'.join(kinds)}。"
            yield Finding("indicators", f"绩效指标中没有{group}", hint)


@enters(
    "T07",
    Severity.ERROR,
    "三级指标名称重复",
    "同一指标只填一次；名称相同的两项指标无法分别考核",
)
def name_is_repeated(case: Case) -> Iterator[Finding]:
    """Under whatever 二级指标; a name that says 无 is no name."""
    first: dict[str, int] = {}
    for i, key in case.name_keys:
        earlier = first.setdefault(key, i)
        if earlier != i and not is_nothing(case.table.indicators[i].name):
            here, there = case.row_place("indicators", i), earlier + 1
            hint = "请合并为一项，或者修改名称，使两项指标区分得开。"
            yield Finding(f"indicators.{i}.name", f"{here}与第{there}项的三级指标名称相同", hint)


@enters(
    "V01",
    Severity.ERROR,
    "指标未填写名称或年度指标值",
    "绩效指标应细化、量化，每项指标都应有名称和年度指标值（财预〔2015〕88号 明确清晰性）",
)
def indicator_is_incomplete(case: Case) -> Iterator[Finding]:
    """What the edition demands of an indicator; a category left empty is none."""
    demanded = case.demanded("indicators")
    for i, row in case.indicators:
        for name in lacking(row, demanded):
            path = f"indicators.{i}.{name}"
            hint = HINTS.get(name, "请补充填写。").format(year=f"{case.year}年" if case.year else "")
            yield Finding(path, f"{case.place(path)}未填写", hint)


HINTS = {
    "name": "请填写三级指标的名称，或者删除这一行。",
    "annual_value": "请填写本年度要达到的值，例如“≥98%”“12次”“{year}12月31日前”。",
}

RATES = ("率", "满意度", "占比", "比例", "比重", "覆盖面")
GROWTH = words("增长 增幅 增速 涨幅 降幅 增加 提高 提升 上升 下降 降低 减少 同比 环比 较上年 比上年")
UNBOUNDED = words("收益率 回报率 负债率 周转率 拨备覆盖率 毛入学率 汇率 利润率 容积率")
MAY_BE_OUTSIDE = re.compile(r"[\d分－−–—‐―-](?:(?<=\d)\d\d|(?<=分)之|(?<![\d分]))")
"""Three digits, 分之 or a dash: only a value with one of them can be beyond 0 to 100 and needs parsing.
(A pattern that begins with one class of characters is searched for three times as fast.)"""
WHOLE = {"%": 100, "‰": 1000, "‱": 10_000, "": 100}


@enters(
    "V07",
    Severity.ERROR,
    "比率超出 0%—100%",
    "完成率、满意度、占比等比率不会高于100%或低于0%；增长率除外",
    rates="视为比率的指标名称用语",
    growth="表示增减的用语（不受此限）",
    unbounded="可以超过100%的比率",
)
def rate_is_impossible(
    case: Case,
    *,
    rates: tuple[str, ...] = RATES,
    growth: tuple[str, ...] = GROWTH,
    unbounded: tuple[str, ...] = UNBOUNDED,
) -> Iterator[Finding]:
    is_rate, is_apart = any_of(rates).search, any_of((*growth, *unbounded)).search
    for i, row in case.indicators:
        for name in ("cycle_value", "annual_value"):
            text = getattr(row, name)
            beyond = _beyond(case.targets(text)) if MAY_BE_OUTSIDE.search(text) else ()
            if not beyond or not is_rate(row.name) or is_apart(row.name):
                continue
            if bad := next((t for t in beyond if not is_apart(t.subject) and _is_percent(t, row.name)), None):
                path = f"indicators.{i}.{name}"
                message = f"{case.place(path)}“{shorten(bad.text)}”超出了0%至100%的范围"
                hint = "请核对数值；如果是增长率等可以超过100%的指标，请在指标名称中写明“增长”“下降”等。"
                yield Finding(path, message, hint)


def _beyond(targets: tuple[Target, ...]) -> list[Target]:
    """The percentages and bare numbers that no rate can reach; changes (增长5%) apart."""
    found = []
    for target in targets:
        if target.unit not in WHOLE or target.direction or target.kind not in (ValueKind.PERCENT, ValueKind.NUMBER):
            continue
        whole = WHOLE[target.unit]
        outside = any(number < 0 or number > whole for number in target.numbers)
        if outside or (target.operator == ">" and whole in target.numbers):
            found.append(target)
    return found


def _is_percent(target: Target, name: str) -> bool:
    """A bare number counts as one where the name gives % as its unit: 满意度(%)."""
    return target.kind is ValueKind.PERCENT or "%" in name or "％" in name


ANY_YEAR = re.compile(r"(?:19|20|１９|２０)\d\d")
"""Only a value with the digits of another year needs parsing."""
COMPARED = re.compile(r"(?:较|比|与|同|自|从|以|按|按照|根据|对比|相比|参照|截至)\s*$")
NOT_A_LIMIT = re.compile(r"\s*度?的?(?:水平|数据|基数|标准|基础|同期|平均|实际|执行|考核|方案|计划|规划|版|预算|决算)")
COMPLETES = re.compile(r"\s*度?\s*(?:全部|全面|按时|基本)?(?:完成|建成|实现|办结|竣工|验收|投入使用|交付|印发|开通)")


@enters(
    "Y02",
    Severity.ERROR,
    "完成时间不在申报年度内",
    "年度指标值是申报年度内要达到的目标，完成时间应在当年",
    needs=(Need.YEAR,),
)
def date_is_outside(case: Case) -> Iterator[Finding]:
    for i, row in case.indicators:
        years = ANY_YEAR.findall(row.annual_value)
        if years and {*map(int, years)} != {case.year} and (wrong := _outside(row, case)):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten(wrong.text)}”不在申报年度（{case.year}年）内"
            yield Finding(path, message, f"请改为{case.year}年内的时间，例如“{case.year}年12月31日前”。")


def _outside(row: IndicatorRow, case: Case) -> Target | None:
    """The first completion date of another year; the start of a period and a year compared with are none."""
    targets = case.targets(row.annual_value)
    begun: int | None = None
    for target, following in zip(targets, [*targets[1:], None], strict=True):
        date = target.date
        if date is None:
            begun = None
            continue
        if following and following.date and following.subject in ("-", "~", "至", "到"):
            begun = date.year
            continue
        year, begun = date.year or begun, None
        if year is not None and year != case.year and _is_completion(target, row.annual_value):
            return target
    return None


def _is_completion(target: Target, text: str) -> bool:
    after = text[target.end : target.end + 12]
    if target.operator or COMPARED.search(target.subject) or NOT_A_LIMIT.match(after):
        return False
    says_when = target.date.closes or target.date.month is not None or target.text == text.strip()
    return says_when or COMPLETES.match(after) is not None
