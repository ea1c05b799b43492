"""The page on which another table's values are brought into a draft, as data; and what is posted from it.

Controls: ``take:<key>`` (keep, take, add), ``text:<key>:<column>``, ``level:<key>``; ``years`` the groups of
years that move on, ``shown_years`` those with which the page was drawn: a text that still says what was
drawn follows the years, one that a person changed stays as they wrote it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from declarations.filling.bringing.bringing import BringingDecision
from declarations.filling.bringing.rollforward import (
    ADD,
    KEEP,
    TAKE,
    Levels,
    Rollforward,
    RollforwardOffer,
    RollforwardPart,
    Value,
)
from declarations.filling.bringing.yearwords import year_occurrences
from declarations.sheet.table import LONGEST_TEXT, Table, clean_text

CONTEXT = 12
"""Characters shown on either side of a year."""
PLACES_SHOWN = 6


@dataclass(frozen=True)
class YearPlace:
    """A place where a year would move on, with what stands around it."""

    label: str
    before: str
    old: str
    new: str
    after: str


@dataclass
class YearGroup:
    """All places with the same year in the same form; ``is_on``: a person wants them moved."""

    group: str
    new: str
    is_on: bool
    places: list[YearPlace] = field(default_factory=list)

    @property
    def shown(self) -> list[YearPlace]:
        return self.places[:PLACES_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.places) - PLACES_SHOWN)


@dataclass(frozen=True)
class ValueView:
    value: Value
    text: str
    control: str

    @property
    def is_edited(self) -> bool:
        return self.text != self.value.text


@dataclass(frozen=True)
class OfferView:
    offer: RollforwardOffer
    action: str
    values: list[ValueView]
    level: str = ""
    options: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def actions(self) -> list[tuple[str, str, bool]]:
        """What may be decided: (value, words, whether it is)."""
        words = {KEEP: "保留现有内容", TAKE: "改为带入的内容", ADD: "另加一行"}
        if self.offer.has_room:
            words = {TAKE: "带入", KEEP: "不带入"}
        elif not self.offer.is_row:
            words.pop(ADD)
        return [(action, text, action == self.action) for action, text in words.items()]


@dataclass(frozen=True)
class PartView:
    """``differing``: what there is to decide; ``same``: what the draft says too; ``only_here``: rows that only the
    draft has, which stay as they are."""

    title: str
    has_rows: bool
    differing: list[OfferView]
    same: list[OfferView]
    only_here: int


@dataclass(frozen=True)
class Posted:
    """What was decided on the page."""

    decisions: dict[str, BringingDecision]
    years: frozenset[str]


def read_decisions(post: QueryDict, source: Table, draft: Table) -> Posted:
    """The decisions of a posted page; what it does not name is kept as it is."""
    years = frozenset(post.getlist("years"))
    shown = Rollforward(source, draft, post.getlist("shown_years")).offers
    return Posted({key: _decision(post, offer) for key, offer in shown.items()}, years)


def all_of(button: str, posted: Posted, source: Table, draft: Table) -> Posted:
    """With every offer of a part taken or kept, where a button says so: ``take|绩效指标``."""
    action, _, title = button.partition("|")
    if action not in (KEEP, TAKE):
        return posted
    part = [part for part in Rollforward(source, draft).parts if part.title == title]
    keys = {offer.key for each in part for offer in each.offers if not offer.is_same}
    decisions = {k: replace(d, action=action) if k in keys else d for k, d in posted.decisions.items()}
    return Posted(decisions, posted.years)


def _decision(post: QueryDict, offer: RollforwardOffer) -> BringingDecision:
    texts = {}
    for value in offer.values:
        typed = post.get(f"text:{offer.key}:{value.column}")
        if typed is not None and clean_text(typed) != value.text:
            texts[value.column] = clean_text(typed)[:LONGEST_TEXT]
    action = post.get(f"take:{offer.key}", KEEP)
    return BringingDecision(
        action if action in (KEEP, TAKE, ADD) else KEEP, texts, _levels(post.get(f"level:{offer.key}"))
    )


def _levels(text: str | None) -> Levels | None:
    level1, bar, level2 = (text or "").partition("|")
    return (level1, level2) if bar else None


def part_views(offers: Rollforward, decisions: Mapping[str, BringingDecision] | None) -> list[PartView]:
    """The parts of the page; ``decisions`` None: as it is first drawn."""
    return [_part(offers.draft, part, decisions) for part in offers.parts]


def _part(draft: Table, part: RollforwardPart, decisions: Mapping[str, BringingDecision] | None) -> PartView:
    drawn = [_view(draft, offer, _of(offer, decisions)) for offer in part.offers]
    grid = part.offers[0].grid
    matched = sum(bool(offer.target) for offer in part.offers)
    return PartView(
        part.title,
        has_rows=bool(grid),
        differing=[view for view in drawn if not view.offer.is_same],
        same=[view for view in drawn if view.offer.is_same],
        only_here=len(draft.rows[grid]) - matched if grid else 0,
    )


def _of(offer: RollforwardOffer, decisions: Mapping[str, BringingDecision] | None) -> BringingDecision:
    return BringingDecision(offer.default) if decisions is None else decisions.get(offer.key, BringingDecision(KEEP))


def _view(draft: Table, offer: RollforwardOffer, decision: BringingDecision) -> OfferView:
    values = [
        ValueView(value, decision.texts.get(value.column, value.text), f"text:{offer.key}:{value.column}")
        for value in offer.values
    ]
    if offer.levels is None:
        return OfferView(offer, decision.action, values)
    level = decision.levels or offer.levels[1]
    known = list(draft.form.levels)
    options = known if level in known else [level, *known]
    choices = [("|".join(each), " / ".join(filter(None, each)) or "（未填）", each == level) for each in options]
    return OfferView(offer, decision.action, values, "|".join(level), choices)


def year_groups(source: Table, draft: Table, chosen: frozenset[str]) -> list[YearGroup]:
    """The years in the other table's texts that could move on, those in most places first."""
    offers = Rollforward(source, draft)
    if not offers.years:
        return []
    found: dict[str, YearGroup] = {}
    places: dict[str, int] = defaultdict(int)
    for offer in offers.offers.values():
        for value in offer.values:
            for place in year_occurrences(value.text, offers.years) if value.is_long else ():
                group = found.setdefault(place.group, YearGroup(place.group, place.new, place.group in chosen))
                group.places.append(_place(offer, value, place))
                places[place.group] += 1
    return sorted(found.values(), key=lambda group: -places[group.group])


def _place(offer: RollforwardOffer, value: Value, place) -> YearPlace:
    label = f"{offer.label} {value.label}" if offer.is_row else value.label
    before = " ".join(value.text[max(0, place.start - CONTEXT) : place.start].split())
    return YearPlace(label, before, place.old, place.new, " ".join(value.text[place.end : place.end + CONTEXT].split()))
