"""Home of somebody who was asked for an opinion: on what, until when, what is done already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from declarations.models import Declaration, Invitation, ScoreSheet


@dataclass(frozen=True)
class AskedOpinion:
    """``declaration``: None before it was reported; ``sheet``: one's own for its present submission, if any."""

    invitation: Invitation
    declaration: Declaration | None
    sheet: ScoreSheet | None


def invited_part(user) -> dict[str, Any]:
    """What this person is asked for now, the shortest time first: three queries, however much it is."""
    rows = Invitation.objects.visible_to(user).filter(person=user).newest().select_related("cycle", "department")
    running = sorted((row for row in rows if row.is_running()), key=lambda row: row.until)
    reported = {
        (one.cycle_id, one.department_id): one
        for one in Declaration.objects.visible_to(user).filter(
            cycle__in=[row.cycle_id for row in running], department__in=[row.department_id for row in running]
        )
    }
    own = ScoreSheet.objects.visible_to(user).filter(scorer=user, declaration__in=[one.pk for one in reported.values()])
    sheets = {(one.declaration_id, one.submission): one for one in own.order_by("number")}
    asked = []
    for row in running:
        found = reported.get((row.cycle_id, row.department_id))
        asked.append(AskedOpinion(row, found, found and sheets.get((found.pk, found.submissions))))
    return {"asked": asked}
