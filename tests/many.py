"""A bureau as large as a province: departments and declarations by the thousand, written by COPY in a second or two."""

from __future__ import annotations

import datetime
from itertools import product

from django.db import connection
from django.utils import timezone

from declarations.models import Bureau, Cycle, Declaration, Department, State
from declarations.record import bulk
from tests import factories

STATES = (State.SUBMITTED, State.REVIEWED, State.RETURNED, State.APPROVED, State.DRAFT)


def build(count: int, years: int = 3) -> Bureau:
    """``count`` departments in five divisions; the last of ``years`` is open, a fifth of it in each of `STATES`."""
    bureau = factories.bureau()
    divisions = [factories.division(bureau) for _ in range(5)]
    departments = Department.objects.bulk_create(
        Department(bureau=bureau, code=f"{n:06}", name=f"第{n}局", division=divisions[n // len(STATES) % 5])
        for n in range(count)
    )
    now = timezone.now()
    past = [
        factories.cycle(bureau, year=year, opens_at=now - datetime.timedelta(400), deadline=now)
        for year in range(2028 - years, 2027)
    ]
    rows = [declaration(cycle, one, State.APPROVED, now) for cycle, one in product(past, departments)]
    current = factories.cycle(bureau)
    for n, one in enumerate(departments):
        rows.append(declaration(current, one, STATES[n % 5], now - datetime.timedelta(minutes=n)))
    bulk.copy_rows(Declaration, rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return bureau


def declaration(cycle: Cycle, department: Department, state: State, moment: datetime.datetime) -> Declaration:
    returned = moment if state == State.RETURNED else None
    reported = int(state != State.DRAFT)
    common = {"cycle": cycle, "department": department, "state": state, "submissions": reported}
    return Declaration(**common, created_at=moment, updated_at=moment, returned_at=returned)
