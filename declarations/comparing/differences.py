"""What is different between two tables, row by row, in words.

Rows are matched by identity, then by name, then by likeness; never by position alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from declarations.comparing.rowmatching import align_rows
from declarations.sheet.official import Edition
from declarations.sheet.official.fields import FieldKind
from declarations.sheet.official.shape import Item
from declarations.sheet.places import numbered_row, row_place, section_name
from declarations.sheet.table import ROW_CLASSES, IndicatorRow, Table, cell_of
from declarations.sheet.units import LIMIT, convert_amount, grouped_amount


class CellChange(StrEnum):
    CHANGED = "修改"
    ADDED = "新增"
    REMOVED = "删除"
    MOVED = "移动"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``field`` is a path into the new table; for a removed row, into the old one.

    ``old`` and ``new`` are as people read them (``1,069.37 万元``), a whole row as label and value
    per line, a moved row as the two places in words; empty where there is nothing.
    """

    field: str
    label: str
    old: str
    new: str
    kind: CellChange


def differences_of(old: Table, new: Table) -> list[Difference]:
    """Everything that differs in what the two tables say, in printed order; year and edition apart."""
    if old == new:
        return list(_links(old, new))
    found = list(_single_values(old, new))
    for grid in ROW_CLASSES:
        if old.rows[grid] != new.rows[grid] or old.unread != new.unread or old.edition != new.edition:
            found += _rows(old, new, grid)
    return [*found, *_links(old, new)]


# --- how much differs --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """How much differs: ``reworded`` values, and rows ``added``, ``dropped`` and ``moved`` (out of their order, section
    or category). ``expenditure``: by how many per cent 基本支出 and 项目支出 together changed, None where that says
    nothing.
    """

    reworded: int
    added: int
    dropped: int
    moved: int
    expenditure: Decimal | None

    @property
    def is_same(self) -> bool:
        return not (self.reworded or self.added or self.dropped or self.moved)


def summary_of(old: Table, new: Table) -> ChangeSummary:
    """What a reviewer is told first of the way from ``old`` to ``new``: see `changed_values` for what is compared."""
    grids = {grid: align_rows(old, new, grid) for grid in ROW_CLASSES}
    reworded = sum(
        len(changed_cells(old, new, grid, i, j)) for grid in ROW_CLASSES for j, i in grids[grid].origin.items()
    )
    return ChangeSummary(
        reworded=reworded + len(changed_values(old, new)),
        added=sum(len(new.rows[grid]) - len(found.origin) for grid, found in grids.items()),
        dropped=sum(len(found.dropped) for found in grids.values()),
        moved=sum(len(found.displaced | found.regrouped) for found in grids.values()),
        expenditure=in_percent(expenditure(old), expenditure(new)),
    )


def changed_rows(old: Table, new: Table) -> int:
    """Return how many tasks and indicators differ, as `summary_of` counts: reworded, added, dropped or moved."""
    return sum(_changed_rows(old, new, grid) for grid in ROW_CLASSES)


def _changed_rows(old: Table, new: Table, grid: str) -> int:
    matched = align_rows(old, new, grid)
    reworded = {j for j, i in matched.origin.items() if changed_cells(old, new, grid, i, j)}
    added = len(new.rows[grid]) - len(matched.origin)
    return len(reworded | matched.displaced | matched.regrouped) + added + len(matched.dropped)


def changed_values(old: Table, new: Table) -> list[str]:
    """The single values that differ, of those that both editions print; a department's other name is none."""
    names = [name for name in new.form.items if name in old.form.items and name != "department"]
    return [name for name in names if _says(old, name, getattr(old, name)) != _says(new, name, getattr(new, name))]


def changed_cells(old: Table, new: Table, grid: str, i: int, j: int) -> list[str]:
    """The columns in which two rows differ, of those that both editions print; the category, which is where a row
    stands, is none. Amounts are compared in the unit in which they are kept."""
    before, after = old.rows[grid][i], new.rows[grid][j]
    return [
        column.field
        for column in new.form.grids[grid].columns
        if new.form.grids[grid].kind(column.field) is not FieldKind.LEVEL
        and old.form.grids[grid].column(column.field)
        and _says(old, f"{grid}.{i}.{column.field}", cell_of(before, column.field))
        != _says(new, f"{grid}.{j}.{column.field}", cell_of(after, column.field))
    ]


def _says(table: Table, path: str, value: object) -> tuple[object, str]:
    return value, table.unread.get(path, "") if table.unread else ""


def expenditure(table: Table) -> Decimal | None:
    """基本支出 and 项目支出 in 万元, None where neither is known."""
    known = [amount for amount in (table.basic_expenditure, table.project_expenditure) if is_amount(amount)]
    return sum(filter(None, known), Decimal(0)) if known else None


def is_amount(value: Decimal | None) -> bool:
    """Whether a value can be reckoned with: a file may say 1E+30, or nothing."""
    return value is not None and value.is_finite() and abs(value) < LIMIT


def in_percent(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """By how much an amount changed, to a tenth of a per cent; None where one is unknown or it was nothing before."""
    if not (before and after is not None and is_amount(before) and is_amount(after)):
        return None
    return ((after - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)


# --- single values -----------------------------------------------------------------------------


def _single_values(old: Table, new: Table) -> Iterator[Difference]:
    for name, item in (old.form.items | new.form.items).items():
        before, after = printed_value(old, name, item), printed_value(new, name, item)
        if before != after:
            yield Difference(name, item.text, before, after, CellChange.CHANGED)


def printed_value(table: Table, path: str, item: Item) -> str:
    """The value at a path as people read it, in the unit that ``item`` prints; what is unread as it was typed."""
    text, unit = printed_parts(table, path, item)
    return f"{text} {unit}" if unit else text


def printed_parts(table: Table, path: str, item: Item) -> tuple[str, str]:
    """`printed_value` in two: the text as a cell of the table has it, and its unit, empty where the value has none."""
    value = table.value(path)
    if value is None:
        return table.unread.get(path, ""), ""
    kept_in = Edition.kind(path).kept_in
    if not kept_in or not value.is_finite() or abs(value) >= LIMIT:
        return str(value), ""
    unit = item.unit or kept_in
    return grouped_amount(convert_amount(value, kept_in, unit)), unit


# --- rows --------------------------------------------------------------------------------------


def _rows(old: Table, new: Table, grid: str) -> Iterator[Difference]:
    columns = {column.field: column for table in (old, new) for column in table.form.grids[grid].columns}
    found = align_rows(old, new, grid)
    # a category is a column of an indicator, so that leaving it is told as a change of that
    moved = found.displaced | (found.regrouped if grid == "key_tasks" else set())
    for j in range(len(new.rows[grid])):
        if (i := found.origin.get(j)) is None:
            yield Difference(f"{grid}.{j}", row_place(new, grid, j), "", _whole(new, grid, j), CellChange.ADDED)
            continue
        yield from _cells(old, new, (grid, i, j), columns)
        if j in moved:
            places = position_of(old, grid, i), position_of(new, grid, j)
            yield Difference(f"{grid}.{j}", row_place(new, grid, j), *places, CellChange.MOVED)
    for i in found.dropped:
        yield Difference(f"{grid}.{i}", row_place(old, grid, i), _whole(old, grid, i), "", CellChange.REMOVED)


def _cells(old: Table, new: Table, where: tuple[str, int, int], columns: dict[str, Item]) -> Iterator[Difference]:
    grid, i, j = where
    for name, column in columns.items():
        before, after = (
            printed_value(old, f"{grid}.{i}.{name}", column),
            printed_value(new, f"{grid}.{j}.{name}", column),
        )
        if before != after:
            label = f"{row_place(new, grid, j)}的{column.text}"
            yield Difference(f"{grid}.{j}.{name}", label, before, after, CellChange.CHANGED)


def _whole(table: Table, grid: str, index: int) -> str:
    columns = numbered_row(table, grid, index)[0].columns
    said = ((column.text, printed_value(table, f"{grid}.{index}.{column.field}", column)) for column in columns)
    return "\n".join(f"{label}：{text}" for label, text in said if text)


def position_of(table: Table, grid: str, index: int) -> str:
    """Where a row stands, in words: 年度重点工作任务第3项."""
    section, number = numbered_row(table, grid, index)
    return f"{section_name(section)}第{number}项"


def _links(old: Table, new: Table) -> Iterator[Difference]:
    """Changed links of the indicators that are the same rows: links between rows of different tables say nothing."""
    before = {row.id: row for row in old.indicators if row.id}
    for j, row in enumerate(new.indicators):
        was = before.get(row.id)
        if was is not None and set(was.tasks) != set(row.tasks):
            label = f"{row_place(new, 'indicators', j)}的对应任务"
            texts = _task_names(old, was), _task_names(new, row)
            yield Difference(f"indicators.{j}.tasks", label, *texts, CellChange.CHANGED)


def _task_names(table: Table, row: IndicatorRow) -> str:
    return "、".join(task.name for task in table.key_tasks if task.id in row.tasks)
