"""What a person decided of the offers of another table (see `rollforward`), as texts to put into the draft."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from declarations.filling.bringing.rollforward import RollforwardOffer, Value
from declarations.sheet.controls import control_name
from declarations.sheet.levels import LEVELS, Levels
from declarations.sheet.table import Table


@dataclass(frozen=True)
class BringingDecision:
    """What a person decided of an offer: ``texts`` by column where edited, ``levels`` where chosen."""

    action: str
    texts: dict[str, str] = field(default_factory=dict)
    levels: Levels | None = None


@dataclass(frozen=True)
class Put:
    """A value to be put: into which control, what, and whether the person wrote it themselves."""

    name: str
    text: str
    value: Value
    is_edited: bool


@dataclass
class Bringing:
    """Everything that is to be put, as `drafts.Changes` wants it; ``new``: ids of added rows by grid."""

    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    new: dict[str, list[str]] = field(default_factory=dict)
    puts: list[Put] = field(default_factory=list)

    def take(self, offer: RollforwardOffer, decision: BringingDecision, row: str, is_new: bool) -> None:
        """Puts an offer into the row (empty: a single value) that it is decided for."""
        texts: dict[str, object] = {}
        for value in offer.values:
            text = decision.texts.get(value.column, value.text)
            if (text == value.now and not is_new) or not (text or value.column in decision.texts):
                continue
            texts[value.column] = text
            name = control_name(offer.grid, row, value.column) if row else offer.key
            self.puts.append(Put(name, text, value, text != value.text))
        if not row:
            self.fields |= {offer.key: texts[offer.key]} if texts else {}
            return
        if offer.levels and (is_new or decision.levels):
            texts |= dict(zip(LEVELS, decision.levels or offer.levels[1], strict=True))
        if is_new:
            texts |= {"is_optional": True} if offer.is_optional else {}
            self.new.setdefault(offer.grid, []).append(row)
        if texts:
            self.rows.setdefault(offer.grid, {})[row] = texts


def in_order(draft: Table, grid: str, rows: dict[str, dict[str, object]], new: Collection[str]) -> list[str]:
    """All ids of a grid, each new indicator after the last one of its kind or of a kind printed before it."""
    ranks = {levels: rank for rank, levels in enumerate(draft.form.levels)}
    if grid != "indicators":
        return [*(row.id for row in draft.key_tasks), *new]
    order = [(row.id, ranks.get((row.level1, row.level2), -1)) for row in draft.indicators]
    for key in new:
        level1, level2 = (str(rows[key].get(name, "")) for name in LEVELS)
        rank = ranks.get((level1, level2), len(ranks))
        at = max((i + 1 for i, (_, other) in enumerate(order) if other <= rank), default=0)
        order.insert(at, (key, rank))
    return [key for key, _ in order]
