"""What the fill page answers: the form, or why something was not saved; each as a page and as JSON."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from declarations.filling import posted
from declarations.filling.changes import Changes
from declarations.filling.coverage import coverage_of, task_labels
from declarations.filling.drafts import Draft
from declarations.filling.forms import FillPage, page_of
from declarations.findings.examination import Examined, examine
from declarations.models import Declaration, Event, Role, StaleVersion, State
from declarations.people import permissions
from declarations.people.moves import ASKING
from declarations.record import store
from declarations.record.moments import minute_in_words
from declarations.sheet.controls import LINKS, NAME, Unusable, label_of, level_vocabulary, texts_of
from declarations.sheet.official import get_edition
from declarations.sheet.problems import blocking_problems
from declarations.sheet.table import Table
from declarations.views.filling.field_help import beside_fields

AGAIN = "请用原来的账号在新窗口重新登录，本页会接着保存；您填写的内容没有丢失。"
GONE = "（对方已删除这一行）"


def find_declaration(request: HttpRequest, pk) -> Declaration:
    """The declaration with its names; 404 where this person may not see it."""
    visible = Declaration.objects.visible_to(request.user).with_names().select_related("updated_by")
    declaration = visible.filter(pk=pk).first()
    if declaration is None:
        raise Http404("没有这份申报表，或者您无权查看。")
    return declaration


def is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def clock_of(declaration: Declaration) -> str:
    return f"{timezone.localtime(declaration.updated_at):%H:%M:%S}"


def form_page(
    request: HttpRequest,
    declaration: Declaration,
    table: Table,
    *,
    typed: dict[str, str] | None = None,
    refused: dict[str, str] | None = None,
    conflicts: list[dict[str, str]] | None = None,
    base: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form of ``table``; ``refused`` says why ``typed`` texts, shown still, could not be taken.

    ``base``: the texts that are stored, where the table is not what is stored.
    """
    examined = examine(declaration, table)
    page = page_of(table, examined.problems, typed, refused, examined.context)
    stored = {name: text for name, text in (base or texts_of(table)).items() if name not in (refused or {})}
    context = page_context(declaration, page, examined) | {
        "conflicts": conflicts,
        "base": posted.digests_of(stored),
        "levels": level_vocabulary(page.table.form),
        "coverage": coverage_of(page.table),
        "returned": _return_of(declaration),
        **beside_fields(request.user, declaration, table),
    }
    return render(request, "declarations/filling/fill.html", context, status=status)


def page_context(declaration: Declaration, page: FillPage, examined: Examined) -> dict[str, Any]:
    """What every page about filling in needs."""
    return {
        "declaration": declaration,
        "edition": page.table.form,
        "page": page,
        "live": page.live(),
        "left_out": examined.left_out,
        "errors": len(blocking_problems(finding.problem for finding in page.findings)),
    }


def _return_of(declaration: Declaration) -> Event | None:
    """The event by which the bureau, or the head, sent it back for this round of filling in."""
    if declaration.state not in State.WRITABLE:
        return None
    last = declaration.events.select_related("actor").order_by("-created_at", "-pk").first()
    return last if last and last.action in ASKING else None


def stale_answer(request: HttpRequest, pk, changes: Changes) -> HttpResponse:
    """409: who saved when, and both texts where they differ. Raises `Unusable` for changes to what is not there."""
    declaration = find_declaration(request, pk)
    if not permissions.may_edit(request.user, declaration):
        return closed_answer(request, declaration)
    table = store.table_of(declaration)
    mixed = Draft(table).apply(changes)
    conflicts = conflicts_of(table, mixed, changes)
    if not is_json(request):
        base = texts_of(table)
        return form_page(
            request, declaration, mixed.result(),
            typed=changes.texts(), refused=mixed.refused, conflicts=conflicts, base=base, status=409,
        )  # fmt: skip
    said = as_it_is(declaration, table) | {"conflicts": conflicts}
    return refusal_answer(request, 409, "stale", StaleVersion.message, declaration, **said)


def as_it_is(declaration: Declaration, table: Table) -> dict[str, Any]:
    """All that an open page needs to show what is stored now, and who stored it."""
    return {
        "version": declaration.version,
        "saved_at": clock_of(declaration),
        "saved_by": str(declaration.updated_by or ""),
        "texts": texts_of(table),
        "order": store.row_ids(table),
        "optional": [row.id for row in table.key_tasks if row.is_optional],
        **page_of(table, examine(declaration, table).problems).live(),
    }


def same_person(request: HttpRequest, person: Any) -> None:
    """A page belongs to whom it was drawn for. Raises `Unusable` where somebody else logged in meanwhile.

    ``person``: the key that the page carries; None from a page that carries none.
    """
    if person is not None and str(person) != str(request.user.pk):
        raise Unusable(f"这个浏览器现在登录的是“{request.user}”，不是填写本页的人，没有保存。{AGAIN}", status=409)


def conflicts_of(table: Table, mixed: Draft, changes: Changes) -> list[dict[str, str]]:
    """The controls where what was typed says something else than what is stored, both texts with each."""
    both = mixed.result()
    theirs, mine, typed = texts_of(table), texts_of(both), changes.texts()
    differ = [name for name in typed if name in mixed.refused or theirs.get(name) != mine.get(name)]
    return [
        {
            "name": name,
            "label": label_of(table, name),
            "mine": readable_text(both, name, typed[name]),
            "theirs": readable_text(table, name, theirs.get(name, GONE)),
        }
        for name in differ
    ]


def readable_text(table: Table, name: str, text: str) -> str:
    """The text of a control for people to read: links by the names of their tasks, anything else as it is."""
    match = NAME.fullmatch(name)
    if not match or match[3] != LINKS or text == GONE:
        return text
    labels, linked = task_labels(table), text.split()
    return "、".join(f"{labels[task.id]} {task.name}" for task in table.key_tasks if task.id in linked)


def why_closed(declaration: Declaration) -> str:
    """Why nobody can fill it in now, and what to do."""
    if declaration.state in State.WRITABLE:
        return f"现在不在{declaration.cycle}申报的填报时间内，这份申报表不能修改。如有特殊情况，请联系本财政局绩效科。"
    moment = minute_in_words(declaration.updated_at)
    state = State(declaration.state)
    return f"这份申报表已于{moment}转为“{state.label}”，不能再修改。{state.facts.closed}"


def closed_answer(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """409 for those who fill it in, while it is elsewhere; 403 for everybody else."""
    if permissions.roles_on(request.user, declaration) & Role.DECLARING:
        return refusal_answer(request, 409, "closed", why_closed(declaration), declaration)
    return refusal_answer(request, 403, "forbidden", "您没有填报这份申报表的权限。", declaration)


def refusal_answer(
    request: HttpRequest, status: int, code: str, message: str, declaration: Declaration, **more
) -> HttpResponse:
    """A refusal; as a page it shows the texts that were sent, so that none is lost."""
    if is_json(request):
        return JsonResponse({"error": code, "message": message} | more, status=status)
    context = {"message": message, "declaration": declaration, "typed": _typed(request, declaration)}
    return render(request, "declarations/filling/refused.html", context, status=status)


def _typed(request: HttpRequest, declaration: Declaration) -> list[tuple[str, str]]:
    """The texts of a posted page with their labels."""
    edition = get_edition(declaration.cycle.edition)
    found_texts = []
    for name, text in request.POST.items():
        match = NAME.fullmatch(name)
        item = edition.grids[match[1]].column(match[3]) if match else edition.items.get(name)
        if item and text.strip():
            found_texts.append((item.label, text))
    return found_texts
