"""Sums of a table as the form shows them while one types, and how much of it is filled in. Exact, in Decimal.

Which values add up is read off the edition: the items below a pair of headings (部门预算支出 beside 收入来源)
are two sums that must be the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from declarations.sheet.official.shape import Grid, Heading, Item, Line, Section
from declarations.sheet.table import Table, cell_of
from declarations.sheet.units import grouped_amount, to_wan

SUM_LABELS = {"部门预算支出": "支出合计", "收入来源": "收入合计", "按预算级次划分": "按级次合计"}


@dataclass(frozen=True)
class TotalsGroup:
    """Items below one heading; ``title`` is empty where the section has none."""

    title: str
    items: tuple[Item, ...]

    @property
    def label(self) -> str:
        return SUM_LABELS.get(self.title, f"{self.title}合计")

    @property
    def key(self) -> str:
        return self.items[0].field


def blocks_of(section: Section) -> Iterator[tuple[TotalsGroup, ...]]:
    """The section's lines from one head line to the next, each as its groups left to right."""
    headings: list[Heading] = []
    lines: list[Line] = []
    for line in section.lines:
        found = [place for place in line if isinstance(place, Heading) and place.unit is None]
        if found and lines:
            yield _groups(headings, lines)
            lines = []
        headings = found or headings
        lines += [] if found else [line]
    yield _groups(headings, lines)


def _groups(headings: list[Heading], lines: list[Line]) -> tuple[TotalsGroup, ...]:
    items = [place for line in lines for place in line if isinstance(place, Item)]
    if not headings:
        return (TotalsGroup("", tuple(items)),)
    ends = [heading.at for heading in headings[1:]] + ["~"]
    bounds = zip(headings, ends, strict=True)
    return tuple(TotalsGroup(h.text, tuple(item for item in items if h.at <= item.label_at < end)) for h, end in bounds)


def sum_of(table: Table, group: TotalsGroup) -> Decimal:
    """In 万元; what is empty or not yet an amount counts nothing."""
    return sum((table.value(item.field) or Decimal(0) for item in group.items), Decimal(0))


def tasks_sum(table: Table) -> Decimal:
    """拟投入的资金 of all tasks, the optional ones too, in 元."""
    return sum((task.funding or Decimal(0) for task in table.key_tasks), Decimal(0))


def totals_of(table: Table) -> dict[str, str]:
    """Ready to show: each sum by its group's key (万元), ``tasks`` (元), ``tasks_wan``, ``share`` (％ or empty)."""
    shown = {
        group.key: grouped_amount(sum_of(table, group))
        for section in table.form.sections
        if isinstance(section, Section)
        for block in blocks_of(section)
        for group in block
        if group.title
    }
    yuan = tasks_sum(table)
    return shown | {
        "tasks": grouped_amount(yuan),
        "tasks_wan": grouped_amount(to_wan(yuan)),
        "share": share_of(table, to_wan(yuan)),
    }


def share_of(table: Table, tasks: Decimal) -> str:
    """``100.0%``: the tasks' part of 项目支出; empty while there is none."""
    if not table.project_expenditure:
        return ""
    return f"{(tasks * 100 / table.project_expenditure).quantize(Decimal('0.1'), ROUND_HALF_UP):,f}%"


def balance_verdict(table: Table, block: tuple[TotalsGroup, ...], tolerance: Decimal) -> tuple[str, str]:
    """(``ok``, ``error`` or empty, words) on whether the sums of a block agree; empty while nothing is filled in.

    ``tolerance``: the 万元 by which they may differ, as the year's check allows (`check_settings.tolerance_of`).
    """
    left, right = (sum_of(table, group) for group in block)
    if all(table.value(item.field) is None for group in block for item in group.items):
        return "", ""
    difference = abs(left - right)
    if difference > tolerance:
        return "error", f"不平衡，相差 {grouped_amount(difference)} 万元"
    return "ok", "平衡" if not difference else f"平衡（相差 {grouped_amount(difference)} 万元，在允许范围内）"


@dataclass(frozen=True)
class Filled:
    """How many values of a part of the form are expected, and how many are there."""

    there: int = 0
    expected: int = 0

    def __add__(self, other: Filled) -> Filled:
        return Filled(self.there + other.there, self.expected + other.expected)

    @property
    def percent(self) -> int:
        return self.there * 100 // self.expected if self.expected else 100


def filled_share(table: Table, part: Section | Grid) -> Filled:
    """Every value of a section counts, every demanded one of a grid's rows; a grid without rows is one missing."""
    if isinstance(part, Section):
        values = [table.value(item.field) for item in part.items if item.field != "department"]
    elif part.optional:
        values = []
    else:
        rows = [row for row in table.rows[part.rows] if not getattr(row, "is_optional", False)]
        demanded = [column.field for column in part.columns if column.demanded]
        values = [cell_of(row, name) for row in rows for name in demanded] or [None]
    return Filled(sum(value not in (None, "") for value in values), len(values))
