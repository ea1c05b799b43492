"""Tables that have to say something about every member of an enum, and how to find one that forgot a member.

Whoever writes a mapping keyed by State, Role or Action wraps it in `total_over`; the system check
`system_checks.tables_are_total` then stops the program where a member was added and the table was not. It stands alone
because models, views and letters, which lie in different layers, all register here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Total:
    """A table by the name under which it is told of, the members that it has to know, and its entries."""

    name: str
    members: Collection[Any]
    entries: Mapping[Any, Any]

    @property
    def missing(self) -> list[Any]:
        return [member for member in self.members if member not in self.entries]


TABLES: dict[str, Total] = {}


def total_over(name: str, members: Collection[Key], entries: dict[Key, Value]) -> dict[Key, Value]:
    """Register a table and return its entries; ``members``: an enum, or the group of its members that are meant.

    Raises ValueError where two tables have one name. A missing entry is told by `incomplete`, not here: a program that
    cannot be imported could not say what is missing in the other tables.
    """
    if name in TABLES:
        raise ValueError(f"two tables are registered as {name}")
    TABLES[name] = Total(name, members, entries)
    return entries


def incomplete() -> Iterator[Total]:
    """Yield the tables that lack an entry."""
    yield from (table for table in TABLES.values() if table.missing)
