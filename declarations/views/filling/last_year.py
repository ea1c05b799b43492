"""从上年复制: an earlier year's table beside the draft, row by row."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.filling.bringing.copying import CopyingSource
from declarations.filling.desk import FillingDesk
from declarations.models import Role
from declarations.record import store
from declarations.views.filling import bring
from declarations.views.filling.entrance import detail_unless_sent, filling_desk
from declarations.views.filling.past import earlier_tables, name_of_past
from declarations.web.access import allow


@allow(Role.FILLER, Role.HEAD)
@require_http_methods(["GET", "POST"])
@never_cache
@filling_desk(detail_unless_sent)
def last_year(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    """``from``: the key of the declaration to copy from; without it the latest."""
    years = list(store.with_rows(earlier_tables(desk.user, desk.declaration))[:20])
    wanted = request.POST.get("from") or request.GET.get("from", "")
    past = next((each for each in years if str(each.pk) == wanted), years[0] if years else None)
    if past is None:
        return render(request, "declarations/filling/bringing/bring_none.html", {"declaration": desk.declaration})
    source = CopyingSource(name_of_past(past), store.table_of(past))
    more = {"sources": [(each, name_of_past(each)) for each in years], "past": past}
    if request.method == "POST":
        return bring.take_posted(request, desk, source, **more)
    return bring.bring_page(request, desk, source, **more)
