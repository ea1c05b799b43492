"""The rows of a compared table in which something changed, with the headings above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from declarations.comparing.comparison import Comparison
from declarations.comparing.marks import MarkedText
from declarations.sheet.layout import CellRole
from declarations.sheet.table import Table

TITLE = 1


def changed_rows(comparison: Comparison) -> list[list[MarkedText]]:
    rows = comparison.rows
    changed = {row[0].cell.row for row in rows if any(one.marks for one in row)}
    heads = [row[0].cell.row for row in rows if row and row[-1].cell.role is CellRole.HEAD]
    kept = {TITLE} | changed
    for block in _blocks(rows, comparison.new):
        for head, end in pairwise([*(head for head in heads if head in block), block.stop]):
            kept |= {head} if changed & set(range(head, end)) else set()
    return keep_only(rows, kept)


def _blocks(rows: list[list[MarkedText]], table: Table) -> Iterator[range]:
    """The rows of each section; optional tasks share the head row of those before them."""
    labels = [one.cell for row in rows for one in row if one.cell.role is CellRole.LABEL]
    optional = {grid.label for grid in table.form.grids.values() if grid.optional}
    for at, label in enumerate(labels):
        if label.value in optional:
            continue
        end = label.row + label.rows
        if at + 1 < len(labels) and labels[at + 1].value in optional:
            end += labels[at + 1].rows
        yield range(label.row, end)


def keep_only(rows: list[list[MarkedText]], kept: set[int]) -> list[list[MarkedText]]:
    """The same table without the other rows; merged cells shrink, and begin where their first row that is kept does."""
    places = {row: at for at, row in enumerate(sorted(kept), 1)}
    left: list[list[MarkedText]] = [[] for _ in places]
    for shown in (one for row in rows for one in row):
        cell = shown.cell
        spanned = [places[row] for row in range(cell.row, cell.row + cell.rows) if row in places]
        if spanned:
            left[spanned[0] - 1].append(replace(shown, cell=replace(cell, row=spanned[0], rows=len(spanned))))
    return [sorted(row, key=lambda one: one.cell.column) for row in left]
