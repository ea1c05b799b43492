"""The sums of a batch by year beside those of the year before in the system, to compare with the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Coalesce

from declarations.importing.batch.rows import ImportOutcome, PlannedRow
from declarations.models import Declaration, ImportBatch
from declarations.sheet.units import grouped_amount


@dataclass
class YearTotal:
    """Tables and 支出合计 in 万元 of one year of the batch; ``before``: of the year before in the system, if any."""

    year: int
    count: int = 0
    amount: Decimal = Decimal()
    before_count: int = 0
    before_amount: Decimal = Decimal()

    @property
    def words(self) -> str:
        return grouped_amount(self.amount)

    @property
    def before_words(self) -> str:
        return grouped_amount(self.before_amount)

    @property
    def change(self) -> str:
        """The difference in per cent, with its sign; empty where there is nothing to compare with."""
        if not self.before_amount:
            return ""
        return f"{(self.amount - self.before_amount) / self.before_amount * 100:+.1f}%"


def totals_of(batch: ImportBatch, rows: Iterable[PlannedRow]) -> list[YearTotal]:
    """The years of the tables that can come in or are in already; in one query."""
    found: dict[int, YearTotal] = {}
    for row in rows:
        if row.year and row.effective is not ImportOutcome.BLOCKED:
            total = found.setdefault(row.year, YearTotal(row.year))
            total.count += 1
            total.amount += Decimal(row.amount or 0)
    before = totals_in_system(batch, [year - 1 for year in found]) if found else {}
    for total in found.values():
        total.before_count, total.before_amount = before[total.year - 1]
    return [found[year] for year in sorted(found)]


def totals_in_system(batch: ImportBatch, years: Iterable[int]) -> dict[int, tuple[int, Decimal]]:
    nothing = Value(Decimal())
    spent = Coalesce(F("basic_expenditure"), nothing) + Coalesce(F("project_expenditure"), nothing)
    kept = Declaration.objects.filter(cycle__bureau=batch.bureau_id, cycle__year__in=list(years))
    summed = kept.values("cycle__year").order_by().annotate(number=Count("pk"), amount=Sum(spent))
    sums = {one["cycle__year"]: (one["number"], one["amount"]) for one in summed}
    return defaultdict(lambda: (0, Decimal()), sums)
