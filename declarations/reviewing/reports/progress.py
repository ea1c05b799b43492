"""How far the declarations of a year are: how many stand where, how many came back, how often they were reported."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from declarations.models import State
from declarations.reviewing.reports.deciding import percent_of


@dataclass(frozen=True)
class YearProgress:
    """``by_state``: (label, how many), in the order of the work. ``returned``: at least once. ``submissions``: of all
    that were reported, together."""

    by_state: list[tuple[str, int]]
    total: int
    reported: int
    returned: int
    submissions: int

    @property
    def average(self) -> Decimal:
        """How often one was reported, in the average of those that were."""
        return (Decimal(self.submissions) / self.reported).quantize(Decimal("0.1")) if self.reported else Decimal(0)

    @property
    def returned_percent(self) -> Decimal:
        return percent_of(self.returned, self.reported)


def progress_of(declarations: QuerySet) -> YearProgress:
    """In one query."""
    counts = {f"n_{state}": Count("pk", filter=Q(state=state)) for state in State.values}
    found = declarations.aggregate(
        **counts,
        total=Count("pk"),
        reported=Count("pk", filter=Q(submissions__gt=0)),
        again=Count("pk", filter=Q(submissions__gt=1) | Q(submissions=1, returned_at__isnull=False)),
        submissions=Sum("submissions", default=0),
    )
    return YearProgress(
        by_state=[(state.label, found[f"n_{state}"]) for state in State],
        total=found["total"],
        reported=found["reported"],
        returned=found["again"],
        submissions=found["submissions"],
    )
