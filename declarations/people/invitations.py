"""Asking people from outside the review for an opinion: who may be asked, for how long, and taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from declarations.models import Cycle, Declaration, Department, Invitation, Membership, Role, User
from declarations.people import permissions

ENDED = "提前结束"


class NotInvited(Exception):
    """Nobody was invited; the message says whom it is about and why."""


@transaction.atomic
def invite_person(
    by: User,
    person: User,
    cycle: Cycle,
    departments: Sequence[Department],
    *,
    starts_at: datetime.datetime,
    until: datetime.datetime,
    reason: str,
) -> list[Invitation]:
    """One invitation for each department. Raises `NotInvited`, having invited to none, where one must not be."""
    if not person.is_active or person.is_superuser:
        raise NotInvited(f"{person}的账号已停用，或者是系统运维账号，不能邀请。")
    if barred := barred_from(person, cycle, departments):
        names = "、".join(str(department) for department in barred)
        raise NotInvited(f"{person}是{names}的填报人、审定人或者审核人员，不能受邀评审。")
    given = {"starts_at": starts_at, "until": until, "reason": reason, "invited_by": by}
    return [Invitation.objects.create(person=person, cycle=cycle, department=one, **given) for one in departments]


def barred_from(person: User, cycle: Cycle, departments: Iterable[Department]) -> list[Department]:
    """Those in whose declaration a person has, or had, a hand, or which they review anyway."""
    held = Membership.objects.filter(user=person).valid_on(timezone.localdate())
    declaring = set(held.filter(role__in=Role.DECLARING).values_list("department", flat=True))
    reviewing = held.filter(role__in=Role.REVIEWING).values_list("division", "bureau")
    places = {("division", division) for division, _ in reviewing} | {("bureau", bureau) for _, bureau in reviewing}
    places -= {("division", None), ("bureau", None)}
    own = Declaration.objects.filter(cycle=cycle, department__in=[one.pk for one in departments])
    touched = declaring | set(own.filter(permissions.hand_in(person)).values_list("department", flat=True))
    return [
        one
        for one in departments
        if one.pk in touched or places & {("division", one.division_id), ("bureau", one.bureau_id)}
    ]


def end_invitation(by: User, invitation: Invitation) -> Invitation:
    """Takes an invitation back, by one that follows it and ends at once; the record of it stays."""
    now = timezone.now()
    return Invitation.objects.create(
        person=invitation.person,
        cycle=invitation.cycle,
        department=invitation.department,
        starts_at=min(invitation.starts_at, now),
        until=now,
        reason=ENDED,
        invited_by=by,
    )
