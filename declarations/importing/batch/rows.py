"""A planned table as it is kept and shown: small enough that thousands fit on a page and in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class ImportOutcome(StrEnum):
    """What bringing a table in would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BLOCKED = "blocked"

    @property
    def label(self) -> str:
        return {"new": "新增", "changed": "更新", "same": "相同", "blocked": "不能导入"}[self.value]

    @property
    def writes(self) -> bool:
        return self in (ImportOutcome.NEW, ImportOutcome.CHANGED)


class ImportResult(StrEnum):
    """What became of it."""

    WAITING = ""
    WRITTEN = "written"
    SAME = "same"
    LEFT_OUT = "left_out"
    BLOCKED = "blocked"
    STALE = "stale"
    UNDONE = "undone"

    @property
    def label(self) -> str:
        return {
            "": "未处理",
            "undone": "已撤销",
            "written": "已导入",
            "same": "相同，未改动",
            "left_out": "未选择",
            "blocked": "未导入",
            "stale": "未导入：内容已变",
        }[self.value]


@dataclass(slots=True)
class PlannedRow:
    """One table of a file. ``declaration`` and ``version``: what it would go into, as it was when planned.

    ``objections`` say why it is blocked, ``faults`` what in the file could not be read (both problems
    as JSON); ``clash`` names the files that claim the same department and year.

    What makes a person look before it comes in: ``approved`` says by whom and when what it would replace was approved
    in the system, ``lost`` what is there now and was not read of the file (label and value), ``doubts`` where names of
    file or folder say something else, ``questions`` what the file leaves open (as JSON, see `reader.Question`).
    ``strange``: heads and labels that the reader does not know, each its text and cell. ``kept``: labels of
    fields that stay as they are because the file lacks them. ``amount``: 支出合计 as a plain number, ``removed``: rows
    that a person took out, ``by_hand``: whether a person decided on ``left_out``.
    """

    file: str
    sheet: str
    index: int
    outcome: str
    named: str = ""
    year: int | None = None
    edition: str = ""
    department: int | None = None
    department_name: str = ""
    department_code: str = ""
    confidence: int = 0
    how: str = ""
    candidates: list[list[Any]] = field(default_factory=list)
    chosen: int | None = None
    standing: str = ""
    declaration: str | None = None
    version: int | None = None
    changes: int = 0
    total: str = ""
    tasks: int = 0
    indicators: int = 0
    errors: int = 0
    warnings: int = 0
    objections: list[dict[str, str]] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)
    clash: list[str] = field(default_factory=list)
    left_out: bool = False
    result: str = ""
    said: str = ""
    approved: str = ""
    lost: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    strange: list[list[str]] = field(default_factory=list)
    amount: str = ""
    removed: int = 0
    by_hand: bool = False

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in NAMES}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PlannedRow:
        return cls(**data)

    @property
    def effective(self) -> ImportOutcome:
        """The outcome with the other files of the batch taken into account."""
        return ImportOutcome.BLOCKED if self.clash else ImportOutcome(self.outcome)

    @property
    def is_wanted(self) -> bool:
        return self.effective.writes and not self.left_out

    @property
    def claims(self) -> bool:
        """Whether it would be written or compared, were it alone in its batch; what only waits for a look, too."""
        is_placed = self.department is not None and self.year is not None
        return is_placed and self.outcome != ImportOutcome.BLOCKED and not (self.left_out and self.by_hand)

    @property
    def asks(self) -> bool:
        """Whether a person has to say, or did say, which department is meant."""
        return bool(self.named) and (self.department is None or self.chosen is not None)

    @property
    def wants_look(self) -> bool:
        """Whether it stays out until a person has looked at it and ticks it."""
        has_holes = any(fault["code"] in HOLES for fault in self.faults)
        return bool(has_holes or self.approved or self.doubts or self.questions)

    @property
    def asks_year(self) -> bool:
        """Whether it waits for its year to be made."""
        return any(objection["code"] == NEW_YEAR for objection in self.objections)

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Why it is blocked, as problems."""
        return [*self.objections, *([clash_problem(self.clash)] if self.clash else [])]

    @property
    def label(self) -> str:
        return ImportResult(self.result).label if self.result else self.effective.label


HOLES = ("R01", "R02", "R03", "R05")
"""What the reader says of values that are not in the table because they could not be read."""
NEW_YEAR = "P10"
NAMES = tuple(one.name for one in fields(PlannedRow))


def clash_problem(files: list[str]) -> dict[str, str]:
    others = "、".join(f"“{name}”" for name in files)
    message = f"与{others}是同一部门、同一年度的申报表，内容不一致"
    hint = "请确认以哪一份为准，去掉其余的再导入。"
    return {"code": "P07", "severity": "E", "message": message, "hint": hint, "field": "", "cell": ""}


def mark_clashes(rows: Iterable[tuple[str, PlannedRow]]) -> list[PlannedRow]:
    """Two different tables for one department and year block each other; returns the rows that were altered.

    Given with the hash of their files: the same file twice is no clash, the second changes nothing; and what
    a person left out claims nothing.
    """
    claims: dict[tuple[int, int], list[tuple[str, PlannedRow]]] = defaultdict(list)
    altered = []
    for sha256, row in rows:
        altered += [row] if row.clash else []
        row.clash = []
        if row.claims:
            claims[row.department, row.year].append((sha256, row))
    for claim in claims.values():
        if len({(sha256, row.index) for sha256, row in claim}) < 2:
            continue
        for _, row in claim:
            row.clash = [place_of_row(other) for _, other in claim if other is not row]
            altered.append(row)
    return altered


def place_of_row(row: PlannedRow) -> str:
    return f"{row.file}（{row.sheet}）" if row.sheet and row.index else row.file


def count_rows(rows: Iterable[PlannedRow], refused: int = 0, files: int = 0) -> dict[str, int]:
    """The figures on top of a page: tables by outcome and by result, files, refused ones."""
    found = list(rows)
    outcomes = Counter(row.effective.value for row in found)
    results = Counter(row.result for row in found)
    return {
        "files": files,
        "refused": refused,
        "tables": len(found),
        **{outcome.value: outcomes[outcome.value] for outcome in ImportOutcome},
        "wanted": sum(row.is_wanted for row in found),
        "not_in": refused
        + sum(row.effective is ImportOutcome.BLOCKED or row.result == ImportResult.STALE for row in found),
        **{f"result_{result.value}": results[result.value] for result in ImportResult if result},
    }
