"""All figures of many declarations as one workbook to analyse: a sheet of tables, one of tasks, one of indicators.

One row a declaration, a task, an indicator; numbers are numbers, dates are dates, every text stays text. Rows are
written as they come, so the memory does not grow with them.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from xlsxwriter import Workbook

from declarations.models import Declaration
from declarations.sheet.official.fields import AMOUNTS, COUNTS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table
from indicators.values import Target, parse

OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}  # fmt: skip
MOST_ROWS = 1_048_000
"""Rows that a sheet holds, rounded down."""
FIGURES, MONEY, WHOLE = "#,##0.00####", "#,##0.00", "0"
LABELS = {
    "staff_count": "财政供养人员数",
    "subordinate_unit_count": "下属二级单位数",
    "basic_expenditure": "基本支出（万元）",
    "project_expenditure": "项目支出（万元）",
    "fiscal_appropriation": "财政拨款（万元）",
    "other_funds": "其他资金（万元）",
    "special_funds": "财政专项资金（万元）",
    "other_development_expenditure": "其他事业发展性支出（万元）",
    "municipal_level_funds": "市本级使用资金（万元）",
    "transfer_payment_funds": "拟用于转移支付资金（万元）",
}
"""The same for every edition, since declarations of several years may stand together."""


@dataclass(frozen=True)
class FlatColumn:
    """``label``, ``width`` in characters, number format (empty for text), and the value of a line."""

    label: str
    width: int
    format: str
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class FlatLine:
    """What a row is made of: its declaration and table, and of tasks and indicators the row and its number."""

    declaration: Declaration
    table: Table
    row: KeyTaskRow | IndicatorRow | None = None
    number: int = 0

    @property
    def target(self) -> Target | None:
        """The first thing with a number that the annual value promises."""
        found = parse(self.row.annual_value)
        return next((target for target in found if target.numbers), None)


def of_table(name: str) -> Callable[[FlatLine], Any]:
    return lambda line: getattr(line.table, name)


def of_row(name: str) -> Callable[[FlatLine], Any]:
    return lambda line: getattr(line.row, name)


WHOSE = (
    FlatColumn("部门代码", 14, "", lambda line: line.declaration.department.code),
    FlatColumn("部门", 32, "", lambda line: line.table.department),
    FlatColumn("年度", 8, WHOLE, lambda line: line.table.year),
)
DECLARATIONS = (
    *WHOSE,
    FlatColumn("状态", 12, "", lambda line: line.declaration.get_state_display()),
    FlatColumn("报送次数", 10, WHOLE, lambda line: line.declaration.submissions),
    *(FlatColumn(LABELS[name], 16, WHOLE, of_table(name)) for name in COUNTS),
    *(FlatColumn(LABELS[name], 18, FIGURES, of_table(name)) for name in AMOUNTS),
    FlatColumn("重点任务数", 12, WHOLE, lambda line: len(line.table.key_tasks)),
    FlatColumn("任务资金合计（元）", 20, MONEY, lambda line: funding_of(line.table)),
    FlatColumn("绩效指标数", 12, WHOLE, lambda line: len(line.table.indicators)),
    FlatColumn("更新时间", 18, "yyyy-mm-dd hh:mm", lambda line: naive_moment(line.declaration.updated_at)),
    FlatColumn("总体绩效目标", 60, "", of_table("overall_goal")),
)
TASKS = (
    *WHOSE,
    FlatColumn("序号", 8, WHOLE, lambda line: line.number),
    FlatColumn("名称", 32, "", of_row("name")),
    FlatColumn("主要实施内容", 50, "", of_row("content")),
    FlatColumn("拟投入的资金（元）", 20, MONEY, of_row("funding")),
    FlatColumn("期望达到的目标", 50, "", of_row("expected_outcome")),
    FlatColumn("可选项", 10, "", lambda line: "是" if line.row.is_optional else "否"),
)
INDICATORS = (
    *WHOSE,
    FlatColumn("序号", 8, WHOLE, lambda line: line.number),
    FlatColumn("一级指标", 14, "", of_row("level1")),
    FlatColumn("二级指标", 20, "", of_row("level2")),
    FlatColumn("三级指标", 32, "", of_row("name")),
    FlatColumn("实施周期指标值", 20, "", of_row("cycle_value")),
    FlatColumn("年度指标值", 20, "", of_row("annual_value")),
    FlatColumn("比较符", 8, "", lambda line: line.target and line.target.operator),
    FlatColumn("数值", 14, "#,##0.######", lambda line: line.target and line.target.numbers[0]),
    FlatColumn("数值上限", 14, "#,##0.######", lambda line: upper_bound(line.target)),
    FlatColumn("单位", 10, "", lambda line: line.target and line.target.unit),
)
SHEETS = (("申报表", DECLARATIONS), ("重点任务", TASKS), ("绩效指标", INDICATORS))


def funding_of(table: Table) -> Decimal:
    """What all tasks together are to cost, in 元."""
    return sum((task.funding for task in table.key_tasks if task.funding is not None), Decimal(0))


def upper_bound(target: Target | None) -> Decimal | None:
    return target.numbers[1] if target and target.is_range else None


def naive_moment(moment: datetime.datetime) -> datetime.datetime:
    """In local time without a zone, which workbooks know nothing of."""
    return timezone.localtime(moment).replace(tzinfo=None)


def write_flat(file: IO[bytes], pairs: Iterable[tuple[Declaration, Table]], note: str = "") -> int:
    """The workbook of these declarations; how many went in. ``note`` is said below the last of them."""
    with Workbook(file, OPTIONS) as book:
        sheets = [FlatSheet(book, name, columns) for name, columns in SHEETS]
        count = 0
        for declaration, table in pairs:
            lines = lines_of(declaration, table)
            if any(sheet.used + len(part) > MOST_ROWS for sheet, part in zip(sheets, lines, strict=True)):
                note = "表格行数已满，其余申报表没有导出，请按年度或状态筛选后分次导出。"
                break
            for sheet, part in zip(sheets, lines, strict=True):
                sheet.add(part)
            count += 1
        for sheet in sheets:
            sheet.finish(note if sheet is sheets[0] else "")
    return count


def lines_of(declaration: Declaration, table: Table) -> tuple[list[FlatLine], list[FlatLine], list[FlatLine]]:
    """The rows of a declaration for each sheet."""
    tasks, indicators = (
        [FlatLine(declaration, table, row, number) for number, row in enumerate(rows, 1)]
        for rows in (table.key_tasks, table.indicators)
    )
    return [FlatLine(declaration, table)], tasks, indicators


class FlatSheet:
    """One sheet, its head frozen and filtered, written downwards."""

    def __init__(self, book: Workbook, name: str, columns: tuple[FlatColumn, ...]) -> None:
        self.columns, self.used = columns, 0
        self._sheet = book.add_worksheet(name)
        head = book.add_format({"bold": True, "bg_color": "#EDF2FA", "border": 1})
        self._formats = [
            book.add_format({"num_format": column.format}) if column.format else None for column in columns
        ]
        self._sheet.freeze_panes(1, 2)
        for number, column in enumerate(columns):
            self._sheet.set_column(number, number, column.width)
            self._sheet.write_string(0, number, column.label, head)

    def add(self, lines: Iterable[FlatLine]) -> None:
        for line in lines:
            self.used += 1
            for number, column in enumerate(self.columns):
                self._put(number, column.value(line), self._formats[number])

    def _put(self, column: int, value: Any, look: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, Decimal) and not math.isfinite(float(value)):
            value = str(value)
        if isinstance(value, str):
            self._sheet.write_string(self.used, column, value)
        elif isinstance(value, datetime.datetime):
            self._sheet.write_datetime(self.used, column, value, look)
        else:
            self._sheet.write_number(self.used, column, value, look)

    def finish(self, note: str) -> None:
        self._sheet.autofilter(0, 0, self.used, len(self.columns) - 1)
        if note:
            self._sheet.write_string(self.used + 2, 0, note)
