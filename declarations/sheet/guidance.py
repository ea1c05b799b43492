"""填写说明: for each field the rule, a good example, and what to avoid, in the words of an edition.

The texts stand in ``guidance.json``; an edition's own wording stands there under ``editions``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from declarations.sheet.official import Edition
from declarations.sheet.official.shape import Grid

TEXTS: dict[str, dict] = json.loads(Path(__file__).with_name("guidance.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Guidance:
    """``field``: as in a field path without the row's number (``key_tasks.funding``)."""

    field: str
    label: str
    rule: str
    example: str = ""
    avoid: str = ""


@cache
def guidance_for(edition: str, field: str, label: str) -> Guidance | None:
    """What is said of a field in an edition; None for a field of which nothing is said."""
    texts = TEXTS.get(field)
    if texts is None:
        return None
    own = texts.get("editions", {}).get(edition, {})
    said = {name: own.get(name, texts.get(name, "")) for name in ("rule", "example", "avoid")}
    return Guidance(field, label, **said)


def of_edition(edition: Edition) -> list[tuple[str, list[Guidance]]]:
    """Everything said of an edition's fields, by section, as it is printed; optional tasks are filled as the others."""
    found = []
    for part in edition.sections:
        if isinstance(part, Grid) and part.optional:
            continue
        said = of_grid(edition, part) if isinstance(part, Grid) else of_section(edition, part)
        found += [(part.label, said)] if said else []
    return found


def of_grid(edition: Edition, grid: Grid) -> list[Guidance]:
    said = (guidance_for(edition.code, f"{grid.rows}.{column.field}", column.label) for column in grid.columns)
    return [each for each in said if each]


def of_section(edition: Edition, section) -> list[Guidance]:
    return [each for item in section.items if (each := guidance_for(edition.code, item.field, item.label))]
