"""The same indicator accepted in one declaration and refused in another: where reviewers may want to agree."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from declarations.importing.matching import fold_name
from declarations.models import Comment, Cycle, Declaration, Event, Indicator, State
from declarations.people.moves import PROCEEDING
from declarations.sheet.controls import NAME

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RefusedCase:
    """A comment that asked to change an indicator of a declaration."""

    declaration: uuid.UUID
    department: str
    name: str
    value: str
    reason: str
    text: str
    reviewer: str
    when: datetime.datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """An indicator that came through the review without a comment."""

    declaration: uuid.UUID
    department: str
    value: str
    reviewer: str


@dataclass
class AlikeCase:
    name: str
    refused: list[RefusedCase] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)

    @property
    def same_value(self) -> bool:
        """Whether even the annual value is the same on both sides."""
        values = {fold_name(one.value) for one in self.refused}
        return any(fold_name(one.value) in values for one in self.accepted)


def alike_cases(user, cycle: Cycle) -> list[AlikeCase]:
    """Of the declarations of a year that this person may see, those with the same value first; in three queries."""
    refused = defaultdict(list)
    touched = set()
    for row, one in _refused(user, cycle):
        refused[fold_name(one.name)].append(one)
        touched.add(row)
    refused.pop("", None)
    accepted = _accepted(user, cycle, set(refused), touched) if refused else {}
    found = [AlikeCase(refused[name][0].name, refused[name], accepted[name]) for name in refused if name in accepted]
    return sorted(found, key=lambda case: (not case.same_value, -len(case.refused), -len(case.accepted), case.name))


def _refused(user, cycle: Cycle) -> Iterator[tuple[str, RefusedCase]]:
    """The id of the row, and what was asked of it."""
    sent = Comment.objects.visible_to(user).filter(
        declaration__cycle=cycle, parent=None, sent_with__isnull=False, field__startswith="indicators-"
    )
    related = ("declaration__department", "snapshot", "author")
    for comment in sent.select_related(*related).order_by("created_at", "pk").iterator(chunk_size=AT_ONCE):
        row = NAME.fullmatch(comment.field)[2]
        ids = comment.snapshot.row_ids.get("indicators", [])
        if row in ids:
            said = comment.snapshot.content["indicators"][ids.index(row)]
            yield (
                row,
                RefusedCase(
                    comment.declaration_id,
                    comment.declaration.department.name,
                    said["name"],
                    said["annual_value"],
                    comment.get_code_display(),
                    comment.text,
                    comment.author.name,
                    comment.created_at,
                ),
            )


def _accepted(user, cycle: Cycle, wanted: set[str], touched: set[str]) -> dict[str, list[Accepted]]:
    """By folded name; without the rows that were commented on themselves."""
    decided = Event.objects.filter(declaration=OuterRef("declaration"), action__in=PROCEEDING)
    mine = Declaration.objects.visible_to(user).filter(cycle=cycle, state__in=State.PASSED, is_imported=False)
    rows = Indicator.objects.filter(declaration__in=mine).annotate(
        reviewer=Subquery(decided.order_by("-created_at", "-pk").values("actor__name")[:1])
    )
    found = defaultdict(list)
    columns = ("pk", "name", "annual_value", "declaration_id", "declaration__department__name", "reviewer")
    for pk, name, value, declaration, department, reviewer in rows.values_list(*columns).iterator():
        key = fold_name(name)
        if key in wanted and str(pk) not in touched:
            found[key].append(Accepted(declaration, department, value, reviewer or ""))
    return dict(found)
