"""The earlier tables of a department: what a filler copies from and compares with."""

from __future__ import annotations

from declarations.models import Declaration


def earlier_tables(user, declaration: Declaration):
    """The approved tables of the same department of earlier years (imported ones are approved), the latest first."""
    return Declaration.objects.visible_to(user).approved_before(declaration)


def name_of_past(past: Declaration) -> str:
    return f"{past.cycle.year}年度{'历史导入的申报表' if past.is_imported else '批复表'}"
