"""What surrounds a stored declaration when it is checked: last year's table, its units, the cycle's settings.

In two queries however many declarations there are (a third in 二上, three more where a last year has no frozen
version). Everybody who checks a stored declaration takes its context from here, so that filler, reviewer and lists
see the same findings.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from declarations.checks import Context
from declarations.findings.check_settings import Overrides, overrides_of
from declarations.models import CheckSetting, ControlFigures, Declaration, Department, Round, Snapshot, State
from declarations.record import store
from declarations.sheet.table import Table

Contexts = dict[uuid.UUID, Context]
"""By key of the declaration."""


def context_of(declaration: Declaration) -> Context:
    """The context of one declaration, its cycle read ahead (`with_names`)."""
    return contexts_of([declaration])[declaration.pk]


def contexts_of(declarations: Sequence[Declaration]) -> Contexts:
    """The contexts of many. ``limits`` are the 控制数 issued for 二上; None where none were, or in 一上."""
    settings, around, limits = _settings(declarations), _around(declarations), _limits(declarations)
    before = _last_years(around.values())
    return {
        declaration.pk: Context(
            year=declaration.cycle.year,
            last_year=before.get(declaration.pk),
            subordinate_units=_units(around[declaration.pk]),
            limits=limits.get((declaration.cycle_id, declaration.department_id)),
            is_imported=declaration.is_imported,
            severities=settings[declaration.cycle_id].severities,
            parameters=settings[declaration.cycle_id].parameters,
            off=settings[declaration.cycle_id].off,
        )
        for declaration in declarations
    }


def last_years(user, declarations: Sequence[Declaration]) -> dict[uuid.UUID, Table]:
    """What was approved last for the year before, by key of this year's declaration, where the user may find it.

    It is the table that `contexts_of` checks against and that the comparison page shows.
    """
    before = Declaration.objects.visible_to(user).year_before(declarations)
    findable = set(before.values_list("department", "cycle__year"))
    tables = _last_years(_around(declarations).values()) if findable else {}
    years = {row.pk: (row.department_id, row.cycle.year - 1) for row in declarations}
    return {key: table for key, table in tables.items() if years[key] in findable}


def _settings(declarations: Iterable[Declaration]) -> dict[int, Overrides]:
    """What each cycle changed."""
    cycles = {declaration.cycle_id for declaration in declarations}
    found: dict[int, list[CheckSetting]] = defaultdict(list)
    for setting in CheckSetting.objects.filter(cycle__in=cycles).newest():
        found[setting.cycle_id].append(setting)
    return {cycle: overrides_of(found[cycle]) for cycle in cycles}


def _limits(declarations: Iterable[Declaration]) -> dict[tuple[int, int], dict[str, Decimal]]:
    """What was issued for 二上, by cycle and department, in 万元."""
    second = [one for one in declarations if one.cycle.round == Round.SECOND and not one.is_imported]
    if not second:
        return {}
    issued = ControlFigures.objects.filter(
        cycle__in={one.cycle_id for one in second}, department__in={one.department_id for one in second}
    )
    return {(row.cycle_id, row.department_id): row.issued for row in issued if row.issued}


def _around(declarations: Iterable[Declaration]) -> dict[uuid.UUID, dict[str, Any]]:
    """What the database knows around each declaration, by its key.

    ``content`` and ``row_ids``: of what was approved last for the year before; ``approved``: the declaration that is.
    ``units``: how many stand below the department; ``keeps_units``: whether the bureau has any in its tree.
    """
    department, year = OuterRef("department"), OuterRef("cycle__year") - 1
    frozen = Snapshot.objects.filter(
        declaration__department=department,
        declaration__cycle__year=year,
        declaration__undone_at__isnull=True,
        state=State.APPROVED,
    ).order_by("-number")
    approved = Declaration.objects.filter(department=department, cycle__year=year, state=State.APPROVED)
    units = Department.objects.filter(parent=department, is_active=True).order_by().values("parent")
    kept = Department.objects.filter(bureau=OuterRef("department__bureau"), parent__isnull=False)
    rows = Declaration.objects.filter(pk__in=[one.pk for one in declarations]).order_by()
    return {
        row["pk"]: row
        for row in rows.values(
            "pk",
            content=Subquery(frozen.values("content")[:1]),
            row_ids=Subquery(frozen.values("row_ids")[:1]),
            approved=Subquery(approved.values("pk")[:1]),
            units=Coalesce(Subquery(units.annotate(count=Count("pk")).values("count")), 0),
            keeps_units=Exists(kept),
        )
    }


def _last_years(around: Iterable[dict[str, Any]]) -> dict[uuid.UUID, Table]:
    """The table approved for the year before, by the key of this year's declaration."""
    rows = list(around)
    never_frozen = [row["approved"] for row in rows if row["approved"] and row["content"] is None]
    stored = dict(_stored(never_frozen)) if never_frozen else {}
    tables = {row["pk"]: _frozen(row) if row["content"] else stored.get(row["approved"]) for row in rows}
    return {key: table for key, table in tables.items() if table is not None}


def _frozen(row: dict[str, Any]) -> Table:
    return store.frozen_table(Snapshot(content=row["content"], row_ids=row["row_ids"]))


def _stored(keys: list[uuid.UUID]) -> Iterable[tuple[uuid.UUID, Table]]:
    """The tables themselves, of declarations approved before versions were kept."""
    rows = Declaration.objects.filter(pk__in=keys)
    return ((declaration.pk, table) for declaration, table in store.tables_of(rows))


def _units(row: dict[str, Any]) -> int | None:
    """None where the bureau keeps no units in its tree at all: then the tree says nothing of this department either."""
    return row["units"] if row["keeps_units"] else None
