"""What a cell shows: a value as its number format writes it.

After the number formats of ECMA-376 part 1, 18.8.31, as Excel, WPS and LibreOffice read them: up to four
sections for numbers above, below and at zero and for text, each perhaps with a condition of its own. Only what
adds something to the bare value is of interest: words (``0"亩"``), signs (``"≥"0%``), another shape of a date.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from declarations.files.appearance.chinese_numerals import BY_MARK, Numerals
from declarations.files.appearance.date_format import DATE_PART, adds_to_date, as_moment, write_moment
from declarations.files.appearance.number_digits import divisor_of, write_digits
from declarations.files.opening.sheet import Value
from declarations.sheet.units import from_number

LONGEST_CODE = 1_000
"""Excel allows 255 characters; a longer code is none."""
LARGEST = Decimal(10) ** 16
"""A number with more digits than a spreadsheet keeps is left as it is."""
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<padding>[_*].?)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>(?i:general)|G/通用格式|常规)|(?P<day_half>(?i:am/pm|a/p)|上午/下午)"
    r"|(?P<science>[eE][+-])|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|[eE]+|[aA]{3,4}|[bB]{2,4})"
    r"|(?P<end>;)|(?P<other>.)",
    re.DOTALL,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)")
CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.DOTALL)
ELAPSED = re.compile(r"(?i:h+|m+|s+)")
NUMERAL_MARK = re.compile(r"(?i:DBNum)([123])")
OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
PADDING = re.compile(r"[_*].|\[(?:[A-Z][a-z]+|\$-[0-9A-Fa-f]+)\]")
BARE_PART = r"-?(?:General|@|0|#|#,##0|#,###)(?:\.[0#?]+)?%?"
BARE = re.compile(f"{BARE_PART}(?:;{BARE_PART})*")
SHOWS_MORE = re.compile(r"[^\d.,%\s-]|\d-\d|^-?0\d|^-$")
"""What makes a shown number more than the number: words, signs, zeros in front, a dash for nothing."""


@dataclass(frozen=True, slots=True)
class FormatSection:
    """A part of a number format: ``parts`` are kinds and texts in order, ``numerals`` those of [DBNum1] and the like.

    Kinds: ``text`` (literal), ``digit`` (a placeholder or a sign that belongs to the number), ``general``, ``at``,
    ``science``, `DATE_PART` and ``elapsed`` (hours, minutes or seconds beyond their usual range).
    """

    parts: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    numerals: Numerals | None = None

    def has(self, kind: str) -> bool:
        return any(part[0] == kind for part in self.parts)

    @property
    def is_date(self) -> bool:
        """Date letters beside digits are letters: ``0m`` is a number of metres."""
        counts = any(kind == "digit" and text in "0#?" for kind, text in self.parts)
        return (self.has(DATE_PART) or self.has("elapsed")) and not counts and not self.has("general")


def is_bare(code: str) -> bool:
    """Whether a format shows the bare number or text, so that no cell with it needs a look."""
    return bool(BARE.fullmatch(PADDING.sub("", code.replace("\\-", "-").replace("\\ ", ""))))


@lru_cache(maxsize=512)
def sections_of(code: str) -> tuple[FormatSection, ...]:
    """Return the sections of a format; () for one that is too long to be any."""
    if len(code) > LONGEST_CODE:
        return ()
    sections: list[FormatSection] = []
    parts: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    numerals: Numerals | None = None
    for kind, text in [*tokens_of(code), ("end", ";")]:
        if kind == "end":
            sections.append(FormatSection(tuple(parts), condition, numerals))
            parts, condition, numerals = [], None, None
        elif kind == "bracket":
            if stated := CONDITION.fullmatch(text.strip()):
                condition = stated[1], Decimal(stated[2])
            elif mark := NUMERAL_MARK.match(text):
                numerals = BY_MARK[mark[1]]
            parts += bracket_parts(text)
        elif kind != "padding":
            parts.append(part_of(kind, text))
    return tuple(sections[:4])


def tokens_of(code: str) -> list[tuple[str, str]]:
    """Return the pieces of a format, each with what it is; a quotation that is never closed goes to the end."""
    return [(kind, match[kind]) for match in TOKEN.finditer(code) if (kind := match.lastgroup)]


def bracket_parts(text: str) -> list[tuple[str, str]]:
    """Return what brackets show: a currency, an elapsed time; colours, conditions and languages show nothing."""
    if ELAPSED.fullmatch(text):
        return [("elapsed", text.lower())]
    currency = CURRENCY.fullmatch(text)
    return [("text", currency[1])] if currency and currency[1] else []


def part_of(kind: str, text: str) -> tuple[str, str]:
    if kind in ("quoted", "escaped"):
        return "text", text
    if kind == "other":
        return ("at" if text == "@" else "digit" if text in "0#?.,%/" else "text"), text
    return (DATE_PART, text) if kind == "day_half" else (DATE_PART, text.lower()) if kind == "date" else (kind, text)


def is_date_format(code: str) -> bool:
    """Whether numbers with this format are shown as dates or times."""
    sections = sections_of(code)
    return bool(sections) and sections[0].is_date


def display_text(code: str, value: Value, *, is_1904: bool = False) -> str | None:
    """Return what a cell shows where its format adds something to the bare value; else None."""
    if isinstance(value, bool) or value is None or value == "":
        return None
    sections = sections_of(code)
    if isinstance(value, str):
        return shown_text(sections, value)
    if isinstance(value, int | float):
        return shown_number(sections, from_number(value), is_1904)
    section = sections[0] if sections else None
    if section and section.is_date and adds_to_date(section.parts, value):
        return write_moment(section, as_moment(value, is_1904))
    return None


def shown_text(sections: tuple[FormatSection, ...], value: str) -> str | None:
    """Return a text with what the section for texts puts around it."""
    section = next((section for section in sections if section.has("at")), None)
    if section is None or not section.has("text"):
        return None
    return "".join(value if kind == "at" else text for kind, text in section.parts if kind in ("at", "text"))


def shown_number(sections: tuple[FormatSection, ...], number: Decimal, is_1904: bool) -> str | None:
    section, is_unsigned = section_for(sections, number)
    if section is None or section.has("science") or abs(number) >= LARGEST:
        return None
    if section.is_date:
        return write_moment(section, as_moment(number, is_1904)) if 0 <= number < 2_958_466 else None
    text = write_digits(section, abs(number) if is_unsigned else number).strip()
    adds = SHOWS_MORE.search(text) or (text and divisor_of(section) != 1)
    return text if adds or any(kind == "text" and "%" in part for kind, part in section.parts) else None


def section_for(sections: tuple[FormatSection, ...], number: Decimal) -> tuple[FormatSection | None, bool]:
    """Return the section that a number is shown with, and whether that section takes the place of the minus sign."""
    numeric = [section for section in sections if not section.has("at")]
    if any(section.condition for section in numeric):
        return conditional_section(numeric, number)
    if not numeric:
        return None, False
    if number < 0 and len(numeric) > 1:
        return numeric[1], True
    return (numeric[2] if number == 0 and len(numeric) > 2 else numeric[0]), False


def conditional_section(sections: list[FormatSection], number: Decimal) -> tuple[FormatSection | None, bool]:
    """The first section whose condition holds; one without a condition holds for what is left."""
    for i, section in enumerate(sections):
        if section.condition is None:
            negatives_only = i == 0 and len(sections) > 1
            if not negatives_only or number > 0:
                return section, False
        elif OPERATORS[section.condition[0]](number, section.condition[1]):
            limit = section.condition[1]
            return section, section.condition[0] in ("<", "<=") and limit <= 0
    return None, False


def scale_of(code: str, value: Value) -> int:
    """Return by how much a format divides the numbers that it shows: 10,000 for ``0!.0,``, mostly 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 1
    section, _ = section_for(sections_of(code), from_number(value))
    return 1 if section is None or section.is_date else divisor_of(section)
