"""Figures compared whatever the scale and spelling of their unit: 1.5万人次 is 15000人次, 3千米 is 3公里."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from indicators.value_grammar import words_of
from indicators.values import Target

SCALES = {"十万": 100_000, "百万": 10**6, "千万": 10**7, "百": 100, "千": 1000, "万": 10_000, "亿": 10**8}
SCALED = re.compile(rf"({'|'.join(SCALES)})(?=.)")
SAME = {
    unit: kin[0] for kin in map(words_of, ("人 名 位", "公里 千米 km", "个 家 所", "㎡ 平方米 m² m2")) for unit in kin
}


WHOLE_UNITS = frozenset({*SAME, "百分点", "千克", "千瓦", "千瓦时"})
"""Units whose first character is no scale."""


@lru_cache(maxsize=1024)
def plain_unit(unit: str) -> tuple[str, int]:
    """A unit without its scale and in one spelling, and the factor of the scale: 万人次 is (人次, 10000)."""
    scale = None if unit in WHOLE_UNITS else SCALED.match(unit)
    bare = unit[scale.end() :] if scale else unit
    return SAME.get(bare, bare), SCALES[scale[1]] if scale else 1


def measures_of(target: Target) -> list[tuple[Decimal, str]]:
    """The numbers of a target with their unit: 1.5万人次 is 15000 人次."""
    unit, factor = plain_unit(target.unit)
    return [(number * factor, unit) for number in target.numbers]
