"""What was understood of a target value, in words for the person who wrote it."""

from __future__ import annotations

from decimal import Decimal

from indicators.value_grammar import FOLD
from indicators.values import Date, Target, ValueKind, parse

LONGEST_NUMBER = 24
"""Characters: a longer one is shown as it was written."""
LONGEST_SUBJECT = 12
"""Characters of what a target is about, where a value has several; a longer text would only repeat the value."""


def understood(text: str) -> str:
    """``≥ 98 %``, ``2026年12月31日前完成``, ``3 至 5 次``, ``不低于上年``, ``定性描述``; empty for an empty value."""
    targets = parse(text)
    return "；".join(_words(target, several=len(targets) > 1) for target in targets)


def is_plain_text(text: str) -> bool:
    """Whether nothing was understood but that there is a text, or that there is none."""
    return not any(target.is_measurable or target.kind is ValueKind.COMPARISON for target in parse(text))


def is_echo(text: str) -> bool:
    """Whether the words say it just as it was written, but for spaces, widths and commas: ``≥98%``."""
    return _bare(understood(text)) == _bare(text)


def _bare(text: str) -> str:
    return "".join(text.translate(FOLD).split()).replace(",", "")


def _words(target: Target, *, several: bool) -> str:
    if target.kind in (ValueKind.TEXT, ValueKind.NONE):
        return str(target.kind)
    subject = target.subject if several and len(target.subject) <= LONGEST_SUBJECT else ""
    direction = str(target.direction) if target.direction and str(target.direction) not in subject else ""
    return " ".join(filter(None, (subject, direction, _said(target))))


def _said(target: Target) -> str:
    if target.kind is ValueKind.COMPARISON:
        return f"{COMPARED.get(target.operator, target.operator)}上年"
    if target.date:
        return " ".join(filter(None, (target.operator, _date(target.date))))
    if target.kind is ValueKind.RATIO:
        sign = " / " if "分之" in target.text else " : "
        parts = [sign.join(map(_number, target.numbers))]
    else:
        parts = [" 至 ".join(map(_number, target.numbers)), target.unit]
    if any(len(part) > LONGEST_NUMBER for part in parts):
        return target.text
    return " ".join(filter(None, (APPROXIMATE.get(target.operator, target.operator), *parts)))


COMPARED = {"≥": "不低于", "≤": "不高于", ">": "高于", "<": "低于", "=": "等于", "≈": "接近"}
APPROXIMATE = {"≈": "约", "=": "＝"}


def _number(number: Decimal) -> str:
    return f"{number:,f}"


def _date(date: Date) -> str:
    """The date as precise as it was written, with 前完成 where it is a time limit."""
    year = f"{date.year}年" if date.year else ""
    month = f"{date.month}月" if date.month else ""
    day = f"{date.day}日" if date.day else "底" if date.closes and date.month else ""
    return f"{date.every}{year}{month}{day}" + ("前完成" if date.closes else "")
