"""What a table of an edition should have and a sheet does not show."""

from __future__ import annotations

from collections.abc import Iterator

from declarations.files.reading.ledger import Ledger
from declarations.files.reading.scan import Scan
from declarations.sheet.official import Edition
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text


def indicators_without_level(table: Table, cells: dict[str, str]) -> Iterator[Problem]:
    """R05: indicators that name no 二级指标."""
    hint = "请补上所属的二级指标，如“数量指标”。"
    for i, row in enumerate(table.indicators):
        if not row.level2:
            message = f"三级指标“{shorten_text(row.name)}”没有写明二级指标"
            path, cell = f"indicators.{i}.level2", cells.get(f"indicators.{i}.name", "")
            yield Problem("R05", Severity.ERROR, message, hint, path, cell)


def missing_labels(edition: Edition, scan: Scan) -> Iterator[Problem]:
    """R03: the fields, grids and columns of the edition that no label of the sheet announces."""
    for field, item in edition.items.items():
        if field not in scan.shown:
            severity = Severity.ERROR if item.demanded else Severity.WARNING
            yield _missing_label(f"表中没有“{item.label}”一栏", "该栏标题和内容", field, severity, scan.ledger)
    for grid in ("key_tasks", "indicators"):
        columns = edition.grids[grid].columns
        if grid not in scan.grids.heads:
            heads = "、".join(column.label for column in columns)
            message = f"表中没有“{edition.grids[grid].label}”的列标题"
            yield Problem("R03", Severity.ERROR, message, f"应有一行列标题：{heads}。", grid)
            continue
        for column in columns:
            name = f"{grid}.{column.field}"
            if name not in scan.shown:
                severity = Severity.ERROR if column.demanded else Severity.WARNING
                message = f"“{edition.grids[grid].label}”没有“{column.label}”一列"
                yield _missing_label(message, "该列", name, severity, scan.ledger, path=grid)


def _missing_label(
    message: str, what: str, name: str, severity: Severity, ledger: Ledger, path: str | None = None
) -> Problem:
    """R03; where a label of the sheet may be the one that is missing, it is named."""
    near = ledger.near.get(name)
    offer = f"表中的“{shorten_text(near)}”是不是它？是的话，请改为官方表式的名称或回答相应的问题；" if near else ""
    return Problem("R03", severity, message, f"{offer}请对照官方表式补上{what}。", name if path is None else path)
