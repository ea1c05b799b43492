"""What is said of an indicator, and the kinds and signs it is said with."""

from __future__ import annotations

from django.db import models

from indicators.areas import AREAS, COMMON
from indicators.taxonomy import IndicatorKind

INDICATOR_KINDS = (
    IndicatorKind.QUANTITY,
    IndicatorKind.QUALITY,
    IndicatorKind.TIMELINESS,
    IndicatorKind.COST,
    IndicatorKind.ECONOMIC,
    IndicatorKind.SOCIAL,
    IndicatorKind.ECOLOGICAL,
    IndicatorKind.SUSTAINABLE,
    IndicatorKind.SATISFACTION,
)
"""The kinds that the library knows; the three kinds of cost of 财预〔2021〕101号 are found under 成本指标."""
OPERATORS = ("≥", "≤", "＝", "＞", "＜")
SHARED = ""
"""The ``bureau_code`` of what belongs to all bureaus."""


def library_kind(kind: IndicatorKind | None) -> str:
    """The library's kind for a kind of any edition; empty for none."""
    if kind is None:
        return ""
    return str(
        IndicatorKind.COST
        if kind in (IndicatorKind.ECONOMIC_COST, IndicatorKind.SOCIAL_COST, IndicatorKind.ECOLOGICAL_COST)
        else kind
    )


class Described(models.Model):
    """What is said of an indicator, in the library and in a proposal for it."""

    name = models.CharField("指标名称", max_length=100)
    kind = models.CharField("二级指标", max_length=20, choices=[(str(kind), str(kind)) for kind in INDICATOR_KINDS])
    area = models.CharField("功能领域", max_length=20, choices=[(area, area) for area in AREAS], default=COMMON)
    unit = models.CharField("计量单位", max_length=20, blank=True, default="")
    operator = models.CharField(
        "常用符号", max_length=2, choices=[("", "无"), *((sign, sign) for sign in OPERATORS)], blank=True, default=""
    )
    usual_value = models.CharField(
        "参考指标值", max_length=60, blank=True, default="", help_text="不含符号和单位，如 95。"
    )
    definition = models.TextField("指标解释", blank=True, default="", max_length=1000)
    formula = models.TextField("计算公式", blank=True, default="", max_length=1000)
    data_source = models.CharField("数据来源", max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def suggestion(self) -> str:
        """The usual value as it is written into a declaration: ``≥95%``."""
        return f"{self.operator}{self.usual_value}{self.unit}" if self.usual_value else ""


SAID = tuple(field.name for field in Described._meta.local_fields)
