"""The list of the inbox to take away, as it is filtered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from declarations.models import Role
from declarations.notifying.workdays import calendar_of
from declarations.reviewing import queue, unreported
from declarations.views.exporting import exports
from declarations.views.home import missing
from declarations.views.home.review import chosen_cycle
from declarations.web.access import allow
from declarations.web.filters import InboxFilter
from declarations.web.spreadsheet import LONGEST, list_workbook


@allow(Role.DIVISION, Role.PERFORMANCE)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """As the list of declarations leaves (`exports.as_files`); of those who have not reported a list only."""
    user = request.user
    cycle = chosen_cycle(user, request.GET.get("year", ""))
    if cycle is None:
        return exports.refused_export("现在没有开放的申报年度。", 409)
    filters = InboxFilter(request.GET, user, cycle)
    if filters.card == "missing":
        rows = unreported.with_begun(filters.missing().order_by(*missing.ORDER)[: LONGEST + 1], cycle)
        return list_workbook("未报送部门", missing.COLUMNS, missing.missing_cells([*rows], cycle))
    found = filters.apply(queue.reviewed_rows(user, cycle), calendar_of(cycle.bureau_id))
    if (form := request.GET.get("format", "list")) in exports.DIRECT and exports.is_long(found, form):
        return exports.refused_export(exports.MANY, 409)
    return exports.as_files(request, found.order_by(*filters.order))
