"""Working days of a bureau: its own calendar first, then the holidays and make-up days as the State Council
published them (国务院办公厅关于部分节假日安排的通知, by the package `chinese_calendar`), then the week.

The arrangement of a year is published in the November before it. Of a year that the package does not know yet only
the week and the bureau's own days count; `Calendar.is_published` says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import chinese_calendar

from declarations.models import Bureau, CalendarDay

DAY = datetime.timedelta(days=1)
SATURDAY = 5
#: years whose arrangement the package knows
PUBLISHED = frozenset(day.year for day in chinese_calendar.constants.holidays)


@dataclass(frozen=True)
class Calendar:
    """``own``: the bureau's days, True where people work."""

    own: Mapping[datetime.date, bool] = field(default_factory=dict)

    def is_published(self, year: int) -> bool:
        return year in PUBLISHED

    def is_working_day(self, day: datetime.date) -> bool:
        if day in self.own:
            return self.own[day]
        if self.is_published(day.year):
            return chinese_calendar.is_workday(day)
        return day.weekday() < SATURDAY

    def working_days_between(self, start: datetime.date, end: datetime.date) -> int:
        """How many working days lie after ``start``, up to ``end`` and with it; 0 where ``end`` is not later."""
        return sum(self.is_working_day(start + DAY * n) for n in range(1, (end - start).days + 1))

    def before(self, day: datetime.date, count: int) -> datetime.date:
        """The ``count``-th working day before ``day``; ``day`` itself for 0."""
        return self._step(day, count, -DAY)

    def after(self, day: datetime.date, count: int) -> datetime.date:
        """The ``count``-th working day after ``day``; ``day`` itself for 0."""
        return self._step(day, count, DAY)

    def _step(self, day: datetime.date, count: int, step: datetime.timedelta) -> datetime.date:
        while count > 0:
            day += step
            count -= self.is_working_day(day)
        return day


def calendar_of(bureau: Bureau | int) -> Calendar:
    """The calendar of a bureau, in one query. It is read once for a list, not once for a row."""
    key = bureau if isinstance(bureau, int) else bureau.pk
    return Calendar(dict(CalendarDay.objects.filter(bureau=key).values_list("day", "is_working")))
