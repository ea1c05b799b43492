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
from declarations.models import Copying, Declaration, Role, StaleVersion
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.table import Table
from declarations.views.filling.answers import closed_answer, find_declaration, why_closed
from declarations.views.filling.bring_form import Posted, all_of, part_views, read_decisions, year_groups
from declarations.web.access import allow

STALE = "{who}已于 {when} 先保存了这份申报表。下面已按最新内容重新对照，您的选择和修改都还在，请核对后再带入。"
NOTHING = "没有带入任何内容：所选各项与草稿相同，或者都选了“保留”。"
NOT_TAKEN = "有 {count} 处没有带入：{reason}"
DONE = "已带入 {count} 处内容。请逐项核对，旁边标有“未确认”的改好或者确认即可。"
UNDONE = "已撤销带入，草稿恢复为带入之前的内容。"
UNDONE_BUT = "已撤销带入；其中 {count} 处之后又改过，保持修改后的内容。"


def bring_page(
    request: HttpRequest,
    declaration: Declaration,
    table: Table,
    source: CopyingSource,
    posted: Posted | None = None,
    *,
    message: str = "",
    status: int = 200,
    **more,
) -> HttpResponse:
    """The page: as it is first drawn, or with what was decided."""
    years = posted.years if posted else frozenset()
    offers = Rollforward(source.table, table, years)
    parts = part_views(offers, posted.decisions if posted else None)
    context = {
        "declaration": declaration,
        "source": source,
        "parts": parts,
        "years": year_groups(source.table, table, years),
        "shown_years": sorted(years),
        "is_other_edition": source.table.edition != table.edition,
        "edition": table.form,
        "message": message,
        "may_edit": permissions.may_edit(request.user, declaration),
    }
    return render(request, "declarations/filling/bringing/bring.html", context | more, status=status)


def take_posted(request: HttpRequest, declaration: Declaration, source: CopyingSource, **more) -> HttpResponse:
    """What was posted from the page: drawn again with other years, or brought in."""
    table = store.table_of(declaration)
    posted = all_of(request.POST.get("all", ""), read_decisions(request.POST, source.table, table), source.table, table)
    if not permissions.may_edit(request.user, declaration):
        return bring_page(
            request, declaration, table, source, posted, message=why_closed(declaration), status=409, **more
        )
    if request.POST.get("do") != "bring":
        return bring_page(request, declaration, table, source, posted, **more)
    version = request.POST.get("version", "")
    bringing = copying.decided_offers(Rollforward(source.table, table, posted.years), posted.decisions)
    try:
        made, draft = copying.bring_values(
            declaration, table, source, bringing, version=int(version) if version.isdecimal() else 0, user=request.user
        )
    except StaleVersion:
        return _stale(request, declaration, source, **more)
    if draft.refused:
        reason = next(iter(draft.refused.values()))
        messages.error(request, NOT_TAKEN.format(count=len(draft.refused), reason=reason))
    if made is None:
        return bring_page(
            request, find_declaration(request, declaration.pk), table, source, posted, message=NOTHING, **more
        )
    messages.success(request, DONE.format(count=len(bringing.puts) - len(draft.refused)))
    return redirect("declarations:fill", declaration.pk)


def _stale(request: HttpRequest, declaration: Declaration, source: CopyingSource, **more) -> HttpResponse:
    """409: compared with what is stored now, everything that was decided still there."""
    fresh = find_declaration(request, declaration.pk)
    table = store.table_of(fresh)
    posted = read_decisions(request.POST, source.table, table)
    who = str(fresh.updated_by or "其他人")
    message = STALE.format(who=who, when=f"{fresh.updated_at.astimezone():%H:%M:%S}")
    return bring_page(request, fresh, table, source, posted, message=message, status=409, **more)


@allow(Role.FILLER, Role.HEAD)
@require_POST
def undo_bringing(request: HttpRequest, pk: uuid.UUID, copied: uuid.UUID) -> HttpResponse:
    """Takes a whole bringing-in back. A second click finds it taken back."""
    declaration = find_declaration(request, pk)
    made = get_object_or_404(Copying.objects.visible_to(request.user), pk=copied, declaration=declaration)
    if not permissions.may_edit(request.user, declaration):
        return closed_answer(request, declaration)
    if made.undone_at is None:
        try:
            left = copying.undo_copying(made, declaration, store.table_of(declaration), request.user)
        except StaleVersion as stale:
            messages.error(request, f"没有撤销：{stale.message}{stale.hint}")
            return redirect("declarations:fill", pk)
        messages.success(request, UNDONE_BUT.format(count=left) if left else UNDONE)
    return redirect("declarations:fill", pk)
