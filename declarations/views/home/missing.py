"""The list to take away of the departments that have not reported."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from declarations.models import Cycle, Department
from declarations.reviewing.unreported import missing_lines
from declarations.web.spreadsheet import SpreadsheetColumn

ORDER = ("pinyin", "pk")
COLUMNS = (
    SpreadsheetColumn("部门代码", 14),
    SpreadsheetColumn("部门", 36),
    SpreadsheetColumn("进展", 14),
    SpreadsheetColumn("截止", 18),
    SpreadsheetColumn("最近催报", 18),
    SpreadsheetColumn("催报人", 14),
)


def missing_cells(rows: list[Department], cycle: Cycle) -> Iterator[list]:
    """The list to take away."""
    for one in missing_lines(rows, cycle):
        yield [
            one.department.code,
            one.department.name,
            one.begun.get_state_display() if one.begun else "未开始",
            f"{timezone.localtime(one.until):%Y-%m-%d %H:%M}",
            f"{timezone.localtime(one.urged.created_at):%Y-%m-%d %H:%M}" if one.urged else "",
            str(one.urged.urged_by) if one.urged else "",
        ]
