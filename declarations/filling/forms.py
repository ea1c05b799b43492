"""The fill page as data: sections, controls and grids, all derived from the edition; what was found stands beside it.

One template draws whatever an edition describes, so a new edition's fields and columns appear by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from declarations.checks import Context
from declarations.checks.catalogue import NOTHING_KNOWN
from declarations.checks.promises import PromiseOffer, offers_of
from declarations.filling.coverage import task_labels
from declarations.findings.check_settings import tolerance_of
from declarations.findings.listing import ListedFinding, findings_of
from declarations.sheet.controls import control_text, linked_text, name_of
from declarations.sheet.official.fields import FieldKind
from declarations.sheet.official.shape import Grid, Item, Section
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import KeyTaskRow, Row, Table, cell_of
from declarations.sheet.totals import Filled, TotalsGroup, balance_verdict, blocks_of, filled_share, sum_of, totals_of
from declarations.sheet.units import grouped_amount
from indicators.understood import is_echo, is_plain_text, understood

NUMBERS = "一二三四五六七八九十"
WORDS = {
    FieldKind.TEXT: "text",
    FieldKind.COUNT: "count",
    FieldKind.WAN: "amount",
    FieldKind.YUAN: "amount",
    FieldKind.LEVEL: "level",
}
HELP = {
    "staff_count": "按编制内实有人数填写，单位：人。",
    "subordinate_unit_count": "纳入部门预算的二级单位个数，没有的填 0。",
    "overall_goal": "概括本部门年度要达到的总体产出和效果，建议 300—800 字，分条编号。",
}
VALUES = ("cycle_value", "annual_value")
ADD = {"key_tasks": "添加任务", "optional_tasks": "添加其他任务", "indicators": "添加指标"}
NEW = "00000000-0000-0000-0000-000000000000"  # in the row that new rows are copied from


@dataclass(frozen=True)
class Control:
    """One value as it is filled in. ``name`` is its id too; ``is_custom``: a level that the edition does not have."""

    name: str
    label: str
    text: str
    kind: str
    item: Item
    findings: tuple[ListedFinding, ...] = ()
    is_custom: bool = False

    @property
    def unit(self) -> str:
        return self.item.unit or ("人" if self.item.field == "staff_count" else "个" if self.kind == "count" else "")

    @property
    def help(self) -> str:
        return self.item.help or HELP.get(self.item.field, "")

    @property
    def is_value(self) -> bool:
        """Whether it is a target value."""
        return self.item.field in VALUES

    @property
    def understood(self) -> str:
        """What was understood of a target value, empty where that is only that it is a text."""
        return "" if not self.is_value or is_plain_text(self.text) else understood(self.text)

    @property
    def is_echo(self) -> bool:
        """Whether what was understood reads like the text itself."""
        return is_echo(self.text)

    @property
    def severity(self) -> str:
        """The worst of what was found: ``E``, ``W``, ``I`` or empty."""
        return next((level.value for level in Severity if any(f.problem.severity is level for f in self.findings)), "")


@dataclass(frozen=True)
class GroupView:
    group: TotalsGroup
    controls: list[Control]
    total: str


@dataclass(frozen=True)
class BlockView:
    """Groups side by side; ``verdict`` where they are a pair of sums: (``ok`` or ``error`` or empty, words),
    ``tolerance`` the 万元 by which they may differ."""

    groups: list[GroupView]
    verdict: tuple[str, str] | None = None
    tolerance: str = ""

    @property
    def controls(self) -> list[Control]:
        return [control for view in self.groups for control in view.controls]


@dataclass(frozen=True)
class RowView:
    """``links``: the ids of an indicator's tasks, ``linked`` their labels; ``promises``: numbers of a task that
    no indicator carries."""

    id: str
    number: int
    controls: list[Control]
    links: str = ""
    linked: tuple[str, ...] = ()
    promises: tuple[PromiseOffer, ...] = ()


@dataclass(frozen=True)
class GridView:
    """``blank``: the row that new ones are copied from; ``levels``: how many indicators each category has."""

    grid: Grid
    rows: list[RowView]
    blank: RowView
    levels: list[tuple[str, list[tuple[str, int]]]]

    @property
    def add(self) -> str:
        return ADD[self.grid.name]


@dataclass
class FormPanel:
    """A numbered part of the page."""

    key: str
    number: str
    title: str
    blocks: list[BlockView] = field(default_factory=list)
    grids: list[GridView] = field(default_factory=list)
    filled: Filled = field(default_factory=Filled)
    found: int = 0
    blocked: bool = False

    @property
    def state(self) -> tuple[str, str]:
        """How it stands: a class for its colour and the words."""
        if not self.filled.there:
            return "muted", "未填写"
        if self.found:
            return ("error" if self.blocked else "warn"), f"{self.found} 处提示"
        missing = self.filled.expected - self.filled.there
        return ("muted", f"还有 {missing} 项未填") if missing else ("ok", "已完成")


@dataclass(frozen=True)
class FillPage:
    table: Table
    panels: list[FormPanel]
    findings: list[ListedFinding]

    @property
    def progress(self) -> int:
        """Per cent of the expected values that are there."""
        return sum((panel.filled for panel in self.panels), Filled()).percent

    @property
    def groups(self) -> list[tuple[Severity, list[ListedFinding]]]:
        """The findings by severity, the worst first; no empty group."""
        by_severity = {level: [f for f in self.findings if f.problem.severity is level] for level in Severity}
        return [(level, found) for level, found in by_severity.items() if found]

    def live(self) -> dict[str, Any]:
        """What changes as one types, for the answer to a save."""
        return {
            "findings": [finding.to_json() for finding in self.findings],
            "panels": {panel.key: panel.state for panel in self.panels},
            "progress": self.progress,
            "totals": totals_of(self.table),
        }


def page_of(
    table: Table,
    problems: Iterable[Problem],
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
    context: Context = NOTHING_KNOWN,
) -> FillPage:
    """The page of a table; the same problems stand in the list and beside their controls.

    ``refused`` says, by control, why its text in ``typed`` was not taken; that text is shown still.
    ``context``: in which the table was checked; it says by how much sums may differ.
    """
    findings = findings_of(table, problems, refused or {})
    kept = {name: (typed or {})[name] for name in refused or {} if name in (typed or {})}
    return FillPage(table, Drawing(table, findings, kept, context).panels(), findings)


class Drawing:
    """Draws a table's edition: ``kept`` are texts to show instead of the table's, by control."""

    def __init__(
        self, table: Table, findings: Iterable[ListedFinding], kept: Mapping[str, str], context: Context
    ) -> None:
        self.table, self.kept, self.context = table, kept, context
        self.levels = {level for pair in table.form.levels for level in pair}
        self.labels, self.offers = task_labels(table), offers_of(table)
        self.beside: dict[str, list[ListedFinding]] = defaultdict(list)
        self.sections: dict[str, list[Problem]] = defaultdict(list)
        for finding in findings:
            self.beside[finding.target].append(finding)
            self.sections[finding.problem.section].append(finding.problem)

    def panels(self) -> list[FormPanel]:
        panels: list[FormPanel] = []
        for part in self.table.form.sections:
            fields = {part.rows} if isinstance(part, Grid) else {item.field for item in part.items}
            if fields == {"department"}:
                continue
            if not (isinstance(part, Grid) and part.optional):
                panels.append(self._panel(part, fields, NUMBERS[len(panels)]))
            panel = panels[-1]
            panel.filled += filled_share(self.table, part)
            if isinstance(part, Grid):
                panel.grids.append(self._grid(part))
            else:
                panel.blocks += [self._block(block) for block in blocks_of(part)]
        return panels

    def _panel(self, part: Section | Grid, fields: set[str], number: str) -> FormPanel:
        found = [p for name in fields for p in self.sections[name] if p.severity is not Severity.INFO]
        key = part.rows if isinstance(part, Grid) else next(part.items).field
        blocked = any(problem.severity is Severity.ERROR for problem in found)
        return FormPanel(key, number, part.label, found=len(found), blocked=blocked)

    def _block(self, block: tuple[TotalsGroup, ...]) -> BlockView:
        groups = [
            GroupView(
                group,
                [self._control(item, item.field, item.label, self.table.value(item.field)) for item in group.items],
                grouped_amount(sum_of(self.table, group)) if group.title else "",
            )
            for group in block
        ]
        pair = len(block) == 2 and all(group.title for group in block)
        if not pair:
            return BlockView(groups)
        tolerance = tolerance_of(block, self.context)
        return BlockView(groups, balance_verdict(self.table, block, tolerance), f"{tolerance:f}")

    def _control(self, item: Item, path: str, label: str, value: Any) -> Control:
        kind, name = self.table.form.kind(path), name_of(self.table, path)
        text = self.kept.get(name) or self.table.unread.get(path) or control_text(item, kind, value)
        custom = kind is FieldKind.LEVEL and text != "" and text not in self.levels
        return Control(name, label, text, WORDS[kind], item, tuple(self.beside.get(name, ())), custom)

    def _grid(self, grid: Grid) -> GridView:
        kept = [(i, row) for i, row in enumerate(self.table.rows[grid.rows]) if _belongs(row, grid)]
        rows = [self._row(grid, i, number, row) for number, (i, row) in enumerate(kept, 1)]
        return GridView(grid, rows, _blank(grid), _levels(self.table) if grid.rows == "indicators" else [])

    def _row(self, grid: Grid, i: int, number: int, row: Row) -> RowView:
        cells = [
            (c, f"{grid.rows}.{i}.{c.field}", cell_label(grid, number, c), cell_of(row, c.field)) for c in grid.columns
        ]
        controls = [self._control(*cell) for cell in cells]
        if isinstance(row, KeyTaskRow):
            return RowView(row.id, number, controls, promises=tuple(self.offers.get(row.id, ())))
        return RowView(row.id, number, controls, linked_text(row.tasks), tuple(self.labels[t] for t in row.tasks))


def _belongs(row: Row, grid: Grid) -> bool:
    return getattr(row, "is_optional", False) == grid.optional


def _blank(grid: Grid) -> RowView:
    controls = [
        Control(f"{grid.rows}-{NEW}-{c.field}", cell_label(grid, 0, c), "", WORDS[grid.kind(c.field)], c)
        for c in grid.columns
    ]
    return RowView(NEW, 0, controls)


def cell_label(grid: Grid, number: int, column: Item) -> str:
    """A cell's name for those who do not see its place."""
    return f"{'其他任务 ' if grid.optional else ''}第{number}项 {column.label}"


def _levels(table: Table) -> list[tuple[str, list[tuple[str, int]]]]:
    has: dict[tuple[str, str], int] = defaultdict(int)
    for row in table.indicators:
        has[row.level1, row.level2] += 1
    return [(level1, [(str(kind), has[level1, str(kind)]) for kind in kinds]) for level1, kinds in table.form.taxonomy]
