"""Problems: what is wrong, where, and what to do next.

A problem is data, in the manner of ``django.core.checks.messages``: a stable code, a severity,
a message and a hint in Chinese, and the field (or the cell of a file) that it is about. Readers
and checks return problems; only a file that cannot be read at all raises `Refused`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """E blocks submission (never saving), W wants a correction or a reason, I informs."""

    ERROR = "E"
    WARNING = "W"
    INFO = "I"

    @property
    def label(self) -> str:
        return {"E": "错误", "W": "疑点", "I": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    ``field`` is a path into the table as JSON: ``basic_expenditure``, ``key_tasks.0.funding``,
    ``indicators.3.annual_value``; empty when the finding is about the whole table. ``cell`` is
    the address in the file the table was read from (``F28``), empty when there is no file.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    field: str = ""
    cell: str = ""

    @property
    def row(self) -> int | None:
        """The zero-based row of a grid that the field path names, or None."""
        parts = self.field.split(".")
        return int(parts[1]) if len(parts) > 1 else None

    @property
    def section(self) -> str:
        """The field or grid the problem belongs to: ``key_tasks`` of ``key_tasks.0.name``."""
        return self.field.split(".")[0]

    def at(self, cell: str) -> Problem:
        return replace(self, cell=cell)

    def to_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "hint": self.hint,
            "field": self.field,
            "cell": self.cell,
        }

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Problem:
        values: dict[str, Any] = {**data, "severity": Severity(data["severity"])}
        return cls(**values)


def blocking_problems(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that block a submission."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


class Refused(Exception):
    """A file that cannot be read: ``code`` (X…), a message and a hint for its owner.

    Neither text names a path of the server.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "hint": self.hint}
