"""Bringing values into a draft: one save, with where each value came from; confirmed, or taken back as a whole.

A brought value is 未确认 while its control still says what was brought and nobody confirmed it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from declarations.filling import drafts
from declarations.filling.bringing.bringing import Bringing, BringingDecision, Put, in_order
from declarations.filling.bringing.rollforward import ADD, TAKE, Rollforward
from declarations.filling.changes import Changes
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.models import Copying, Declaration, Origin, StaleVersion, Upload, User
from declarations.sheet.controls import NAME, control_name
from declarations.sheet.table import Table


@dataclass(frozen=True)
class CopyingSource:
    """Where a table comes from, in words, and the cell of each of its values where it is a file."""

    name: str
    table: Table
    sheet: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None

    def place(self, path: str) -> str:
        """``2025年度批复表``, ``文件“2026年预算.xlsx” Sheet1!C7``."""
        cell = self.cells.get(path, "")
        return f"{self.name} {self.sheet}!{cell}" if cell and self.sheet else f"{self.name} {cell}".strip()


# --- bringing in -----------------------------------------------------------------------------


def decided_offers(offers: Rollforward, decisions: Mapping[str, BringingDecision]) -> Bringing:
    """The offers that a person takes; what is not decided stays out."""
    bringing = Bringing()
    for key, offer in offers.offers.items():
        decision = decisions.get(key)
        if decision is None or decision.action not in (TAKE, ADD):
            continue
        is_new = offer.is_row and (decision.action == ADD or not offer.target)
        row = str(uuid.uuid4()) if is_new else offer.target
        bringing.take(offer, decision, row, is_new)
    return bringing


@transaction.atomic
def bring_values(
    desk: FillingDesk, source: CopyingSource, bringing: Bringing, *, version: int
) -> tuple[Copying | None, TypedTable]:
    """Puts it into the draft at the desk in one save. None where there was nothing to put.

    Raises `StaleVersion` if somebody saved since ``version``; nothing is written then.
    """
    declaration, user = desk.declaration, desk.user
    if version != declaration.version:
        raise StaleVersion
    order = {grid: in_order(desk.table, grid, bringing.rows[grid], new) for grid, new in bringing.new.items()}
    changes = Changes(version, bringing.fields, bringing.rows, order)
    typed = drafts.save_changes(desk, changes)
    after = typed.texts
    puts = [put for put in bringing.puts if put.name not in typed.refused and put.name in after]
    if not puts and not bringing.new:
        return None, typed
    copying = Copying(declaration=declaration, source=source.name[:300], upload=source.upload, created_by=user)
    copying.rows = {grid: {row: texts_of_row(after, grid, row) for row in rows} for grid, rows in bringing.new.items()}
    copying.save(force_insert=True)
    Origin.objects.filter(declaration=declaration, name__in=[put.name for put in puts]).delete()
    marked = [put for put in puts if after[put.name]]
    Origin.objects.bulk_create(_origin(copying, source, put, desk.texts, after, user) for put in marked)
    return copying, typed


def _origin(
    copying: Copying, source: CopyingSource, put: Put, before: Mapping[str, str], after: Mapping[str, str], user: User
) -> Origin:
    """Whatever the person wrote while bringing it in, they have seen."""
    seen = {"confirmed_by": user, "confirmed_at": timezone.now()} if put.is_edited else {}
    return Origin(
        copying=copying,
        declaration_id=copying.declaration_id,
        name=put.name,
        text=after[put.name],
        before=before.get(put.name, ""),
        original=put.value.original,
        place=source.place(put.value.path)[:400],
        **seen,
    )


def texts_of_row(texts: Mapping[str, str], grid: str, row: str) -> dict[str, str]:
    """What a row says, by column; empty where there is no such row."""
    start = control_name(grid, row, "")
    return {name.removeprefix(start): text for name, text in texts.items() if name.startswith(start)}


# --- confirming ------------------------------------------------------------------------------


def unconfirmed_values(declaration: Declaration, texts: Mapping[str, str]) -> list[Origin]:
    """The brought values that still stand as they were brought, unconfirmed, in the order of the form (one query)."""
    waiting = {origin.name: origin for origin in declaration.origins.filter(confirmed_at=None)}
    return [waiting[name] for name, text in texts.items() if name in waiting and waiting[name].text == text]


def confirm_values(declaration: Declaration, names: Collection[str] | None, user: User) -> int:
    """Marks these controls, or all, as looked at; returns how many were not before. The draft itself stays as it is."""
    waiting = declaration.origins.filter(confirmed_at=None)
    if names is not None:
        waiting = waiting.filter(name__in=names)
    return waiting.update(confirmed_by=user, confirmed_at=timezone.now())


# --- taking back -----------------------------------------------------------------------------


def last_copying(declaration: Declaration) -> Copying | None:
    """The latest one, where it was not taken back."""
    latest = declaration.copyings.order_by("-created_at", "-pk").first()
    return latest if latest and latest.undone_at is None else None


@transaction.atomic
def undo_copying(copying: Copying, desk: FillingDesk) -> int:
    """Gives every value that still says what was brought its text from before, and removes added rows nobody touched.

    Returns how many rows and values stay, having been edited meanwhile. Raises `StaleVersion`.
    """
    texts = desk.texts
    untouched = {
        grid: [row for row, said in rows.items() if texts_of_row(texts, grid, row) == said]
        for grid, rows in copying.rows.items()
    }
    added = {row for rows in copying.rows.values() for row in rows}
    there = {row_of(name) for name in texts}
    kept = (added & there) - {row for rows in untouched.values() for row in rows}
    standing = [origin for origin in copying.origins.all() if origin.name in texts and row_of(origin.name) not in added]
    edited = {origin.name for origin in standing if texts[origin.name] != origin.text}
    back = {origin.name: origin.before for origin in standing if origin.name not in edited}
    drafts.save_changes(desk, Changes(desk.declaration.version, *_parted(back), deleted=untouched))
    copying.origins.exclude(pk__in=[o.pk for o in copying.origins.all() if row_of(o.name) in kept]).delete()
    copying.undone_at = timezone.now()
    copying.save(update_fields=["undone_at"])
    return len(edited) + len(kept)


def row_of(name: str) -> str:
    """The row of a control, empty for a single value."""
    match = NAME.fullmatch(name)
    return match[2] if match else ""


def _parted(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, dict[str, str]]]]:
    """Texts by control as `Changes` has them: single values, and cells by grid and row."""
    fields: dict[str, str] = {}
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for name, text in texts.items():
        match = NAME.fullmatch(name)
        if match:
            rows.setdefault(match[1], {}).setdefault(match[2], {})[match[3]] = text
        else:
            fields[name] = text
    return fields, rows
