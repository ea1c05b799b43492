"""The kinds of indicator (二级指标), whatever edition of the table they stand in.

Source: 财预〔2021〕101号 附件 (产出, 成本, 效益, 满意度); earlier and local forms arrange the same kinds
under other first levels, so an edition states its own arrangement in terms of these kinds.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class CategoryGroup(StrEnum):
    """What a kind of indicator shows, independent of the 一级指标 that an edition prints above it."""

    OUTPUT = "产出指标"
    COST = "成本指标"
    BENEFIT = "效益指标"
    SATISFACTION = "满意度指标"


class IndicatorKind(StrEnum):
    """A 二级指标; the value is the label as printed."""

    QUANTITY = "数量指标"
    QUALITY = "质量指标"
    TIMELINESS = "时效指标"
    COST = "成本指标"
    ECONOMIC_COST = "经济成本指标"
    SOCIAL_COST = "社会成本指标"
    ECOLOGICAL_COST = "生态环境成本指标"
    ECONOMIC = "经济效益指标"
    SOCIAL = "社会效益指标"
    ECOLOGICAL = "生态效益指标"
    SUSTAINABLE = "可持续影响指标"
    SATISFACTION = "服务对象满意度指标"

    @property
    def group(self) -> CategoryGroup:
        return GROUPS[self]


GROUPS = {
    IndicatorKind.QUANTITY: CategoryGroup.OUTPUT,
    IndicatorKind.QUALITY: CategoryGroup.OUTPUT,
    IndicatorKind.TIMELINESS: CategoryGroup.OUTPUT,
    IndicatorKind.COST: CategoryGroup.COST,
    IndicatorKind.ECONOMIC_COST: CategoryGroup.COST,
    IndicatorKind.SOCIAL_COST: CategoryGroup.COST,
    IndicatorKind.ECOLOGICAL_COST: CategoryGroup.COST,
    IndicatorKind.ECONOMIC: CategoryGroup.BENEFIT,
    IndicatorKind.SOCIAL: CategoryGroup.BENEFIT,
    IndicatorKind.ECOLOGICAL: CategoryGroup.BENEFIT,
    IndicatorKind.SUSTAINABLE: CategoryGroup.BENEFIT,
    IndicatorKind.SATISFACTION: CategoryGroup.SATISFACTION,
}

VARIANTS = {
    "满意度指标": IndicatorKind.SATISFACTION,
    "服务对象满意度": IndicatorKind.SATISFACTION,
    "满意度": IndicatorKind.SATISFACTION,
    "服务对象": IndicatorKind.SATISFACTION,
    "服务对象指标": IndicatorKind.SATISFACTION,
    "服务满意度指标": IndicatorKind.SATISFACTION,
    "服务满意度": IndicatorKind.SATISFACTION,
    "群众满意度指标": IndicatorKind.SATISFACTION,
    "社会公众满意度指标": IndicatorKind.SATISFACTION,
    "公众满意度指标": IndicatorKind.SATISFACTION,
    "社会公众或服务对象满意度": IndicatorKind.SATISFACTION,
    "服务对象或社会公众满意度指标": IndicatorKind.SATISFACTION,
    "受益对象满意度指标": IndicatorKind.SATISFACTION,
    "可持续性影响指标": IndicatorKind.SUSTAINABLE,
    "可持续影响效益指标": IndicatorKind.SUSTAINABLE,
    "可持续指标": IndicatorKind.SUSTAINABLE,
    "生态环境指标": IndicatorKind.ECOLOGICAL,
    "产出数量指标": IndicatorKind.QUANTITY,
    "产出质量指标": IndicatorKind.QUALITY,
    "产出时效指标": IndicatorKind.TIMELINESS,
    "产出成本指标": IndicatorKind.COST,
    "时间指标": IndicatorKind.TIMELINESS,
    "进度指标": IndicatorKind.TIMELINESS,
    "社会公众或服务对象满意度指标": IndicatorKind.SATISFACTION,
    "可持续影响": IndicatorKind.SUSTAINABLE,
    "可持续发展指标": IndicatorKind.SUSTAINABLE,
    "可持续效益指标": IndicatorKind.SUSTAINABLE,
    "生态环境效益指标": IndicatorKind.ECOLOGICAL,
    "环境效益指标": IndicatorKind.ECOLOGICAL,
}


def _key(label: str) -> str:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", label)[:60]).rstrip(":")
    return ADDED.sub("", plain) or plain


ADDED = re.compile(r"^(?:\(?[0-9一二三四五六七八九十]{1,2}[)、.])+|\((?:\d{1,3}分?|必填|选填|可选项?|权重[\d%]*)\)$")
"""Numbers in front and points behind a printed label: 1.数量指标, 质量指标(10分)."""


KINDS = (
    {str(kind): kind for kind in IndicatorKind} | {kind.removesuffix("指标"): kind for kind in IndicatorKind} | VARIANTS
)


@lru_cache(maxsize=4096)
def kind_of(level2: str) -> IndicatorKind | None:
    """The kind that a printed 二级指标 names, in any of its known spellings; None if it is none of them."""
    return KINDS.get(_key(level2))


def group_of(level1: str, level2: str) -> CategoryGroup | None:
    """What an indicator shows: by its 二级指标, and where that is not a known kind, by its 一级指标."""
    kind = kind_of(level2)
    if kind:
        return kind.group
    level = _key(level1)
    return next((group for group in CategoryGroup if level == group or level == group.removesuffix("指标")), None)
