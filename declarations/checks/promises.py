"""Numbers that a task promises in its 期望达到的目标, and whether an indicator carries them.

``治理河长≥30公里`` promises 治理河长, ≥30公里, a 数量指标. Where no indicator carries it, it can become one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from declarations.sheet.official import Edition
from declarations.sheet.table import IndicatorRow, Table
from indicators.measures import measures_of
from indicators.taxonomy import IndicatorKind
from indicators.values import Target, ValueKind, parse

COUNTED = (ValueKind.NUMBER, ValueKind.PERCENT, ValueKind.RATIO)
LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Promise:
    """A number as written, what it is about, and the indicator that it would make."""

    target: Target
    name: str
    kind: IndicatorKind

    @property
    def value(self) -> str:
        return self.target.text.strip()


def promises_of(text: str) -> list[Promise]:
    """What a text promises in figures, in its order; dates are none, nor are spelt numbers (一次) and bare digits."""
    targets = parse(text)
    found = []
    for i, target in enumerate(targets):
        if not is_figure(target):
            continue
        begin = targets[i - 1].end if i else 0
        limit = targets[i + 1].start if i + 1 < len(targets) else len(text)
        name = _name(target, text[begin : target.start], text[target.end : limit])
        found.append(Promise(target, name, _kind(target, name)))
    return found


def is_figure(target: Target) -> bool:
    says_what = target.unit or target.operator or target.kind is ValueKind.RATIO
    return target.kind in COUNTED and bool(says_what) and any(map(str.isdecimal, target.text))


LAWFUL = re.compile(r"(?:法定|规定|依法|按照|依据|根据|标准为|补助标准|标准|政策|条例|办法)[^，。；,;]{0,10}$")
PAID_IN = re.compile(r"(?:投入|安排|资金|经费|预算|下达|拨付|争取|补助|补贴)[^，。；,;\d]{0,6}$")
AGES = ("岁", "周岁", "年级", "级", "星")


def is_promised(promise: Promise) -> bool:
    """Whether a figure is a result to come: no age or grade, no figure of law (法定60日), no money paid in."""
    target = promise.target
    if target.unit in AGES or LAWFUL.search(target.subject):
        return False
    return not (target.unit.endswith("元") and PAID_IN.search(target.subject))


Figure = tuple[object, str]
"""A number with its unit, whatever scale; or the two sides of a ratio."""


def carried_by(indicators: Iterable[IndicatorRow]) -> dict[Figure, list[str]]:
    """The figures in the values of the indicators, each with the names of those that have it."""
    names: dict[Figure, list[str]] = defaultdict(list)
    for row in indicators:
        for target in (*parse(row.annual_value), *parse(row.cycle_value)):
            for figure in _figures(target):
                names[figure].append(row.name)
    return names


def is_carried(promise: Promise, carried: Mapping[Figure, list[str]]) -> bool:
    """Whether the number, with its unit, is in a value of an indicator; a percentage, which is in many, must
    also be about the same thing. A value without a unit may have it in the indicator's name."""
    figures = _figures(promise.target)
    if promise.target.kind is not ValueKind.RATIO:
        figures += [(number, "") for number, _ in figures]
    names = [name for figure in figures for name in carried.get(figure, ())]
    if not names and _is_head_count(promise, carried):
        return True
    if promise.target.kind is not ValueKind.PERCENT or not promise.name:
        return bool(names)
    pairs = pairs_of(promise.name) if names else set()
    return any(not pairs.isdisjoint(pairs_of(name)) for name in names)


HEADS = {"人": "人次", "人次": "人"}


def _is_head_count(promise: Promise, carried: Mapping[Figure, list[str]]) -> bool:
    """Whether the same number of 人 or 人次 is in an indicator about the same thing: the unit is V11's."""
    figures = [(number, HEADS[unit]) for number, unit in measures_of(promise.target) if unit in HEADS]
    names = [name for figure in figures for name in carried.get(figure, ())]
    return bool(names) and any(not pairs_of(promise.name).isdisjoint(pairs_of(name)) for name in names)


def open_promises(table: Table) -> dict[str, list[Promise]]:
    """By task id, the promises that no indicator carries; tasks without any are left out."""
    found = {task.id: promises_of(task.expected_outcome) for task in table.key_tasks if task.expected_outcome}
    carried = carried_by(table.indicators)
    opened = {id_: [one for one in made if not is_carried(one, carried)] for id_, made in found.items()}
    return {id_: left for id_, left in opened.items() if left}


def levels_of(kind: IndicatorKind, edition: Edition) -> tuple[str, str]:
    """一级指标 and 二级指标 as the edition prints them; two empty texts where it has no such kind."""
    return next((pair for pair in edition.levels if pair[1] == kind), ("", ""))


# --- offered ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PromiseOffer:
    """The indicator that a promise would make, linked to ``task``; ``levels`` may be empty texts."""

    task: str
    level1: str
    level2: str
    name: str
    value: str

    @property
    def label(self) -> str:
        return " ".join(filter(None, (self.name, self.value)))

    @property
    def command(self) -> str:
        """What the button sends where there are no scripts (`posted`)."""
        parts = ("indicators", self.level1, self.level2, self.name, self.value, self.task)
        return "|".join(part.replace("|", " ") for part in parts)

    def to_json(self) -> dict[str, str]:
        return asdict(self) | {"label": self.label}


def offers_of(table: Table) -> dict[str, list[PromiseOffer]]:
    """By task id, what it promises and no indicator carries."""
    return {
        task: [PromiseOffer(task, *levels_of(one.kind, table.form), one.name, one.value) for one in left]
        for task, left in open_promises(table).items()
    }


# --- carried -----------------------------------------------------------------------------------


def _figures(target: Target) -> list[Figure]:
    return [(target.numbers, "比")] if target.kind is ValueKind.RATIO else [*measures_of(target)]


def pairs_of(text: str) -> set[str]:
    """The pairs of neighbouring characters, the usual measure of likeness for Chinese, without usual endings."""
    plain = re.sub(r"[\W_]|(?:数量|次数|比率|比例)$", "", text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


# --- proposed ----------------------------------------------------------------------------------

CLAUSE = re.compile(r"[,，;；。、:：!！?？\n]")
LIST_NUMBER = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）.、]|[一二三四五六七八九]是|[①-⑳])\s*")
LEADING = re.compile(r"^(?:全年|每年|当年|年内|年度|确保|力争|实现|预计|计划|其中|且|并|和|及|使|将|共|每季度|每月)+")
TRAILING = re.compile(r"(?:达到|达|保持在|控制在|稳定在|提高|提升|为|至|到|在|均|约|共|不|累计|压缩|缩短)+\s*$")
BARE_VERB = re.compile(
    r"^(?:完成|组织|开展|举办|参加|参与|新增|新建|改造|建成|建设|培训|发放|印发|出台|制定|编制|发布|购置|更新|维修|检查)?$"
)
AFTER_END = re.compile(r"并|以及|，|任务|完成|等")
MEASURED = re.compile(
    r"(?:率|度|数|数量|人次|场次|(?<!增)长|长度|里程|面积|金额|额|量|成本|时间|时限|规模|产值|收入|比例|占比|比|水平|标准|价)$"
)
SUFFIXES = {
    "次数": ("次", "轮", "场", "场次", "班次", "期", "批", "批次", "届"),
    "人次": ("人次", "万人次"),
    "人数": ("人", "名", "万人", "位"),
    "户数": ("户", "万户"),
    "长度": ("公里", "千米", "米"),
    "面积": ("平方米", "万平方米", "平方公里", "亩", "万亩", "公顷"),
    "金额": ("元", "万元", "亿元"),
    "时限": ("天", "日", "小时", "分钟", "个工作日", "工作日", "个月"),
}
BY_UNIT = {unit: suffix for suffix, units in SUFFIXES.items() for unit in units}


def _name(target: Target, before: str, after: str) -> str:
    """What the number is about: the words before it, and those behind it where there are none or only a verb."""
    lead = TRAILING.sub("", LEADING.sub("", LIST_NUMBER.sub("", CLAUSE.split(before)[-1].strip())))
    lead = lead.strip(" ()（）“”\"'")
    if BARE_VERB.match(lead):
        tail = CLAUSE.split(after)[0] if after else ""
        lead += AFTER_END.split(tail)[0].strip(" ()（）的以上")
    if not lead or MEASURED.search(lead):
        return lead[-LONGEST_NAME:]
    return lead[-LONGEST_NAME:] + _suffix(target, lead)


def _suffix(target: Target, lead: str) -> str:
    """What makes a name of it: 巡查次数, 培训教师人次, 收入增长率."""
    if target.kind is ValueKind.PERCENT:
        return "率" if target.direction and lead.endswith(str(target.direction)) else ""
    if target.kind is ValueKind.RATIO:
        return ""
    return "数量" if lead.endswith("人员") else BY_UNIT.get(target.unit, "数量")


ON_TIME = re.compile(r"及时|按时|按期|准时|时效|时限|进度")
ECONOMIC = re.compile(r"产值|增加值|收入|营收|税收|投资额|消费|交易额|经济")
COSTS = re.compile(r"成本|费用|单价|造价|节约|压减")


def _kind(target: Target, name: str) -> IndicatorKind:
    if "满意" in name:
        return IndicatorKind.SATISFACTION
    if ON_TIME.search(name) or (BY_UNIT.get(target.unit) == "时限" and target.operator in ("≤", "<")):
        return IndicatorKind.TIMELINESS
    if COSTS.search(name):
        return IndicatorKind.COST
    if ECONOMIC.search(name):
        return IndicatorKind.ECONOMIC
    return (
        IndicatorKind.QUALITY if target.kind is ValueKind.PERCENT and not target.direction else IndicatorKind.QUANTITY
    )
