"""From the head rows of a grid to the columns: known, likely, asked about, or owned by a head that is no field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from declarations.files.opening.sheet import Why
from declarations.files.reading.asides import is_sum
from declarations.files.reading.heads import MEASURE, SERIAL, SIGN, UNKNOWN, Cells, Head
from declarations.files.reading.ledger import FoundValue, Ledger
from declarations.files.reading.likeness import likely
from declarations.files.reading.vocabulary import Vocabulary, printed_keys
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.labels import fold_text, label_key, unit_in
from declarations.sheet.official.wordings import MEASURE_UNITS, SERIAL_NUMBERS, SIGNS
from declarations.sheet.problems import Severity
from declarations.sheet.units import Unit, shorten_text

HEAD_CELLS = 3
"""How many column labels in one row make it the head of a grid."""
LONGEST_HEAD = 20
FIGURES = re.compile(r"[≥≤><%％‰]|(?<!\d)(?!20\d\d(?:年|[-~～至—–－]{1,2}20\d\d))\d")
"""What no head holds, but for the years of 2026年指标值 and 实施周期（2026-2028年）."""
VALUE_NAMES = frozenset(("cycle_value", "annual_value"))
OF_THE_YEAR, OF_THE_CYCLE = (
    re.compile("年度|本年|当年|今年|全年"),
    re.compile("周期|实施期|[三五]年|中长?期|长期|规划|总体?目标"),
)
OF_ANOTHER = re.compile(
    "上年|上一?年度|去年|往年|历[年史次]|前[一二三]?年|完成|实际|权重|分值|标准|单位|解释|说明|来源"
)


@dataclass(slots=True)
class Columns:
    words: Vocabulary
    ledger: Ledger
    labels: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    """The columns that some head names, as ``grid.field``."""
    sheet_unit: Unit | None = None
    funding_head: FoundValue | None = None

    def grid_of(self, keys: list[str]) -> str:
        """The grid whose head a row is, or ""."""
        if len(self.words.heads.intersection(keys)) < HEAD_CELLS - 1:
            return ""
        best, grid = 0, ""
        for name, columns in self.words.columns.items():
            known = len({columns[key] for key in keys if key in columns})
            likely_too = self._likely_count(name, keys) if known == HEAD_CELLS - 1 else 0
            if known + likely_too >= HEAD_CELLS and known > best:
                best, grid = known, name
        return grid

    def _likely_count(self, grid: str, keys: list[str]) -> int:
        """How many cells of a row that has two column labels may be further ones."""
        columns = self.words.columns[grid]
        wanted = set(columns.values()) - {columns[key] for key in keys if key in columns}
        possible = self.words.possible_columns[grid]
        unknown = [key for key in keys if key and key not in columns and key not in self.words.sections]
        return sum(bool(likely(key, columns, possible.get(key, ()), wanted).names) for key in unknown)

    def head(self, grid: str, row: int, cells: Cells, keys: list[str]) -> Head:
        """The head that a row states."""
        found = [FoundValue(value, row, column) for column, value in cells]
        named = self._named(grid, found, keys)
        others = {}
        first = min((one.column for one in named.values()), default=0)
        for one, key in zip(found, keys, strict=True):
            if any(one is known for known in named.values()):
                continue
            if key in self.words.sections and one.column < first:
                self.labels.add(label_key(one.value))
            else:
                others[one.column] = self._other(grid, one, key)
        return self._made(grid, named, others)

    def _made(self, grid: str, named: dict[str, FoundValue], others: dict[int, str]) -> Head:
        self.labels |= {label_key(one.value) for one in named.values()}
        self.shown |= {f"{grid}.{name}" for name in named}
        amounts = named.get("funding")
        self.funding_head = amounts or self.funding_head
        unit = (self.ledger.unit_said(amounts.value) or unit_in(amounts.value) or self.sheet_unit) if amounts else None
        columns = {name: one.column for name, one in named.items()}
        return Head(columns, unit, others, None if unit else amounts)

    # --- what a head means ---

    def _named(self, grid: str, found: list[FoundValue], keys: list[str]) -> dict[str, FoundValue]:
        """The cells that name a column, by field: as a person said, as printed, as known, as is very likely."""
        known = self.words.columns[grid]
        named: dict[str, FoundValue] = {}
        for one in found if self.ledger.answers else ():
            answer = (self.ledger.answer_to(one.value) or "").removeprefix(f"{grid}.")
            if answer in known.values():
                named.setdefault(answer, one)
        pairs = [(one, key) for one, key in zip(found, keys, strict=True) if key in known and not self._refused(one)]
        if len({known[key] for _, key in pairs}) < len(pairs):
            pairs.sort(key=lambda pair: self._rank(pair[0]))
        for one, key in pairs:
            if not any(one is taken for taken in named.values()):
                named.setdefault(known[key], one)
        rest = [
            (one, key)
            for one, key in zip(found, keys, strict=True)
            if key not in known and key not in self.words.sections and not self._refused(one)
        ]
        for one, key in rest:
            self._guess(grid, one, key, named)
        return named

    def _refused(self, found: FoundValue) -> bool:
        return self.ledger.answer_to(found.value) == ""

    def _rank(self, found: FoundValue) -> tuple[int, int]:
        """Of two heads for one column the one as an edition prints it goes first, the newest edition before others."""
        key = label_key(found.value)
        editions = sorted(EDITIONS.values(), key=lambda edition: -edition.years[0])
        rank = next((i for i, edition in enumerate(editions) if key in printed_keys(edition.code)), len(editions))
        return rank, -found.column if key in self.words.sections else found.column

    def _guess(self, grid: str, found: FoundValue, key: str, named: dict[str, FoundValue]) -> None:
        """Take an unknown head for the column that it must be, or ask."""
        if _special(key) or not key or self.ledger.answer_to(found.value) is not None:
            return
        known = self.words.columns[grid]
        wanted = set(known.values()) - named.keys()
        like = likely(key, known, self.words.possible_columns[grid].get(key, ()), wanted)
        if not like.names:
            return
        text, label = shorten_text(str(found.value)), column_label(grid, like.names[0])
        if like.is_sure:
            named[like.names[0]] = found
            hint = "请核对；如不是这一列，请改用官方表式的列标题。"
            self.ledger.say("R14", Severity.INFO, f"列“{text}”按“{label}”读入", found.cell, hint)
            return
        self.ledger.ask("column", found, f"列“{text}”是“{label}”吗？", [f"{grid}.{name}" for name in like.names])
        for name in like.names:
            self.ledger.near.setdefault(f"{grid}.{name}", str(found.value))

    def _other(self, grid: str, found: FoundValue, key: str) -> str:
        """What a head is that names no field; an unknown one is said, once however often it is repeated."""
        kind = _special(key) or UNKNOWN
        if kind == UNKNOWN and not (grid == "key_tasks" and key == ""):
            self._say_unknown(found)
        if kind in (UNKNOWN, SERIAL):
            self.ledger.leave_out(Why.UNKNOWN_COLUMN if kind == UNKNOWN else Why.SERIAL_NUMBER, found)
        return kind

    def _say_unknown(self, found: FoundValue) -> None:
        message = f"不认识列“{shorten_text(str(found.value))}”，该列内容未读入"
        if any(problem.code == "R08" and problem.message == message for problem in self.ledger.problems):
            return
        hint = "若该列内容需要保留，请先并入已有的列，或联系管理员增加表式。"
        self.ledger.say("R08", Severity.WARNING, message, found.cell, hint)

    # --- a second row of heads ---

    def second_head(self, grid: str, head: Head, row: int, cells: Cells, keys: list[str]) -> Head | None:
        """The head with the row below it (指标值 over 实施周期 | 年度), or None where that row is content."""
        known = self.words.columns[grid]
        below = [
            (FoundValue(value, row, column), key)
            for (column, value), key in zip(cells, keys, strict=True)
            if key not in self.words.sections or key in known
        ]
        if not below or not all(_may_be_head(found) for found, _ in below):
            return None
        names = {head.owner(found.column) for found, _ in below}
        matches = [
            name
            for found, key in below
            if (name := known.get(key) or value_below(head.owner(found.column), fold_text(found.value)))
            and name not in ("name", "level1", "level2")
        ]
        is_parted = len(below) > 1 and len(names) == 1 and names.isdisjoint(("name", "content", "level1", "level2"))
        if len(matches) * 2 < len(below) and not (is_parted and not any(key in known for _, key in below)):
            return None
        return self._with_second(grid, head, below)

    def _with_second(self, grid: str, head: Head, below: list[tuple[FoundValue, str]]) -> Head:
        known = self.words.columns[grid]
        columns, others, unit, amounts = dict(head.columns), dict(head.others), head.unit, head.amounts
        for found, key in below:
            parent = head.owner(found.column)
            columns = {name: column for name, column in columns.items() if column != found.column}
            others.pop(found.column, None)
            name = (
                known.get(key)
                or value_below(parent, fold_text(found.value))
                or (parent if parent == "funding" and is_sum(str(found.value)) else "")
            )
            if name:
                columns[name] = found.column
                self.labels.add(label_key(found.value))
                self.shown.add(f"{grid}.{name}")
                if name == "funding":
                    unit = unit_in(found.value) or unit
            else:
                others[found.column] = self._other(grid, found, key)
        self.shown -= {f"{grid}.{name}" for name in head.columns.keys() - columns.keys()}
        return Head(columns, unit, others, amounts) if columns else head


def value_below(parent: str, key: str) -> str:
    """The value that a head under 指标值 means: 三年总目标 is of the cycle, 年度目标 of the year; "" for others."""
    if parent not in VALUE_NAMES or OF_ANOTHER.search(key) or len(key) > LONGEST_HEAD:
        return ""
    if OF_THE_CYCLE.search(key):
        return "cycle_value"
    return "annual_value" if OF_THE_YEAR.search(key) else ""


def _special(key: str) -> str:
    for kind, keys in ((SERIAL, SERIAL_NUMBERS), (MEASURE, MEASURE_UNITS), (SIGN, SIGNS)):
        if key in keys:
            return kind
    return ""


def _may_be_head(found: FoundValue) -> bool:
    text = str(found.value)
    return isinstance(found.value, str) and len(text) <= LONGEST_HEAD and not FIGURES.search(text)


def column_label(grid: str, name: str) -> str:
    """A column as the newest edition that has it prints it."""
    editions = sorted(EDITIONS.values(), key=lambda edition: -edition.years[0])
    items = (edition.grids[grid].column(name) for edition in editions if grid in edition.grids)
    return next((item.label for item in items if item), name)
