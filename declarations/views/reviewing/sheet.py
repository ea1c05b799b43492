"""The official table as a page shows it: ready texts, one dictionary a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from declarations.checks import Context
from declarations.comparing.differences import CellChange
from declarations.comparing.marks import MarkedText
from declarations.findings.check_settings import tolerance_of
from declarations.sheet.layout import CellRole, lay_out
from declarations.sheet.official.shape import Section
from declarations.sheet.problems import Problem
from declarations.sheet.table import Table
from declarations.sheet.totals import Filled, balance_verdict, blocks_of, filled_share, sum_of, totals_of
from declarations.sheet.units import grouped_amount

HEADS = frozenset({CellRole.TITLE, CellRole.LABEL, CellRole.HEAD, CellRole.LEVEL})
ORDER = "EWI"
LOOKS = {CellChange.ADDED: "row-added", CellChange.REMOVED: "row-gone", CellChange.MOVED: "row-moved"}
Rows = list[list[MarkedText]]


@dataclass(frozen=True)
class SheetView:
    """Rows of cells, the widths of the columns in per cent, and the field paths that have a cell."""

    rows: list[list[dict]]
    widths: list[float]
    anchors: set[str]


def sheet_of(table: Table, problems: Iterable[Problem] = (), marked: Rows | None = None) -> SheetView:
    """``marked``: the same table as a comparison shows it."""
    worst: dict[str, str] = {}
    for problem in problems:
        worst[problem.field] = min(worst.get(problem.field, "I"), problem.severity.value, key=ORDER.index)
    laid = [[MarkedText(cell) for cell in row] for row in lay_out(table)] if marked is None else marked
    rows = [[finding_view(one, worst.get(one.cell.path, "") if one.cell.path else "") for one in row] for row in laid]
    total = sum(table.form.widths)
    widths = [round(width * 100 / total, 2) for width in table.form.widths]
    return SheetView(rows, widths, {cell["path"] for row in rows for cell in row if cell["path"]})


def finding_view(one: MarkedText, severity: str) -> dict:
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
    return grouped_amount(value) if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class Sums:
    """Two sums that should agree: (label, amount in 万元) each, and the verdict as (tone, words)."""

    pairs: list[tuple[str, str]]
    verdict: tuple[str, str]


@dataclass(frozen=True)
class SheetSums:
    """What a reader compares first, ready to show. Tasks in 元 and 万元; ``share``: their part of 项目支出."""

    sums: list[Sums]
    tasks: str
    tasks_wan: str
    share: str


def sums_of(table: Table, context: Context) -> SheetSums:
    sections = [section for section in table.form.sections if isinstance(section, Section)]
    blocks = [block for section in sections for block in blocks_of(section) if len(block) == 2]
    pairs = [block for block in blocks if all(group.title for group in block)]
    sums = [
        Sums(
            [(group.label, grouped_amount(sum_of(table, group))) for group in block],
            balance_verdict(table, block, tolerance_of(block, context)),
        )
        for block in pairs
    ]
    sums = [pair for pair in sums if pair.verdict[1]]
    shown = totals_of(table)
    return SheetSums(sums, shown["tasks"], shown["tasks_wan"], shown["share"])


def percent_filled(table: Table) -> int:
    """How much of what a submission needs is there, in per cent."""
    return sum((filled_share(table, part) for part in table.form.sections), Filled()).percent
