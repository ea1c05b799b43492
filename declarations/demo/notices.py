"""What the people of the trial accounts were told lately: read off the record, and mailed to nobody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from declarations.models import Bureau, Cycle, Declaration, Event, Mail, Notice, User
from declarations.notifying import notifications

SHOWN = 6
"""Notices a person at most: enough to see what they are."""


def write_notices(bureau: Bureau, usernames: Iterable[str]) -> None:
    """The last move of each declaration of the current year, told to those trial accounts whom it concerns."""
    cycle = Cycle.objects.filter(bureau=bureau).order_by("-year").first()
    last = Event.objects.filter(declaration=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:1]
    current = Declaration.objects.filter(cycle=cycle).annotate(last=Subquery(last))
    moves = Event.objects.filter(pk__in=current.values("last")).order_by("-created_at", "-pk")
    people = {user.pk: SHOWN for user in User.objects.filter(username__in=list(usernames))}
    found = []
    for event in moves.select_related("declaration__department", "declaration__cycle", "actor")[: SHOWN * 10]:
        for notice in notifications.notices_about_move(event):
            if people.get(notice.recipient_id):
                people[notice.recipient_id] -= 1
                notice.mail, notice.created_at = Mail.NONE, event.created_at
                found.append(notice)
    Notice.objects.bulk_create(found)
