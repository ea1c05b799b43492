"""Years in last year's text: which could move on, where, and what they would become.

Nothing is moved by itself: the years are found in groups (every ``2025年12月31日`` is one), a person
picks the groups. A year inside 《》, or in the number of a document (粤财绩〔2019〕11号), names something
that keeps its name and is never found; 上年度, 去年 and bare numbers (2025人) are no years here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

DIGITS = "〇一二三四五六七八九"
DOCUMENT = re.compile(
    r"[〔\[［【(（]\s*(?:19|20)\d\d\s*年?\s*[〕\]］】)）]\s*第?\s*\d+\s*号|(?:19|20)\d\d\s*(?:年\s*第?|[-－])\s*\d+\s*号"
)
DASH = r"\s*(?:[-－—–~～]+|至|到)\s*"
SPOKEN = "二[〇○零][〇○零一二三四五六七八九]{2}"
YEAR = re.compile(
    rf"(?<!\d)20\d\d(?:年度?)?{DASH}20\d\d年度?"
    r"|(?<!\d)20\d\d(?:年度|学年|年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?)?|([-./])\d{1,2}\1\d{1,2}(?!\d))"
    rf"|{SPOKEN}年度?"
)
NUMBER = re.compile(rf"(?<!\d)20\d\d(?!\d)|{SPOKEN}")
LEAP_DAY = re.compile(r"(2\s*月\s*)29(\s*日)|([-./]0?2[-./])29")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place in a text; its ``group`` is what stands there, without white space."""

    start: int
    end: int
    old: str
    new: str

    @property
    def group(self) -> str:
        return "".join(self.old.split())


def year_occurrences(text: str, years: int) -> Iterator[Occurrence]:
    """Every year in ``text`` that could move on by ``years``, in order."""
    kept = [*_titles(text), *(match.span() for match in DOCUMENT.finditer(text))]
    for match in YEAR.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in kept):
            yield Occurrence(match.start(), match.end(), match[0], move_year(match[0], years))


def year_pieces(text: str, years: int, groups: Collection[str]) -> list[tuple[str, str]]:
    """The text cut up as (what it becomes, what stood there): the second is empty where nothing moves."""
    found, at = [], 0
    for place in year_occurrences(text, years):
        if place.group in groups:
            found += [(text[at : place.start], ""), (place.new, place.old)]
            at = place.end
    return [piece for piece in (*found, (text[at:], "")) if piece[0]]


def shift_years(text: str, years: int, groups: Collection[str]) -> str:
    """The text with the years of these groups moved on."""
    return "".join(new for new, _ in year_pieces(text, years, groups))


def move_year(text: str, years: int) -> str:
    """One occurrence with its years moved on; 29 February becomes the 28th where the new year has none."""
    new = NUMBER.sub(lambda match: _year(match[0], years), text)
    first = NUMBER.search(new)
    is_leap = first is not None and first[0].isascii() and int(first[0]) % 4 == 0
    return new if is_leap else LEAP_DAY.sub(lambda m: f"{m[1]}28{m[2]}" if m[1] else f"{m[3]}28", new)


def _year(text: str, years: int) -> str:
    if text.isascii():
        return str(int(text) + years)
    zero = "".join(set(text) & set("○零")) or DIGITS[0]
    number = int("".join(str(max(0, DIGITS.find(letter))) for letter in text)) + years
    return "".join(DIGITS[int(digit)] for digit in str(number)).replace(DIGITS[0], zero[0])


def _titles(text: str) -> Iterator[tuple[int, int]]:
    """Where a title stands in 《》, one inside another included; one that is not closed reaches to the end."""
    depth = start = 0
    for at, letter in enumerate(text):
        if letter == "《":
            start = at if depth == 0 else start
            depth += 1
        elif letter == "》" and depth:
            depth -= 1
            if depth == 0:
                yield start, at + 1
    if depth:
        yield start, len(text)
