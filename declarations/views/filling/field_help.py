"""What stands beside the fields of the fill page: 填写说明, last year's value, what was brought and is 未确认."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from declarations.comparing.differences import printed_value
from declarations.comparing.rowmatching import match_rows
from declarations.filling.bringing.rollforward import LEVELS
from declarations.filling.desk import FillingDesk, TypedTable
from declarations.models import Declaration
from declarations.record import store
from declarations.sheet import guidance
from declarations.sheet.table import Table
from declarations.views.filling.brought import brought_values
from declarations.views.filling.past import earlier_tables, name_of_past
from declarations.views.reviewing.commenting import comment_board


@dataclass(frozen=True)
class LastYear:
    """The latest earlier table, as its own edition prints it: ``values`` by field, ``rows`` by the row of the draft
    that each matches, as (label, text)."""

    name: str = ""
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "rows": self.rows}


def last_year_of(user, declaration: Declaration, table: Table) -> LastYear:
    """Three queries, two where there is no earlier table."""
    past = store.with_rows(earlier_tables(user, declaration)).first()
    if past is None:
        return LastYear()
    old = store.table_of(past)
    rows: dict[str, list[tuple[str, str]]] = {}
    for grid in table.rows:
        theirs, ours = old.rows[grid], table.rows[grid]
        rows |= {ours[j].id: _row(old, grid, i) for i, j in match_rows(theirs, ours)}
    values = {name: printed_value(old, name, item) for name, item in old.form.items.items() if name != "department"}
    return LastYear(name_of_past(past), values, rows)


def _row(old: Table, grid: str, at: int) -> list[tuple[str, str]]:
    columns = [column for column in old.form.grids[grid].columns if column.field != LEVELS[0]]
    said = [(column.text, printed_value(old, f"{grid}.{at}.{column.field}", column)) for column in columns]
    return [(label, text) for label, text in said if text]


def beside_fields(desk: FillingDesk, shown: FillingDesk | TypedTable) -> dict[str, Any]:
    """For the context of the fill page; ``shown``: what stands in its fields."""
    declaration, table = desk.declaration, shown.table
    said = {each.field: each for _, found in guidance.of_edition(table.form) for each in found}
    return {
        "guidance": said,
        "last_year": last_year_of(desk.user, declaration, table),
        "brought": brought_values(declaration, shown),
        "board": comment_board(desk.user, declaration, table, link="#"),
    }
