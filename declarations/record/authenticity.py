"""Whether a given text is the approved one: by the check code of a printed table, or by a file.

A printed table carries the number of its version and a short check code, the beginning of the
snapshot's hash. A file is compared by what it says, not by its bytes: saved again in another
program it is still the approved text as long as no cell says anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import QuerySet

from declarations.comparing.differences import Difference, differences_of
from declarations.models import Snapshot, State
from declarations.sheet.table import Table

SHORTEST_CODE = 8
CODE = re.compile(rf"[0-9a-f]{{{SHORTEST_CODE},64}}")


class Verdict(StrEnum):
    """What a text turned out to be."""

    APPROVED = "approved"
    SUPERSEDED = "superseded"
    OTHER_VERSION = "other"
    DIFFERENT = "different"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return VERDICTS[self]


VERDICTS = {
    Verdict.APPROVED: "是现行的批复文本",
    Verdict.SUPERSEDED: "曾是批复文本，此后已有新的批复或正在调整",
    Verdict.OTHER_VERSION: "是留存的一版，但不是批复文本",
    Verdict.DIFFERENT: "与批复文本不一致",
    Verdict.UNKNOWN: "没有找到对应的留存版本",
}


@dataclass(frozen=True)
class Judged:
    """``snapshot``: the version it is or was compared with; ``changes``: what it says differently."""

    verdict: Verdict
    snapshot: Snapshot | None = None
    changes: list[Difference] = field(default_factory=list)


def read_code(text: str) -> str:
    """A typed code without spaces and signs; empty for what is none."""
    plain = re.sub(r"[\s\-_:：]", "", text).lower()
    return plain if CODE.fullmatch(plain) else ""


def judge_code(code: str, visible: QuerySet) -> Judged:
    """``visible``: the snapshots that the person asking may see."""
    found = with_names(visible).filter(hash__startswith=code).order_by("-number").first()
    return Judged(verdict_on(found), found) if found else Judged(Verdict.UNKNOWN)


def judge_table(table: Table, visible: QuerySet) -> Judged:
    """A table read from a file: its own version if there is one, else the differences from what was approved."""
    same = with_names(visible).filter(content_hash=table.fingerprint)
    verdicts = [Judged(verdict_on(snapshot), snapshot) for snapshot in same.order_by("-number")[:50]]
    if verdicts:
        return min(verdicts, key=lambda judged: list(Verdict).index(judged.verdict))
    approved = with_names(visible).filter(
        state=State.APPROVED,
        declaration__undone_at__isnull=True,
        content__department=table.department,
        content__year=table.year,
    )
    latest = approved.order_by("-created_at", "-number").first()
    if latest is None:
        return Judged(Verdict.UNKNOWN)
    return Judged(Verdict.DIFFERENT, latest, differences_of(Table.from_json(latest.content), table))


def verdict_on(snapshot: Snapshot) -> Verdict:
    """An approved version counts while its declaration is approved and nothing was approved after it; one whose
    import was undone is no approved text."""
    if snapshot.state != State.APPROVED or snapshot.declaration.undone_at:
        return Verdict.OTHER_VERSION
    later = Snapshot.objects.filter(declaration=snapshot.declaration_id, number__gt=snapshot.number)
    return Verdict.SUPERSEDED if later.exists() else Verdict.APPROVED


def with_names(snapshots: QuerySet) -> QuerySet:
    return snapshots.select_related("declaration__department", "declaration__cycle")
