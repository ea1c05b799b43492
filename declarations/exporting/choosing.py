"""Which text of a declaration leaves: what was approved as it was frozen, else what the person may read now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.fields.json import KT

from declarations.exporting import kept
from declarations.exporting.archive import ArchiveMember
from declarations.exporting.press import Press
from declarations.exporting.rendering import ExportForm, RenderError
from declarations.models import Declaration, Snapshot, State
from declarations.people import permissions
from declarations.record import store
from declarations.sheet.table import Table


def last_approvals(declarations: QuerySet | Iterable[Declaration]) -> QuerySet:
    """The last approval of each declaration, without its content; ``named`` and ``year`` as they were frozen."""
    frozen = Snapshot.objects.filter(declaration__in=declarations, state=State.APPROVED)
    last = frozen.order_by("declaration_id", "-number").distinct("declaration_id").values("pk")
    found = Snapshot.objects.filter(pk__in=last).select_related("declaration__department").defer("content")
    return found.annotate(named=KT("content__department"), year=KT("content__year"))


def export_of(snapshot: Snapshot, content: bytes | RenderError) -> ArchiveMember:
    return ArchiveMember(snapshot.declaration.department.code, snapshot.named, snapshot.year, content)


def approved_exports(declarations: QuerySet, form: ExportForm) -> Iterator[ArchiveMember]:
    """What the last approvals froze, by code of the department, whatever became of it since."""
    found = last_approvals(declarations).order_by("declaration__department__code", "pk")
    for snapshot, content in kept.all_rendered(found.iterator(chunk_size=kept.AT_ONCE), form):
        yield export_of(snapshot, content)


def latest_exports(declarations: QuerySet, form: ExportForm) -> Iterator[ArchiveMember]:
    """What the declarations say now, by code of the department."""
    for declaration, table in store.tables_of(declarations.order_by("department__code", "pk")):
        yield make_export(declaration, table, form)


def make_export(declaration: Declaration, table: Table, form: ExportForm) -> ArchiveMember:
    try:
        content: bytes | RenderError = form.render(table)
    except RenderError as error:
        content = error
    return ArchiveMember(declaration.department.code, table.department, table.year, content)


def readable_exports(user, declarations: QuerySet, form: ExportForm) -> Iterator[ArchiveMember]:
    """What a person may read of these, in their order: at most six queries for every 250 of them."""
    waiting = declarations.with_names().iterator(chunk_size=kept.AT_ONCE)
    while chunk := list(islice(waiting, kept.AT_ONCE)):
        yield from (export for _, export in readable_of(user, chunk, form))


def readable_of(
    user, chunk: list[Declaration], form: ExportForm, press: Press | None = None
) -> Iterator[tuple[Declaration, ArchiveMember]]:
    """Of some declarations those that a person may read, each with its file; a ``press`` makes many at once."""
    allowed = [one for one in chunk if permissions.may_read_content(user, one)]
    frozen = approved_of([one for one in allowed if one.state == State.APPROVED], form)
    ahead = kept.begin_rendering(list(frozen.values()), form, press) if press else {}
    others = [one for one in allowed if one.pk not in frozen]
    prefetch_related_objects(others, "key_tasks", "indicators", store.RETURNED_AS, store.APPROVED_AS)
    for declaration in allowed:
        if snapshot := frozen.get(declaration.pk):
            being_made = ahead.get(snapshot.pk)
            content = being_made.result() if being_made else kept.attempt_rendering(snapshot, form)
            yield declaration, export_of(snapshot, content)
        elif (table := permissions.readable_table(user, declaration)) is not None:
            yield declaration, make_export(declaration, table, form)


def approved_of(declarations: list[Declaration], form: ExportForm) -> dict[object, Snapshot]:
    """What was approved of these, by declaration, ready to be rendered."""
    found = list(last_approvals(declarations)) if declarations else []
    return {one.declaration_id: one for one in kept.with_contents(found, form)}


def approval_of(declaration: Declaration) -> Snapshot | None:
    """What is approved now, as it was frozen; None where nothing is."""
    if declaration.state != State.APPROVED:
        return None
    return declaration.snapshots.filter(state=State.APPROVED).order_by("-number").first()
