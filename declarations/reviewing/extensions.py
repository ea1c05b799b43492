"""延期报送: more time for named departments after the deadline; who grants it, and ending it early.

An extension is never changed: the newest of a department counts (`Extension.objects.newest`).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from declarations.models import Department, Extension, Role, User
from declarations.notifying import notifications
from declarations.people import permissions

EARLY = "提前结束"
PAST = "延期应到将来的时间；要结束已有的延期，请在下面的列表中办理。"
ANOTHER_BUREAU = "该部门与申报年度不属于同一财政局。"
NOT_NEEDED = "截止时间尚未超过所填时间，不需要延期。"


def bureaus_of(user: User) -> list[int]:
    """The bureaus whose performance reviewer a person is: only they let a department in late."""
    return [
        held.bureau_id for held in permissions.memberships_of(user) if held.bureau_id and held.role == Role.PERFORMANCE
    ]


def departments_of(user: User) -> QuerySet[Department]:
    """The departments to which a person may grant an extension."""
    return Department.objects.declaring().filter(bureau__in=bureaus_of(user)).order_by("pinyin")


def granted_in(user: User) -> QuerySet[Extension]:
    """The extensions of a person's bureaus, the newest first."""
    return Extension.objects.filter(cycle__bureau__in=bureaus_of(user))


def counting(extensions: Iterable[Extension]) -> set[int]:
    """The keys of those that count, one for each department and year; they come the newest first."""
    newest: dict[tuple[int, int], int] = {}
    for extension in extensions:
        newest.setdefault((extension.cycle_id, extension.department_id), extension.pk)
    return set(newest.values())


def objections(extension: Extension) -> dict[str, str]:
    """Why an unsaved extension cannot be granted, by its field; what is not filled in is not judged."""
    cycle = extension.cycle if extension.cycle_id else None
    department = extension.department if extension.department_id else None
    why: dict[str, str] = {}
    if extension.until and extension.until <= timezone.now():
        why["until"] = PAST
    elif cycle and extension.until and extension.until <= cycle.deadline:
        why["until"] = NOT_NEEDED
    if cycle and department and cycle.bureau_id != department.bureau_id:
        why["department"] = ANOTHER_BUREAU
    return why


@transaction.atomic
def grant(extension: Extension, user: User) -> Extension:
    """Write an extension as granted by ``user`` and tell the department; `objections` were asked before."""
    extension.granted_by = user
    extension.save(force_insert=True)
    notifications.notify_of_extension(extension)
    return extension


@transaction.atomic
def end_early(extension: Extension, user: User) -> Extension:
    """End a running extension now, by one that follows it; the record of it stays. Returns the one that follows."""
    ended = Extension(cycle=extension.cycle, department=extension.department, until=timezone.now(), reason=EARLY)
    return grant(ended, user)
