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
    """What an amount may be written in. Kept are only the two of the official table, 万元 and 元."""

    WAN = "万元"
    YUAN = "元"
    HUNDRED = "百元"
    THOUSAND = "千元"
    HUNDRED_THOUSAND = "十万元"
    MILLION = "百万元"
    TEN_MILLION = "千万元"
    YI = "亿元"

    @property
    def yuan(self) -> Decimal:
        """How many 元 one of it is."""
        return IN_YUAN[self]

    @property
    def quantum(self) -> Decimal:
        """The places that make a cent."""
        return Decimal("0.01") / self.yuan

    @property
    def example(self) -> str:
        return "200,000.00" if self is Unit.YUAN else "1,069.37"


IN_YUAN = {
    Unit.YUAN: Decimal(1),
    Unit.HUNDRED: Decimal(100),
    Unit.THOUSAND: Decimal(1_000),
    Unit.WAN: YUAN_PER_WAN,
    Unit.HUNDRED_THOUSAND: Decimal(100_000),
    Unit.MILLION: Decimal(1_000_000),
    Unit.TEN_MILLION: Decimal(10_000_000),
    Unit.YI: Decimal(100_000_000),
}


class AmountError(ValueError):
    """A text that is no amount; the message says why, in Chinese."""


AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?")
UNIT_SUFFIX = {
    **{str(unit): unit.yuan for unit in sorted(Unit, key=len, reverse=True)},
    "亿": Unit.YI.yuan,
    "万": YUAN_PER_WAN,
}
"""The longer first: 百万元 also ends in 万元."""
NOTHING = frozenset(("-", "--", "---", "/", "//", "\\", "无", "暂无", "没有", "空", "不涉及", "无此项"))
"""How people write that there is no amount; dashes of every kind are folded to ``-`` before."""
NEGATIVE_IN_BRACKETS = re.compile(r"\(([\d,.]+)\)")
DASHES = str.maketrans({**dict.fromkeys("−–—―‐‑‒﹣─━", "-"), "，": ",", "。": "."})


def convert_amount(amount: Decimal, source: Unit, target: Unit) -> Decimal:
    """The same money in another unit, exactly."""
    return amount if source is target else amount * source.yuan / target.yuan


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
    compact = _compact(text).removeprefix("人民币").lstrip("¥￥")
    digits, factor = _split_unit(compact)
    if negative := NEGATIVE_IN_BRACKETS.fullmatch(digits):
        raise AmountError(
            f"“{shorten_text(text)}”是用括号表示的负数，金额不得小于零；如应为正数，请去掉括号，写作 {negative[1]}"
        )
    if not AMOUNT.fullmatch(digits):
        raise AmountError(f"“{shorten_text(text)}”不是金额")
    number = Decimal(digits.replace(",", "").rstrip("."))
    yuan = number * factor if factor else convert_amount(number, written_in, Unit.YUAN)
    return _kept(convert_amount(yuan, Unit.YUAN, kept_in), kept_in, text)


def is_nothing(text: str) -> bool:
    """Whether a person wrote that there is none: ``-``, ``——``, ``/``, ``无``."""
    return _compact(text) in NOTHING


def _compact(text: str) -> str:
    """Without white space and the apostrophe that marks a text in a spreadsheet, full-width forms and dashes folded."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(DASHES).lstrip("'‘’`")


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
    compact = _compact(text).rstrip("人个家名")
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
