"""Who is told of what. Notices are written in the transaction of what they tell of: a move that is rolled back
tells nothing, and none that is committed is lost. Mails are made of them later, by a job (`mailing`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from declarations.models import (
    PENDING,
    REMINDING,
    Action,
    Comment,
    Cycle,
    Declaration,
    Department,
    Event,
    Extension,
    Mail,
    Membership,
    Notice,
    NoticeKind,
    NoticePreference,
    Role,
    StandIn,
    User,
)
from declarations.people import permissions
from declarations.people.moves import BY_ACTION
from declarations.record.moments import minute_in_words
from declarations.sheet.totality import total_over

#: the roles that a notice of each kind concerns; of a move its own table says it
AUDIENCES: dict[str, Collection[Role]] = total_over(
    "notifications.AUDIENCES",
    NoticeKind,
    {NoticeKind(action): row.audience for action, row in BY_ACTION.items()}
    | {
        NoticeKind.WAITING: Role.REVIEWING,
        NoticeKind.REPLACED: Role.REVIEWING,
        NoticeKind.EXTENSION: Role.DECLARING,
        NoticeKind.URGE: Role.DECLARING,
        NoticeKind.DEADLINE: Role.DECLARING,
    },
)
JOB, QUEUE = "mail_notices", "notices"


def audience_of(roles: Iterable[Role], department: Department) -> QuerySet:
    """The people who hold one of ``roles`` for a department today, and those who stand in for one of them."""
    keys = {"department": department.pk, "division": department.division_id, "bureau": department.bureau_id}
    places = Q(*((name, key) for name, key in keys.items() if key is not None), _connector=Q.OR)
    held = Membership.objects.valid_on(timezone.localdate()).filter(places, role__in=tuple(roles))
    absent = StandIn.objects.running_on(timezone.localdate()).filter(bureau=department.bureau_id)
    instead = absent.filter(reviewer__in=held.filter(role__in=Role.REVIEWING).values("user"))
    people = Q(pk__in=held.values("user")) | Q(pk__in=instead.values("stand_in"))
    return User.objects.filter(people, is_active=True)


def notify_of_move(event: Event) -> None:
    """Tells those whom a move concerns; who took it has seen what they were told of the declaration before."""
    if event.actor_id:
        mark_as_read(event.actor, event.declaration)
    write_notices(notices_about_move(event))


def notices_about_move(event: Event) -> list[Notice]:
    """What a move is told in, unsaved: not to who took it, and to reviewers only if they may review it."""
    declaration, roles = event.declaration, AUDIENCES.get(event.action, ())
    if not roles:
        return []
    people = audience_of(roles, declaration.department).exclude(pk=event.actor_id)
    if Role.REVIEWING.issuperset(roles):
        people = people.exclude(pk__in=permissions.people_with_hand_in(declaration))
    facts = {"declaration": declaration, "department": declaration.department, "cycle": declaration.cycle}
    kind, text = NoticeKind(event.action), _text(event)
    return [
        new_notice(person, kind, text, event=event, **facts) for person in people.select_related("notice_preference")
    ]


def _text(event: Event) -> str:
    declaration = event.declaration
    name = f"{declaration.department}{declaration.cycle}"
    facts: dict[str, Any] = {"again": "", "asked": 0}
    if event.action == Action.SUBMIT and declaration.submissions > 1:
        replies = event.comments.count()
        facts["again"] = f"（第 {declaration.submissions} 次）" + (f"，附答复 {replies} 条" if replies else "")
    elif event.action == Action.RETURN:
        asked = Q(sent_with=event) | Q(resolutions__event=event)
        facts["asked"] = Comment.objects.filter(asked, parent__isnull=True).distinct().count()
    return BY_ACTION[event.action].notice.format(name=name, **facts)


@dataclass(frozen=True)
class Word:
    """What one department is told in a year. ``key``, ``until``: see `Notice`."""

    department: Department
    text: str
    until: datetime.datetime | None = None
    key: str = ""


def tell_replaced(events: Iterable[Event]) -> int:
    """Tells reviewers which approved declarations an import replaced; how many notices were written.

    Reviewers are asked for once for each division: their roles are held for a division or the bureau.
    """
    reviewers: dict[tuple[int | None, int], list[User]] = {}
    notices = []
    for event in events:
        declaration = event.declaration
        department, cycle = declaration.department, declaration.cycle
        place = department.division_id, department.bureau_id
        if place not in reviewers:
            people = audience_of(AUDIENCES[NoticeKind.REPLACED], department).select_related("notice_preference")
            reviewers[place] = list(people)
        text = f"{department}{cycle}申报表原已批复，内容已由{event.actor or '系统'}导入的文件替换，请核对。"
        facts = {"declaration": declaration, "department": department, "cycle": cycle, "event": event}
        told = (person for person in reviewers[place] if person.pk != event.actor_id)
        notices += [new_notice(person, NoticeKind.REPLACED, text, **facts) for person in told]
    return write_notices(notices)


def notify_of_extension(extension: Extension) -> None:
    """Tells a department that it has more time, or that this was ended."""
    name = f"{extension.department}{extension.cycle}申报"
    running = extension.is_running(extension.created_at + datetime.timedelta(seconds=1))
    text = f"{name}已准予延期至{minute_in_words(extension.until)}。" if running else f"{name}的延期已提前结束。"
    word = Word(extension.department, text, extension.until, f"extension:{extension.pk}")
    tell_departments(NoticeKind.EXTENSION, extension.cycle, [word])


def notify_of_urging(cycle: Cycle, departments: Iterable[Department], by: User, words: str = "") -> int:
    """催报: tells departments that they are waited for, in the words on record; how many notices were written."""
    said = words.strip() or "申报表尚未报送，请尽快办理。"
    told = [Word(one, f"{by}催报 {one}{cycle}申报：{said}") for one in departments]
    return tell_departments(NoticeKind.URGE, cycle, told)


def tell_departments(kind: NoticeKind, cycle: Cycle, words: Iterable[Word]) -> int:
    """Tells the people of each department, in the same few queries however many there are; how many notices."""
    told = list(words)
    people = holders_of(AUDIENCES[kind], [word.department for word in told])
    keys = [word.department.pk for word in told]
    begun = dict(Declaration.objects.filter(cycle=cycle, department__in=keys).values_list("department", "pk"))
    return write_notices(
        new_notice(
            person,
            kind,
            word.text,
            department=word.department,
            cycle=cycle,
            declaration_id=begun.get(word.department.pk),
            until=word.until,
            key=word.key,
        )
        for word in told
        for person in people[word.department.pk]
    )


def holders_of(roles: Iterable[Role], departments: Iterable[Department]) -> dict[int, list[User]]:
    """The people who hold one of ``roles`` for each department, each once."""
    held = Membership.objects.valid_on(timezone.localdate()).filter(
        role__in=tuple(roles), department__in=[one.pk for one in departments], user__is_active=True
    )
    found: dict[int, dict[int, User]] = defaultdict(dict)
    for membership in held.select_related("user__notice_preference"):
        found[membership.department_id][membership.user_id] = membership.user
    return defaultdict(list, {key: list(people.values()) for key, people in found.items()})


def new_notice(person: User, kind: NoticeKind, text: str, **about: Any) -> Notice:
    """A notice unsaved, with what is to become of its mail."""
    mail = way_of(person, kind)
    return Notice(recipient=person, kind=kind, text=text, mail=mail, mail_at=timezone.now(), **about)


def way_of(person: User, kind: str) -> Mail:
    """How a person is mailed about something of this kind."""
    if not person.email:
        return Mail.NONE
    wanted = getattr(person, "notice_preference", None) or NoticePreference()
    ways = {NoticePreference.Way.AT_ONCE: Mail.WAITING, NoticePreference.Way.DIGEST: Mail.COLLECTED}
    return ways.get(wanted.way_of(kind), Mail.NONE)


def write_notices(notices: Iterable[Notice]) -> int:
    """Keeps notices, those with a key only where they were not told yet; how many there were to keep."""
    rows = list(notices)
    Notice.objects.bulk_create(rows, ignore_conflicts=any(row.key for row in rows), batch_size=1000)
    if any(row.mail == Mail.WAITING for row in rows):
        ask_for_mail()
    return len(rows)


def ask_for_mail() -> None:
    """A job for the worker, kept with the transaction that asks for it (`tasks.mail_notices`)."""
    app.configure_task(JOB, queue=QUEUE).defer()


def mark_as_read(person: User, declaration: Declaration) -> None:
    """Marks what a person was told of a declaration as read: they are looking at it."""
    if person.unread_notices:
        person.unread_notices -= mark_read(Notice.objects.filter(recipient=person, declaration=declaration))


def mark_read(notices: QuerySet) -> int:
    return notices.unread().update(read_at=timezone.now())


def keep_preference(preference: NoticePreference) -> None:
    """Keeps how a person wants to be mailed; what waits to be mailed follows."""
    preference.save()
    waiting = Notice.objects.filter(recipient=preference.user, mail__in=PENDING)
    for kinds in (REMINDING, frozenset(NoticeKind) - REMINDING):
        mail = way_of(preference.user, next(iter(kinds)))
        kept = {"mail": mail} if mail in PENDING else {"mail": Mail.NOT_NEEDED, "mail_note": "接收人改为不收这类邮件。"}
        waiting.filter(kind__in=sorted(kinds)).update(**kept)
