"""Which goals, tasks, money and indicators belong together, and what stands alone: a small map of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from declarations.checks.case import is_blank, is_usable
from declarations.checks.promises import pairs_of
from declarations.sheet.table import KeyTaskRow, Table

ITEM = re.compile(
    r"(?:^|(?<=[\s。；;，,：:！]))"
    r"(?:[(（]?(?:[1-9]|[12]\d)(?:[)）、]|[.．](?!\d))|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}[、是])"
    r"|[①-⑳]"
)
"""The number of an item: 1、 1. （1） 一、 （一） 一是 ①."""
ALIKE = 0.4
"""The part of a task's name, in pairs of characters, that an item must have for the task to belong to it."""


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A task. ``label`` as the form numbers it (任务1, 其他任务1); ``share`` of all funding in per cent, None where
    none can be told; ``indicators`` the names of those linked to it."""

    id: str
    label: str
    name: str
    share: Decimal | None
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """A numbered item of 总体绩效目标 and the labels of the tasks whose names are found in it."""

    text: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loose:
    """An indicator that is linked to no task; ``number`` as the form counts it."""

    id: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Coverage:
    goals: tuple[Goal, ...]
    tasks: tuple[CoverageLine, ...]
    loose: tuple[Loose, ...]
    indicators: int

    @property
    def is_linked(self) -> bool:
        return len(self.loose) < self.indicators

    @property
    def summary(self) -> str:
        """The map in a sentence, for those who do not see it."""
        if not self.tasks and not self.indicators:
            return "还没有任务和指标。"
        said = f"{len(self.tasks)} 项任务，{len(self.indicators_linked)} 项有对应指标"
        return f"{said}；{self.indicators} 条指标，{self.indicators - len(self.loose)} 条有对应任务。"

    @property
    def indicators_linked(self) -> list[CoverageLine]:
        return [line for line in self.tasks if line.indicators]


def coverage_of(table: Table) -> Coverage:
    """The map of a table; rows in which nothing stands yet are left out."""
    linked: dict[str, list[str]] = defaultdict(list)
    loose = []
    rows = [(i, row) for i, row in enumerate(table.indicators, 1) if not is_blank(row)]
    for number, row in rows:
        for task in row.tasks:
            linked[task].append(row.name)
        if not row.tasks:
            loose.append(Loose(row.id, number, row.name))
    labels = task_labels(table)
    total = sum((task.funding for task in table.key_tasks if is_usable(task.funding)), Decimal(0))
    lines = tuple(
        CoverageLine(task.id, labels[task.id], task.name, _share(task, total), tuple(linked[task.id]))
        for task in table.key_tasks
        if not is_blank(task)
    )
    return Coverage(_goals(table.overall_goal, lines), lines, tuple(loose), len(rows))


def task_labels(table: Table) -> dict[str, str]:
    """Each task by its id as the form numbers it: 任务1, 任务2, 其他任务1."""
    labels, count = {}, {False: 0, True: 0}
    for task in table.key_tasks:
        count[task.is_optional] += 1
        labels[task.id] = f"{'其他' if task.is_optional else ''}任务{count[task.is_optional]}"
    return labels


def _share(task: KeyTaskRow, total: Decimal) -> Decimal | None:
    if not total or not is_usable(task.funding):
        return None
    return (task.funding * 100 / total).quantize(Decimal("0.1"))


def goal_items(text: str) -> list[str]:
    """The numbered items of a goal, without their numbers; none where it is not numbered."""
    marks = list(ITEM.finditer(text))
    if len(marks) < 2:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    items = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    return [item for item in items if item]


def _goals(text: str, lines: tuple[CoverageLine, ...]) -> tuple[Goal, ...]:
    names = [(line.label, pairs_of(line.name)) for line in lines]
    goals = []
    for item in goal_items(text):
        said = pairs_of(item)
        found = tuple(label for label, pairs in names if pairs and len(pairs & said) >= ALIKE * len(pairs))
        goals.append(Goal(item, found))
    return tuple(goals)
