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
class Column:
    """``label``, ``width`` in characters, number format (empty for text), and the value of a line."""

    label: str
    width: int
    format: str
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Line:
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


def of_table(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.table, name)


def of_row(name: str) -> Callable[[Line], Any]:
    return lambda line: getattr(line.row, name)


WHOSE = (
    Column("部门代码", 14, "", lambda line: line.declaration.department.code),
    Column("部门", 32, "", lambda line: line.table.department),
    Column("年度", 8, WHOLE, lambda line: line.table.year),
)
DECLARATIONS = (
    *WHOSE,
    Column("状态", 12, "", lambda line: line.declaration.get_state_display()),
    Column("报送次数", 10, WHOLE, lambda line: line.declaration.submissions),
    *(Column(LABELS[name], 16, WHOLE, of_table(name)) for name in COUNTS),
    *(Column(LABELS[name], 18, FIGURES, of_table(name)) for name in AMOUNTS),
    Column("重点任务数", 12, WHOLE, lambda line: len(line.table.key_tasks)),
    Column("任务资金合计（元）", 20, MONEY, lambda line: funding_of(line.table)),
    Column("绩效指标数", 12, WHOLE, lambda line: len(line.table.indicators)),
    Column("更新时间", 18, "yyyy-mm-dd hh:mm", lambda line: naive(line.declaration.updated_at)),
    Column("总体绩效目标", 60, "", of_table("overall_goal")),
)
TASKS = (
    *WHOSE,
    Column("序号", 8, WHOLE, lambda line: line.number),
    Column("名称", 32, "", of_row("name")),
    Column("主要实施内容", 50, "", of_row("content")),
    Column("拟投入的资金（元）", 20, MONEY, of_row("funding")),
    Column("期望达到的目标", 50, "", of_row("expected_outcome")),
    Column("可选项", 10, "", lambda line: "是" if line.row.is_optional else "否"),
)
INDICATORS = (
    *WHOSE,
    Column("序号", 8, WHOLE, lambda line: line.number),
    Column("一级指标", 14, "", of_row("level1")),
    Column("二级指标", 20, "", of_row("level2")),
    Column("三级指标", 32, "", of_row("name")),
    Column("实施周期指标值", 20, "", of_row("cycle_value")),
    Column("年度指标值", 20, "", of_row("annual_value")),
    Column("比较符", 8, "", lambda line: line.target and line.target.operator),
    Column("数值", 14, "#,##0.######", lambda line: line.target and line.target.numbers[0]),
    Column("数值上限", 14, "#,##0.######", lambda line: upper(line.target)),
    Column("单位", 10, "", lambda line: line.target and line.target.unit),
)
SHEETS = (("申报表", DECLARATIONS), ("重点任务", TASKS), ("绩效指标", INDICATORS))


def funding_of(table: Table) -> Decimal:
    """What all tasks together are to cost, in 元."""
    return sum((task.funding for task in table.key_tasks if task.funding is not None), Decimal(0))


def upper(target: Target | None) -> Decimal | None:
    return target.numbers[1] if target and target.is_range else None


def naive(moment: datetime.datetime) -> datetime.datetime:
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


def lines_of(declaration: Declaration, table: Table) -> tuple[list[Line], list[Line], list[Line]]:
    """The rows of a declaration for each sheet."""
    tasks, indicators = (
        [Line(declaration, table, row, number) for number, row in enumerate(rows, 1)]
        for rows in (table.key_tasks, table.indicators)
    )
    return [Line(declaration, table)], tasks, indicators


class FlatSheet:
    """One sheet, its head frozen and filtered, written downwards."""

    def __init__(self, book: Workbook, name: str, columns: tuple[Column, ...]) -> None:
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

    def add(self, lines: Iterable[Line]) -> None:
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
