"""The years that lists and statistics offer."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from declarations.models import Cycle, Declaration, User


def offered_years(user: User) -> QuerySet[Cycle]:
    """The latest first. A past year without any table is left out: its import was taken back."""
    tables = Declaration.objects.filter(cycle=OuterRef("pk"))
    shown = Q(deadline__gte=timezone.now()) | Exists(tables)
    return Cycle.objects.visible_to(user).filter(shown).order_by("-year")
