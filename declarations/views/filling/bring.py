"""Bringing values into the open draft: one page for last year's table and for a table out of a file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from declarations.filling.bringing import copying
from declarations.filling.bringing.copying import CopyingSource
from declarations.filling.bringing.rollforward import Rollforward
from declarations.filling.desk import FillingDesk
from declarations.models import Copying, Role, StaleVersion
from declarations.views.filling.bring_form import Posted, all_of, part_views, read_decisions, year_groups
from declarations.views.filling.entrance import desk_for, filling_desk, why_closed
from declarations.web.access import allow

STALE = "{who}已于 {when} 先保存了这份申报表。下面已按最新内容重新对照，您的选择和修改都还在，请核对后再带入。"
NOTHING = "没有带入任何内容：所选各项与草稿相同，或者都选了“保留”。"
NOT_TAKEN = "有 {count} 处没有带入：{reason}"
DONE = "已带入 {count} 处内容。请逐项核对，旁边标有“未确认”的改好或者确认即可。"
UNDONE = "已撤销带入，草稿恢复为带入之前的内容。"
UNDONE_BUT = "已撤销带入；其中 {count} 处之后又改过，保持修改后的内容。"


def bring_page(
    request: HttpRequest,
    desk: FillingDesk,
    source: CopyingSource,
    posted: Posted | None = None,
    *,
    message: str = "",
    status: int = 200,
    **more,
) -> HttpResponse:
    """The page: as it is first drawn, or with what was decided."""
    years = posted.years if posted else frozenset()
    table = desk.table
    offers = Rollforward(source.table, table, years)
    parts = part_views(offers, posted.decisions if posted else None)
    context = {
        "declaration": desk.declaration,
        "source": source,
        "parts": parts,
        "years": year_groups(source.table, table, years),
        "shown_years": sorted(years),
        "is_other_edition": source.table.edition != table.edition,
        "edition": table.form,
        "message": message,
        "may_edit": desk.may_edit,
    }
    return render(request, "declarations/filling/bringing/bring.html", context | more, status=status)


def take_posted(request: HttpRequest, desk: FillingDesk, source: CopyingSource, **more) -> HttpResponse:
    """What was posted from the page: drawn again with other years, or brought in."""
    table = desk.table
    posted = all_of(request.POST.get("all", ""), read_decisions(request.POST, source.table, table), source.table, table)
    if not desk.may_edit:
        message = why_closed(desk.declaration)
        return bring_page(request, desk, source, posted, message=message, status=409, **more)
    if request.POST.get("do") != "bring":
        return bring_page(request, desk, source, posted, **more)
    version = request.POST.get("version", "")
    bringing = copying.decided_offers(Rollforward(source.table, table, posted.years), posted.decisions)
    try:
        known = int(version) if version.isdecimal() else 0
        made, typed = copying.bring_values(desk, source, bringing, version=known)
    except StaleVersion:
        return _stale(request, desk.declaration.pk, source, **more)
    if typed.refused:
        reason = next(iter(typed.refused.values()))
        messages.error(request, NOT_TAKEN.format(count=len(typed.refused), reason=reason))
    if made is None:
        return bring_page(request, desk, source, posted, message=NOTHING, **more)
    messages.success(request, DONE.format(count=len(bringing.puts) - len(typed.refused)))
    return redirect("declarations:fill", desk.declaration.pk)


def _stale(request: HttpRequest, pk: uuid.UUID, source: CopyingSource, **more) -> HttpResponse:
    """409: compared with what is stored now, everything that was decided still there."""
    fresh = desk_for(request, pk)
    posted = read_decisions(request.POST, source.table, fresh.table)
    who = str(fresh.declaration.updated_by or "其他人")
    message = STALE.format(who=who, when=f"{fresh.declaration.updated_at.astimezone():%H:%M:%S}")
    return bring_page(request, fresh, source, posted, message=message, status=409, **more)


@allow(Role.FILLER, Role.HEAD)
@require_POST
@filling_desk()
def undo_bringing(request: HttpRequest, desk: FillingDesk, copied: uuid.UUID) -> HttpResponse:
    """Takes a whole bringing-in back. A second click finds it taken back."""
    made = get_object_or_404(Copying.objects.visible_to(desk.user), pk=copied, declaration=desk.declaration)
    back = redirect("declarations:fill", desk.declaration.pk)
    if made.undone_at is None:
        try:
            left = copying.undo_copying(made, desk)
        except StaleVersion as stale:
            messages.error(request, f"没有撤销：{stale.message}{stale.hint}")
            return back
        messages.success(request, UNDONE_BUT.format(count=left) if left else UNDONE)
    return back
