"""The official table as a page shows it: ready texts, one dictionary a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from declarations.comparing.differences import Change
from declarations.comparing.marks import Shown
from declarations.sheet.layout import Role, lay_out
from declarations.sheet.official.shape import Section
from declarations.sheet.problems import Problem
from declarations.sheet.table import Table
from declarations.sheet.totals import Filled, blocks_of, filled, sum_of, totals, verdict
from declarations.sheet.units import grouped

HEADS = frozenset({Role.TITLE, Role.LABEL, Role.HEAD, Role.LEVEL})
ORDER = "EWI"
LOOKS = {Change.ADDED: "row-added", Change.REMOVED: "row-gone", Change.MOVED: "row-moved"}
Rows = list[list[Shown]]


@dataclass(frozen=True)
class Sheet:
    """Rows of cells, the widths of the columns in per cent, and the field paths that have a cell."""

    rows: list[list[dict]]
    widths: list[float]
    anchors: set[str]


def sheet_of(table: Table, problems: Iterable[Problem] = (), marked: Rows | None = None) -> Sheet:
    """``marked``: the same table as a comparison shows it."""
    worst: dict[str, str] = {}
    for problem in problems:
        worst[problem.field] = min(worst.get(problem.field, "I"), problem.severity.value, key=ORDER.index)
    laid = [[Shown(cell) for cell in row] for row in lay_out(table)] if marked is None else marked
    rows = [[shown(one, worst.get(one.cell.path, "") if one.cell.path else "") for one in row] for row in laid]
    total = sum(table.form.widths)
    widths = [round(width * 100 / total, 2) for width in table.form.widths]
    return Sheet(rows, widths, {cell["path"] for row in rows for cell in row if cell["path"]})


def shown(one: Shown, severity: str) -> dict:
    cell, found = one.cell, f" found-{severity}" if severity else ""
    return {
        "tag": "th" if cell.role in HEADS else "td",
        "style": f"cell-{cell.role.value}{found}" + (f" {LOOKS[one.row]}" if one.row else ""),
        "rows": cell.rows,
        "columns": cell.columns,
        "path": cell.path,
        "severity": severity,
        "text": text_of(cell.value),
        "marked": one if one.marks or one.is_gone else None,
    }


def text_of(value: str | int | Decimal | None) -> str:
    if value is None:
        return ""
    return grouped(value) if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class Sums:
    """Two sums that should agree: (label, amount in 万元) each, and the verdict as (tone, words)."""

    pairs: list[tuple[str, str]]
    verdict: tuple[str, str]


@dataclass(frozen=True)
class Summary:
    """What a reader compares first, ready to show. Tasks in 元 and 万元; ``share``: their part of 项目支出."""

    sums: list[Sums]
    tasks: str
    tasks_wan: str
    share: str


def summary(table: Table) -> Summary:
    sections = [section for section in table.form.sections if isinstance(section, Section)]
    blocks = [block for section in sections for block in blocks_of(section) if len(block) == 2]
    sums = [
        Sums([(group.label, grouped(sum_of(table, group))) for group in block], verdict(table, block))
        for block in blocks
        if all(group.title for group in block) and verdict(table, block)[1]
    ]
    shown = totals(table)
    return Summary(sums, shown["tasks"], shown["tasks_wan"], shown["share"])


def percent_filled(table: Table) -> int:
    """How much of what a submission needs is there, in per cent."""
    return sum((filled(table, part) for part in table.form.sections), Filled()).percent
