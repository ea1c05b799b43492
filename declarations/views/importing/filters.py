"""Which tables of a batch the preview shows: by what is to become of them, by words, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import QueryDict

if TYPE_CHECKING:
    from declarations.views.importing.page import UploadEntry

PAGE_SIZE = 20
STATES: dict[str, tuple[str, Callable[[UploadEntry], bool]]] = {
    "": ("全部", lambda entry: True),
    "ready": ("已选中", lambda entry: entry.row.is_wanted),
    "look": ("未选中，请过目", lambda entry: entry.outcome.writes and entry.row.left_out),
    "ask": ("待回答", lambda entry: entry.is_waiting),
    "changed": ("更新", lambda entry: entry.outcome.value == "changed"),
    "approved": ("将替换已批复", lambda entry: bool(entry.row.approved)),
    "blocked": ("不能导入", lambda entry: entry.outcome.value == "blocked" and not entry.is_waiting),
}


@dataclass(frozen=True)
class ImportFilters:
    """What a person asked for; whatever the address says wrongly is as if it were not there."""

    state: str = ""
    words: str = ""
    with_findings: bool = False
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict) -> ImportFilters:
        state, page = params.get("state", ""), params.get("page", "")
        return cls(
            state=state if state in STATES else "",
            words=params.get("q", "").replace("\0", "").strip()[:50],
            with_findings=bool(params.get("findings")),
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1,
        )

    @property
    def are_set(self) -> bool:
        return bool(self.state or self.words or self.with_findings)

    @property
    def query(self) -> str:
        """As the end of an address; empty where nothing was asked for."""
        asked = {"state": self.state, "q": self.words, "findings": "1" if self.with_findings else ""}
        asked["page"] = str(self.page) if self.page > 1 else ""
        told = {name: text for name, text in asked.items() if text}
        return f"?{urlencode(told)}" if told else ""

    def matches(self, entry: UploadEntry) -> bool:
        return (
            STATES[self.state][1](entry)
            and (not self.with_findings or entry.has_findings)
            and all(word in entry.searched for word in self.words.lower().split())
        )


@dataclass(frozen=True)
class Shown:
    """The entries on this page, of how many that match; ``number`` counts from 1 to ``last``."""

    entries: Sequence[UploadEntry]
    count: int
    number: int
    last: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


def shown_of(entries: Sequence[UploadEntry], filters: ImportFilters, opened: str = "") -> tuple[Shown, ImportFilters]:
    """The page of what matches, and the filters as they hold: a table that is opened is always there."""
    found = [entry for entry in entries if filters.matches(entry) or entry.key == opened]
    last = max(1, -(-len(found) // PAGE_SIZE))
    at = next((position for position, entry in enumerate(found) if entry.key == opened), None)
    number = min(filters.page, last) if at is None else at // PAGE_SIZE + 1
    start = (number - 1) * PAGE_SIZE
    return Shown(found[start : start + PAGE_SIZE], len(found), number, last), replace(filters, page=number)
