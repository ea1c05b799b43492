"""Loads the invented city, once; the second time it only keeps it playable."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from declarations.demo import city, notices
from declarations.demo.history import Batch, Staff, Teller, stage_of
from declarations.demo.writing import TableAuthor
from declarations.models import Bureau, Cycle, Declaration, Department, Division, Membership, Role, User
from declarations.record.store import BATCH
from declarations.sheet.official import edition_for
from indicators import library

MARK = "@demo.invalid"
"""The ending of the e-mail address of everybody in the invented city: how they are told from real people."""
DAYS_OPEN = 21
ACCOUNTS: tuple[tuple[str, str, Role], ...] = (
    ("filler", "林晓芸", Role.FILLER),
    ("head", "周建平", Role.HEAD),
    ("division", "陈思远", Role.DIVISION),
    ("performance", "何静怡", Role.PERFORMANCE),
    ("admin", "许志强", Role.ADMINISTRATOR),
    ("observer", "方敏", Role.OBSERVER),
)


class RealPeople(Exception):
    """The database holds accounts that are not of the invented city; nothing was written."""

    message = "数据库中已有真实用户，不能载入演示数据。请改用一个空的数据库。"


@dataclass(frozen=True)
class Loaded:
    """``is_new`` is false where the city had been loaded before."""

    bureau: Bureau
    is_new: bool
    accounts: list[tuple[User, Role, str]]

    def to_json(self) -> dict:
        cycles = Cycle.objects.filter(bureau=self.bureau)
        return {
            "bureau": {"code": self.bureau.code, "name": self.bureau.name},
            "loaded": self.is_new,
            "years": sorted(cycles.values_list("year", flat=True)),
            "departments": Department.objects.filter(bureau=self.bureau).count(),
            "declarations": Declaration.objects.filter(cycle__bureau=self.bureau).count(),
            "accounts": [
                {"username": user.username, "name": user.name, "role": role.value, "place": place}
                for user, role, place in self.accounts
            ],
        }


@transaction.atomic
def load_city(
    password: str,
    *,
    departments: int = 30,
    years: int = 3,
    seed: int = 1,
    say: Callable[[str], object] = str,
) -> Loaded:
    """The city with ``years`` years, the last of them open now. Raises `RealPeople`."""
    if User.objects.exclude(email__endswith=MARK).exists():
        raise RealPeople
    bureau = Bureau.objects.filter(code=city.BUREAU_CODE).first()
    is_new = bureau is None
    if bureau is None:
        bureau = CityBuilder(departments, years, seed, say).build()
    keep_open(bureau)
    library.load(library.start_set())
    return Loaded(bureau, is_new, list(with_password(password)))


def keep_playable() -> None:
    """`keep_open` for the invented city, where it is loaded; no other bureau is touched."""
    for bureau in Bureau.objects.filter(code=city.BUREAU_CODE):
        keep_open(bureau)


def current_year() -> int:
    """Budgets of a year are declared in the second half of the one before."""
    today = timezone.localdate()
    return today.year + (today.month >= 7)


def keep_open(bureau: Bureau) -> None:
    """A trial that was left alone for a month can still be played."""
    last = Cycle.objects.filter(bureau=bureau).order_by("-year").first()
    if last is not None and last.is_over():
        last.deadline = deadline_from_now()
        last.save()


def deadline_from_now() -> datetime.datetime:
    return local_moment(timezone.localdate() + datetime.timedelta(days=DAYS_OPEN), 18)


def local_moment(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def with_password(password: str) -> Iterator[tuple[User, Role, str]]:
    """The trial accounts that are still there, each with the password that is about to be printed."""
    for username, _, role in ACCOUNTS:
        held = Membership.objects.with_scope().select_related("user").filter(user__username=username, role=role).first()
        if held is None:
            continue
        if not held.user.check_password(password):
            held.user.set_password(password)
            held.user.save(update_fields=["password"])
        yield held.user, role, str(held.place)


class CityBuilder:
    """Builds bureau, people and years, and tells what happened to each declaration."""

    def __init__(self, departments: int, years: int, seed: int, say: Callable[[str], object]) -> None:
        self.number, self.years, self.seed, self.say = departments, years, seed, say
        self.random = Random(f"{seed}-people")
        self.roles: list[Membership] = []

    def build(self) -> Bureau:
        with connection.cursor() as cursor:
            # millions of rows would otherwise queue their checks until the end
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.bureau = Bureau.objects.create(code=city.BUREAU_CODE, name=city.BUREAU_NAME)
        self.listed = list(city.invented_departments(self.number))
        self._divisions()
        self._departments()
        self._people()
        self._declare()
        return self.bureau

    def _divisions(self) -> None:
        rows = (*city.DIVISIONS, city.PERFORMANCE_DIVISION)
        made = Division.objects.bulk_create(Division(bureau=self.bureau, code=code, name=name) for code, name in rows)
        self.divisions = {division.code: division for division in made}

    def _departments(self) -> None:
        self.departments = Department.objects.bulk_create(
            (
                Department(bureau=self.bureau, code=f"{100001 + i}", name=name, division=self.divisions[code])
                for i, (name, _, code) in enumerate(self.listed)
            ),
            batch_size=1000,
        )

    def _people(self) -> None:
        """The trial accounts, and for every other place somebody who cannot log in."""
        first = self.departments[0]
        places = {"department": first, "division": first.division, "bureau": self.bureau}
        trial = {
            role: self._person(username, name, role, places[Role(role).scopes[0]]) for username, name, role in ACCOUNTS
        }
        others = [code for code, _ in city.DIVISIONS if code != first.division.code]
        reviewers = {code: self._somebody(f"ks{code}", Role.DIVISION, self.divisions[code]) for code in others}
        reviewers[first.division.code] = trial[Role.DIVISION]
        for role, place in ((Role.DIVISION, first.division), (Role.PERFORMANCE, self.bureau)):
            self._somebody(f"{role}-colleague", role, place)  # to whom a task can be handed over
        self.staff = [Staff(trial[Role.FILLER], trial[Role.HEAD], trial[Role.DIVISION], trial[Role.PERFORMANCE])]
        for department in self.departments[1:]:
            filler = self._somebody(f"tb{department.code}", Role.FILLER, department)
            head = self._somebody(f"sh{department.code}", Role.HEAD, department)
            reviewer = reviewers[department.division.code]
            self.staff.append(Staff(filler, head, reviewer, trial[Role.PERFORMANCE]))
        User.objects.bulk_create([membership.user for membership in self.roles], batch_size=1000)
        Membership.objects.bulk_create(self.roles, batch_size=1000)

    def _somebody(self, username: str, role: Role, place: Bureau | Department | Division) -> User:
        return self._person(username, city.person_name(self.random), role, place)

    def _person(self, username: str, name: str, role: Role, place: Bureau | Department | Division) -> User:
        user = User(username=username, name=name, email=f"{username}{MARK}")
        user.set_unusable_password()
        since = datetime.date(current_year() - self.years, 1, 1)
        self.roles.append(Membership(user=user, role=role, valid_from=since, **{type(place).__name__.lower(): place}))
        return user

    def _declare(self) -> None:
        past = [self._past_cycle(current_year() - back) for back in range(self.years - 1, 0, -1)]
        current = self._current_cycle()
        done = 0
        for batch in self._batches(past, current):
            batch.write()
            done += len(batch.pairs)
            self.say(f"已载入 {done} 份申报表")
        notices.write_notices(self.bureau, [username for username, _, _ in ACCOUNTS])

    def _batches(self, past: list[Cycle], current: Cycle) -> Iterator[Batch]:
        batch = Batch()
        for i, (department, (name, field, _)) in enumerate(zip(self.departments, self.listed, strict=True)):
            seed = f"{self.seed}-{i}"
            teller = Teller(seed, department, TableAuthor(seed, name, field), self.staff[i])
            for cycle in past:
                teller.past(cycle, batch)
            teller.current(current, stage_of(i), batch)
            if len(batch.pairs) >= BATCH:
                yield batch
                batch = Batch()
        yield batch

    def _past_cycle(self, year: int) -> Cycle:
        opens, deadline = (
            local_moment(datetime.date(year - 1, 11, 1), 9),
            local_moment(datetime.date(year - 1, 12, 15), 18),
        )
        return self._cycle(year, opens, deadline)

    def _current_cycle(self) -> Cycle:
        opens = local_moment(timezone.localdate() - datetime.timedelta(days=30), 9)
        return self._cycle(current_year(), opens, deadline_from_now())

    def _cycle(self, year: int, opens_at: datetime.datetime, deadline: datetime.datetime) -> Cycle:
        edition = edition_for(year).code
        return Cycle.objects.create(
            bureau=self.bureau, year=year, edition=edition, opens_at=opens_at, deadline=deadline
        )
