"""Links between indicators and the key tasks that they measure, and their form beside a frozen table.

A link is the id of a task in `IndicatorRow.tasks`. No official table prints links, so they are no part
of a table's content: two tables that differ in nothing else are equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from declarations.sheet.table import IndicatorRow, Table


def with_valid_links(table: Table) -> Table:
    """The table with links only to tasks that it has, each once, in the order of the tasks."""
    if not any(row.tasks for row in table.indicators):
        return table
    order = {task.id: i for i, task in enumerate(table.key_tasks) if task.id}
    return table.with_rows({"indicators": tuple(_sorted(row, order) for row in table.indicators)})


def _sorted(row: IndicatorRow, order: Mapping[str, int]) -> IndicatorRow:
    tasks = tuple(sorted(order.keys() & set(row.tasks), key=order.__getitem__))
    return row if tasks == row.tasks else replace(row, tasks=tasks)


def same_links(before: Table, after: Table) -> bool:
    """Whether the rows that both tables have are linked alike; a row without an id says nothing of links."""
    was = {row.id: row.tasks for row in before.indicators}
    return all(was.get(row.id, row.tasks) == row.tasks for row in with_valid_links(after).indicators if row.id)


def frozen_links(table: Table) -> dict[str, list[str]]:
    """The linked tasks by indicator, for a snapshot; empty where nothing is linked."""
    return {row.id: list(row.tasks) for row in with_valid_links(table).indicators if row.tasks}


def thawed_table(table: Table, links: Mapping[str, Sequence[str]]) -> Table:
    """The table with the links that `frozen_links` kept; its rows have their ids."""
    if not links:
        return table
    rows = (replace(row, tasks=tuple(links.get(row.id, ()))) for row in table.indicators)
    return table.with_rows({"indicators": tuple(rows)})
