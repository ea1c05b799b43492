"""Numbers in Chinese words, as the number formats [DBNum1] (一千二百) and [DBNum2] (壹仟贰佰) show them."""

from __future__ import annotations

import re
from typing import NamedTuple


class Numerals(NamedTuple):
    """The ten digits, the units within four digits, and what follows each group of four."""

    digits: str
    units: tuple[str, ...]
    groups: tuple[str, ...] = ("", "万", "亿", "万亿")


PLAIN = Numerals("〇一二三四五六七八九", ("", "十", "百", "千"))
FORMAL = Numerals("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
FULL_WIDTH = Numerals("０１２３４５６７８９", ("", "十", "百", "千"))
BY_MARK = {"1": PLAIN, "2": FORMAL, "3": FULL_WIDTH}
LONGEST = 16
"""Digits before the point; a longer number stays as it is."""


def spell_digits(text: str, numerals: Numerals) -> str:
    """Return the text with each digit replaced: 2026 -> 二〇二六."""
    return text.translate(str.maketrans("0123456789", numerals.digits))


def spell_number(text: str, numerals: Numerals) -> str:
    """Return a plain number (``-12.5``) in words: 负十二点五 as Excel shows it, ``-十二.五``."""
    sign = "-" if text.startswith("-") else ""
    whole, point, decimals = text.removeprefix("-").partition(".")
    if len(whole) > LONGEST:
        return text
    return sign + spell_whole(whole, numerals) + spell_digits(point + decimals, numerals)


def spell_whole(whole: str, numerals: Numerals) -> str:
    """Return a whole number of at most `LONGEST` digits in words; 10 to 19 begin with 十 where the digits are plain."""
    whole = whole.lstrip("0")
    if not whole:
        return numerals.digits[0]
    zero, words = numerals.digits[0], ""
    padded = whole.rjust(-(-len(whole) // 4) * 4, "0")
    fours = [padded[i : i + 4] for i in range(0, len(padded), 4)]
    for i, four in enumerate(fours):
        spelt = spell_four(four, numerals)
        if spelt:
            words += (zero if words and four[0] == "0" else "") + spelt + numerals.groups[len(fours) - 1 - i]
        elif words and not words.endswith(zero) and any(map(int, "".join(fours[i:]))):
            words += zero
    words = re.sub(f"{zero}+", zero, words)
    return words[1:] if numerals is PLAIN and words.startswith("一十") else words


def spell_four(four: str, numerals: Numerals) -> str:
    """Return four digits in words without the zeros before them: 0205 -> 二百〇五, 0000 -> empty."""
    zero = numerals.digits[0]
    words = "".join(
        numerals.digits[int(digit)] + numerals.units[3 - i] if digit != "0" else zero for i, digit in enumerate(four)
    )
    return re.sub(f"{zero}+", zero, words).strip(zero)
