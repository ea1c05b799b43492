"""The digits of a number in the places that a section of a number format gives them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from declarations.files.appearance.chinese_numerals import Numerals, spell_digits, spell_number

if TYPE_CHECKING:
    from declarations.files.appearance.number_format import FormatSection

PLACES = "0#?"
MOST_DECIMALS = 30
"""As Excel; more places than these are not written."""
FRACTION = re.compile(r"([0#?]*) ?([0#?]+)/([0#?]+|[1-9][0-9]*)")


def write_digits(section: FormatSection, number: Decimal) -> str:
    """Return a number as a section shows it: rounded to its places, with its literals around and between the digits."""
    if section.has("general"):
        return write_general(section, number)
    fraction = FRACTION.search(digits_only(section))
    if fraction:
        return write_fraction(section, number, fraction)
    before, after = places_of(section)
    shown = number * 100 ** percent_signs(section) / divisor_by_commas(section)
    with localcontext() as context:
        context.prec = 60
        rounded = shown.quantize(Decimal(1).scaleb(-min(after, MOST_DECIMALS)), ROUND_HALF_UP)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    sign = "-" if rounded < 0 else ""
    if section.numerals and before:
        return sign + spell(section, section.numerals, whole, decimals)
    return sign + fill(section, whole.lstrip("0"), decimals, before)


def write_general(section: FormatSection, number: Decimal) -> str:
    text = f"{abs(number).normalize():f}"
    text = spell_number(text, section.numerals) if section.numerals else text
    shown = "".join(text if kind == "general" else part for kind, part in section.parts if kind in ("general", "text"))
    return f"-{shown}" if number < 0 else shown


def digits_only(section: FormatSection) -> str:
    return "".join(text if kind == "digit" or text.isdigit() or text == " " else "\0" for kind, text in section.parts)


def write_fraction(section: FormatSection, number: Decimal, fraction: re.Match[str]) -> str:
    """Return a number as a whole and a fraction (``# ?/?``: 2.5 -> 2 1/2), its literals before and behind."""
    whole_places, _, lower = fraction.groups()
    exact = Fraction(abs(number))
    whole, part = divmod(exact, 1) if whole_places else (0, exact)
    if lower[0] in PLACES:
        part = part.limit_denominator(10 ** min(len(lower), 4) - 1)
        pieces = [str(whole) if whole else "", f"{part.numerator}/{part.denominator}" if part else ""]
    else:
        pieces = [str(whole) if whole else "", f"{round(part * int(lower))}/{lower}" if part else ""]
    first, last = fraction.span()
    before = "".join(text for kind, text in section.parts[:first] if kind == "text")
    after = "".join(text for kind, text in section.parts[last:] if kind == "text")
    return ("-" if number < 0 else "") + before + (" ".join(filter(None, pieces)) or "0") + after


def places_of(section: FormatSection) -> tuple[int, int]:
    """Return how many places for digits stand before and after the decimal point."""
    before, _, after = "".join(text for kind, text in section.parts if kind == "digit").partition(".")
    return sum(map(before.count, PLACES)), sum(map(after.count, PLACES))


def percent_signs(section: FormatSection) -> int:
    return min(2, sum(part == ("digit", "%") for part in section.parts))


def divisor_by_commas(section: FormatSection) -> int:
    """Return 1,000 for each comma behind the last place before the point: ``0.0,`` and ``0,.0`` show thousands."""
    digits = "".join(text for kind, text in section.parts if kind == "digit" and text not in "%/")
    scaling = re.search(r"[0#?](,+)(?:\.|$)", digits) or re.search(r"\.[0#?]+(,+)$", digits)
    return 1_000 ** min(len(scaling[1]), 4) if scaling else 1


def divisor_of(section: FormatSection) -> int:
    """Return by how much the shown number is less than the number: commas, and a point that is only a literal."""
    literal = [i for i, part in enumerate(section.parts) if part == ("text", ".")]
    if section.is_date or section.has("general") or not literal or ("digit", ".") in section.parts:
        return divisor_by_commas(section)
    places = sum(kind == "digit" and text in PLACES for kind, text in section.parts[literal[0] :])
    return divisor_by_commas(section) * 10 ** min(places, 8)


def spell(section: FormatSection, numerals: Numerals, whole: str, decimals: str) -> str:
    """Return the digits in Chinese numerals, the literals before and behind them."""
    places = [i for i, (kind, text) in enumerate(section.parts) if kind == "digit"]
    first, last = places[0], places[-1]
    words = spell_number(whole, numerals) + (f".{spell_digits(decimals, numerals)}" if decimals else "")
    before = "".join(text for kind, text in section.parts[:first] if kind == "text")
    return before + words + "".join(text for kind, text in section.parts[last:] if kind == "text")


def fill(section: FormatSection, whole: str, decimals: str, before: int) -> str:
    """Return the digits and literals in order; the first of the ``before`` places takes all digits that have none."""
    places = [text for kind, text in section.parts if kind == "digit" and text in PLACES]
    pieces, written = iter(whole_pieces(section, whole, places[:before])), []
    kept = kept_decimals(decimals, places[before:])
    for kind, text in section.parts:
        if kind != "digit" or text in "%/":
            written.append(text)
        elif text in PLACES:
            written.append(next(pieces, ""))
        elif text == ".":
            written.append(("" if before else whole) + ("." if kept else ""))
            pieces = iter(kept)
    return "".join(written)


def whole_pieces(section: FormatSection, whole: str, places: list[str]) -> list[str]:
    """Return what stands in each place before the point: zeros from the first ``0`` on, commas where they group."""
    before = len(places)
    whole = whole.rjust(before - places.index("0") if "0" in places else 0, "0")
    pieces = [whole[i + len(whole) - before :][:1] if i + len(whole) >= before else "" for i in range(before)]
    if pieces and len(whole) > before:
        pieces[0] = whole[: len(whole) - before + 1]
    if is_grouped(section):
        return [group_digits(digits, before - 1 - i) for i, digits in enumerate(pieces)]
    return pieces


def kept_decimals(decimals: str, places: list[str]) -> str:
    """Return the decimals without the zeros at the end that a format leaves out (``#``, ``?``)."""
    kept = len(decimals)
    while kept and decimals[kept - 1] == "0" and places[kept - 1] != "0":
        kept -= 1
    return decimals[:kept]


def is_grouped(section: FormatSection) -> bool:
    digits = "".join(text for kind, text in section.parts if kind == "digit").partition(".")[0]
    return bool(re.search(r"[0#?],+[0#?]", digits))


def group_digits(digits: str, behind: int) -> str:
    """Return digits with a comma before each group of three; ``behind`` more digits follow."""
    total = len(digits) + behind
    return "".join(
        digit + ("," if (total - i - 1) % 3 == 0 and total - i - 1 else "") for i, digit in enumerate(digits)
    )
