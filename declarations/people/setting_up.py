"""What an administrator still has to set up: the same conditions count a figure and filter the list behind it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from declarations.models import Membership, Role, User
from declarations.models.organisation import DepartmentQuerySet
from declarations.people import permissions

NEEDS = {"declaring": "申报部门", "without_division": "未分配资金主管科室", "without_filler": "没有填报人"}


def lacking_departments(need: str, departments: DepartmentQuerySet) -> DepartmentQuerySet:
    """Those that declare (active, and no unit of another), all of them or those that lack something."""
    found = departments.declaring()
    return found.filter(condition_of(need))


def condition_of(need: str) -> Q:
    filler = Membership.objects.valid_on(timezone.localdate()).filter(role=Role.FILLER, user__is_active=True)
    return {
        "declaring": ~Q(pk__in=[]),
        "without_division": Q(division__isnull=True),
        "without_filler": ~Q(Exists(filler.filter(department=OuterRef("pk")))),
    }[need]


def accounts_kept_by(user: User) -> QuerySet[User]:
    """The people whose accounts an administrator keeps."""
    if permissions.is_operator(user):
        return User.objects.all()
    held = Membership.objects.administered_by(user)
    return User.objects.filter(pk__in=held.values("user"), is_superuser=False)
