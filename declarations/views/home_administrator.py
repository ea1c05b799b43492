"""Home of the administrators: the years, what is still to be set up, the latest imports."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from declarations.models import AT_BUREAU, Bureau, Cycle, Department, ImportBatch, Membership, Role, State

LATEST = 5


def administrator_part(user) -> dict[str, Any]:
    bureaus = Bureau.objects.administered_by(user)
    departments = Department.objects.filter(bureau__in=bureaus, is_active=True, parent__isnull=True)
    filled = Exists(Membership.objects.filter(department=OuterRef("pk"), role=Role.FILLER))
    return {
        "cycles": cycles_of(bureaus),
        "to_set_up": departments.aggregate(
            departments=Count("pk", distinct=True),
            without_division=Count("pk", filter=Q(division__isnull=True), distinct=True),
            without_filler=Count("pk", filter=~filled, distinct=True),
        ),
        "batches": ImportBatch.objects.filter(bureau__in=bureaus).select_related("created_by")[:LATEST],
    }


STANDING = Q(declarations__undone_at__isnull=True)


def cycles_of(bureaus):
    """The latest years with how many have reported and how many are approved."""
    return (
        Cycle.objects.filter(bureau__in=bureaus)
        .select_related("bureau")
        .annotate(
            begun=Count("declarations", filter=STANDING),
            reported=Count("declarations", filter=STANDING & Q(declarations__state__in=AT_BUREAU)),
            approved=Count("declarations", filter=STANDING & Q(declarations__state=State.APPROVED)),
        )
        .order_by("-year", "bureau")[:LATEST]
    )
