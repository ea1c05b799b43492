"""Table: one declaration as a plain value, the one currency of the project.

Files, JSON, snapshots and models all turn into a `Table`; checks, differences, writers and pages
take one. Budget amounts are in 万元, task funding in 元, whatever the edition prints. Needs no
Django: the child process that reads files builds tables too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast

from declarations.sheet.canonical import fingerprint
from declarations.sheet.official import EDITIONS, Edition
from declarations.sheet.official.fields import AMOUNTS, COUNTS
from declarations.sheet.units import plain_amount
from declarations.sheet.visible import make_visible

# What neither XML nor PostgreSQL can hold: C0 controls but tab and line feed, surrogates, non-characters.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_000
"""Characters in one value: what a cell of a workbook can hold (32,767), rounded down."""


def clean_text(text: str) -> str:
    """A text as it is kept: as a person sees it (see `make_visible`), without characters no file can hold,
    and empty where there is nothing but white space."""
    text = make_visible(text)
    if not text.isprintable():  # most texts are, and have nothing to clean
        text = UNWRITABLE.sub("", text)
    return text if text.strip() else ""


@dataclass(frozen=True, slots=True)
class KeyTaskRow:
    """年度重点工作任务 or 其他需完成的任务: ``funding`` in 元. ``id`` (a UUID as text) identifies a stored row."""

    name: str = ""
    content: str = ""
    funding: Decimal | None = None
    expected_outcome: str = ""
    is_optional: bool = False
    extra: dict[str, str] = field(default_factory=dict)
    id: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "content": self.content,
            "funding": None if self.funding is None else plain_amount(self.funding),
            "expected_outcome": self.expected_outcome,
            "is_optional": self.is_optional,
            **self.extra,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> KeyTaskRow:
        return _row(cls, data | {"funding": _decimal(data["funding"])})


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """绩效指标. In an edition with one value column that is ``annual_value`` and ``cycle_value`` is empty.

    ``tasks``: the ids of the key tasks that it measures, a link that no official table prints.
    """

    level1: str = ""
    level2: str = ""
    name: str = ""
    cycle_value: str = ""
    annual_value: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    tasks: tuple[str, ...] = field(default=(), compare=False)
    id: str = field(default="", compare=False)

    def to_json(self) -> dict[str, Any]:
        return {
            "level1": self.level1,
            "level2": self.level2,
            "name": self.name,
            "cycle_value": self.cycle_value,
            "annual_value": self.annual_value,
            **self.extra,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> IndicatorRow:
        return _row(cls, data)


Row = KeyTaskRow | IndicatorRow
ROW_CLASSES: dict[str, type[KeyTaskRow] | type[IndicatorRow]] = {"key_tasks": KeyTaskRow, "indicators": IndicatorRow}
"""Per grid, what its rows are. The grid of a further yearly document is one more entry here."""


@dataclass(frozen=True, slots=True, init=False)
class Table:
    """One yearly document of a department as a value, made from the shape of its edition.

    ``rows`` holds the rows by grid name, for each grid that the edition has; they may also be given, and read,
    by that name: ``Table("2026", indicators=rows).indicators``. ``unread`` keeps, by field path
    (``key_tasks.2.funding``), what was typed where an amount or a number belongs but is not one; the value
    itself is then None and a check says so.
    """

    edition: str
    department: str
    year: int | None
    staff_count: int | None
    subordinate_unit_count: int | None
    basic_expenditure: Decimal | None
    project_expenditure: Decimal | None
    fiscal_appropriation: Decimal | None
    other_funds: Decimal | None
    special_funds: Decimal | None
    other_development_expenditure: Decimal | None
    municipal_level_funds: Decimal | None
    transfer_payment_funds: Decimal | None
    overall_goal: str
    rows: Mapping[str, tuple[Row, ...]]
    unread: dict[str, str]

    def __init__(
        self,
        edition: str,
        department: str = "",
        year: int | None = None,
        *,
        rows: Mapping[str, tuple[Row, ...]] = MappingProxyType({}),
        unread: dict[str, str] | None = None,
        **values: Any,
    ) -> None:
        """Raise TypeError for a value or a grid that the edition lacks, KeyError for an edition that is not known."""
        grids = {grid: values.pop(grid, rows.get(grid, ())) for grid in EDITIONS[edition].row_grids}
        if unknown := (values.keys() - SINGLE_VALUES.keys()) | (rows.keys() - grids.keys()):
            raise TypeError(f"edition {edition} has no {', '.join(sorted(unknown))}")
        given = {"edition": edition, "department": department, "year": year, "rows": grids, "unread": unread or {}}
        for name, value in (SINGLE_VALUES | given | values).items():
            object.__setattr__(self, name, value)

    @property
    def key_tasks(self) -> tuple[KeyTaskRow, ...]:
        return cast("tuple[KeyTaskRow, ...]", self.rows["key_tasks"])

    @property
    def indicators(self) -> tuple[IndicatorRow, ...]:
        return cast("tuple[IndicatorRow, ...]", self.rows["indicators"])

    @property
    def form(self) -> Edition:
        """The edition that says where each value sits."""
        return EDITIONS[self.edition]

    def with_rows(self, grids: Mapping[str, tuple[Row, ...]], *, unread: dict[str, str] | None = None) -> Table:
        """The table with other rows in the named grids, and with other unread texts where they are given."""
        return replace(self, rows={**self.rows, **grids}, unread=self.unread if unread is None else unread)

    def value(self, path: str) -> Any:
        """The value at a field path; an extra column of a row included."""
        head, *rest = path.split(".")
        if not rest:
            return getattr(self, head)
        return cell_of(self.rows[head][int(rest[0])], rest[1])

    def paths(self) -> Iterator[str]:
        """Every field path of the table, in the order in which its edition prints them."""
        yield from self.form.items
        for grid, rows in self.rows.items():
            columns = self.form.grids[grid].columns
            yield from (f"{grid}.{i}.{column.field}" for i in range(len(rows)) for column in columns)

    def to_json(self) -> dict[str, Any]:
        """The exchange form of the glossary: amounts as decimal strings, an empty amount null.

        ``unread`` is there only where something is unread.
        """
        data: dict[str, Any] = {name: getattr(self, name) for name in ("edition", "department", "year", *COUNTS)}
        data |= {name: None if (amount := getattr(self, name)) is None else plain_amount(amount) for name in AMOUNTS}
        data["overall_goal"] = self.overall_goal
        data |= {grid: [row.to_json() for row in rows] for grid, rows in self.rows.items()}
        return data | ({"unread": dict(self.unread)} if self.unread else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Table:
        """The table that `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
        values = dict(data)
        values |= {name: _decimal(data[name]) for name in AMOUNTS}
        for grid in EDITIONS[data["edition"]].row_grids:
            values[grid] = tuple(map(ROW_CLASSES[grid].from_json, data[grid]))
        return cls(**values)

    @property
    def fingerprint(self) -> str:
        """sha256 of the canonical JSON: equal exactly for equal tables."""
        return fingerprint(self.to_json())


SINGLE_VALUES: dict[str, Any] = {**dict.fromkeys((*COUNTS, *AMOUNTS)), "overall_goal": ""}
"""The single values of a table, and what each is while nothing was filled in."""


def cell_of(row: Row, name: str) -> Any:
    """The value of a row's column; the text of an extra column, empty where the row has none."""
    return getattr(row, name) if name in CORE[type(row)] else row.extra.get(name, "")


CORE: dict[type, frozenset[str]] = {
    cls: frozenset(f.name for f in fields(cls)) - {"extra", "tasks", "id"} for cls in ROW_CLASSES.values()
}


def _row(cls: type, data: dict[str, Any]) -> Any:
    if data.keys() <= CORE[cls]:  # as nearly every row
        return cls(**data)
    core = {name: value for name, value in data.items() if name in CORE[cls]}
    return cls(**core, extra={name: value for name, value in data.items() if name not in CORE[cls]})


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
