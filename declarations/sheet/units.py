"""Amounts: 万元 and 元, and the ways in which people type them.

Budget figures are kept in 万元 with six places (= 0.01 元), task funding in 元 with two. Nothing
else converts between the two; an amount without a unit does not exist in this package.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

YUAN_PER_WAN = Decimal(10_000)
LIMIT = Decimal(10) ** 12
"""Amounts must stay below this, in whichever unit they are kept (a database constraint too)."""


class Unit(StrEnum):
    """The two units of the official table, each with the places that make a cent."""

    WAN = "万元"
    YUAN = "元"

    @property
    def quantum(self) -> Decimal:
        return Decimal("0.000001") if self is Unit.WAN else Decimal("0.01")

    @property
    def example(self) -> str:
        return "1,069.37" if self is Unit.WAN else "200,000.00"


class AmountError(ValueError):
    """A text that is no amount; the message says why, in Chinese."""


AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?")
UNIT_SUFFIX = {
    "亿元": Decimal(10) ** 8,
    "亿": Decimal(10) ** 8,
    "万元": YUAN_PER_WAN,
    "万": YUAN_PER_WAN,
    "元": Decimal(1),
}
DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "，": ",", "。": "."})


def convert_amount(amount: Decimal, source: Unit, target: Unit) -> Decimal:
    """The same money in another unit, exactly."""
    if source is target:
        return amount
    return amount * YUAN_PER_WAN if source is Unit.WAN else amount / YUAN_PER_WAN


def to_wan(yuan: Decimal) -> Decimal:
    return convert_amount(yuan, Unit.YUAN, Unit.WAN)


def to_yuan(wan: Decimal) -> Decimal:
    return convert_amount(wan, Unit.WAN, Unit.YUAN)


def from_number(number: float) -> Decimal:
    """A number as a spreadsheet stores it, without the binary noise: 82800.92000000001 is 82800.92.

    Spreadsheets show and compute with fifteen significant digits; what lies beyond is noise.
    """
    return Decimal(f"{number:.15g}")


def parse_amount(text: str, written_in: Unit, kept_in: Unit) -> Decimal:
    """The amount in ``kept_in`` that a person typed as ``text`` under a label in ``written_in``.

    Understands full-width forms, thousands separators, ￥ and a unit of its own (``3.5万元``),
    which then wins over the label. Raises `AmountError` for anything else, and for an amount
    finer than a cent: a cent is never rounded away silently.
    """
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(DASHES).lstrip("¥￥")
    digits, factor = _split_unit(compact)
    if not AMOUNT.fullmatch(digits):
        raise AmountError(f"“{shorten_text(text)}”不是金额")
    number = Decimal(digits.replace(",", "").rstrip("."))
    yuan = number * factor if factor else convert_amount(number, written_in, Unit.YUAN)
    return _kept(convert_amount(yuan, Unit.YUAN, kept_in), kept_in, text)


def _split_unit(compact: str) -> tuple[str, Decimal | None]:
    for suffix, factor in UNIT_SUFFIX.items():
        if compact.endswith(suffix):
            return compact.removesuffix(suffix), factor
    return compact, None


def _kept(amount: Decimal, unit: Unit, text: str) -> Decimal:
    if amount < 0:
        raise AmountError(f"“{shorten_text(text)}”是负数，金额不得小于零")
    if amount >= LIMIT:
        raise AmountError(f"“{shorten_text(text)}”超出可填范围（须小于一万亿{unit}）")
    if amount != amount.quantize(unit.quantum):
        raise AmountError(f"“{shorten_text(text)}”精确到了分以下，请四舍五入到分")
    return tidy_amount(amount)


def parse_count(text: str) -> int:
    """A number of persons or units as typed (``３３``, ``1,200人``, ``33.0``); raises `AmountError`."""
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip("人个家名")
    try:
        number = Decimal(compact.replace(",", ""))
    except InvalidOperation:
        raise AmountError(f"“{shorten_text(text)}”不是整数") from None
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number <= 9_999_999:
        raise AmountError(f"“{shorten_text(text)}”不是可用的人数或个数")
    return int(number)


def round_to_cent(amount: Decimal, unit: Unit) -> Decimal:
    return amount.quantize(unit.quantum, ROUND_HALF_UP)


def tidy_amount(amount: Decimal) -> Decimal:
    """The same amount with at least two places and no zeros behind them: 12.300000 -> 12.30."""
    normal = amount.normalize()
    places = max(2, -int(normal.as_tuple().exponent))
    return normal.quantize(Decimal(1).scaleb(-places))


def plain_amount(amount: Decimal) -> str:
    """As the JSON writes it: ``1069.37``, ``0.00``, ``12.3456``."""
    return f"{tidy_amount(amount):f}"


def grouped_amount(amount: Decimal) -> str:
    """As people read it, all decimals kept: ``1,069.37``."""
    return f"{tidy_amount(amount):,f}"


def shorten_text(text: str, length: int = 30) -> str:
    """What was found, short enough to stand in a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
