"""The filters of each list: what a person may ask for, and which rows that leaves."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import ClassVar, cast

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from declarations.models import Action, Cycle, Division, Event, Role, Round, State
from declarations.models.organisation import departments_named
from declarations.notifying.workdays import Calendar
from declarations.people import permissions
from declarations.people.moves import LABELS, LETTERS
from declarations.reviewing import queue, unreported
from declarations.web.filter_form import (
    ALL,
    FilterForm,
    choice_field,
    day_field,
    number_field,
    words_field,
    year_choices,
)
from declarations.web.parameters import Tick, YearField
from declarations.web.years import offered_years

REPORTED = "reported"
"""For ``state``: all that the bureau has had before it."""
LIST_SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "year": ("年度", ("-cycle__year", "department__pinyin", "pk")),
    "department": ("部门", ("department__pinyin", "-cycle__year", "pk")),
    "updated": ("更新时间", ("-updated_at", "pk")),
}
INBOX_LISTS = {"waiting": "待我审核", "returned": "已退回待修改", "approved": "已通过", "missing": "未报送"}
INBOX_SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "waiting": ("等待最久的在前", ("since", "pk")),
    "name": ("部门名称", ("department__pinyin", "pk")),
}
WHO = {"me": "我", "others": "科室同事", "all": "全部"}
CONCLUSIONS = {action: LABELS[action] for action in LETTERS}


class DeclarationFilter(FilterForm):
    """The list of declarations."""

    q = words_field()
    year = number_field("年度", YearField)
    state = choice_field("状态", [*State.choices, (REPORTED, "已报送过（含退回、通过）")])
    sort = forms.ChoiceField(label="排序", required=False, choices=[(key, sort[0]) for key, sort in LIST_SORTS.items()])
    defaults: ClassVar = {"sort": "year"}
    beside: ClassVar = frozenset({"sort"})

    def __init__(self, params: QueryDict, user) -> None:
        super().__init__(params)
        self.offer("year", lambda: year_choices(offered_years(user)))

    @property
    def order(self) -> tuple[str, ...]:
        return LIST_SORTS[self.values["sort"]][1]

    def apply(self, rows: QuerySet) -> QuerySet:
        values = self.values
        if values["year"]:
            rows = rows.filter(cycle__year=values["year"])
        if values["state"]:
            rows = rows.filter(state__in=State.AT_BUREAU if values["state"] == REPORTED else [values["state"]])
        return rows.filter(departments_named(values["q"], "department__")) if values["q"] else rows


class InboxFilter(FilterForm):
    """The list behind a card of the reviewers' inbox."""

    show = forms.ChoiceField(required=False, choices=[*INBOX_LISTS.items()], widget=forms.HiddenInput)
    year = forms.IntegerField(required=False, widget=forms.HiddenInput)
    q = words_field()
    state = choice_field("状态", [("none", "未开始"), *State.choices])
    division = number_field("科室")
    round = forms.TypedChoiceField(
        label="轮次", required=False, choices=[ALL, *Round.choices], coerce=int, empty_value=None
    )
    who = forms.ChoiceField(label="经办人", required=False, choices=[*WHO.items()])
    sort = forms.ChoiceField(
        label="排序", required=False, choices=[(key, sort[0]) for key, sort in INBOX_SORTS.items()]
    )
    slow = forms.BooleanField(label=f"超过 {queue.SLOW} 个工作日", required=False, widget=Tick)
    beside: ClassVar = frozenset({"show", "year", "sort"})

    def __init__(self, params: QueryDict, user, cycle: Cycle) -> None:
        self.user, self.cycle = user, cycle
        self.card = str(params.get("show") if params.get("show") in INBOX_LISTS else "waiting")
        asked = params.copy()
        asked["show"], asked["year"] = self.card, str(cycle.year)
        super().__init__(asked, auto_id="inbox-%s", sort="waiting", who=queue.usual_owner(self.card))
        self.offer("division", lambda: [ALL, *((division.pk, str(division)) for division in self.divisions)])
        self.offer("state", [ALL, *self.states])
        if self.card == "missing":
            self.fields["slow"].label = "已过期限"

    @cached_property
    def divisions(self) -> list[Division]:
        """The divisions among which a reviewer of the second stage may choose."""
        if Role.PERFORMANCE not in permissions.active_roles(self.user):
            return []
        return list(Division.objects.visible_to(self.user).filter(bureau=self.cycle.bureau_id))

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states between which one can choose; none where all rows are in one."""
        states = [(state.value, state.label) for state in queue.states_of(self.user, self.card)]
        if self.card == "missing":
            return [("none", "未开始"), *states]
        return states if len(states) > 1 else []

    @property
    def offered(self) -> list[str]:
        is_missing = self.card == "missing"
        absent = {
            "state": not self.states,
            "division": not self.divisions,
            "round": is_missing or self.cycle.round != Round.SECOND,
            "who": is_missing,
            "sort": is_missing,
        }
        return [name for name in self.fields if not absent.get(name)]

    @property
    def order(self) -> tuple[str, ...]:
        return INBOX_SORTS[self.values["sort"]][1]

    def apply(self, mine: QuerySet, calendar: Calendar) -> QuerySet:
        """Of `queue.reviewed_rows` those of this list."""
        values = self.values
        rows = mine.filter(queue.listed_rows(self.user, self.card, values["who"]))
        conditions = {
            "state": values["state"],
            "round": values["round"],
            "department__division": values["division"],
            "since__lt": queue.slow_since(calendar) if values["slow"] else None,
        }
        rows = rows.filter(**{name: value for name, value in conditions.items() if value})
        return rows.filter(departments_named(values["q"], "department__")) if values["q"] else rows

    def missing(self) -> QuerySet:
        """The departments of this list that have not reported (`unreported.with_extension`)."""
        values, rows = self.values, unreported.with_extension(self.user, self.cycle)
        if values["state"]:
            rows = rows.filter(unreported.in_state(self.cycle, values["state"]))
        if values["division"]:
            rows = rows.filter(division=values["division"])
        if values["q"]:
            rows = rows.filter(departments_named(values["q"]))
        return rows.filter(unreported.time_is_over(self.cycle)) if values["slow"] else rows


class LogFilter(FilterForm):
    """The bureau's log; ``first`` and ``last`` are days, both included."""

    q = words_field()
    person = words_field("操作人", "姓名或账号")
    action = choice_field("操作", Action.choices)
    year = number_field("年度", YearField)
    first = day_field("从")
    last = day_field("到")

    def __init__(self, params: QueryDict, user) -> None:
        super().__init__(params)
        self.offer("year", lambda: year_choices(Cycle.objects.visible_to(user).order_by("-year")))

    def apply(self, events: QuerySet) -> QuerySet:
        values = self.values
        conditions = {
            "action": values["action"],
            "declaration__cycle__year": values["year"],
            "created_at__gte": values["first"] and midnight(values["first"]),
            "created_at__lt": values["last"] and midnight(values["last"] + datetime.timedelta(days=1)),
        }
        events = events.filter(**{name: value for name, value in conditions.items() if value})
        if values["q"]:
            events = events.filter(departments_named(values["q"], "declaration__department__"))
        if values["person"]:
            events = events.filter(Q(actor__name__icontains=values["person"]) | Q(actor__username=values["person"]))
        return events


class LetterFilter(FilterForm):
    """The letters; ``all``: those of earlier decisions too, not just the latest of each department."""

    q = words_field()
    action = choice_field("结论", CONCLUSIONS.items())
    year = number_field("年度", YearField)
    all = forms.ChoiceField(label="范围", required=False, choices=[("", "各部门最近一次"), ("1", "历次全部")])
    beside: ClassVar = frozenset({"all"})

    def __init__(self, params: QueryDict, user) -> None:
        super().__init__(params)
        self.offer("year", lambda: year_choices(Cycle.objects.visible_to(user).order_by("-year")))

    def apply(self, events: QuerySet) -> QuerySet:
        values = self.values
        if not values["all"]:
            later = Event.objects.filter(
                declaration=OuterRef("declaration"), action__in=LETTERS, created_at__gt=OuterRef("created_at")
            )
            events = events.exclude(Exists(later))
        conditions = {"action": values["action"], "declaration__cycle__year": values["year"]}
        events = events.filter(**{name: value for name, value in conditions.items() if value})
        return events.filter(departments_named(values["q"], "declaration__department__")) if values["q"] else events


class AssignmentFilter(FilterForm):
    """The departments among which the work of a stage is shared out."""

    q = words_field()
    role = forms.ChoiceField(label="环节", required=False)
    beside: ClassVar = frozenset({"role"})

    def __init__(self, params: QueryDict, roles: list[Role]) -> None:
        """``roles``: the stages in which the person may assign."""
        super().__init__(params, role=next(iter(roles), Role.DIVISION).value)
        self.roles = roles
        cast(forms.ChoiceField, self.fields["role"]).choices = [(role.value, role.label) for role in roles]

    @property
    def offered(self) -> list[str]:
        return ["q", "role"] if len(self.roles) > 1 else ["q"]

    def apply(self, departments: QuerySet) -> QuerySet:
        return departments.filter(departments_named(self.values["q"])) if self.values["q"] else departments


def midnight(date: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time()))
