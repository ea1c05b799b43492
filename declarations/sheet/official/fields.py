"""What each field of a table *is*, for code that runs without Django.

The names and units of the glossary. The models say the same with types, labels and lengths; the
system check ``declarations.E001`` proves that the two agree.
"""

from __future__ import annotations

from enum import StrEnum

from declarations.sheet.units import Unit


class FieldKind(StrEnum):
    """How a value is read, kept and shown."""

    TEXT = "text"
    COUNT = "count"
    WAN = "amount in 万元"
    YUAN = "amount in 元"
    LEVEL = "label of a category"

    @property
    def kept_in(self) -> Unit | None:
        return {FieldKind.WAN: Unit.WAN, FieldKind.YUAN: Unit.YUAN}.get(self)


AMOUNTS = (
    "basic_expenditure",
    "project_expenditure",
    "fiscal_appropriation",
    "other_funds",
    "special_funds",
    "other_development_expenditure",
    "municipal_level_funds",
    "transfer_payment_funds",
)
COUNTS = ("staff_count", "subordinate_unit_count")

FIELDS: dict[str, FieldKind] = {
    "department": FieldKind.TEXT,
    **dict.fromkeys(COUNTS, FieldKind.COUNT),
    **dict.fromkeys(AMOUNTS, FieldKind.WAN),
    "overall_goal": FieldKind.TEXT,
}
"""The single values of a table."""

ROW_FIELDS: dict[str, dict[str, FieldKind]] = {
    "key_tasks": {
        "name": FieldKind.TEXT,
        "content": FieldKind.TEXT,
        "funding": FieldKind.YUAN,
        "expected_outcome": FieldKind.TEXT,
    },
    "indicators": {
        "level1": FieldKind.LEVEL,
        "level2": FieldKind.LEVEL,
        "name": FieldKind.TEXT,
        "cycle_value": FieldKind.TEXT,
        "annual_value": FieldKind.TEXT,
    },
}
"""The values of a row, per grid. A column of an edition that is not named here is an extra: text, kept in ``extra``."""
