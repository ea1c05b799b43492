"""Where an edition prints an indicator: 一级指标 and 二级指标. Stands alone: comparing and filling share it."""

from __future__ import annotations

from declarations.sheet.official import get_edition
from declarations.sheet.table import IndicatorRow
from indicators.taxonomy import kind_of

LEVELS = ("level1", "level2")
Levels = tuple[str, str]


def printed_levels(row: IndicatorRow, edition: str) -> Levels:
    """Return where an edition prints the kind of an indicator; its own levels if the edition has no such kind."""
    kind = kind_of(row.level2)
    for level1, kinds in get_edition(edition).taxonomy:
        if kind in kinds:
            return level1, str(kind)
    return row.level1, row.level2
