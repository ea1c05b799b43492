"""What a form year means to an import: the year being declared, history, or neither."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef
from django.utils import timezone

from declarations.models import Bureau, Cycle, Declaration, ImportBatch
from declarations.models.cycle import FIRST_YEAR, LAST_YEAR
from declarations.record.moments import day_in_words


class YearStanding(StrEnum):
    OPEN = "open"
    PAST = "past"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Year:
    """A year as an import finds it. ``cycle`` None: not there yet. ``reason``: why nothing may come in."""

    standing: YearStanding
    cycle: Cycle | None = None
    reason: str = ""


class Years:
    """The years of a bureau, read once (one query)."""

    def __init__(self, bureau: Bureau, now: datetime.datetime | None = None) -> None:
        self.bureau, self.now = bureau, now or timezone.now()
        self._read()

    def _read(self) -> None:
        declared_here = Declaration.objects.filter(cycle=OuterRef("pk"), is_imported=False)
        cycles = Cycle.objects.filter(bureau=self.bureau).annotate(is_live=Exists(declared_here))
        self._cycles = {cycle.year: cycle for cycle in cycles}
        open_years = [cycle.year for cycle in self._cycles.values() if cycle.is_open(self.now)]
        self._newest_open = max(open_years, default=None)

    def of(self, year: int) -> Year:
        cycle = self._cycles.get(year)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return Year(YearStanding.CLOSED, reason=f"{year}不是可用的申报年度")
        if cycle and cycle.is_open(self.now):
            return Year(YearStanding.OPEN, cycle)
        if self._is_past(year, cycle):
            return Year(YearStanding.PAST, cycle)
        return Year(YearStanding.CLOSED, cycle, self._why_closed(year, cycle))

    def _is_past(self, year: int, cycle: Cycle | None) -> bool:
        """Before the year being declared; while none is, up to this year unless it is declared in the system."""
        if self._newest_open is not None:
            return year < self._newest_open
        newest_live = max((known.year for known in self._cycles.values() if known.is_live), default=FIRST_YEAR)
        is_live = cycle is not None and cycle.is_live
        return year < newest_live or (year <= timezone.localtime(self.now).year and not is_live)

    def _why_closed(self, year: int, cycle: Cycle | None) -> str:
        if cycle is None:
            return f"本财政局没有{year}年度的申报"
        if cycle.is_over(self.now):
            return f"{cycle}申报已于{day_in_words(cycle.deadline)}截止"
        return f"{cycle}申报要到{day_in_words(cycle.opens_at)}才开始"

    def ensure(self, editions: Mapping[int, str], batch: ImportBatch | None = None) -> None:
        """Makes the past years that are missing, each in the edition of its tables (two queries, or none).

        ``batch``: for which they are made, and with which they go again.
        """
        missing = {year: edition for year, edition in editions.items() if year not in self._cycles}
        if missing:
            made = [self._history(year, edition, batch) for year, edition in missing.items()]
            Cycle.objects.bulk_create(made, ignore_conflicts=True)
            self._read()

    def _history(self, year: int, edition: str, batch: ImportBatch | None) -> Cycle:
        """A year that nobody declared here: its time is over, as it was when it was declared elsewhere."""
        deadline = timezone.make_aware(datetime.datetime(year - 1, 12, 31, 18))
        deadline = min(deadline, self.now - datetime.timedelta(days=1))
        opened = deadline - datetime.timedelta(days=90)
        place = {"bureau": self.bureau, "year": year, "edition": edition}
        return Cycle(**place, opens_at=opened, deadline=deadline, made_by=batch)
