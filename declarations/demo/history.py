"""What happened to an invented declaration: its moves, with the snapshots and events they leave."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

from django.db.models import Model

from declarations.checks.promises import pairs_of
from declarations.demo.commenting import ask_in_return, reply_to_all
from declarations.demo.explaining import reasons_for
from declarations.demo.writing import TableAuthor, unfinished_table, vaguer_table
from declarations.findings.doubts import split_key
from declarations.models import (
    Action,
    Comment,
    Cycle,
    Declaration,
    Department,
    Event,
    Explanation,
    Role,
    Snapshot,
    State,
    User,
)
from declarations.people.moves import MOVES, Move
from declarations.record import bulk, store
from declarations.sheet.official import get_edition
from declarations.sheet.table import Table
from declarations.sheet.totality import total_over

WAY = (Action.SEND_TO_HEAD, Action.SUBMIT, Action.PASS, Action.APPROVE)
#: the moves that lead to each stage of the current year; None: not begun
PLANS: dict[str, tuple[str, ...] | None] = {
    "unfinished": (),
    "draft": (),
    "certifying": WAY[:1],
    "submitted": WAY[:2],
    "returned": (*WAY[:2], Action.RETURN),
    "resubmitted": (*WAY[:2], Action.RETURN, *WAY[:2]),
    "reviewed": WAY[:3],
    "approved": WAY,
    "missing": None,
}
#: what the first departments are at; those after them go through it again but for the first
STAGES = (
    *("unfinished", "submitted", "resubmitted", "submitted", "returned", "reviewed", "approved", "reviewed"),
    *("certifying", "draft", "missing", "reviewed", "submitted", "approved"),
)
RETURN_COMMENT = "部分绩效指标值不够细化量化，请按年度任务补充可衡量的数值后重新报送。"


def stage_of(index: int) -> str:
    """The stage of the current year for a department by its place in the list."""
    return STAGES[index] if index < len(STAGES) else STAGES[1:][(index - len(STAGES)) % (len(STAGES) - 1)]


@dataclass(frozen=True)
class Staff:
    """The people through whose hands the declarations of a department go."""

    filler: User
    head: User
    reviewer: User
    approver: User

    def of(self, role: Role) -> User:
        return getattr(self, HOLDERS[role])


HOLDERS = total_over(
    "demo.history.HOLDERS",
    Role.DECLARING | Role.REVIEWING,
    {Role.FILLER: "filler", Role.HEAD: "head", Role.DIVISION: "reviewer", Role.PERFORMANCE: "approver"},
)
"""By whom in the demo city a role is held."""


@dataclass
class Batch:
    """Rows to be written together."""

    pairs: list[tuple[Declaration, Table]] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    """Those that are replied to before their replies."""
    editors: list[tuple[Declaration, User]] = field(default_factory=list)

    def write(self) -> None:
        through = Declaration.editors.through
        links = [through(declaration_id=item.pk, user_id=user.pk) for item, user in self.editors]
        store.insert_new(self.pairs)
        record = (Snapshot, self.snapshots), (Event, self.events), (Comment, self.comments)
        for model, rows in (*record, (Explanation, self.explanations), (through, links)):
            for row, key in zip(rows, bulk.reserve_keys(model, len(rows)), strict=True):
                row.pk = key
            for row in rows:
                refer_anew(row)
            bulk.copy_rows(model, rows)


def refer_anew(row: Model) -> None:
    """Points a row at others that had no key yet when it was made."""
    for name in ("snapshot", "sent_with", "parent"):
        if (other := getattr(row, name, None)) is not None:
            setattr(row, name, other)


class Teller:
    """Tells the declarations of one department, year by year, into a batch."""

    def __init__(self, seed: str, department: Department, writer: TableAuthor, staff: Staff) -> None:
        self.seed, self.department, self.writer, self.staff = seed, department, writer, staff
        self.last_year: Table | None = None

    def past(self, cycle: Cycle, batch: Batch) -> None:
        """Approved, as imported history: frozen when it was reported and when it was approved."""
        self.last_year = self._table(cycle)
        self._tell(batch, cycle, WAY, self.last_year, frozen=(Action.SUBMIT, Action.APPROVE), is_imported=True)

    def current(self, cycle: Cycle, plan: str, batch: Batch) -> None:
        moves = PLANS[plan]
        if moves is None:
            return
        table = self._table(cycle)
        earlier = vaguer_table(table) if Action.RETURN in moves else table
        now = unfinished_table(table) if plan == "unfinished" else earlier if moves[-1:] == (Action.RETURN,) else table
        self._tell(batch, cycle, moves, now, earlier=earlier)

    def _table(self, cycle: Cycle) -> Table:
        random = Random(f"{self.seed}-{cycle.year}-rows")
        table = self.writer.table(cycle.year, get_edition(cycle.edition))
        rows = {grid: tuple(with_id(row, random) for row in table.rows[grid]) for grid in store.GRIDS}
        return link_indicators(replace(table, **rows))

    def _tell(
        self,
        batch: Batch,
        cycle: Cycle,
        actions: tuple[str, ...],
        table: Table,
        *,
        earlier: Table | None = None,
        frozen: Iterable[str] = PLANS["resubmitted"] + WAY,
        is_imported: bool = False,
    ) -> None:
        """``earlier`` is what the declaration said until it was returned, where it was."""
        random = Random(f"{self.seed}-{cycle.year}")
        start = cycle.opens_at + datetime.timedelta(days=random.randint(2, 9), minutes=random.randint(0, 500))
        declaration = Declaration(
            pk=new_key(random),
            department=self.department,
            cycle=cycle,
            is_imported=is_imported,
            created_at=start,
            updated_at=start,
            updated_by=self.staff.filler,
            version=len(actions) + 2,
            submissions=actions.count(Action.SUBMIT),
        )
        batch.pairs.append((declaration, table))
        batch.editors.append((declaration, self.staff.filler))
        returned = actions.index(Action.RETURN) if Action.RETURN in actions else -1
        previous, events = None, []
        for i, (row, source, when) in enumerate(steps_of(actions, start)):
            snapshot = None
            said = earlier if earlier and i <= returned else table
            if row.action in frozen:
                snapshot = previous = freeze_version(previous, declaration, row.target, said, when)
                batch.snapshots.append(snapshot)
            events.append(self._event(declaration, snapshot, row, source, when, said))
            declaration.state, declaration.updated_at = row.target, when
            declaration.returned_at = when if row.target == State.RETURNED else None
        batch.events += events
        batch.explanations += explanations(events)
        batch.comments += self._comments(events, earlier, random)

    def _comments(self, events: list[Event], said: Table | None, random: Random) -> Iterator[Comment]:
        """Of what was returned, and the reply to the one that the next submission did not change."""
        for event in events:
            if event.action == Action.RETURN and said:
                wanted = list(ask_in_return(event, said, random))
                yield from wanted
                again = [later for later in events[events.index(event) :] if later.action == Action.SUBMIT]
                yield from (reply_to_all(wanted[-1], self.staff.filler, later) for later in again)

    def _event(self, declaration, snapshot, row: Move, source: State, when: datetime.datetime, said: Table) -> Event:
        role, is_sent = row.roles[0], row.runs_checks and not declaration.is_imported
        return Event(
            declaration=declaration,
            snapshot=snapshot,
            action=row.action,
            from_state=source,
            to_state=row.target,
            actor=self.staff.of(role),
            acting_role=role,
            comment=RETURN_COMMENT if row.needs_comment else "",
            confirmations=reasons_for(said, self.last_year) if is_sent else {},
            created_at=when,
        )


def explanations(events: Iterable[Event]) -> Iterator[Explanation]:
    """The reasons that were given last, as they are kept with the declaration."""
    for event in [event for event in events if event.confirmations][-1:]:
        shared = {"declaration": event.declaration, "author": event.actor, "created_at": event.created_at}
        for key, reason in event.confirmations.items():
            code, place = split_key(key)
            yield Explanation(code=code, place=place, reason=reason, **shared)


def steps_of(actions: Iterable[str], start: datetime.datetime) -> Iterator[tuple[Move, State, datetime.datetime]]:
    """Each move as the table of moves has it, the state it starts from and when it is taken: every other day or so."""
    state, when = State.DRAFT, start
    for action in actions:
        row = next(row for row in MOVES if row.action == action and state in row.sources)
        when += datetime.timedelta(days=2, hours=1, minutes=17)
        yield row, state, when
        state = row.target


def freeze_version(previous: Snapshot | None, declaration: Declaration, state: State, table: Table, when) -> Snapshot:
    return Snapshot.following(
        previous,
        declaration=declaration,
        state=state,
        content=table.to_json(),
        row_ids=store.row_identities(table),
        created_at=when,
    )


def new_key(random: Random) -> uuid.UUID:
    return uuid.UUID(int=random.getrandbits(128), version=4)


def link_indicators(table: Table) -> Table:
    """The table with each indicator linked to the tasks that speak of what it measures."""
    said = {task.id: pairs_of(task.name + task.content + task.expected_outcome) for task in table.key_tasks}
    rows = (
        replace(row, tasks=tuple(task for task, pairs in said.items() if len(pairs & pairs_of(row.name)) >= 2))
        for row in table.indicators
    )
    return replace(table, indicators=tuple(rows))


def with_id(row, random: Random):
    return replace(row, id=str(new_key(random)))
