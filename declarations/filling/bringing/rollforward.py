"""What another table offers to a draft: value by value, row by row, in the draft's own form.

The other table is last year's, or one out of a file. Rows are matched as `differences` matches them;
an indicator moves to where this edition prints its kind; amounts stand in the unit that the draft
prints. Nothing here decides: `Offer.default` never replaces anything that the draft says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from declarations.comparing.differences import printed_value
from declarations.comparing.rowmatching import match_rows
from declarations.filling.bringing.yearwords import shift_years, year_pieces
from declarations.sheet.controls import control_text
from declarations.sheet.levels import LEVELS, Levels, printed_levels
from declarations.sheet.official import Edition
from declarations.sheet.official.fields import FieldKind
from declarations.sheet.places import numbered_row, section_name
from declarations.sheet.table import ROW_CLASSES, IndicatorRow, KeyTaskRow, Row, Table

KEEP, TAKE, ADD = "keep", "take", "add"


@dataclass(frozen=True)
class Value:
    """One value on offer. ``original``: as its table prints it; ``text``: as the draft's control would say it;
    ``now``: what the draft's control says; ``marked``: ``text`` in pieces (see `yearwords.pieces`)."""

    path: str
    column: str
    label: str
    original: str
    text: str
    now: str = ""
    is_long: bool = False
    marked: tuple[tuple[str, str], ...] = ()

    @property
    def is_same(self) -> bool:
        return self.text == self.now


@dataclass(frozen=True)
class RollforwardOffer:
    """A single value, or a row. ``key``: its path in the other table; ``target``: the row of the draft that it
    matches, empty for none; ``levels``: where the other table and the draft's edition print an indicator."""

    key: str
    label: str
    values: tuple[Value, ...]
    target: str = ""
    levels: tuple[Levels, Levels] | None = None
    is_optional: bool = False
    left_out: tuple[Value, ...] = ()

    @property
    def is_row(self) -> bool:
        return "." in self.key

    @property
    def grid(self) -> str:
        return self.key.split(".")[0] if self.is_row else ""

    @property
    def is_same(self) -> bool:
        return all(value.is_same for value in self.values) and (bool(self.target) or not self.is_row)

    @property
    def has_room(self) -> bool:
        """Whether taking it would replace nothing."""
        return not any(value.now for value in self.values) if not self.is_row else not self.target

    @property
    def default(self) -> str:
        return TAKE if self.has_room and not self.is_same else KEEP

    @property
    def is_mapped(self) -> bool:
        return self.levels is not None and self.levels[0] != self.levels[1]


@dataclass(frozen=True)
class RollforwardPart:
    title: str
    offers: tuple[RollforwardOffer, ...] = field(default_factory=tuple)


class Rollforward:
    """What ``source`` offers to ``draft``; ``groups`` of years move on (see `yearwords`)."""

    def __init__(self, source: Table, draft: Table, groups: Collection[str] = ()) -> None:
        self.source, self.draft, self.groups = source, draft, frozenset(groups)
        self.years = (draft.year - source.year) if draft.year and source.year else 0

    @cached_property
    def parts(self) -> list[RollforwardPart]:
        found = [RollforwardPart("基本信息和预算", tuple(self._singles()))]
        for name in ROW_CLASSES:
            found.append(RollforwardPart(section_name(self.draft.form.grids[name]), tuple(self._rows(name))))
        return [part for part in found if part.offers]

    @property
    def offers(self) -> dict[str, RollforwardOffer]:
        return {offer.key: offer for part in self.parts for offer in part.offers}

    # --- single values ---

    def _singles(self) -> Iterator[RollforwardOffer]:
        for name, item in self.draft.form.items.items():
            if name == "department" or name not in self.source.form.items:
                continue
            value = self._value(name, name, name)
            if value.original:
                yield RollforwardOffer(name, item.text, (value,))

    def _value(self, path: str, column: str, target: str) -> Value:
        """``path`` in the source, ``target`` in the draft; empty for a row that the draft does not have."""
        theirs, ours = self.source.form.item(path), self.draft.form.item(path)
        kind = Edition.kind(path)
        unread = self.source.unread.get(path, "")
        text = unread or control_text(ours, kind, self.source.value(path))
        marked = tuple(year_pieces(text, self.years, self.groups)) if kind is FieldKind.TEXT else ()
        now = self._now(target, kind) if target else ""
        return Value(
            path, column, ours.text, printed_value(self.source, path, theirs), text=self._text(text, kind),
            now=now, is_long=kind is FieldKind.TEXT, marked=marked,
        )  # fmt: skip

    def _text(self, text: str, kind: FieldKind) -> str:
        return shift_years(text, self.years, self.groups) if kind is FieldKind.TEXT else text

    def _now(self, path: str, kind: FieldKind) -> str:
        return self.draft.unread.get(path) or control_text(self.draft.form.item(path), kind, self.draft.value(path))

    # --- rows ---

    def _rows(self, grid: str) -> Iterator[RollforwardOffer]:
        theirs, ours = self.source.rows[grid], self.draft.rows[grid]
        # identities belong to one declaration; a copy of a copy must not be matched by them
        matched = dict(match_rows([replace(row, id="") for row in theirs], [replace(row, id="") for row in ours]))
        offers = (self._row(grid, i, row, matched.get(i)) for i, row in enumerate(theirs))
        yield from (offer for offer in offers if any(value.original for value in offer.values))

    def _row(self, grid: str, i: int, row: Row, at: int | None) -> RollforwardOffer:
        section, number = numbered_row(self.source, grid, i)
        kept, left_out = [], []
        columns = self.draft.form.grids[grid]
        for column in section.columns:
            path = f"{grid}.{i}.{column.field}"
            if column.field in LEVELS:
                continue
            if columns.column(column.field) is None:
                text = printed_value(self.source, path, column)
                left_out += [Value(path, column.field, column.text, text, "")] if text else []
                continue
            value = self._value(path, column.field, "" if at is None else f"{grid}.{at}.{column.field}")
            kept += [value] if value.original or value.now else []
        target = "" if at is None else self.draft.rows[grid][at].id
        levels = self._levels(row) if isinstance(row, IndicatorRow) else None
        optional = isinstance(row, KeyTaskRow) and row.is_optional
        label = f"{section_name(section)}第{number}项"
        return RollforwardOffer(f"{grid}.{i}", label, tuple(kept), target, levels, optional, tuple(left_out))

    def _levels(self, row: IndicatorRow) -> tuple[Levels, Levels]:
        there = row.level1, row.level2
        return there, printed_levels(row, self.draft.edition)
