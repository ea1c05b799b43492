"""Every label that any edition prints, and what it announces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from declarations.sheet.official import EDITIONS
from declarations.sheet.official.fields import FIELDS, FieldKind
from declarations.sheet.official.labels import VARIANTS, bare_label, label_key
from declarations.sheet.official.shape import Edition, Grid, Heading, Section
from declarations.sheet.official.wordings import HEADING_VARIANTS, POSSIBLE, PREFIXES, SECTION_VARIANTS, SUFFIXES, YEARS

LONGEST_LABEL = 40
"""Longer texts are never labels, and are not folded to be compared, unless all the rest is a note in brackets."""
LONG_NOTE = re.compile(r"([^（(【\[]{2,24})[（(【\[][^（(【\[]*[）)】\]]\s*[:：]?\s*")
LONGEST_NOTE = 300
SENTENCE = re.compile("[，。；].*[\\w%]$", re.ASCII | re.DOTALL)

FIELDS_SECTION = "fields"
YEAR = "year"
"""What a label like 预算年度 announces: no field of the table as printed, but the year of the whole."""


@dataclass(slots=True)
class Vocabulary:
    """Folded labels: of sections (-> ``fields`` or a grid), items, headings and columns (``heads``: of any grid).

    ``wordings`` are the items without what may stand around them, to which unknown labels are compared;
    ``possible_items`` and ``possible_columns``: what may mean a field, so that a person is asked.
    """

    sections: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, str] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)
    columns: dict[str, dict[str, str]] = field(default_factory=lambda: {"key_tasks": {}, "indicators": {}})
    first_levels: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    possible_items: dict[str, list[str]] = field(default_factory=dict)
    possible_columns: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {"key_tasks": {}, "indicators": {}}
    )

    def add(self, edition: Edition) -> None:
        for section in edition.sections:
            if isinstance(section, Grid):
                self._add_grid(section)
            else:
                self._add_section(section)
        self.first_levels |= {bare_label(level1) for level1, _ in edition.taxonomy}

    def _add_section(self, section: Section) -> None:
        self.sections |= dict.fromkeys(section_spellings(section.label), FIELDS_SECTION)
        self.headings |= {
            key
            for line in section.lines
            for place in line
            if isinstance(place, Heading)
            for key in heading_spellings(place.text)
        }
        for item in section.items:
            self.items |= dict.fromkeys(spellings(item.label, item.field), item.field)
            for text in POSSIBLE.get(item.field, ()):
                self.possible_items.setdefault(text, []).append(item.field)

    def _add_grid(self, grid: Grid) -> None:
        self.sections |= dict.fromkeys(spellings(grid.label, grid.name), grid.name)
        columns, possible = self.columns[grid.rows], self.possible_columns[grid.rows]
        for column in grid.columns:
            name = f"{grid.rows}.{column.field}"
            columns |= dict.fromkeys(spellings(column.label, column.field, name), column.field)
            for text in (*POSSIBLE.get(column.field, ()), *POSSIBLE.get(name, ())):
                if column.field not in possible.setdefault(text, []):
                    possible[text].append(column.field)
        self.heads |= columns.keys()

    def complete(self) -> Vocabulary:
        """With what stands around a label, where that is no label of its own; and nothing possible that is known."""
        self.wordings = dict(self.items)
        for key, name in self.wordings.items():
            for text in decorated_labels(key, name):
                self.items.setdefault(text, name)
        for key, name in list(self.sections.items()):
            for prefix in PREFIXES:
                self.sections.setdefault(prefix + key, name)
        self.items |= dict.fromkeys(YEARS - {"年度"}, YEAR)
        self.possible_items = {key: names for key, names in self.possible_items.items() if key not in self.items}
        return self


def spellings(label: str, *names: str) -> list[str]:
    """A label and the known variants of what it names, folded."""
    return [bare_label(text) for text in (label, *(text for name in names for text in VARIANTS.get(name, ())))]


def decorated_labels(key: str, name: str) -> list[str]:
    kind = FIELDS[name]
    shape = "text" if name == "overall_goal" else {FieldKind.COUNT: "count", FieldKind.TEXT: ""}.get(kind, "amount")
    endings = ("", *SUFFIXES.get(shape, ()))
    fronts = ("",) if name == "department" else ("", *PREFIXES)
    return [front + key + ending for front in fronts for ending in endings]


def section_spellings(label: str) -> list[str]:
    return [bare_label(text) for text in (label, *SECTION_VARIANTS.get(label, ()))]


def heading_spellings(label: str) -> list[str]:
    key = bare_label(label)
    return [key, *HEADING_VARIANTS.get(key, ())]


AMOUNT_HEADS = frozenset(heading_spellings("预算金额"))
"""The headings that name the unit of the amounts below."""


def vocabulary() -> Vocabulary:
    """The labels of all editions there are now."""
    return _vocabulary(tuple(EDITIONS))


@lru_cache(maxsize=8)
def _vocabulary(codes: tuple[str, ...]) -> Vocabulary:
    words = Vocabulary()
    for code in codes:
        words.add(EDITIONS[code])
    return words.complete()


@lru_cache(maxsize=8)
def printed_keys(code: str) -> frozenset[str]:
    """The folded labels exactly as one edition prints them, by which a sheet's edition is told."""
    edition = EDITIONS[code]
    places = [*edition.items.values(), *(column for grid in edition.grids.values() for column in grid.columns)]
    return frozenset(label_key(place.label) for place in [*places, *edition.grids.values()])


@lru_cache(maxsize=8)
def names_of(code: str) -> frozenset[str]:
    """What the labels of one edition announce: its fields, and its columns as ``grid.field``."""
    edition = EDITIONS[code]
    columns = {f"{grid.rows}.{column.field}" for grid in edition.grids.values() for column in grid.columns}
    return frozenset(columns | edition.items.keys())


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    return bare_label(text)


def key_of(value: object) -> str:
    """The folded label that a cell may be, "" for anything that can't be one."""
    if not isinstance(value, str):
        return ""
    if len(value) <= LONGEST_LABEL:
        return "" if len(value) > 16 and SENTENCE.search(value) else _key(value)
    match = LONG_NOTE.fullmatch(value) if len(value) <= LONGEST_NOTE else None
    return _key(match[1]) if match else ""
