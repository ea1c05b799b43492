"""What the fill page is told while somebody types: a table as it would be if it were saved now."""

from __future__ import annotations

from typing import Any

from declarations.checks.promises import offers_of
from declarations.filling.changes import Changes
from declarations.filling.desk import FillingDesk
from declarations.filling.drafts import typed_table
from declarations.filling.forms import VALUES, page_of
from declarations.findings.examination import examine
from declarations.sheet.controls import control_name
from declarations.sheet.table import Table
from indicators.understood import is_plain_text, understood


def answer_to(desk: FillingDesk, changes: Changes) -> tuple[Table, dict[str, Any]]:
    """The table at the desk with the changes in it, and what is to be said of it. Nothing is written.

    Raises `Unusable` for changes to what is not there. The version of the changes is not looked at:
    what others saved meanwhile is part of the table.
    """
    typed = typed_table(desk.table, changes)
    said = typed.table
    offers = {task: [offer.to_json() for offer in left] for task, left in offers_of(said).items()}
    more = {"refused": typed.refused, "understood": understood_of(said), "promises": offers}
    return said, page_of(said, examine(desk.declaration, said).problems).live() | more


def understood_of(table: Table) -> dict[str, str]:
    """What was understood of each target value by its control; a mere text is left out."""
    columns = [column.field for column in table.form.grids["indicators"].columns if column.field in VALUES]
    texts = ((row.id, name, getattr(row, name)) for row in table.indicators for name in columns)
    return {
        control_name("indicators", row, name): understood(text) for row, name, text in texts if not is_plain_text(text)
    }
