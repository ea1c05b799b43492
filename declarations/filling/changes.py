"""What a page says has changed, by the names of controls and the UUIDs of rows: its shape, checked.

A change so says the same thing wherever the row stands by now.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from declarations.sheet.controls import LINKS, NAME, WRONG, Unusable, control_name, linked_text
from declarations.sheet.table import ROW_CLASSES, Table, clean_text

PARTS = ("fields", "rows", "order", "deleted")


@dataclass(frozen=True)
class Changes:
    """What changed since ``version``, as typed.

    ``fields``: text by field; ``rows``: by grid and row, text by column (``is_optional`` is a bool,
    ``tasks`` of an indicator a list of row ids, or one text of them as its control holds it);
    ``order``: all row ids of a grid; ``deleted``: row ids by grid. Whatever is not named stays.

    Where two people wrote in one field and one chose: ``over``, the controls whose stored text is knowingly
    replaced; ``dropped``, the own texts given up for it, by control.
    """

    version: int
    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)
    deleted: dict[str, list[str]] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)
    dropped: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Any) -> Changes:
        """Raises `Unusable` unless ``data`` has the shape above."""
        if not isinstance(data, dict) or type(data.get("version")) is not int:
            raise Unusable("保存请求缺少版本号，请刷新页面后重试。")
        parts = {name: data.get(name) or {} for name in PARTS}
        if not all(isinstance(part, dict) for part in parts.values()):
            raise Unusable(WRONG)
        for name in ("order", "deleted"):
            parts[name] = {_known(grid): _ids(ids) for grid, ids in parts[name].items()}
        parts["rows"] = {_known(grid): _rows(rows) for grid, rows in parts["rows"].items()}
        return cls(version=data["version"], **parts, **_chosen(data))

    def texts(self) -> dict[str, str]:
        """Every typed text by the name of its control."""
        typed = dict(self.fields)
        for grid, rows in self.rows.items():
            for row, values in rows.items():
                typed |= {control_name(grid, row, key): _text(v) for key, v in values.items() if key != "is_optional"}
        return typed


def _text(value: Any) -> Any:
    return linked_text(value) if isinstance(value, list) else value


def _ids(ids: Any) -> list[str]:
    if not isinstance(ids, list):
        raise Unusable(WRONG)
    return [_id(row) for row in ids]


def _rows(rows: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(rows, dict) or not all(isinstance(values, dict) for values in rows.values()):
        raise Unusable(WRONG)
    return {_id(row): values for row, values in rows.items()}


def _id(text: Any) -> str:
    try:
        return str(uuid.UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise Unusable("保存请求中的行标识不正确，请刷新页面后重试。") from None


def _links(value: Any) -> tuple[str, ...]:
    return tuple(_ids(value.split() if isinstance(value, str) else value))


NO_TEXTS = {("key_tasks", "is_optional"): lambda value: value is True, ("indicators", LINKS): _links}
"""The columns that no edition prints, and how what a page sends for them is read."""


def _chosen(data: dict[str, Any]) -> dict[str, Any]:
    """``over`` and ``dropped`` of a request, both optional."""
    over, dropped = data.get("over") or [], data.get("dropped") or {}
    if not isinstance(over, list) or not isinstance(dropped, dict):
        raise Unusable(WRONG)
    if not all(isinstance(text, str) for text in [*over, *dropped, *dropped.values()]):
        raise Unusable(WRONG)
    return {"over": over, "dropped": {name: clean_text(text) for name, text in dropped.items()}}


def _known(grid: str) -> str:
    if grid not in ROW_CLASSES:
        raise Unusable(f"申报表没有“{grid}”这个表格，请刷新页面后重试。")
    return grid


def is_control(table: Table, name: str) -> bool:
    """Whether the form of a table has this control, in whatever row."""
    match = NAME.fullmatch(name)
    if not match:
        return name in table.form.items
    return table.form.grids[match[1]].column(match[3]) is not None or (match[1], match[3]) == ("indicators", LINKS)
