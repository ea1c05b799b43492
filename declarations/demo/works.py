"""What invented departments do: works by field, from which tasks, goals and indicators are put together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple


class Work(NamedTuple):
    """One line of work. ``{q}`` is the year's quantity; ``low`` and ``high`` bound it."""

    name: str
    content: str
    outcome: str
    quantity: str
    unit: str
    low: int
    high: int
    quality: str
    effect: str


class FieldOfWork(NamedTuple):
    """A field of public business: what it is for, whom it serves, what is done."""

    aim: str
    served: str
    works: tuple[Work, ...]


def read_works() -> dict[str, FieldOfWork]:
    """The fields by name, from the file beside this one: an array a work, in the order of `Work`."""
    data = json.loads(Path(__file__).with_name("works.json").read_text("utf-8"))
    return {
        name: FieldOfWork(field["aim"], field["served"], tuple(Work(*work) for work in field["works"]))
        for name, field in data.items()
    }


FIELDS = read_works()
