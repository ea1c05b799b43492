"""What each field of a table *is*, for code that runs without Django.

The names and units of the glossary. The models say the same with types, labels and lengths; the
system check ``declarations.E001`` proves that the two agree.
"""

from __future__ import annotations

from enum import StrEnum

from declarations.sheet.units import Unit


class Kind(StrEnum):
    """How a value is read, kept and shown."""

    TEXT = "text"
    COUNT = "count"
    WAN = "amount in 万元"
    YUAN = "amount in 元"
    LEVEL = "label of a category"

    @property
    def kept_in(self) -> Unit | None:
        return {Kind.WAN: Unit.WAN, Kind.YUAN: Unit.YUAN}.get(self)


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

FIELDS: dict[str, Kind] = {
    "department": Kind.TEXT,
    **dict.fromkeys(COUNTS, Kind.COUNT),
    **dict.fromkeys(AMOUNTS, Kind.WAN),
    "overall_goal": Kind.TEXT,
}
"""The single values of a table."""

ROW_FIELDS: dict[str, dict[str, Kind]] = {
    "key_tasks": {"name": Kind.TEXT, "content": Kind.TEXT, "funding": Kind.YUAN, "expected_outcome": Kind.TEXT},
    "indicators": {
        "level1": Kind.LEVEL,
        "level2": Kind.LEVEL,
        "name": Kind.TEXT,
        "cycle_value": Kind.TEXT,
        "annual_value": Kind.TEXT,
    },
}
"""The values of a row, per grid. A column of an edition that is not named here is an extra: text, kept in ``extra``."""
