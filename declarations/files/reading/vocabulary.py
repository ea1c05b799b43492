"""Every label that any edition prints, and what it announces."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from declarations.sheet.official import EDITIONS
from declarations.sheet.official.labels import VARIANTS, label_key
from declarations.sheet.official.shape import Edition, Grid, Heading, Section

LONGEST_LABEL = 40
"""Longer texts are never labels, and are not folded to be compared."""

FIELDS_SECTION = "fields"


@dataclass(slots=True)
class Vocabulary:
    """Folded labels: of sections (-> ``fields`` or a grid), items, headings and columns (``heads``: of any grid)."""

    sections: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)
    columns: dict[str, dict[str, str]] = field(default_factory=lambda: {"key_tasks": {}, "indicators": {}})
    first_levels: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)

    def add(self, edition: Edition) -> None:
        for section in edition.sections:
            if isinstance(section, Grid):
                self._add_grid(section)
            else:
                self._add_section(section)
        self.first_levels |= {label_key(level1) for level1, _ in edition.taxonomy}

    def _add_section(self, section: Section) -> None:
        self.sections[label_key(section.label)] = FIELDS_SECTION
        self.headings |= {
            label_key(place.text) for line in section.lines for place in line if isinstance(place, Heading)
        }
        for item in section.items:
            self.items |= dict.fromkeys(spellings(item.label, item.field), item.field)

    def _add_grid(self, grid: Grid) -> None:
        self.sections |= dict.fromkeys(spellings(grid.label, grid.name), grid.name)
        for column in grid.columns:
            self.columns[grid.rows] |= dict.fromkeys(spellings(column.label, column.field), column.field)
        self.heads |= self.columns[grid.rows].keys()


def spellings(label: str, name: str) -> list[str]:
    """A label and the known variants of what it names, folded."""
    return [label_key(text) for text in (label, *VARIANTS.get(name, ()))]


def vocabulary() -> Vocabulary:
    """The labels of all editions there are now."""
    return _vocabulary(tuple(EDITIONS))


@lru_cache(maxsize=8)
def _vocabulary(codes: tuple[str, ...]) -> Vocabulary:
    words = Vocabulary()
    for code in codes:
        words.add(EDITIONS[code])
    return words


@lru_cache(maxsize=8)
def printed_keys(code: str) -> frozenset[str]:
    """The folded labels exactly as one edition prints them, by which a sheet's edition is told."""
    edition = EDITIONS[code]
    places = [*edition.items.values(), *(column for grid in edition.grids.values() for column in grid.columns)]
    return frozenset(label_key(place.label) for place in [*places, *edition.grids.values()])


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    return label_key(text)


def key_of(value: object) -> str:
    """The folded label that a cell may be, "" for anything that can't be one."""
    return _key(value) if isinstance(value, str) and len(value) <= LONGEST_LABEL else ""
