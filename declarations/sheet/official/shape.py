"""The vocabulary in which an edition of the official table is stated, once.

An edition says where each field sits: its label, its columns, the unit it is printed in, the
order of the sections, the arrangement of the indicators. Forms, reader, writer, print view,
labels of differences and demands of submission all derive from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from declarations.sheet.official.fields import FIELDS, ROW_FIELDS, FieldKind
from declarations.sheet.units import Unit
from indicators.taxonomy import IndicatorKind


@dataclass(frozen=True)
class Heading:
    """A printed text without a value: the head of a pair of columns. ``at``: its columns (``B`` or ``B:C``)."""

    text: str
    at: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Item:
    """A printed label and the place of its value.

    In a section the label stands at ``label_at`` and the value at ``at``; where the section's own
    label serves, ``label_at`` is empty. In a grid ``at`` is the column. ``unit`` is the unit the
    edition prints, ``demanded`` whether a submission must have the value.
    """

    field: str
    label: str
    at: str
    label_at: str = ""
    unit: Unit | None = None
    demanded: bool = False
    help: str = ""

    @property
    def text(self) -> str:
        """The label without its unit, for messages and differences."""
        return self.label.split("(", maxsplit=1)[0].split("（", maxsplit=1)[0]


Line = tuple[Heading | Item, ...]


@dataclass(frozen=True)
class Section:
    """A label, merged down the first column, and lines of headings and items beside it."""

    label: str
    lines: tuple[Line, ...]

    @property
    def items(self) -> Iterator[Item]:
        return (place for line in self.lines for place in line if isinstance(place, Item))


@dataclass(frozen=True)
class Grid:
    """A label and rows of the same columns: ``rows`` is ``key_tasks`` or ``indicators``.

    ``optional`` grids hold the tasks with ``is_optional`` and share the head row of the grid
    before them. ``blank_rows`` are printed where there is nothing to print.
    """

    label: str
    rows: str
    columns: tuple[Item, ...]
    optional: bool = False
    blank_rows: int = 1

    @property
    def name(self) -> str:
        """``key_tasks``, ``optional_tasks`` or ``indicators``."""
        return "optional_tasks" if self.optional else self.rows

    def kind(self, field: str) -> FieldKind:
        return ROW_FIELDS[self.rows].get(field, FieldKind.TEXT)

    def column(self, field: str) -> Item | None:
        return next((column for column in self.columns if column.field == field), None)


@dataclass(frozen=True)
class Edition:
    """One edition of 部门整体预算绩效目标申报表.

    ``title`` may hold ``{year}``; ``widths`` are the column widths in characters, one a column;
    ``years`` the first and last form year it was issued for (last None: until told otherwise);
    ``taxonomy`` the 一级指标 with their kinds of 二级指标, in printed order.
    """

    code: str
    name: str
    title: str
    years: tuple[int, int | None]
    widths: tuple[float, ...]
    sections: tuple[Section | Grid, ...]
    taxonomy: tuple[tuple[str, tuple[IndicatorKind, ...]], ...]

    @cached_property
    def last_column(self) -> str:
        return chr(ord("A") + len(self.widths) - 1)

    @cached_property
    def items(self) -> dict[str, Item]:
        """The single values, by field, in printed order."""
        return {item.field: item for section in self.sections if isinstance(section, Section) for item in section.items}

    @cached_property
    def grids(self) -> dict[str, Grid]:
        """``key_tasks``, ``optional_tasks``, ``indicators``."""
        return {section.name: section for section in self.sections if isinstance(section, Grid)}

    @cached_property
    def row_grids(self) -> tuple[str, ...]:
        """The names of the grids of rows, in printed order; grids that print rows of the same kind are one."""
        return tuple(dict.fromkeys(grid.rows for grid in self.grids.values()))

    @cached_property
    def levels(self) -> tuple[tuple[str, str], ...]:
        """Every (一级指标, 二级指标) in printed order."""
        return tuple((level1, str(kind)) for level1, kinds in self.taxonomy for kind in kinds)

    @cached_property
    def has_cycle_value(self) -> bool:
        """Whether 实施周期指标值 and 年度指标值 are two columns."""
        return self.grids["indicators"].column("cycle_value") is not None

    def printed_title(self, year: int | None) -> str:
        return self.title.format(year=year or "　　")

    def serves(self, year: int) -> bool:
        first, last = self.years
        return first <= year and (last is None or year <= last)

    def item(self, path: str) -> Item | None:
        """The place of a field path: ``basic_expenditure``, ``key_tasks.3.funding``."""
        head, *rest = path.split(".")
        if not rest:
            return self.items.get(head)
        return self.grids[head].column(rest[-1]) if head in self.grids else None

    def describe(self, path: str) -> str:
        """A field path in words: ``年度重点工作任务 第4项 拟投入的资金``."""
        head, *rest = path.split(".")
        item = self.item(path)
        if not rest:
            return item.text if item else self.grids[head].label if head in self.grids else ""
        row = f"{self.grids[head].label} 第{int(rest[0]) + 1}项"
        return f"{row} {item.text}" if item else row

    @staticmethod
    def kind(path: str) -> FieldKind:
        """What the value at a field path is."""
        head, *rest = path.split(".")
        return ROW_FIELDS[head].get(rest[-1], FieldKind.TEXT) if rest else FIELDS[head]
