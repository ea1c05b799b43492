"""The library's index, kept in the memory of each process and made anew once the library has changed.

A request asks the database for one row, the stamp; only under a new stamp are the entries read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from indicators.models import LibraryIndicator, LibraryStamp
from indicators.search import Index, SearchEntry

READ = [
    "name",
    "kind",
    "area",
    "bureau_code",
    "replaces_id",
    "aliases",
    "definition",
    "pinyin",
    "alias_pinyin",
    "is_active",
]
"""What the index is made of."""


@dataclass(frozen=True, slots=True)
class Remembered:
    stamp: UUID | None
    index: Index


remembered: list[Remembered] = []
"""The latest index, or nothing yet. Replaced whole: a thread that searches the old one finishes with it."""


def current_index() -> Index:
    """The index of the library as it is now. The stamp is read first: what changes meanwhile has another one."""
    stamp = LibraryStamp.objects.values_list("stamp", flat=True).first()
    if not remembered or remembered[0].stamp != stamp:
        remembered[:] = [Remembered(stamp, Index(entries()))]
    return remembered[0].index


def entries() -> list[SearchEntry]:
    """Every entry that is in use, and those out of use that hide a common one in their bureau."""
    rows = LibraryIndicator.objects.only(*READ).order_by("pk").iterator(chunk_size=2000)
    return [
        SearchEntry(
            key=row.pk,
            name=row.name,
            kind=row.kind,
            area=row.area,
            bureau=row.bureau_code,
            hides=row.replaces_id,
            aliases=row.aliases,
            definition=row.definition,
            pinyin=row.pinyin,
            alias_pinyin=row.alias_pinyin,
            in_use=row.is_active,
        )
        for row in rows
    ]


def suggest(
    query: str, *, bureaus: Collection[str] | None, kind: str = "", area: str = "", limit: int = 10
) -> list[LibraryIndicator]:
    """The entries in use most like the query, best first: see `Index.search`."""
    keys = [entry.key for entry in current_index().search(query, bureaus=bureaus, kind=kind, area=area, limit=limit)]
    rows = LibraryIndicator.objects.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
