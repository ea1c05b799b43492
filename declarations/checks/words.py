"""Word lists as patterns, and the words by which several checks tell values apart."""

from __future__ import annotations

import re
from functools import lru_cache

WILDCARD = "…"
RATE = re.compile(r"(?:率|满意度|占比|比例|比重)(?:[(（][^()（）]{0,12}[)）])?[\s　]*$")
NO_SHARE = re.compile(
    r"(?:频率|(?<!有)效率|功率|汇率|利率|费率|税率|倍率|速率|斜率|周转率|容积率|分辨率|心率|概率)"
    r"(?:[(（][^()（）]{0,12}[)）])?[\s　]*$"
)
"""What is called a rate and counts in other units than per cent."""


@lru_cache(maxsize=4096)
def names_rate(name: str) -> bool:
    """Whether a name says that its value is a percentage: …率, …满意度, …占比(%)."""
    return RATE.search(name[-60:]) is not None and NO_SHARE.search(name[-60:]) is None


WITHIN_CLAUSE = r"[^，。；：,;:\d\n]{0,24}"


@lru_cache(maxsize=256)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of the words; none of them where there are none."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


HAS_DIGIT = re.compile(r"[0-9０-９]|分之")


def has_digit(text: str) -> bool:
    """Whether a text may have a figure."""
    return HAS_DIGIT.search(text) is not None


def has_any(words: tuple[str, ...], text: str) -> bool:
    """Whether a long text has one of a few words: several times as fast as their pattern, where it has none."""
    return any(map(text.__contains__, words))


@lru_cache(maxsize=64)
def any_shape(shapes: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for whole texts: ``按…计划`` is anything between the two that is one clause without digits."""
    written = (WITHIN_CLAUSE.join(map(re.escape, shape.split(WILDCARD))) for shape in shapes)
    return re.compile("|".join(f"(?:{shape})" for shape in written) or r"(?!)")


@lru_cache(maxsize=256)
def starts_with(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for texts that begin with one of the words."""
    return re.compile(rf"\s*(?:{any_of(words).pattern})")
