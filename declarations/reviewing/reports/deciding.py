"""The decisions of a year: return rates and waiting by reviewer, by division and by check, reasons by code."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from declarations.checks import CATALOGUE
from declarations.findings.doubts import split_key
from declarations.models import Action, Code, Comment, Cycle, Event, Role
from declarations.notifying.workdays import Calendar, calendar_of
from declarations.people.moves import DECIDING

FEWEST = 5
"""With fewer decisions a rate says nothing."""
FAR = Decimal(20)
"""Percentage points from the rate of all at which a rate is pointed out."""


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """``days``: working days since it came to the reviewer. ``codes``: of the doubts it was reported with."""

    declaration: object
    action: str
    reviewer: str
    division: str
    days: int
    codes: frozenset[str]

    @property
    def is_return(self) -> bool:
        return self.action == Action.RETURN


@dataclass(frozen=True)
class DecisionRate:
    """How one reviewer, one division or one check stands. ``days``: half of the decisions took at most so many.

    ``far``: more (1) or less (-1) often returned than all together, by more than `FAR`; else 0.
    """

    name: str
    decided: int
    returned: int
    days: Decimal
    far: int = 0

    @property
    def percent(self) -> Decimal:
        return percent_of(self.returned, self.decided)


def percent_of(part: int, whole: int) -> Decimal:
    """With one decimal; 0 of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else Decimal("0.0")


@dataclass
class Deciding:
    """All of it, for one person and one year."""

    decisions: list[ReviewDecision]
    reasons: dict[str, Counter] = field(default_factory=dict)
    """By division, how often each code was given; under an empty name, of all."""

    @property
    def whole(self) -> DecisionRate:
        return rate_of("合计", self.decisions)

    def by_reviewer(self) -> list[DecisionRate]:
        return self._by(lambda one: one.reviewer)

    def by_division(self) -> list[DecisionRate]:
        return self._by(lambda one: one.division)

    def by_check(self) -> list[DecisionRate]:
        """Of the decisions on what was reported with a doubt of a check: one may count under several."""
        first = [one for one in self.decisions if one.codes]
        groups = {code: [one for one in first if code in one.codes] for code in CATALOGUE}
        return self._rates({f"{code} {CATALOGUE[code].title}": found for code, found in groups.items() if found})

    def _by(self, name: Callable[[ReviewDecision], str]) -> list[DecisionRate]:
        groups = defaultdict(list)
        for one in self.decisions:
            groups[name(one)].append(one)
        return self._rates(groups)

    def _rates(self, groups: dict[str, list[ReviewDecision]]) -> list[DecisionRate]:
        """The most often returned first."""
        whole = self.whole
        found = [rate_of(name, decisions, whole) for name, decisions in groups.items()]
        return sorted(found, key=lambda one: (-one.percent, -one.decided, one.name))

    def reasons_by_code(self) -> list[tuple[str, int, Decimal]]:
        """(label, how often, per cent of all), the most frequent first; a code that nobody gave is left out."""
        counts = self.reasons.get("", Counter())
        total = counts.total()
        return [(Code(code).label, count, percent_of(count, total)) for code, count in counts.most_common()]

    def reasons_by_division(self) -> list[tuple[str, list[int]]]:
        """For each division, how often each code of `reasons_by_code` was given, in that order."""
        codes = [code for code, _ in self.reasons.get("", Counter()).most_common()]
        return [(name, [counts[code] for code in codes]) for name, counts in sorted(self.reasons.items()) if name]


def rate_of(name: str, decisions: Iterable[ReviewDecision], whole: DecisionRate | None = None) -> DecisionRate:
    found = list(decisions)
    returned = sum(one.is_return for one in found)
    days = Decimal(str(median(one.days for one in found))) if found else Decimal(0)
    return DecisionRate(name, len(found), returned, days, far_from(whole, returned, len(found)) if whole else 0)


def far_from(whole: DecisionRate, returned: int, decided: int) -> int:
    if decided < FEWEST or decided == whole.decided:
        return 0
    apart = percent_of(returned, decided) - whole.percent
    return (apart > FAR) - (apart < -FAR)


def deciding_figures(user, cycle: Cycle) -> Deciding:
    """Of the declarations of a year that this person may see; in three queries."""
    calendar = calendar_of(cycle.bureau_id)
    return Deciding([*_decisions(user, cycle, calendar)], _reasons(user, cycle))


def _decisions(user, cycle: Cycle, calendar: Calendar) -> Iterable[ReviewDecision]:
    earlier = Event.objects.filter(declaration=OuterRef("declaration"), created_at__lt=OuterRef("created_at"))
    since = earlier.order_by("-created_at", "-pk").values("created_at")[:1]
    events = Event.objects.visible_to(user).filter(declaration__cycle=cycle, action__in=(Action.SUBMIT, *DECIDING))
    rows = events.annotate(since=Subquery(since)).order_by("declaration_id", "created_at", "pk")
    codes: dict[object, frozenset[str]] = {}
    for row in rows.values_list(
        "declaration_id",
        "action",
        "actor__name",
        "acting_role",
        "declaration__department__division__name",
        "created_at",
        "since",
        "confirmations",
    ):
        declaration, action, actor, role, division, moment, before, confirmations = row
        if action == Action.SUBMIT:
            codes[declaration] = frozenset(split_key(key)[0] for key in confirmations)
            continue
        who = f"{actor or '系统'}（{Role(role).label}）" if role else actor or "系统"
        days = calendar.working_days_between(_day(before or moment), _day(moment))
        yield ReviewDecision(
            declaration, action, who, division or "未分配科室", days, codes.get(declaration, frozenset())
        )


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()


def _reasons(user, cycle: Cycle) -> dict[str, Counter]:
    """Codes of the comments that went out with a return, by division and of all."""
    sent = Comment.objects.visible_to(user).filter(
        declaration__cycle=cycle,
        parent=None,
        sent_with__isnull=False,
        acting_role__in=Role.REVIEWING,
    )
    found: dict[str, Counter] = defaultdict(Counter)
    for code, division in sent.order_by().values_list("code", "declaration__department__division__name"):
        found[""][code] += 1
        found[division or "未分配科室"][code] += 1
    return found
