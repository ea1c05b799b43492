"""The cards above the reviewers' inbox: each is a link to a list of as many rows as its number says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

from declarations.models import Cycle
from declarations.reviewing import queue
from declarations.web.filters import INBOX_LISTS


@dataclass(frozen=True)
class InboxCard:
    """``url``: the query of the list; ``total``: out of how many, where that means something."""

    key: str
    label: str
    value: int
    url: str
    total: int | None = None


def inbox_cards(user, cycle: Cycle, mine: QuerySet) -> tuple[list[InboxCard], int]:
    """The cards, in two queries, and how many more wait here on which this person may not decide."""
    counts = queue.counts_of(user, cycle, mine)
    totals = {"approved": counts["due"]}
    return [
        InboxCard(show, label, counts[show], inbox_address(show, cycle), totals.get(show))
        for show, label in INBOX_LISTS.items()
    ], counts["barred"]


def inbox_address(show: str, cycle: Cycle, **more: str) -> str:
    return "?" + urlencode({"show": show, "year": cycle.year, **more})
