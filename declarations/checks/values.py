"""Checks of target values: whether they are there, are numbers, say in which direction, and count what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from declarations.checks.case import UNIT_OF_NAME, CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.content import lacking_fields
from declarations.checks.matching import misfitting_rows
from declarations.checks.vague import is_hollow
from declarations.checks.words import names_rate
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.taxonomy import IndicatorKind, kind_of
from indicators.value_grammar import FOLD, words_of
from indicators.values import Target, ValueKind, parse


@enters(
    "V01",
    Severity.ERROR,
    "指标未填写名称或年度指标值",
    "绩效指标应细化、量化，每项指标都应有名称和年度指标值（财预〔2015〕88号 明确清晰性）",
)
def indicator_is_incomplete(case: CheckedCase) -> Iterator[CheckFinding]:
    """What the edition demands of an indicator; a category left empty is none."""
    demanded = case.demanded("indicators")
    for i, row in case.indicators:
        for name in lacking_fields(row, demanded):
            path = f"indicators.{i}.{name}"
            hint = HINTS.get(name, "请补充填写。").format(year=f"{case.year}年" if case.year else "")
            yield CheckFinding(path, f"{case.place(path)}未填写", hint)


HINTS = {
    "name": "请填写三级指标的名称，或者删除这一行。",
    "annual_value": "请填写本年度要达到的值，例如“≥98%”“12次”“{year}12月31日前”。",
}


@enters(
    "T05",
    Severity.WARNING,
    "数量指标的值没有数量",
    "数量指标反映提供产品和服务的数量，应以次、人、个、公里等计量（财预〔2021〕101号 指标设置）",
)
def quantity_counts_nothing(case: CheckedCase) -> Iterator[CheckFinding]:
    """A percentage, a date or a description is no quantity; a value that V03 finds hollow has heard enough."""
    for i, row in case.real:
        if kind_of(row.level2) is not IndicatorKind.QUANTITY or is_hollow(row.annual_value):
            continue
        if all(target.kind is not ValueKind.NUMBER for target in case.targets(row.annual_value)):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(row.annual_value)}”不是数量"
            yield CheckFinding(
                path, message, "请填写带单位的数量，例如“≥12次”；反映比率、时间的，请改归质量或时效指标。"
            )


@enters(
    "V05",
    Severity.WARNING,
    "可以衡量的指标偏少",
    "绩效指标应细化量化，以定量为主（财预〔2015〕88号 明确清晰性）",
    least="有数字或日期的指标最低占比（%）",
)
def too_few_are_measurable(case: CheckedCase, *, least: int = 60) -> Iterator[CheckFinding]:
    """Of the indicators that are any: those filled in with 无 do not count."""
    every = len(case.real)
    measurable = every - len(case.qualitative)
    if measurable * 100 < least * every:
        message = f"{every}项指标中只有{measurable}项有数字或日期，低于{least}%"
        yield CheckFinding("indicators", message, "请把能够量化的指标值改为数字、比率或完成日期。")


@enters(
    "V06",
    Severity.WARNING,
    "指标值没有写明≥、≤或＝",
    "写明≥、≤或＝，考核时才知道超过或不足算不算完成（财预〔2021〕101号 指标值设定）",
)
def number_has_no_operator(case: CheckedCase) -> Iterator[CheckFinding]:
    """A value in which nothing says the direction. A range says both ends, zero and a change in points say enough,
    and what V15 finds is to be replaced."""
    bare_rows = [(i, bare) for i, row in case.real if (bare := _bare_targets(case, row.annual_value))]
    misfitting = misfitting_rows(case) if bare_rows else frozenset()
    for i, bare in bare_rows:
        if i not in misfitting:
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(bare[0].text)}”没有写明≥、≤或＝"
            hint = f"请选择：不低于写“≥{bare[0].text}”，不高于写“≤{bare[0].text}”，恰好等于写“＝{bare[0].text}”。"
            yield CheckFinding(path, message, hint)


def _bare_targets(case: CheckedCase, value: str) -> list[Target]:
    """The numbers of a value, where none of them has an operator and each needs one."""
    targets = case.targets(value)
    has_direction = any(
        target.operator or (target.date and target.date.closes) or REACHING.search(target.subject) for target in targets
    )
    return [] if has_direction else [target for target in targets if _is_bare(target)]


REACHING = re.compile(
    r"(?:提高|提升|增加|增长|扩大|上升|升|增|降低|下降|减少|压减|压缩|缩短|降|减|控制|稳定|保持|维持|恢复)(?:到|至|在)\s*$"
)
"""Words that say from which side a number is reached: 提高到95%, 压缩至3天."""


def _is_bare(target: Target) -> bool:
    if target.kind not in (ValueKind.NUMBER, ValueKind.PERCENT) or target.operator or target.is_range:
        return False
    is_change = target.direction is not None and target.unit.endswith("百分点")
    return target.numbers != (0,) and not is_change and target.unit not in GRADING


GRADING = ("级", "星", "星级", "岁")
"""Units of a grade or an age: 3级 and 65岁 are what they are."""

COUNTING_NAMES = words_of("""
    人数 人次 人次数 次数 户数 场次 场数 天数 个数 件数 份数 篇数 家数 台数 套数 亩数
    期数 例数 起数 项数 学时 课时 班次 批次 名次 排名 位次 指数 系数 得分 评分 分数
    分值 等级 级别 比值 倍数 年限 AQI
""")
"""Endings of names that say what is counted, or that there is no unit."""


@enters(
    "V16",
    Severity.WARNING,
    "指标值没有计量单位",
    "指标值应写明计量单位，例如次、人、万元、%，才能比较和汇总（财预〔2021〕101号 指标值设定）",
    counting="已经说明计量单位的名称结尾",
)
def number_has_no_unit(case: CheckedCase, *, counting: tuple[str, ...] = COUNTING_NAMES) -> Iterator[CheckFinding]:
    """Not where the name says it (培训人数, 绿化率(%)), or a column of the edition."""
    unit_columns = [column.field for column in case.form.grids["indicators"].columns if "单位" in column.label]
    for i, row in case.real:
        if any(row.extra.get(field, "").strip() for field in unit_columns):
            continue
        bare = next((target for target in case.targets(row.annual_value) if _lacks_unit(target)), None)
        if (
            bare is None
            or row.name.rstrip(" 　)）").endswith((*counting, "%", "％"))
            or UNIT_OF_NAME.search(fold(row.name))
        ):
            continue
        path = f"indicators.{i}.annual_value"
        message = f"{case.place(path)}“{shorten_text(bare.text)}”没有计量单位"
        unit = "%" if names_rate(row.name) else "次"
        yield CheckFinding(path, message, f"请补充计量单位，例如“{bare.text}{unit}”。")


def _lacks_unit(target: Target) -> bool:
    return target.kind is ValueKind.NUMBER and not target.unit and target.numbers != (0,)


def fold(name: str) -> str:
    """Return a name with half-width signs, as units are looked for."""
    return name.translate(FOLD).rstrip()


WHOLE = Decimal(100)


@enters(
    "V13",
    Severity.ERROR,
    "指标权重合计不等于100",
    "表样设有指标权重的，各项权重合计应为100（财预〔2021〕101号 指标权重）",
    tolerance="允许误差",
)
def weights_do_not_add_up(case: CheckedCase, *, tolerance: Decimal = Decimal("0.01")) -> Iterator[CheckFinding]:
    """In an edition with such a column; 100, 100% or 1 is the whole. Rows without a weight are V01's where demanded."""
    columns = [column for column in case.form.grids["indicators"].columns if "权重" in column.label]
    for column in columns:
        texts = [row.extra.get(column.field, "").strip() for _, row in case.indicators]
        weights = [_weight(text) for text in texts if text]
        if None in weights:
            yield CheckFinding("indicators", f"有的{column.text}不是数字", f"{column.text}请只填数字，例如 10。")
        elif weights and abs((total := sum(filter(None, weights), Decimal(0))) - _whole(weights)) > tolerance:
            message = f"{column.text}合计为{total.normalize():f}，不等于{_whole(weights):f}"
            yield CheckFinding("indicators", message, f"请调整各项{column.text}，使合计等于{_whole(weights):f}。")


def _weight(text: str) -> Decimal | None:
    found = parse_weight(text)
    return found if found is not None and Decimal(0) <= found <= WHOLE else None


def parse_weight(text: str) -> Decimal | None:
    """A weight as typed: ``10``, ``10%``, ``0.1``, ``10分``."""
    [target, *others] = parse(text) or (None,)
    if (
        target is None
        or others
        or len(target.numbers) != 1
        or target.text != text
        or target.unit not in ("", "%", "分")
    ):
        return None
    return target.numbers[0]


def _whole(weights: list[Decimal | None]) -> Decimal:
    """1 where every weight is a part of one."""
    return Decimal(1) if all(weight is not None and weight <= 1 for weight in weights) else WHOLE
