"""A table under examination: what several checks look at, worked out once and only when asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from declarations.checks.promises import Figure, Promise, carried_by, promises_of
from declarations.sheet.official import Edition
from declarations.sheet.official.fields import AMOUNTS
from declarations.sheet.places import place_in_words, row_place
from declarations.sheet.table import IndicatorRow, Row, Table
from declarations.sheet.units import LIMIT
from indicators.measures import measures_of
from indicators.taxonomy import CategoryGroup, group_of
from indicators.value_grammar import UNIT
from indicators.values import REMEMBERED, Target, ValueKind, is_nothing, parse

if TYPE_CHECKING:
    from declarations.checks.catalogue import Context

ZERO = Decimal(0)
MAY_PROMISE = re.compile(r"[0-9０-９]|分之")
UNIT_OF_NAME = re.compile(rf"(?:\((?:单位:)?(?:{UNIT})\)|%)$")
BRACKETS = re.compile(r"[()\[\]{}<>【】《》〈〉「」『』“”‘’\"']")
groups_of_labels = lru_cache(maxsize=1024)(group_of)


def is_usable(amount: Decimal | None) -> bool:
    """Whether an amount can be added up: what is not (NaN, negative, beyond the limit) is B06's."""
    return amount is not None and amount.is_finite() and ZERO <= amount < LIMIT


def name_key(name: str) -> str:
    """A 三级指标 as two of them are compared: without white space, brackets and a closing unit like (%)."""
    return _remembered_key(name) if len(name) <= REMEMBERED else _name_key(name)


def _name_key(name: str) -> str:
    key = "".join(unicodedata.normalize("NFKC", name).split()).lower()
    if key.isalnum():
        return key
    if key.endswith((")", "%")):
        key = UNIT_OF_NAME.sub("", key)
    return BRACKETS.sub("", key)


_remembered_key = lru_cache(maxsize=4096)(_name_key)


MEASURED = re.compile(r"(?:数量|个数|次数|人数|户数|场次|人次|长度|里程|面积|金额|数|量|情况)$")


def matter_of(name: str) -> str:
    """A 三级指标 without its closing measure: 除险加固水库数量 is about the same as 除险加固水库."""
    key = name_key(name)
    return MEASURED.sub("", key, count=1) or key


class CheckedCase:
    """One run of the checks over ``table`` in ``context``."""

    def __init__(self, table: Table, context: Context) -> None:
        self.table, self.context = table, context
        self._targets: dict[str, tuple[Target, ...]] = {}
        self._descriptions: dict[str, bool] = {}

    @cached_property
    def form(self) -> Edition:
        return self.table.form

    @cached_property
    def year(self) -> int | None:
        return self.context.year_of(self.table)

    def demanded(self, grid: str) -> list[str]:
        """The fields that the edition demands of each row of a grid; none where it has no such grid."""
        columns = self.form.grids[grid].columns if grid in self.form.grids else ()
        return [column.field for column in columns if column.demanded]

    def place(self, path: str) -> str:
        return place_in_words(self.table, path)

    def row_place(self, grid: str, index: int) -> str:
        return row_place(self.table, grid, index)

    # --- amounts ---

    @cached_property
    def amounts(self) -> dict[str, Decimal | None]:
        """The budget amounts in 万元: empty is zero; None where something is there that cannot be added up."""
        return {name: self._addable(getattr(self.table, name), name) for name in AMOUNTS}

    def total(self, *names: str) -> Decimal | None:
        """The sum in 万元, None where one of them cannot be added up."""
        amounts = [self.amounts[name] for name in names]
        return None if None in amounts else sum(filter(None, amounts), ZERO)

    @cached_property
    def funding(self) -> list[Decimal | None]:
        """The funding of each task in 元, by the same rule as `amounts`."""
        return [self._addable(task.funding, f"key_tasks.{i}.funding") for i, task in enumerate(self.table.key_tasks)]

    def _addable(self, amount: Decimal | None, path: str) -> Decimal | None:
        if amount is None:
            return None if path in self.table.unread else ZERO
        return amount if is_usable(amount) else None

    # --- indicators ---

    @cached_property
    def indicators(self) -> list[tuple[int, IndicatorRow]]:
        """The rows that say something, with their index: a category left empty is no indicator."""
        return [(i, row) for i, row in enumerate(self.table.indicators) if not is_blank(row)]

    @cached_property
    def real(self) -> list[tuple[int, IndicatorRow]]:
        """The indicators with a name and an annual value, without those that say 无 in either."""
        return [(i, row) for i, row in self.indicators if is_said(row.name) and is_said(row.annual_value)]

    @cached_property
    def qualitative(self) -> list[tuple[int, IndicatorRow]]:
        """The real indicators whose annual value has neither number nor date."""
        return [(i, row) for i, row in self.real if self.is_text(row.annual_value)]

    def is_text(self, text: str) -> bool:
        """Whether a target value is nothing but a description."""
        if text not in self._descriptions:
            self._descriptions[text] = all(target.kind is ValueKind.TEXT for target in self.targets(text))
        return self._descriptions[text]

    @cached_property
    def name_keys(self) -> list[tuple[int, str]]:
        """The index of each named indicator and its name as it is compared."""
        return [(i, key) for i, row in self.indicators if (key := name_key(row.name))]

    @staticmethod
    def group(row: IndicatorRow) -> CategoryGroup | None:
        return groups_of_labels(row.level1, row.level2)

    def targets(self, text: str) -> tuple[Target, ...]:
        """What a value promises; several checks ask it of one text, of which only short ones are remembered longer."""
        if text not in self._targets:
            self._targets[text] = parse(text)
        return self._targets[text]

    # --- figures ---

    @cached_property
    def carried(self) -> dict[Figure, list[str]]:
        """The figures in the values of the indicators, with the names of those that have each."""
        return carried_by(self.table.indicators)

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """The indexes of the real indicators by what they are about."""
        found: dict[str, list[int]] = {}
        for i, row in self.real:
            found.setdefault(matter_of(row.name), []).append(i)
        return found

    @cached_property
    def promised(self) -> list[list[Promise]]:
        """What the outcome of each task promises in figures."""
        outcomes = (task.expected_outcome for task in self.table.key_tasks)
        return [promises_of(text) if MAY_PROMISE.search(text) else [] for text in outcomes]

    def contradicting(self, promise: Promise) -> int | None:
        """The index of the indicator that has the promise's name and unit and another number, None where none has.

        Both say it with one number of the same unit; a value that is a change against last year is none.
        """
        rows = self.by_name.get(matter_of(promise.name), ()) if promise.name else ()
        figures = measures_of(promise.target)
        for i in rows:
            targets = self.targets(self.table.indicators[i].annual_value)
            if len(targets) == 1 and len(figures) == 1 and targets[0].direction is promise.target.direction:
                other = measures_of(targets[0])
                if len(other) == 1 and other[0][1] == figures[0][1] and other[0][0] != figures[0][0]:
                    return i
        return None

    # --- texts ---

    def texts(self, is_wanted: Callable[[str], object] = bool) -> Iterator[tuple[str, str]]:
        """The texts of the table of which ``is_wanted`` is true, with their field path; the printed levels apart."""
        for name in ("department", "overall_goal"):
            if is_wanted(text := getattr(self.table, name)):
                yield name, text
        for grid, names in TEXTS.items():
            for i, row in enumerate(self.table.rows[grid]):
                texts = {name: getattr(row, name) for name in names}
                for name, text in {**texts, **row.extra}.items() if row.extra else texts.items():
                    if text and is_wanted(text):
                        yield f"{grid}.{i}.{name}", text

    @cached_property
    def all_texts(self) -> list[str]:
        """Every text, without its place."""
        table = self.table
        parts = [table.department, table.overall_goal]
        for task in table.key_tasks:
            parts += (task.name, task.content, task.expected_outcome, *task.extra.values())
        for row in table.indicators:
            parts += (row.name, row.cycle_value, row.annual_value, *row.extra.values())
        return parts

    @cached_property
    def all_text(self) -> str:
        """All texts in one, to see quickly that something is nowhere in them."""
        return "\n".join(self.all_texts)


TEXTS = {
    "key_tasks": ("name", "content", "expected_outcome"),
    "indicators": ("name", "cycle_value", "annual_value"),
}


@lru_cache(maxsize=4096)
def is_said(text: str) -> bool:
    """Whether a cell says something: neither empty nor 无."""
    return bool(text.strip()) and not is_nothing(text)


def is_blank(row: Row) -> bool:
    """Whether nothing was filled in: the printed levels of an indicator do not count."""
    if row.name.strip():
        return False
    if isinstance(row, IndicatorRow):
        texts = (row.annual_value, row.cycle_value)
    elif row.funding is not None:
        return False
    else:
        texts = (row.content, row.expected_outcome)
    return not any(text.strip() for text in (*texts, *row.extra.values()))
