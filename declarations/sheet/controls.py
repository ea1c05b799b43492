"""Controls: how a value of a table is named, shown and typed, one control a value.

A page, its autosave and later the API speak of values by the name of their control:
``basic_expenditure``, ``key_tasks-<uuid>-funding``. Rows are known by their UUID, never by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from declarations.sheet.official.fields import FieldKind
from declarations.sheet.official.shape import Edition, Item
from declarations.sheet.table import LONGEST_TEXT, Table, clean_text
from declarations.sheet.units import AmountError, convert_amount, grouped_amount, parse_amount, parse_count
from indicators.taxonomy import KINDS

NAME = re.compile(r"(key_tasks|indicators)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\w+)")
WRONG = "保存请求的格式不正确，请刷新页面后重试。"


class Unusable(ValueError):
    """A request that no page of ours sends; the message says what is wrong with it, in Chinese.

    ``status``: that of the HTTP answer.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


LINKS = "tasks"
"""The control of an indicator's links: the ids of its tasks in one text."""


def linked_text(tasks: Iterable[str]) -> str:
    """Links as their control holds them."""
    return " ".join(tasks)


def control_name(grid: str, row: str, column: str) -> str:
    return f"{grid}-{row}-{column}"


def name_of(table: Table, path: str) -> str:
    """The control of a field path: ``key_tasks.0.funding`` -> ``key_tasks-<uuid>-funding``; a row's first for a row."""
    grid, *rest = path.split(".")
    if not rest:
        return grid
    column = rest[1] if len(rest) > 1 else table.form.grids[grid].columns[0].field
    return control_name(grid, table.rows[grid][int(rest[0])].id, column)


def label_of(table: Table, name: str) -> str:
    """A control in words: ``年度重点工作任务 第4项 名称``."""
    match = NAME.fullmatch(name)
    if not match:
        return table.form.describe(name)
    grid, row, field = match.groups()
    at = next((i for i, kept in enumerate(table.rows[grid]) if kept.id == row), None)
    if at is not None:
        words = table.form.describe(f"{grid}.{at}.{field}")
        return f"{words} 对应任务" if field == LINKS else words
    column = table.form.grids[grid].column(field)
    return f"{table.form.grids[grid].label} 已删除的行 {column.text if column else ''}"


def control_text(item: Item | None, kind: FieldKind, value: Any) -> str:
    """A value as its control shows it: amounts in the printed unit, grouped by threes."""
    if value is None:
        return ""
    if kind.kept_in:
        return grouped_amount(convert_amount(value, kind.kept_in, (item.unit if item else None) or kind.kept_in))
    return str(value)


def texts_of(table: Table) -> dict[str, str]:
    """What every control of the form shows, by its name."""
    edition = table.form
    texts = {
        name_of(table, path): table.unread.get(path)
        or control_text(edition.item(path), edition.kind(path), table.value(path))
        for path in table.paths()
        if path != "department"
    }
    return texts | {control_name("indicators", row.id, LINKS): linked_text(row.tasks) for row in table.indicators}


def read_control(item: Item, kind: FieldKind, text: Any) -> tuple[Any, str, str]:
    """A typed text as (value, what stays unread, why it cannot be taken at all); two of the three are empty."""
    if not isinstance(text, str):
        raise Unusable(WRONG)
    if len(text) > LONGEST_TEXT:
        return None, "", f"这一栏有 {len(text):,} 字，最多 {LONGEST_TEXT:,} 字。请删减；删减之前这一栏不会保存。"
    kept = clean_text(text)
    if kind in (FieldKind.TEXT, FieldKind.LEVEL):
        return kept, "", ""
    if not kept:
        return None, "", ""
    try:
        return parse_control(item, kind, kept), "", ""
    except AmountError:
        return None, kept, ""


def parse_control(item: Item, kind: FieldKind, text: str) -> Any:
    """The amount or number that a text says; raises `AmountError`, whose message says why it says none."""
    if kind.kept_in:
        return parse_amount(text, item.unit or kind.kept_in, kind.kept_in)
    return parse_count(text)


def level_vocabulary(edition: Edition) -> dict[str, tuple[str, str]]:
    """Every known spelling of a 二级指标 with the 一级指标 and 二级指标 that the edition prints for it."""
    printed = {kind: (level1, str(kind)) for level1, kinds in edition.taxonomy for kind in kinds}
    return {spelling: printed[kind] for spelling, kind in KINDS.items() if kind in printed}
