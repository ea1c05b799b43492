"""A reviewer's word that a finding is wrong, and the way back; each is a line of the record, none is changed."""

from __future__ import annotations

import uuid

from django.db import transaction

from declarations.findings.doubts import fingerprint_of, key_of, split_key
from declarations.findings.examination import Examined, examine
from declarations.models import Declaration, Dismissal, User
from declarations.people import permissions
from declarations.people.refusals import MoveRefused
from declarations.record import store
from declarations.sheet.problems import Severity
from declarations.sheet.table import clean_text

LONGEST_REASON = 500
NOT_NOW = "现在不能标记检查提示：申报表不在审核中，或者您参与过它的填报、审定。"
NO_REASON = "请写明这条检查提示为什么不成立。没有标记。"
TOO_LONG = "理由有 {count} 字，最多 {longest} 字，请删减。没有标记。"
GONE = "这条检查提示已经变化，没有标记。下面已是最新内容，请核对后再办理。"

Identity = tuple[str, str]
"""Which finding is meant: its key (`doubts.key_of`), and the fingerprint of what it was found in."""


@transaction.atomic
def dismiss(pk: uuid.UUID, user: User, identity: Identity, reason: str) -> Dismissal:
    """Mark a finding as wrong, under a lock of the declaration.

    Raises Declaration.DoesNotExist for one that the person may not see, and `MoveRefused`, having written nothing.
    """
    declaration = _locked(pk, user)
    text = clean_text(reason)
    if not text:
        raise MoveRefused("reason", NO_REASON, "")
    if len(text) > LONGEST_REASON:
        raise MoveRefused("long", TOO_LONG.format(count=f"{len(text):,}", longest=LONGEST_REASON), "")
    return _write(declaration, user, identity, dismissible(_examined(declaration)), reason=text)


@transaction.atomic
def take_back(pk: uuid.UUID, user: User, identity: Identity) -> Dismissal:
    """Let a finding count again; raises as `dismiss`."""
    declaration = _locked(pk, user)
    return _write(declaration, user, identity, dismissals_standing(_examined(declaration)), is_taken_back=True)


def _locked(pk: uuid.UUID, user: User) -> Declaration:
    """The declaration, which cannot be moved meanwhile; raises MoveRefused where nothing may be marked in it."""
    visible = Declaration.objects.visible_to(user).select_related("department", "cycle")
    declaration = visible.select_for_update(of=("self",)).get(pk=pk)
    if not permissions.may_dismiss(user, declaration):
        raise MoveRefused("state", NOT_NOW, "")
    return declaration


def _examined(declaration: Declaration) -> Examined:
    return examine(declaration, store.table_of(declaration))


def _write(
    declaration: Declaration, user: User, identity: Identity, there: set[Identity], **more: str | bool
) -> Dismissal:
    if identity not in there:
        raise MoveRefused("gone", GONE, "")
    key, fingerprint = identity
    code, place = split_key(key)
    return Dismissal.objects.create(
        declaration=declaration, author=user, code=code, place=place, fingerprint=fingerprint, **more
    )


def dismissible(examined: Examined) -> set[Identity]:
    """What may be dismissed. An error (E) may not: a wrong one is mended in the settings of the year."""
    doubtful = [problem for problem in examined.problems if problem.severity is not Severity.ERROR]
    return {(key_of(examined.table, problem), fingerprint_of(examined.table, problem)) for problem in doubtful}


def dismissals_standing(examined: Examined) -> set[Identity]:
    """What was dismissed and can be taken back."""
    return {(f"{one.code} {one.place}".strip(), one.fingerprint) for _, one in examined.dismissed}
