"""Which declarations were approved in the system: what an import replaces there, somebody decided on."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from declarations.models import Declaration, Event, NoticeKind, State


def approvals_of(declarations: Iterable[Declaration]) -> dict[UUID, str]:
    """Who approved each of the approved ones last, and when, in words; one query, none where none is approved."""
    keys = [one.pk for one in declarations if one.state == State.APPROVED]
    if not keys:
        return {}
    events = Event.objects.filter(declaration__in=keys, action=NoticeKind.APPROVE)
    last = events.order_by("declaration_id", "-created_at", "-pk").distinct("declaration_id").select_related("actor")
    return {one.declaration_id: f"{one.actor or '系统'}已于{day(one)}批复" for one in last}


def day(event: Event) -> str:
    return f"{timezone.localtime(event.created_at):%Y年%m月%d日}"
