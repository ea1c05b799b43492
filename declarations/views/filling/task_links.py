"""Which tasks each indicator measures, as an ordinary form: for browsers without scripts, and to see all at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from declarations.filling import drafts
from declarations.filling.changes import Changes
from declarations.filling.coverage import coverage_of, task_labels
from declarations.filling.desk import FillingDesk
from declarations.models import Declaration, Role, StaleVersion
from declarations.sheet.controls import LINKS, Unusable, control_name
from declarations.sheet.table import Table
from declarations.views.filling.answers import stale_answer
from declarations.views.filling.entrance import filling_desk
from declarations.web.access import allow


@allow(Role.FILLER, Role.HEAD)
@require_http_methods(["GET", "POST"])
@never_cache
@filling_desk()
def link_page(request: HttpRequest, desk: FillingDesk) -> HttpResponse:
    if request.method == "GET":
        return _page(request, desk.declaration, desk.table)
    changes = _changes(request.POST, desk.table)
    try:
        drafts.save_changes(desk, changes)
    except StaleVersion:
        return stale_answer(request, desk.declaration.pk, changes)
    messages.success(request, "已保存任务与指标的对应关系。")
    return redirect("declarations:fill_links", desk.declaration.pk)


def _page(request: HttpRequest, declaration: Declaration, table: Table) -> HttpResponse:
    labels = task_labels(table)
    rows = [
        {
            "number": number,
            "name": row.name,
            "control": control_name("indicators", row.id, LINKS),
            "tasks": [(task.id, labels[task.id], task.name, task.id in row.tasks) for task in table.key_tasks],
        }
        for number, row in enumerate(table.indicators, 1)
    ]
    context = {"declaration": declaration, "rows": rows, "coverage": coverage_of(table)}
    return render(request, "declarations/filling/helping/links_page.html", context)


def _changes(post: QueryDict, table: Table) -> Changes:
    """The links that the boxes say and the table does not; raises `Unusable` for a page that is not ours."""
    try:
        version = int(post.get("version", ""))
    except ValueError:
        raise Unusable("页面内容不完整，请刷新页面后重试。") from None
    ticked = {row.id: post.getlist(control_name("indicators", row.id, LINKS)) for row in table.indicators}
    changed = {row.id: {LINKS: ticked[row.id]} for row in table.indicators if set(row.tasks) != set(ticked[row.id])}
    return Changes.from_json({"version": version, "rows": {"indicators": changed}})
