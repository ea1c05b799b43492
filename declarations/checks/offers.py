"""Promised numbers as the fill page offers them beside their task: 设为指标."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from declarations.checks.promises import levels_of, open_promises
from declarations.sheet.table import Table


@dataclass(frozen=True, slots=True)
class PromiseOffer:
    """The indicator that a promise would make, linked to ``task``; ``levels`` may be empty texts."""

    task: str
    level1: str
    level2: str
    name: str
    value: str

    @property
    def label(self) -> str:
        return " ".join(filter(None, (self.name, self.value)))

    @property
    def command(self) -> str:
        """What the button sends where there are no scripts (`posted`)."""
        parts = ("indicators", self.level1, self.level2, self.name, self.value, self.task)
        return "|".join(part.replace("|", " ") for part in parts)

    def to_json(self) -> dict[str, str]:
        return asdict(self) | {"label": self.label}


def offers_of(table: Table) -> dict[str, list[PromiseOffer]]:
    """By task id, what it promises and no indicator carries."""
    return {
        task: [PromiseOffer(task, *levels_of(one.kind, table.form), one.name, one.value) for one in left]
        for task, left in open_promises(table).items()
    }
