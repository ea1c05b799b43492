"""Whether a declaration is still just what an import made of it, and if not, who changed it and when."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from declarations.importing.batch.writing import IMPORT
from declarations.models import Comment, Declaration, Dismissal, Event, Explanation, Presence, Snapshot, Upload
from declarations.record.moments import minute_in_words

LOOKED_AT = datetime.timedelta(minutes=2)
ADDED = (
    (Explanation, "填写了疑点说明"),
    (Comment, "写了审核意见"),
    (Dismissal, "处理了检查提示"),
)
"""What people keep beside a declaration that changes no version of it."""


def objections_to_undo(
    declarations: Sequence[Declaration], versions: Mapping[UUID, int | None], last: Mapping[UUID, Snapshot]
) -> dict[UUID, str]:
    """Why each of these may not be taken back; those that may are not in it. Seven queries.

    ``versions``: as the import left them; ``last``: the newest snapshot of each.
    """
    keys = [one.pk for one in declarations]
    if not keys:
        return {}
    events = last_events(keys)
    beside = [*added_since(keys), *uploaded_since(keys), *open_now(keys)]
    found = {key: said for key, time, said in beside if key in events and time > events[key].created_at}
    for one in declarations:
        if said := reason_moved(one, events.get(one.pk), last.get(one.pk), versions[one.pk]):
            found[one.pk] = said
    return found


def last_events(keys: Sequence[UUID]) -> dict[UUID, Event]:
    newest = Event.objects.filter(declaration__in=keys).order_by("declaration_id", "-created_at", "-pk")
    return {one.declaration_id: one for one in newest.distinct("declaration_id").select_related("actor")}


def reason_moved(one: Declaration, event: Event | None, last: Snapshot | None, version: int | None) -> str:
    """The text or the state is another one than the import left."""
    if event is None or last is None:
        return "没有这次导入的留存版本"
    if event.action != IMPORT or event.snapshot_id != last.pk:
        return f"{name_of(event.actor)}已于{moment_of(event.created_at)}办理，当前状态为“{one.get_state_display()}”"
    if one.version != version:
        return f"{name_of(one.updated_by)}已于{moment_of(one.updated_at)}修改过"
    return ""


def added_since(keys: Sequence[UUID]) -> Iterable[tuple[UUID, datetime.datetime, str]]:
    for model, did in ADDED:
        for row in model.objects.filter(declaration__in=keys).select_related("author"):
            yield row.declaration_id, row.created_at, f"{name_of(row.author)}已于{moment_of(row.created_at)}为它{did}"


def uploaded_since(keys: Sequence[UUID]) -> Iterable[tuple[UUID, datetime.datetime, str]]:
    for upload in Upload.objects.filter(declaration__in=keys).only("declaration_id", "created_at"):
        yield upload.declaration_id, upload.created_at, f"已于{moment_of(upload.created_at)}为它上传了文件"


def open_now(keys: Sequence[UUID]) -> Iterable[tuple[UUID, datetime.datetime, str]]:
    """What is being typed this minute is not on the server yet."""
    recent = Presence.objects.filter(declaration__in=keys, seen_at__gt=timezone.now() - LOOKED_AT)
    for presence in recent.select_related("user"):
        yield presence.declaration_id, presence.seen_at, f"{name_of(presence.user)}正打开着它的填报页"


def name_of(person) -> str:
    return str(person) if person else "系统"


def moment_of(time: datetime.datetime) -> str:
    return minute_in_words(time)
