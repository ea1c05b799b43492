"""Field paths in words, as they stand in messages and differences: 其他需完成的任务第2项“…”的主要实施内容.

Rows are numbered as their own grid prints them, so an optional task counts among the optional ones.
"""

from __future__ import annotations

import re

from declarations.sheet.official.shape import Grid
from declarations.sheet.table import Table, cell_of
from declarations.sheet.units import shorten_text

LONGEST_NAME = 20
ROW_NUMBER = re.compile(r"[0-9]{1,6}")
BRACKET = re.compile(r"[(（]")


def place_in_words(table: Table, path: str) -> str:
    """The words for a field path of the table; the path itself where the edition knows no such field."""
    grid_name, _, rest = path.partition(".")
    index, _, field = rest.partition(".")
    if not rest:
        item, grid = table.form.items.get(path), table.form.grids.get(path)
        return item.text if item else grid.label if grid else path
    if grid_name not in table.rows or not ROW_NUMBER.fullmatch(index):
        return path
    row = row_place(table, grid_name, int(index))
    column = table.form.grids[grid_name].column(field)
    return f"{row}的{column.text}" if column else row


def row_place(table: Table, grid_name: str, index: int) -> str:
    """``年度重点工作任务第3项“河道巡查”``; ``index`` counts from zero, and may lie beyond the last row."""
    grid, number = numbered_row(table, grid_name, index)
    rows = table.rows[grid_name]
    name = cell_of(rows[index], "name").strip() if index < len(rows) else ""
    return f"{section_name(grid)}第{number}项" + (f"“{shorten_text(name, LONGEST_NAME)}”" if name else "")


def section_name(grid: Grid) -> str:
    """The label of a grid without its remark: 其他需完成的任务 of 其他需完成的任务(可选项)."""
    return BRACKET.split(grid.label, maxsplit=1)[0].strip()


def numbered_row(table: Table, grid_name: str, index: int) -> tuple[Grid, int]:
    """The grid in which a row is printed and its number there, from 1."""
    grids = table.form.grids
    if grid_name == "indicators" or index >= len(table.key_tasks):
        return grids[grid_name], index + 1
    optional = table.key_tasks[index].is_optional
    number = sum(task.is_optional == optional for task in table.key_tasks[: index + 1])
    return grids.get("optional_tasks" if optional else "key_tasks", grids["key_tasks"]), number
