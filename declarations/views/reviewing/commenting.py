"""Comments at the cells of the official table: what the page shows of them, and the posts that write them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from declarations.models import Code, Comment, Declaration, Resolution, Role
from declarations.people import permissions
from declarations.reviewing import comments, threads
from declarations.reviewing.threads import Thread
from declarations.sheet.controls import name_of
from declarations.sheet.places import place_in_words
from declarations.sheet.table import Table
from declarations.views.reviewing.sheet import SheetView
from declarations.web.access import allow
from declarations.web.form_layout import BesideHelper
from declarations.web.parameters import NumberField, whole_number

PHRASES = (
    "请按数量、质量、时效、成本细化为可以衡量的指标值。",
    "指标与年度重点工作任务没有对应，请调整或说明理由。",
    "指标值与上年完成情况相差较大，请核实并说明依据。",
    "资金与任务内容不匹配，请细化测算。",
    "表述不规范，请按指标库的名称和单位填写。",
)
LONGEST_NUMBER = 6
DECISIONS = {
    Resolution.Kind.RESOLVED: "标为已解决",
    Resolution.Kind.REOPENED: "仍需修改",
    Resolution.Kind.WITHDRAWN: "撤销意见",
}


class CommentForm(forms.Form):
    """A new comment: about ``field`` in version ``number``. What it may say is up to `comments.write_comment`."""

    field = forms.CharField(required=False, widget=forms.HiddenInput)
    number = NumberField(required=False, digits=LONGEST_NUMBER + 6, widget=forms.HiddenInput)
    code = forms.ChoiceField(label="问题类型", choices=[("", "请选择"), *Code.choices])
    text = forms.CharField(label="意见内容", widget=forms.Textarea(attrs={"rows": 3}))

    @property
    def helper(self) -> FormHelper:
        return BesideHelper(self)


@dataclass(frozen=True)
class Board:
    """What a page shows of the comments. ``field``, ``label``: the place that the form is about.

    ``number``: the version that is shown; None where none is on record. ``link``: before ``#`` and a control,
    where its field is: the table of this page, or the fill page. ``may_settle``: comments of others, too.
    """

    threads: list[Thread]
    may_comment: bool
    may_reply: bool
    number: int | None = None
    field: str = ""
    label: str = comments.WHOLE
    link: str = "#at-"
    may_settle: bool = False
    phrases: tuple[str, ...] = PHRASES

    @property
    def new(self) -> list[Thread]:
        """Not sent yet."""
        return [one for one in self.threads if not one.is_sent and not one.is_withdrawn]

    @property
    def earlier(self) -> list[Thread]:
        """Sent to the department by a return, those that are open first."""
        return sorted((one for one in self.threads if one.is_sent), key=lambda one: not one.is_open)

    @property
    def due(self) -> list[Thread]:
        """Those to which the department still owes a change or a reply."""
        return [one for one in self.threads if one.is_due]

    @property
    def form(self) -> CommentForm:
        """For a new comment about the chosen place."""
        return CommentForm(initial={"field": self.field, "number": self.number}, auto_id="comment-%s")

    @property
    def reply_word(self) -> str:
        return "补充" if self.may_comment else "答复"

    @property
    def open_count(self) -> int:
        return sum(one.is_open for one in self.threads)

    @property
    def unsent_open(self) -> int:
        return sum(one.is_open for one in self.new)


def comment_board(user, declaration: Declaration, table: Table, **values: Any) -> Board:
    """``values``: ``may_comment`` where it is known already, and the others of `Board`."""
    may_comment = values.pop("may_comment", False)
    may_reply = may_comment or permissions.may_explain(user, declaration)
    rights = {"may_comment": may_comment, "may_settle": values.get("may_settle", False)}
    seen = [with_decisions(thread, user, rights) for thread in threads.seen_by(user, declaration, table)]
    return Board(seen, may_comment, may_reply, **values)


def with_decisions(thread: Thread, user, rights: dict[str, bool]) -> Thread:
    kinds = comments.decisions_on(thread, user, **rights)
    return replace(thread, decisions=tuple((kind, DECISIONS[kind]) for kind in kinds))


def on_the_table(
    request: HttpRequest, declaration: Declaration, table: Table, sheet: SheetView, **values: Any
) -> Board:
    """The board beside the official table, whose cells get their controls; ``?comment=`` names the chosen one."""
    shown = mark_cells(sheet, table)
    field = request.GET.get("comment", "")
    chosen = {"field": field, "label": shown[field]} if field in shown else {}
    made = comment_board(request.user, declaration, table, **values | chosen)
    opened = [one.comment.field for one in made.threads if one.is_open]
    for cell in (cell for row in sheet.rows for cell in row if cell.get("control")):
        cell["comments"] = opened.count(cell["control"])
    return made


def mark_cells(sheet: SheetView, table: Table) -> dict[str, str]:
    """Gives each cell of a value its control and its place in words; the places by control."""
    shown = {}
    for cell in (cell for row in sheet.rows for cell in row):
        if cell["path"] and cell["path"] != "department":
            cell["control"], cell["place"] = name_of(table, cell["path"]), place_in_words(table, cell["path"])
            shown[cell["control"]] = cell["place"]
    return shown


@allow(Role.FILLER, Role.HEAD, Role.DIVISION, Role.PERFORMANCE, invited=True)
@require_POST
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keeps a comment, or with ``parent`` a reply; decides nothing. What is not taken is shown, to be copied."""
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    text, parent, number = (request.POST.get(name, "") for name in ("text", "parent", "number"))
    try:
        if parent:
            made = comments.write_reply(request.user, find_comment(request, declaration, parent), text)
        else:
            asked = {name: request.POST.get(name, "") for name in ("field", "code")}
            known = whole_number(number, LONGEST_NUMBER + 6)
            made = comments.write_comment(request.user, declaration, **asked, text=text, number=known)
    except comments.NotWritten as refused:
        return not_written(request, declaration, refused, text)
    messages.success(request, "已保存答复。" if parent else f"已保存对“{made.label}”的意见，退回时一并发给部门。")
    return redirect(back_to_form(request, declaration, made.parent_id or made.pk))


@allow(Role.DIVISION, Role.PERFORMANCE, invited=True)
@require_POST
def decide(request: HttpRequest, pk: uuid.UUID, comment: int) -> HttpResponse:
    """Marks a comment as resolved, open again or withdrawn."""
    declaration = get_object_or_404(Declaration.objects.visible_to(request.user).with_names(), pk=pk)
    found = find_comment(request, declaration, str(comment))
    kind = request.POST.get("kind", "")
    if kind not in (Resolution.Kind.RESOLVED, Resolution.Kind.REOPENED, Resolution.Kind.WITHDRAWN):
        messages.error(request, "没有这一操作，意见没有变动。")
        return redirect(back_to_form(request, declaration, found.pk))
    try:
        made = comments.decide_comment(request.user, found, kind)
    except comments.NotWritten as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"意见已标为“{made.get_kind_display()}”：{found.label}。")
    return redirect(back_to_form(request, declaration, found.pk))


def find_comment(request: HttpRequest, declaration: Declaration, key: str) -> Comment:
    """The comment that is replied to or settled; Http404 for one that this person may not see."""
    visible = Comment.objects.visible_to(request.user).filter(declaration=declaration, parent__isnull=True)
    number = whole_number(key, LONGEST_NUMBER + 6)
    found = visible.filter(pk=number).first() if number is not None else None
    if found is None:
        raise Http404("没有这条意见。")
    return found


def back_to_form(request: HttpRequest, declaration: Declaration, comment: int) -> str:
    """The page that the form stood on, at the comment."""
    pages = {"fill": "declarations:fill", "check": "declarations:fill_check"}
    name = pages.get(request.POST.get("page", ""), "declarations:detail")
    return f"{reverse(name, args=[declaration.pk])}#comment-{comment}"


def not_written(request: HttpRequest, declaration: Declaration, refused: Exception, text: str) -> HttpResponse:
    context = {"message": str(refused), "declaration": declaration, "typed": [("意见", text)] if text.strip() else []}
    return render(request, "declarations/filling/refused.html", context, status=409)
