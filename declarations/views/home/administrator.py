"""Home of the administrators: the years, what is still to be set up, the latest imports."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from declarations.models import Bureau, Cycle, Department, ImportBatch, State
from declarations.people import setting_up

LATEST = 5


def administrator_part(user) -> dict[str, Any]:
    bureaus = Bureau.objects.administered_by(user)
    departments = setting_up.lacking_departments("declaring", Department.objects.filter(bureau__in=bureaus))
    missing = {need: Count("pk", filter=setting_up.condition_of(need)) for need in setting_up.NEEDS}
    return {
        "cycles": cycles_of(bureaus),
        "to_set_up": departments.aggregate(**missing),
        "accounts": setting_up.accounts_kept_by(user).count(),
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
            reported=Count("declarations", filter=STANDING & Q(declarations__state__in=State.AT_BUREAU)),
            approved=Count("declarations", filter=STANDING & Q(declarations__state=State.APPROVED)),
        )
        .order_by("-year", "bureau")[:LATEST]
    )
