"""An amount whose number format shows it in a unit of its own, or divided: what a person reads is what counts."""

from __future__ import annotations

import re
from decimal import Decimal

from declarations.sheet.units import Unit, from_number

SHOWN_UNIT = re.compile(r"(亿|百万|万|千)元?|元")
UNITS = {
    "亿": (Decimal(10_000), Unit.WAN),
    "百万": (Decimal(100), Unit.WAN),
    "万": (Decimal(1), Unit.WAN),
    "千": (Decimal(1_000), Unit.YUAN),
}


def amount_as_shown(number: float, shown: str, scale: int, unit: Unit | None) -> tuple[float, Unit | None]:
    """Return a number as its format shows it, unrounded, and its unit: the one shown, else that of the label.

    32000 shown as ``3.2万`` (``scale`` 10,000) is 3.2 in 万元, whatever the label says; 1125 shown as ``1125`` stays.
    """
    exact = from_number(number) / scale
    stated = SHOWN_UNIT.search(shown)
    if not stated:
        return float(exact), unit
    factor, unit = UNITS[stated[1]] if stated[1] else (Decimal(1), Unit.YUAN)
    return float(exact * factor), unit
