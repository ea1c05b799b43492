"""Reasons for doubts, kept with the declaration from when they were typed, so that nobody types one twice."""

from __future__ import annotations

from collections.abc import Mapping

from declarations.findings.doubts import split_key
from declarations.models import Declaration, Explanation, User
from declarations.models.checking import LONGEST_CODE, LONGEST_PLACE


def standing_reasons(declaration: Declaration) -> dict[str, str]:
    """The reasons that stand, by the finding's key (`doubts.key_of`)."""
    return {f"{row.code} {row.place}".strip(): row.reason for row in declaration.explanations.newest() if row.reason}


def keep_reasons(declaration: Declaration, user: User, reasons: Mapping[str, str]) -> int:
    """Writes those that differ from what stands, an empty one to take it back; how many those were."""
    standing = standing_reasons(declaration)
    changed = {key: reason for key, reason in reasons.items() if reason != standing.get(key, "") and _fits(key)}
    Explanation.objects.bulk_create(
        Explanation(declaration=declaration, code=code, place=place, reason=reason, author=user)
        for (code, place), reason in ((split_key(key), reason) for key, reason in changed.items())
    )
    return len(changed)


def _fits(key: str) -> bool:
    code, place = split_key(key)
    return 0 < len(code) <= LONGEST_CODE and len(place) <= LONGEST_PLACE
