"""Changing the library: every change leaves a version behind, and says why.

The common entries of the installation stay as they are: a bureau that changes one gets its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.models import (
    KEPT,
    SAID,
    SHARED,
    LibraryIndicator,
    LibraryVersion,
    Proposal,
    ProposalState,
)

START_SET = Path(__file__).parent / "data" / "library.tsv"
COLUMNS = {
    "功能领域": "area",
    "二级指标": "kind",
    "指标名称": "name",
    "计量单位": "unit",
    "常用符号": "operator",
    "参考指标值": "usual_value",
    "指标解释": "definition",
    "计算公式": "formula",
    "数据来源": "data_source",
    "其他叫法": "aliases",
}
"""The columns of the start set, and of the files in which the library comes and goes, with their fields."""
FIRST = "初始指标库"


class Changed(Exception):
    """Somebody else changed the entry, or decided on the proposal, in the meantime; nothing was written."""

    message = "他人刚刚修改或处理过，没有保存。请核对下面的最新内容后再操作。"


def content_of(entry: LibraryIndicator) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in KEPT}


def version_of(entry: LibraryIndicator, user, reason: str) -> LibraryVersion:
    """The version, unsaved, that keeps what an entry says now."""
    return LibraryVersion(entry=entry, number=entry.version, content=content_of(entry), reason=reason, changed_by=user)


@transaction.atomic
def create(bureau_code: str, values: dict[str, Any], user, reason: str) -> LibraryIndicator:
    """A new entry of a bureau. Raises ValidationError, also where the bureau already sees one of this name."""
    entry = LibraryIndicator(bureau_code=bureau_code, **values)
    entry.full_clean()
    refuse_known(bureau_code, entry.name)
    entry.save()
    version_of(entry, user, reason).save()
    return entry


def refuse_known(bureau_code: str, name: str, apart: int | None = None) -> None:
    """Raises ValidationError where a common entry that the bureau sees has this name."""
    if LibraryIndicator.objects.of_bureaus([bureau_code]).filter(name=name).exclude(pk=apart).exists():
        raise ValidationError({"name": "指标库中已有同名指标，请修改已有的指标，或者换一个名称。"})


@transaction.atomic
def revise(
    entry: LibraryIndicator, values: dict[str, Any], user, reason: str, *, bureau_code: str, version: int
) -> LibraryIndicator:
    """Changes an entry, or makes the bureau's own of a common one; the entry as it is then.

    ``version``: the one that the person saw. Raises `Changed`, ValidationError.
    """
    kept = LibraryIndicator.objects.select_for_update().get(pk=entry.pk)
    if kept.version != version or not LibraryIndicator.objects.of_bureaus([bureau_code]).filter(pk=kept.pk).exists():
        raise Changed
    changed = own_of(kept, bureau_code)
    for name, value in values.items():
        setattr(changed, name, value)
    if kept.pk == changed.pk and content_of(kept) == content_of(changed):
        return kept
    changed.full_clean()
    refuse_known(bureau_code, changed.name, apart=kept.pk)
    changed.version, changed.updated_at = kept.version + 1, timezone.now()
    changed.save()
    version_of(changed, user, reason).save()
    return changed


@transaction.atomic
def bring(bureau_code: str, entries: Iterable[LibraryIndicator], user, reason: str) -> None:
    """Many entries of a bureau as they are now, unsaved, new or changed; a common one becomes the bureau's own.

    The caller has compared them with what is kept and holds it locked; a few queries, however many entries.
    """
    new, own, now = [], [], timezone.now()
    for entry in entries:
        entry.updated_at = now
        if entry.pk is None:
            new.append(entry)
            continue
        entry.version += 1
        if entry.bureau_code == bureau_code:
            entry.set_pinyin()
            own.append(entry)
        else:
            said = content_of(entry)
            new.append(LibraryIndicator(bureau_code=bureau_code, replaces_id=entry.pk, version=entry.version, **said))
    LibraryIndicator.objects.bulk_create(new)
    spelt = ("version", "updated_at", "pinyin", "alias_pinyin", "initials")
    LibraryIndicator.objects.bulk_update(own, [*KEPT, *spelt], batch_size=250)
    LibraryVersion.objects.bulk_create([version_of(entry, user, reason) for entry in (*new, *own)])


def own_of(entry: LibraryIndicator, bureau_code: str) -> LibraryIndicator:
    """An instance to change: the entry where it is the bureau's, else a copy, unsaved, that will replace it there."""
    if entry.bureau_code == bureau_code:
        return LibraryIndicator.objects.get(pk=entry.pk)
    return LibraryIndicator(bureau_code=bureau_code, replaces=entry, version=entry.version, **content_of(entry))


@transaction.atomic
def accept(proposal: Proposal, values: dict[str, Any], user, answer: str) -> LibraryIndicator:
    """Takes a proposal, as the bureau worded it, into the library. Raises `Changed`, ValidationError."""
    held = waiting(proposal)
    entry = create(held.bureau_code, values, user, f"采纳{held.department}的建议")
    decide(held, ProposalState.ACCEPTED, user, answer, entry)
    return entry


@transaction.atomic
def refuse(proposal: Proposal, user, answer: str) -> None:
    """Raises `Changed` where it was decided already."""
    decide(waiting(proposal), ProposalState.REFUSED, user, answer)


def waiting(proposal: Proposal) -> Proposal:
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if held.state != ProposalState.WAITING:
        raise Changed
    return held


def decide(held: Proposal, state: str, user, answer: str, entry: LibraryIndicator | None = None) -> None:
    held.state, held.decided_by, held.decided_at = state, user, timezone.now()
    held.answer, held.entry = answer, entry
    held.save()


def start_set() -> list[LibraryIndicator]:
    """The entries, unsaved, that an installation begins with."""
    with START_SET.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [LibraryIndicator(**{field: row[column] for column, field in COLUMNS.items()}) for row in rows]


@transaction.atomic
def load(entries: Iterable[LibraryIndicator]) -> int:
    """Adds the common entries whose names are not there yet; how many. What is there stays as it is."""
    known = set(LibraryIndicator.objects.filter(bureau_code=SHARED).values_list("name", flat=True))
    new = LibraryIndicator.objects.bulk_create([entry for entry in entries if entry.name not in known])
    LibraryVersion.objects.bulk_create([version_of(entry, None, FIRST) for entry in new])
    return len(new)


def said_by(source: Any) -> dict[str, Any]:
    """What a proposal or an entry says, by field."""
    return {name: getattr(source, name) for name in SAID}
