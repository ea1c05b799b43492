"""Writing planned tables: many at a time, each whole or not at all, with snapshot and event.

The number of statements does not grow with the number of tables. A planned table is written only
if it still is what the person saw: same outcome, same version, same department.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from declarations.importing.batch.overwriting import with_identities
from declarations.importing.batch.plan import ImportSource, Key, PlannedTable, Planner
from declarations.importing.batch.rows import ImportOutcome, ImportResult
from declarations.importing.batch.years import YearStanding
from declarations.models import Action, Declaration, Event, ImportBatch, Role, Snapshot, State, User
from declarations.notifying.notifications import tell_replaced
from declarations.record import bulk, store
from declarations.sheet.table import Table

IMPORT = Action.IMPORT
"""The action of the event."""
STALE = "核对之后，这份申报表又有改动，没有导入。请重新上传，按最新内容核对。"
TAKEN = "导入时另有人正在建立同一份申报表，没有导入。请重新上传，按最新内容核对。"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the person saw in the preview; ``None`` for a version: no declaration was there."""

    outcome: ImportOutcome
    department: int | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one table; ``said`` is for the person, ``planned`` what was found to do."""

    planned: PlannedTable
    result: ImportResult
    said: str = ""
    declaration: Declaration | None = None


class BatchWriter:
    """Writes for one bureau on behalf of ``actor`` (None: from the command line) what came in with ``batch``."""

    def __init__(
        self,
        planner: Planner,
        actor: User | None = None,
        source_address: str | None = None,
        batch: ImportBatch | None = None,
    ) -> None:
        self.planner, self.actor, self.source_address, self.batch = planner, actor, source_address, batch

    def write(
        self,
        sources: Sequence[ImportSource],
        expected: Mapping[Key, Expected] | None = None,
        choices: Mapping[Key, int] | None = None,
    ) -> dict[Key, Written]:
        """All in one transaction; if another one gets in between, one by one, so that only that table is missed."""
        try:
            with transaction.atomic():
                return self._write(sources, expected, choices or {})
        except IntegrityError:
            return {source.key: self._write_alone(source, expected, choices or {}) for source in sources}

    def _write_alone(self, source: ImportSource, expected, choices) -> Written:
        try:
            with transaction.atomic():
                return self._write([source], expected, choices)[source.key]
        except IntegrityError:
            planned = self.planner.plan([source], choices)[0]
            return Written(planned, ImportResult.STALE, TAKEN)

    def _write(self, sources, expected, choices) -> dict[Key, Written]:
        planned = self._ready(sources, choices)
        results = {one.source.key: judge_planned(one, expected and expected[one.source.key]) for one in planned}
        results = without_repeats(results)
        wanted = [one.planned for one in results.values() if one.result is ImportResult.WRITTEN]
        made = self._keep(wanted) if wanted else {}
        return {key: replace(one, declaration=made.get(key, one.declaration)) for key, one in results.items()}

    def _ready(self, sources: Sequence[ImportSource], choices: Mapping[Key, int]) -> list[PlannedTable]:
        """The plan under lock, with the years that it needs made."""
        planned = self.planner.plan(sources, choices, lock=True)
        missing = {one.table.year: one.table.edition for one in planned if one.outcome.writes and not one.year.cycle}
        if not missing:
            return planned
        self.planner.years.ensure(missing, self.batch)
        return [replace(one, year=self.planner.years.of(one.table.year)) if one.table else one for one in planned]

    def _keep(self, planned: Sequence[PlannedTable]) -> dict[Key, Declaration]:
        tables = {one.source.key: with_identities(one.table, one.before) for one in planned}
        fresh = {one.source.key: self._declaration(one) for one in planned if one.declaration is None}
        present = {one.source.key: one.declaration for one in planned if one.declaration is not None}
        if fresh:
            store.insert_new((declaration, tables[key]) for key, declaration in fresh.items())
        if present:
            pairs = [(declaration, tables[key]) for key, declaration in present.items()]
            store.save_many(pairs, user=self.actor, is_edit=False)
        made = {one.source.key: fresh.get(one.source.key) or present[one.source.key] for one in planned}
        self._record([(one, made[one.source.key], tables[one.source.key]) for one in planned])
        if self.actor:
            sign_declarations(made.values(), self.actor)
        return made

    def _declaration(self, planned: PlannedTable) -> Declaration:
        is_past = planned.year.standing is YearStanding.PAST
        return Declaration(
            department=planned.department,
            cycle=planned.year.cycle,
            state=State.APPROVED if is_past else State.DRAFT,
            is_imported=is_past,
            updated_by=self.actor,
        )

    def _record(self, kept: Sequence[tuple[PlannedTable, Declaration, Table]]) -> None:
        """A snapshot and an event each, and first a snapshot of what is written over unless it is frozen already."""
        now = timezone.now()
        last = last_snapshots([declaration for one, declaration, _ in kept if one.declaration is not None])
        snapshots, events = [], []
        for one, declaration, table in kept:
            frozen = last.get(declaration.pk)
            if one.before is not None and not is_frozen(one.before, frozen):
                frozen = next_snapshot(frozen, one, declaration, one.before, now)
                snapshots.append(frozen)
            snapshots.append(next_snapshot(frozen, one, declaration, table, now))
            events.append(self._event(one, snapshots[-1], frozen, now))
        for made in (snapshots, events):
            for instance, key in zip(made, bulk.reserve_keys(type(made[0]), len(made)), strict=True):
                instance.pk = key
        for event in events:
            event.snapshot_id = event.snapshot.pk
        bulk.copy_rows(Snapshot, snapshots)
        bulk.copy_rows(Event, events)
        replaced = {one.declaration.pk for one, _, _ in kept if one.declaration is not None and one.approved}
        if replaced:
            tell_replaced(event for event in events if event.declaration_id in replaced)

    def _event(
        self, planned: PlannedTable, snapshot: Snapshot, before: Snapshot | None, now: datetime.datetime
    ) -> Event:
        over = (
            f"；导入前的内容留存为第 {before.number} 版" if before and planned.outcome is ImportOutcome.CHANGED else ""
        )
        mended = f"（导入前在线改正 {planned.source.corrected} 处）" if planned.source.corrected else ""
        return Event(
            declaration=snapshot.declaration,
            snapshot=snapshot,
            action=IMPORT,
            from_state=snapshot.state,
            to_state=snapshot.state,
            actor=self.actor,
            acting_role=Role.ADMINISTRATOR if self.actor else "",
            comment=f"由文件“{planned.source.file}”导入{mended}{over}",
            source_address=self.source_address,
            created_at=now,
        )


def next_snapshot(
    previous: Snapshot | None, planned: PlannedTable, declaration: Declaration, table: Table, now: datetime.datetime
) -> Snapshot:
    """The next snapshot of a chain. Of a year being declared it is the department's own affair, as a draft is:
    the bureau reads a returned declaration as it returned it."""
    return Snapshot.following(
        previous,
        declaration=declaration,
        state=declaration.state if planned.year.standing is YearStanding.PAST else State.DRAFT,
        content=table.to_json(),
        row_ids=store.row_identities(table),
        created_at=now,
    )


def is_frozen(table: Table, snapshot: Snapshot | None) -> bool:
    """Whether a snapshot says the same with the same rows and links: what an undoing has to put back."""
    if snapshot is None or snapshot.content_hash != table.fingerprint:
        return False
    return snapshot.row_ids == store.row_identities(table)


def judge_planned(planned: PlannedTable, expected: Expected | None) -> Written:
    """What is to become of a table, given what the person saw of it."""
    declaration = planned.declaration
    if planned.outcome is ImportOutcome.SAME:
        return Written(planned, ImportResult.SAME, declaration=declaration)
    if planned.outcome is ImportOutcome.BLOCKED:
        return Written(planned, ImportResult.BLOCKED, "；".join(problem.message for problem in planned.objections))
    if expected is not None and expected != digest_seen(planned):
        return Written(planned, ImportResult.STALE, STALE, declaration)
    return Written(planned, ImportResult.WRITTEN, declaration=declaration)


def without_repeats(results: Mapping[Key, Written]) -> dict[Key, Written]:
    """Of several tables for one declaration only the first is written; the others are the same or come too late."""
    first: dict[tuple[int, int], PlannedTable] = {}
    judged_again = dict(results)
    for key, one in results.items():
        if one.result is not ImportResult.WRITTEN:
            continue
        earlier = first.setdefault((one.planned.department.pk, one.planned.table.year), one.planned)
        if earlier is not one.planned:
            is_same = earlier.table == one.planned.table
            said = "" if is_same else f"与“{earlier.source.file}”是同一部门、同一年度的申报表，没有导入"
            judged_again[key] = replace(one, result=ImportResult.SAME if is_same else ImportResult.BLOCKED, said=said)
    return judged_again


def digest_seen(planned: PlannedTable) -> Expected:
    department = planned.department.pk if planned.department else None
    return Expected(planned.outcome, department, planned.declaration.version if planned.declaration else None)


def last_snapshots(declarations: Iterable[Declaration]) -> dict[uuid.UUID, Snapshot]:
    """The last link of each chain, without its content."""
    keys = [declaration.pk for declaration in declarations]
    if not keys:
        return {}
    found = Snapshot.objects.filter(declaration__in=keys).defer("content")
    last = found.order_by("declaration_id", "-number").distinct("declaration_id")
    return {snapshot.declaration_id: snapshot for snapshot in last}


def sign_declarations(declarations: Iterable[Declaration], actor: User) -> None:
    """Whoever brings a table in has had a hand in it, and does not review it."""
    through = Declaration.editors.through
    rows = [through(declaration=declaration, user=actor) for declaration in declarations]
    through.objects.bulk_create(rows, ignore_conflicts=True)
