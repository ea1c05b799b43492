"""From what a cell holds to what a field keeps."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache

from declarations.files.opening.sheet import Value
from declarations.sheet.official.characters import visible
from declarations.sheet.official.fields import FieldKind
from declarations.sheet.table import clean_text
from declarations.sheet.units import (
    LIMIT,
    AmountError,
    Unit,
    convert_amount,
    from_number,
    parse_amount,
    parse_count,
    round_to_cent,
    tidy_amount,
)


class Fault(str):
    """A cell without a value to read: an error value (``#DIV/0!``) or a formula that was never computed."""

    @property
    def explanation(self) -> str:
        if self.startswith("="):
            return f"公式“{self[:40]}”没有保存计算结果"
        return f"单元格是错误值“{self}”"


def as_text(value: Value, is_percentage: bool = False) -> str:
    """The text a person sees in the cell: 1 shown as a percentage is ``100%``, 650.0 is ``650``."""
    if isinstance(value, Fault):
        return ""
    if isinstance(value, str):
        return visible(clean_text(value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = from_number(value)
        return f"{_shortest(number * 100)}%" if is_percentage else _shortest(number)
    if isinstance(value, datetime.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "" if value is None else str(value)


@lru_cache(maxsize=2048)
def as_level(value: Value) -> str:
    """The label of a category as printed, without the breaks and spaces that only lay it out."""
    return re.sub(r"\s", "", as_text(value))


def as_count(value: Value) -> int:
    """A number of persons or units; raises `AmountError`."""
    if isinstance(value, Fault):
        raise AmountError(value.explanation)
    return parse_count(as_text(value))


def as_amount(value: Value, unit: Unit | None, kind: FieldKind) -> tuple[Decimal, bool]:
    """An amount as the field keeps it, and whether fractions of a cent were rounded away.

    ``unit`` is the one the label names. Raises `AmountError` where the cell holds no amount, or
    where neither label nor cell says in which unit it is.
    """
    if isinstance(value, Fault):
        raise AmountError(value.explanation)
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = as_text(value)
        if unit is None and not re.search("[万亿元]", text):
            raise AmountError(f"“{text}”没有写明单位")
        return parse_amount(text, unit or Unit.YUAN, kind.kept_in), False
    if unit is None:
        raise AmountError(f"“{as_text(value)}”没有写明单位")
    return _from_cell(value, unit, kind.kept_in)


def _from_cell(number: float, unit: Unit, kept_in: Unit) -> tuple[Decimal, bool]:
    exact = convert_amount(from_number(number), unit, kept_in)
    if exact < 0:
        raise AmountError(f"“{as_text(number)}”是负数，金额不得小于零")
    if exact >= LIMIT:
        raise AmountError(f"“{as_text(number)}”超出可填范围（须小于一万亿{kept_in}）")
    amount = round_to_cent(exact, kept_in)
    return tidy_amount(amount), amount != exact


def _shortest(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
