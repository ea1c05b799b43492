"""Stand-ins (代办): during an absence a colleague has a reviewer's tasks, and acts in their own name for them.

What a stand-in may do follows from `User.memberships_now`, for whom they acted from `permissions.acting_for`.
"""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from declarations.models import Bureau, Membership, Role, StandIn, StandInEnding, User, scope_of
from declarations.people import permissions
from declarations.people.refusals import MoveRefused

LONGEST_DAYS = 366


def reviewers_of(bureaus) -> QuerySet:
    """Who reviews in these bureaus today, in any of the reviewing roles."""
    held = Membership.objects.valid_on(timezone.localdate()).filter(role__in=Role.REVIEWING).of_bureaus(bureaus)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def absent_choices(user: User) -> QuerySet:
    """For whom a person may name a stand-in: a reviewer for themselves, an administrator for all reviewers."""
    scope = scope_of(user)
    return reviewers_of(scope.member_of).filter(Q(pk=user.pk) | Q(pk__in=reviewers_of(scope.administered)))


def name_stand_in(
    user: User, reviewer: User, stand_in: User, first: datetime.date, last: datetime.date, reason: str
) -> list[StandIn]:
    """One row for each bureau in which both review in the same role. Raises `MoveRefused`, nothing written."""
    if not absent_choices(user).filter(pk=reviewer.pk).exists():
        raise MoveRefused(
            "reviewer", "您不能为此人指定代办人。", "审核人员为自己指定，系统管理员可以为本局审核人员指定。"
        )
    if last < first or last < timezone.localdate() or (last - first).days > LONGEST_DAYS:
        raise MoveRefused("days", "代办的起止日期不对。", "结束日期不能早于开始日期和今天，一次不超过一年。")
    if not reason.strip():
        raise MoveRefused("reason", "须写明代办的事由。", "例如：年休假、出差、病假。")
    bureaus = shared_bureaus(reviewer, stand_in)
    if reviewer == stand_in or not bureaus:
        hint = "代办人须是本财政局同一角色的审核人员，例如同为资金主管科室审核员。"
        raise MoveRefused("stand_in", "没有指定代办人：所选的人不能代办。", hint)
    common = {"reviewer": reviewer, "stand_in": stand_in, "first_day": first, "last_day": last}
    return [StandIn.objects.create(bureau=one, reason=reason.strip(), named_by=user, **common) for one in bureaus]


def shared_bureaus(reviewer: User, stand_in: User) -> list[Bureau]:
    """Where two people hold the same reviewing role today: two stages of one review never come into one hand."""
    held = Membership.objects.valid_on(timezone.localdate()).filter(
        user__in=[reviewer, stand_in], role__in=Role.REVIEWING
    )
    roles: dict[int, set[tuple[Role, Bureau]]] = {reviewer.pk: set(), stand_in.pk: set()}
    for item in held.with_scope():
        roles[item.user_id].add((Role(item.role), item.home_bureau))
    common = roles[reviewer.pk] & roles[stand_in.pk]
    return sorted({bureau for _, bureau in common}, key=lambda bureau: bureau.code)


def may_end(user: User, row: StandIn) -> bool:
    """The two whom it is about, and the administrators of the bureau; until its last day."""
    concerned = user.pk in (row.reviewer_id, row.stand_in_id) or permissions.may_administer(user, row.bureau)
    return concerned and row.last_day >= timezone.localdate()


def end_stand_in(user: User, row: StandIn) -> None:
    """Ends it now; whoever ended it first stays on record."""
    StandInEnding.objects.get_or_create(stood_in=row, defaults={"ended_by": user})
    row.stand_in.forget_memberships()
