"""The reviewers' inbox: what each card counts, and how its list is filtered and sorted.

A card is a link to a list of as many rows as its number says: both are made of `rows_behind_card` and
`InboxFilters.apply`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from declarations.models import Cycle, Declaration, Role, Round, State
from declarations.notifying.urging import departments_to_urge, due_departments
from declarations.notifying.workdays import Calendar
from declarations.people import permissions
from declarations.reviewing import assigning
from declarations.views.home.listing import departments_named
from declarations.views.reviewing.review import task_of, waiting_for, with_waiting_since

LISTS = {"waiting": "待我审核", "returned": "已退回待修改", "approved": "已通过", "missing": "未报送"}
SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "waiting": ("等待最久的在前", ("since", "pk")),
    "name": ("部门名称", ("department__pinyin", "pk")),
}
WHO = {"me": "我", "others": "科室同事", "all": "全部"}
SLOW = 5
"""Working days after which a declaration counts as waiting too long."""


@dataclass(frozen=True)
class InboxFilters:
    """What a person asked for; whatever the address says wrongly is as if it were not there."""

    show: str = "waiting"
    words: str = ""
    division: int | None = None
    state: str = ""
    round: int | None = None
    who: str = "me"
    is_slow: bool = False
    sort: str = "waiting"

    @classmethod
    def read(cls, params: QueryDict) -> InboxFilters:
        show, who, sort = (params.get(name, "") for name in ("show", "who", "sort"))
        state, division, turn = (params.get(name, "") for name in ("state", "division", "round"))
        show = show if show in LISTS else "waiting"
        return cls(
            show=show,
            words=params.get("q", "").replace("\0", "").strip()[:50],
            division=int(division) if division.isascii() and division.isdigit() and len(division) < 10 else None,
            state=state if state in ("none", *State.values) else "",
            round=int(turn) if turn in ("1", "2") else None,
            who=who if who in WHO else usual_owner(show),
            is_slow=params.get("slow") == "1",
            sort=sort if sort in SORTS else "waiting",
        )

    @property
    def are_set(self) -> bool:
        """Whether the list is narrower than its card."""
        return self != InboxFilters(show=self.show, who=usual_owner(self.show), sort=self.sort)

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.sort][1]

    def apply(self, user, mine: QuerySet, calendar: Calendar) -> QuerySet:
        """Of `reviewed_rows` those of this list."""
        rows = mine.filter(self._whose(user))
        rows = rows.filter(state=self.state) if self.state else rows
        rows = rows.filter(round=self.round) if self.round else rows
        rows = rows.filter(department__division=self.division) if self.division else rows
        rows = rows.filter(departments_named(self.words, "department__")) if self.words else rows
        return rows.filter(since__lt=slow_since(calendar)) if self.is_slow else rows

    def _whose(self, user) -> Q:
        """The card's own rows, or those beside them that colleagues look after or have to decide."""
        listed = rows_behind_card(user, self.show)
        if self.show != "waiting":
            return listed if self.who == "all" else listed & owned_rows(user, self.who)
        everybodys = waiting_for(user)
        return {"me": listed, "others": everybodys & ~listed, "all": everybodys}[self.who]


def usual_owner(show: str) -> str:
    """Whose rows a card counts: what waits for oneself, of all else everybody's."""
    return "me" if show == "waiting" else "all"


def owned_rows(user, who: str) -> Q:
    condition = Q(pk__in=[])
    for membership in permissions.memberships_of(user):
        if membership.role in permissions.PLACES:
            condition |= assigning.is_task_by(membership, user)
    return condition if who == "me" else ~condition


def rows_behind_card(user, show: str) -> Q:
    """The declarations that a card counts."""
    return {
        "waiting": task_of(user),
        "returned": Q(state=State.RETURNED),
        "approved": Q(state__in=passed_by(user)),
    }[show]


def passed_by(user) -> set[State]:
    """The states of what this reviewer needs to look at no more: a division is done before the bureau is."""
    waiting = {state for state in State.UNDER_REVIEW if state.reviewer in permissions.active_roles(user)}
    return set(State.PASSED) - waiting


def reviewed_rows(user, cycle: Cycle) -> QuerySet:
    """The declarations of a year in a person's places, with ``since``: when each came into its present state."""
    mine = Declaration.objects.visible_to(user).filter(permissions.reviewed_places(user, "department__"), cycle=cycle)
    return with_waiting_since(assigning.with_handlers(mine))


@dataclass(frozen=True)
class InboxCard:
    """``url``: the query of the list; ``total``: out of how many, where that means something."""

    key: str
    label: str
    value: int
    url: str
    total: int | None = None


def inbox_cards(user, cycle: Cycle, mine: QuerySet) -> tuple[list[InboxCard], int]:
    """The cards, in two queries, and how many more wait here on which this person may not decide."""
    wanted = {show: Count("pk", filter=rows_behind_card(user, show)) for show in LISTS if show != "missing"}
    counts = mine.aggregate(**wanted, barred=Count("pk", filter=waiting_for(user) & permissions.hand_in(user)))
    due = due_departments(user, cycle).aggregate(
        total=Count("pk"), missing=Count("pk", filter=Q(pk__in=departments_to_urge(user, cycle).values("pk")))
    )
    barred = counts.pop("barred")
    values = {**counts, "missing": due["missing"]}
    totals = {"approved": due["total"]}
    return [
        InboxCard(show, label, values[show], inbox_address(show, cycle), totals.get(show))
        for show, label in LISTS.items()
    ], barred


def inbox_address(show: str, cycle: Cycle, **more: str) -> str:
    return "?" + urlencode({"show": show, "year": cycle.year, **more})


def slow_since(calendar: Calendar) -> datetime.datetime:
    """What came before this moment has waited for more than `SLOW` working days today."""
    today = timezone.localdate()
    day = today
    while calendar.working_days_between(day, today) <= SLOW:
        day -= datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def states_of(user, show: str) -> list[tuple[str, str]]:
    """The states between which one can choose in a list; none where all its rows are in one."""
    states: Iterable[State] = {
        "waiting": State.UNDER_REVIEW if len(active_cycles(user)) > 1 else (),
        "returned": (),
        "approved": passed_by(user),
        "missing": State.UNREPORTED,
    }[show]
    found = [(state.value, state.label) for state in State if state in states]
    found = [("none", "未开始"), *found] if show == "missing" else found
    return found if len(found) > 1 else []


def active_cycles(user) -> frozenset[Role]:
    return permissions.active_roles(user) & Role.REVIEWING


def rounds_of(cycle: Cycle) -> list[tuple[int, str]]:
    """一上 and 二上 once there is something to tell apart."""
    return list(Round.choices) if cycle.round == Round.SECOND else []
