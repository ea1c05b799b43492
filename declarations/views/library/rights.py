"""Who keeps the library: the performance reviewers and administrators of a bureau, each for their own."""

from __future__ import annotations

from declarations.models import Bureau
from declarations.people import permissions
from indicators.models import SHARED, LibraryIndicator

FOR_ALL = "各财政局通用"


def kept_bureaus(user) -> dict[str, str]:
    """The names, by code, of the bureaus whose library a person keeps; the operator keeps what all have in common."""
    if permissions.is_operator(user):
        return {SHARED: FOR_ALL}
    return dict(Bureau.objects.filter(code__in=user.library_codes).order_by("code").values_list("code", "name"))


def may_keep(user, entry: LibraryIndicator) -> bool:
    """An entry of one's own bureau, or a common one, which then becomes the bureau's own."""
    if permissions.is_operator(user):
        return entry.bureau_code == SHARED
    codes = user.library_codes
    return bool(codes) and (entry.bureau_code == SHARED or entry.bureau_code in codes)
