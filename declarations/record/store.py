"""Declarations as tables and tables as declarations: the only place that knows both.

`table_of`, `tables_of` and `reported_table` read, `save_many` and `save_table` write, `insert_new` new ones.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from declarations.models import Declaration, Indicator, KeyTask, Snapshot, StaleVersion, State, User
from declarations.record import bulk
from declarations.sheet import links
from declarations.sheet.official.fields import AMOUNTS, COUNTS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table, clean_text
from declarations.sheet.units import LIMIT, Unit, plain_amount

BATCH = 250
NONE_AT_HAND: Mapping[uuid.UUID, Table] = {}
CHUNK = 2_000
"""Rows that are changed in one statement."""
LARGEST_COUNT = 2**31 - 1
SCALARS = (*COUNTS, *AMOUNTS, "overall_goal")
GRIDS: dict[str, tuple[type[models.Model], type, tuple[str, ...]]] = {
    "key_tasks": (KeyTask, KeyTaskRow, ("name", "content", "funding", "expected_outcome", "is_optional")),
    "indicators": (Indicator, IndicatorRow, ("level1", "level2", "name", "cycle_value", "annual_value")),
}
"""Per grid: the model, the row of a table, the fields they share."""
WRITTEN = {grid: (*names, "position", "unread", "extra") for grid, (_, _, names) in GRIDS.items()}
WRITTEN["indicators"] += ("tasks",)
"""Per grid: the columns of its model that a save may change."""
RETURNED_AS = models.Prefetch(
    "snapshots",
    Snapshot.objects.filter(state=State.RETURNED, declaration__state=State.RETURNED)
    .order_by("declaration_id", "-number")
    .distinct("declaration_id"),
    to_attr="returned_as",
)
"""Of declarations that are returned now, what they said when they were: a list of at most one snapshot."""
APPROVED_AS = models.Prefetch(
    "snapshots",
    Snapshot.objects.filter(state=State.APPROVED, declaration__revision__gt=1)
    .exclude(declaration__state=State.APPROVED)
    .order_by("declaration_id", "-number")
    .distinct("declaration_id"),
    to_attr="approved_as",
)
"""Of declarations that are being adjusted now, what stands approved: a list of at most one snapshot."""


def with_rows(queryset: models.QuerySet) -> models.QuerySet:
    """Declarations with everything that `table_of` needs, in three queries however many there are."""
    return queryset.with_names().prefetch_related(*GRIDS)


def with_reported(queryset: models.QuerySet) -> models.QuerySet:
    """`with_rows`, and what `reported_table` and `approved_table` need: two queries more."""
    return with_rows(queryset).prefetch_related(RETURNED_AS, APPROVED_AS)


def tables_of(queryset: models.QuerySet) -> Iterator[tuple[Declaration, Table]]:
    """Each declaration with its table, a batch of 250 in memory at a time."""
    for declaration in with_rows(queryset).iterator(chunk_size=BATCH):
        yield declaration, table_of(declaration)


def table_of(
    declaration: Declaration,
    tasks: Iterable[KeyTask] | None = None,
    indicators: Iterable[Indicator] | None = None,
) -> Table:
    """The table of a declaration; ``tasks`` and ``indicators`` spare the queries where they are at hand."""
    rows = {
        "key_tasks": list(declaration.key_tasks.all() if tasks is None else tasks),
        "indicators": list(declaration.indicators.all() if indicators is None else indicators),
    }
    unread = dict(declaration.unread)
    for grid, kept in rows.items():
        unread |= {f"{grid}.{i}.{name}": text for i, row in enumerate(kept) for name, text in row.unread.items()}
    table = Table(
        edition=declaration.cycle.edition,
        department=declaration.department.name,
        year=declaration.cycle.year,
        **{name: getattr(declaration, name) for name in SCALARS},
        **{grid: tuple(_row(grid, row) for row in kept) for grid, kept in rows.items()},
        unread=unread,
    )
    return links.with_valid_links(table)


def _row(grid: str, kept: KeyTask | Indicator) -> KeyTaskRow | IndicatorRow:
    _, row_class, names = GRIDS[grid]
    values = {name: getattr(kept, name) for name in names}
    if grid == "indicators":
        values["tasks"] = tuple(map(str, kept.tasks))
    return row_class(**values, extra=dict(kept.extra), id=str(kept.pk))


def reported_table(declaration: Declaration) -> Table | None:
    """What the bureau has before it: of a returned declaration the text that it returned, for the department is
    at work on the other one. None where no such text is on record."""
    if declaration.state != State.RETURNED:
        return table_of(declaration)
    models.prefetch_related_objects([declaration], RETURNED_AS)
    return next(map(frozen_table, declaration.returned_as), None)


def approved_table(declaration: Declaration) -> Table | None:
    """What stands approved, also while it is being adjusted; None for one that never was."""
    if declaration.state == State.APPROVED:
        return table_of(declaration)
    models.prefetch_related_objects([declaration], APPROVED_AS)
    return next(map(frozen_table, declaration.approved_as), None)


def frozen_table(snapshot: Snapshot) -> Table:
    """The table of a snapshot, its rows with the identities and the links that they had."""
    table = Table.from_json(snapshot.content)
    rows = {
        grid: tuple(replace(row, id=key) for row, key in zip(table.rows[grid], keys, strict=True))
        for grid, keys in snapshot.row_ids.items()
        if grid in GRIDS
    }
    return links.thawed_table(replace(table, **rows), snapshot.row_ids.get("links", {}))


def row_ids(table: Table) -> dict[str, list[str]]:
    """The identities of the rows in order, by grid."""
    return {grid: [row.id for row in table.rows[grid]] for grid in GRIDS}


def row_identities(table: Table) -> dict[str, Any]:
    """What a snapshot keeps beside the content: `row_ids`, and ``links`` where an indicator has some."""
    found = links.frozen_links(table)
    return row_ids(table) | ({"links": found} if found else {})


def save_table(
    declaration: Declaration, table: Table, *, user: User | None = None, before: Table | None = None
) -> bool:
    """Make the declaration say what the table says, see `save_many`; returns whether anything had to be written.

    ``before``: the table that `table_of` made of this very instance, which spares making it again.
    """
    return bool(save_many([(declaration, table)], user=user, before={declaration.pk: before} if before else {}))


@transaction.atomic
def save_many(
    pairs: Sequence[tuple[Declaration, Table]],
    *,
    user: User | None = None,
    is_edit: bool = True,
    before: Mapping[uuid.UUID, Table] = NONE_AT_HAND,
) -> list[Declaration]:
    """Make each declaration say what its table says, in as many statements for one as for hundreds.

    Returns those in which something had to be written. Rows keep their identity where the table names it. Edition,
    department and year are the declaration's own, whatever the table says of them. ``is_edit``: ``user`` wrote the
    text, and so has a hand in it; an import only brings it. ``before``: by key, the tables that are at hand of what the
    instances say. Raises `StaleVersion`, having written nothing, if one of
    the declarations was saved since its instance was read.
    """
    models.prefetch_related_objects([declaration for declaration, _ in pairs], *GRIDS)
    was = {declaration.pk: before.get(declaration.pk) or table_of(declaration) for declaration, _ in pairs}
    changed = [(declaration, table) for declaration, table in pairs if not _says(was[declaration.pk], table)]
    written = [declaration for declaration, _ in changed]
    if changed:
        _write_declarations(changed, user, is_edit)
        for grid in GRIDS:
            _write_rows(grid, changed)
    for declaration, _ in pairs:
        # rows read ahead are no longer what the database holds
        declaration._prefetched_objects_cache = {}
    return written


def _says(before: Table, table: Table) -> bool:
    """Whether the table of a declaration says already what the other one says."""
    own = {"edition": before.edition, "department": before.department, "year": before.year}
    return before == replace(table, **own) and links.same_links(before, table)


def _write_declarations(changed: Sequence[tuple[Declaration, Table]], user: User | None, is_edit: bool) -> None:
    now = timezone.now()
    for declaration, table in changed:
        _fill(declaration, table)
        declaration.version += 1
        declaration.updated_at = now
        if user is not None or not is_edit:
            declaration.updated_by = user
    written = [declaration for declaration, _ in changed]
    names = [*SCALARS, "unread", "version", "updated_at", "updated_by"]
    if bulk.update_rows(written, names, successor="version") != len(written):
        for declaration in written:
            declaration.version -= 1
        raise StaleVersion
    if user is not None and is_edit:
        editors = Declaration.editors.through
        rows = [editors(declaration_id=declaration.pk, user_id=user.pk) for declaration in written]
        editors.objects.bulk_create(rows, ignore_conflicts=True)


def _fill(declaration: Declaration, table: Table) -> None:
    unread = {path: text for path, text in table.unread.items() if "." not in path}
    for name in SCALARS:
        setattr(declaration, name, storable_value(getattr(table, name), name, unread))
    declaration.unread = unread


def new_rows(declaration: Declaration, table: Table, grid: str) -> list[Any]:
    """The rows of a grid as unsaved instances, in order; a row without an identity gets one."""
    model = GRIDS[grid][0]
    return [model(declaration_id=declaration.pk, **values) for values in row_values(table, grid)]


def row_values(table: Table, grid: str) -> Iterator[dict[str, Any]]:
    """The rows of a grid as values by field of its model, the declaration apart."""
    names = GRIDS[grid][2]
    seen = set()
    for position, row in enumerate(links.with_valid_links(table).rows[grid]):
        unread = _unread_of_row(table, grid, position)
        values = {name: storable_value(getattr(row, name), name, unread) for name in names}
        key = as_uuid(row.id)
        key = uuid.uuid4() if key is None or key in seen else key
        seen.add(key)
        values["extra"] = {name: clean_text(text) for name, text in row.extra.items()}
        if grid == "indicators":
            values["tasks"] = [task for task in map(as_uuid, row.tasks) if task]
        yield {"id": key, "position": position, "unread": unread, **values}


def _unread_of_row(table: Table, grid: str, position: int) -> dict[str, str]:
    if not table.unread:
        return {}
    start = f"{grid}.{position}."
    return {path.removeprefix(start): text for path, text in table.unread.items() if path.startswith(start)}


def storable_value(value: Any, name: str, unread: dict[str, str]) -> Any:
    """The value as its column holds it; a number that no column can hold is kept as text in ``unread``."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Decimal):
        fits = _fits(value, Unit.YUAN if name == "funding" else Unit.WAN)
    else:
        fits = value is None or 0 <= value <= LARGEST_COUNT
    if not fits:
        unread[name] = plain_amount(value) if isinstance(value, Decimal) and value.is_finite() else str(value)
    return value if fits else None


def _fits(amount: Decimal, unit: Unit) -> bool:
    return amount.is_finite() and 0 <= amount < LIMIT and amount == amount.quantize(unit.quantum)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _write_rows(grid: str, pairs: Sequence[tuple[Declaration, Table]]) -> None:
    """Updates the rows that changed, adds the new ones and removes those that are gone."""
    model, written = GRIDS[grid][0], WRITTEN[grid]
    kept = {row.pk: row for declaration, _ in pairs for row in getattr(declaration, grid).all()}
    after = [row for declaration, table in pairs for row in new_rows(declaration, table, grid)]
    own = [row for row in after if row.pk in kept and kept[row.pk].declaration_id == row.declaration_id]
    changed = [row for row in own if _values(row, written) != _values(kept[row.pk], written)]
    staying = {row.pk for row in own}
    gone = kept.keys() - staying
    if gone:
        model.objects.filter(pk__in=gone).delete()
    for start in range(0, len(changed), CHUNK):
        bulk.update_rows(changed[start : start + CHUNK], written)
    if added := _with_free_keys(model, [row for row in after if row.pk not in staying]):
        bulk.copy_rows(model, added)


def _values(row: Any, names: Iterable[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


def _with_free_keys(model: type[models.Model], rows: list[Any]) -> list[Any]:
    """A row that claims the identity of another declaration's row gets a new one."""
    taken = set(model.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) if rows else set()
    for row in rows:
        if row.pk in taken:
            row.pk = uuid.uuid4()
    return rows


def insert_new(pairs: Iterable[tuple[Declaration, Table]]) -> None:
    """Writes new declarations and their rows by COPY, many at a time; the instances need not be saved before."""
    declarations, rows = [], {grid: [] for grid in GRIDS}
    for declaration, table in pairs:
        _fill(declaration, table)
        declarations.append(declaration)
        for grid, made in rows.items():
            made += (values | {"declaration_id": declaration.pk} for values in row_values(table, grid))
    with transaction.atomic():
        bulk.copy_rows(Declaration, declarations)
        for grid, made in rows.items():
            bulk.copy_values(GRIDS[grid][0], made)
