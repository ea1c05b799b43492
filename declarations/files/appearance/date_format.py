"""Dates, times and durations as a section of a number format writes them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from declarations.files.appearance.chinese_numerals import Numerals, spell_digits, spell_number

if TYPE_CHECKING:
    from declarations.files.appearance.number_format import FormatSection

DATE_PART = "date"
EPOCH, EPOCH_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
FALSE_LEAP_DAY = 60
"""Excel counts a 29 February 1900 that never was: the days before it are off by one."""
DATE_MARKS = frozenset("年月日/-., \\")
"""What stands between the parts of a date and says nothing of its own."""
WEEKDAYS = "一二三四五六日"
MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July",
               "August", "September", "October", "November", "December")  # fmt: skip
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BUDDHIST_YEARS = 543
Dated = datetime.date | datetime.datetime | datetime.time | datetime.timedelta


class Moment(NamedTuple):
    """A point in time and the seconds since the beginning of the calendar, of which a duration is made."""

    at: datetime.datetime
    seconds: Decimal


def as_moment(value: Decimal | Dated, is_1904: bool = False) -> Moment:
    """Return a number of days, a date, a time or a duration as a `Moment`, to the millisecond."""
    epoch = EPOCH_1904 if is_1904 else EPOCH
    if isinstance(value, datetime.datetime):
        return Moment(value, seconds_of(value - epoch))
    if isinstance(value, datetime.date):
        return as_moment(datetime.datetime(value.year, value.month, value.day), is_1904)
    if isinstance(value, datetime.time):
        return as_moment(datetime.datetime.combine(epoch.date(), value), is_1904)
    if isinstance(value, datetime.timedelta):
        return Moment(epoch + value, seconds_of(value))
    seconds = round(value * 86_400, 3)
    at = epoch + datetime.timedelta(milliseconds=int(seconds * 1000))
    is_before_false_day = not is_1904 and 1 <= value < FALSE_LEAP_DAY
    return Moment(at + datetime.timedelta(days=1) if is_before_false_day else at, seconds)


def seconds_of(duration: datetime.timedelta) -> Decimal:
    return Decimal(duration.days * 86_400 + duration.seconds) + Decimal(duration.microseconds) / 1_000_000


def adds_to_date(parts: tuple[tuple[str, str], ...], value: Dated) -> bool:
    """Whether a format shows a date otherwise than by its year, month and day: without one of them, or with more."""
    if not isinstance(value, datetime.date):
        return True
    letters = {
        "minutes" if is_minutes(parts, i) else text[0] for i, (kind, text) in enumerate(parts) if kind == DATE_PART
    }
    words = "".join(text for kind, text in parts if kind in ("text", "digit"))
    has_elapsed = any(kind == "elapsed" for kind, _ in parts)
    return has_elapsed or letters != {"y", "m", "d"} or not DATE_MARKS.issuperset(words)


def write_moment(section: FormatSection, moment: Moment) -> str:
    """Return a moment as the section writes it, its literals between the parts."""
    parts, written = section.parts, []
    is_half_day = any(kind == DATE_PART and is_day_half(text) for kind, text in parts)
    for i, (kind, text) in enumerate(parts):
        if kind == "elapsed":
            written.append(elapsed_text(text, moment.seconds))
        elif kind != DATE_PART:
            written.append(text if kind in ("text", "digit") else "")
        elif is_minutes(parts, i):
            written.append(numbered_month(moment.at.minute, len(text), section.numerals))
        else:
            written.append(write_part(text, moment.at, is_half_day, section.numerals))
    return "".join(written).strip()


def is_minutes(parts: tuple[tuple[str, str], ...], i: int) -> bool:
    """Whether the letters at ``i`` are minutes: an ``m`` behind hours or before seconds."""
    if parts[i][1] not in ("m", "mm"):
        return False
    timed = [
        (j, text) for j, (kind, text) in enumerate(parts) if kind in (DATE_PART, "elapsed") and not is_day_half(text)
    ]
    at = next(k for k, (j, _) in enumerate(timed) if j == i)
    before = timed[at - 1][1] if at else ""
    after = timed[at + 1][1] if at + 1 < len(timed) else ""
    return before.startswith("h") or after.startswith("s")


def is_day_half(text: str) -> bool:
    return "/" in text


def elapsed_text(text: str, seconds: Decimal) -> str:
    """Return the whole hours, minutes or seconds of a duration: [h] of two days is 48."""
    unit = {"h": 3_600, "m": 60, "s": 1}[text[0]]
    sign = "-" if seconds < 0 else ""
    return sign + str(int(abs(seconds)) // unit).zfill(len(text))


def write_part(text: str, at: datetime.datetime, is_half_day: bool, numerals: Numerals | None) -> str:
    length, letter = len(text), text[0]
    if is_day_half(text):
        halves = ("上午", "下午") if "上" in text else ("A", "P") if length == 3 else ("AM", "PM")
        return halves[at.hour >= 12]
    if letter in "yeb":
        return year_of(text, at.year, numerals)
    if letter == "a":
        return ("星期" if length == 4 else "") + WEEKDAYS[at.weekday()]
    if letter == "m" and length > 2:
        name = MONTH_NAMES[at.month - 1]
        return {3: name[:3], 5: name[0]}.get(length, name)
    if letter == "d" and length > 2:
        name = DAY_NAMES[at.weekday()]
        return name[:3] if length == 3 else name
    if letter == "s":
        whole, _, places = text.partition(".")
        part = f".{at.microsecond:06d}"[: len(places) + 1] if places else ""
        return numbered_month(at.second, len(whole), numerals) + part
    number = at.month if letter == "m" else at.day if letter == "d" else half_hour(at.hour) if is_half_day else at.hour
    return numbered_month(number, length, numerals)


def half_hour(hour: int) -> int:
    return hour % 12 or 12


def year_of(text: str, year: int, numerals: Numerals | None) -> str:
    year += BUDDHIST_YEARS if text[0] == "b" else 0
    shown = f"{year % 100:02d}" if text[0] != "e" and len(text) <= 2 else str(year)
    return spell_digits(shown, numerals) if numerals else shown


def numbered_month(number: int, length: int, numerals: Numerals | None) -> str:
    return spell_number(str(number), numerals) if numerals else str(number).zfill(min(length, 2))
