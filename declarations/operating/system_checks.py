"""Django's system checks: the editions of the official table agree with the models and with themselves, and the
tables keyed by State, Role or Action are complete.

A model says what a field is, an edition where it sits; these checks find where the two part ways
before anybody opens a page.

E001 a field has no counterpart in the models · E002 … one of another type · E003 a label that is not
the model's · E004 an edition places an unknown field · E005 … or one field twice · E006 columns outside
the form or over one another · E007 an amount without unit, or a unit without amount · E008 a grid or the
taxonomy is missing or repeats itself · E009 editions with a wrong code or with the same years ·
E010 a table that forgets a state, a role or an action · E011 a state without a way to it or out of it, an
action without a move · E012 two moves of one action that say different things of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from declarations.models import Action, State
from declarations.people.moves import MOVES, Move
from declarations.sheet import totality
from declarations.sheet.official import EDITIONS, Edition
from declarations.sheet.official.fields import FIELDS, ROW_FIELDS, FieldKind
from declarations.sheet.official.labels import VARIANTS, label_key
from declarations.sheet.official.shape import Grid, Heading, Item
from declarations.sheet.units import LIMIT

MODELS = {"": "Declaration", "key_tasks": "KeyTask", "indicators": "Indicator"}
RESERVED = frozenset({"id", "extra", "is_optional"})
TYPES: dict[FieldKind, tuple[type[models.Field], ...]] = {
    FieldKind.TEXT: (models.TextField, models.CharField, models.ForeignKey),
    FieldKind.LEVEL: (models.TextField, models.CharField),
    FieldKind.COUNT: (models.PositiveIntegerField,),
    FieldKind.WAN: (models.DecimalField,),
    FieldKind.YUAN: (models.DecimalField,),
}


def editions_agree_with_models(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    found = list(_fields())
    for code, edition in EDITIONS.items():
        found += _edition(code, edition)
    return [*found, *_years()]


def system_error(number: int, message: str, hint: str = "") -> Error:
    return Error(message, hint=hint or None, id=f"declarations.E{number:03}")


# --- fields and models ---------------------------------------------------------------------------


def _fields() -> Iterator[Error]:
    for grid, fields in {"": FIELDS, **ROW_FIELDS}.items():
        for name, kind in fields.items():
            field = model_field(grid, name)
            where = f"{MODELS[grid]}.{name}"
            if field is None:
                yield system_error(1, f"{where} is a field of the official table but not of the model")
            elif not isinstance(field, TYPES[kind]) or not _keeps_cents(field, kind):
                yield system_error(
                    2, f"{where} should keep {kind.value}, but is {type(field).__name__}", _digits(field)
                )


def model_field(grid: str, name: str) -> models.Field | None:
    try:
        return apps.get_model("declarations", MODELS[grid])._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _keeps_cents(field: models.Field, kind: FieldKind) -> bool:
    """Whether an amount field has the places of its unit, digits up to the limit, and may be empty."""
    if not isinstance(field, models.DecimalField):
        return True
    places = -int(kind.kept_in.quantum.as_tuple().exponent) if kind.kept_in else 0
    whole = len(str(LIMIT - 1))
    return field.decimal_places == places and field.max_digits - places >= whole and field.null


def _digits(field: models.Field) -> str:
    if not isinstance(field, models.DecimalField):
        return ""
    return f"max_digits={field.max_digits}, decimal_places={field.decimal_places}, null={field.null}"


# --- one edition ---------------------------------------------------------------------------------


def _edition(code: str, edition: Edition) -> Iterator[Error]:
    who = f"edition {code}"
    if edition.code != code:
        yield system_error(9, f"{who} calls itself {edition.code}")
    single = [item for section in edition.sections if not isinstance(section, Grid) for item in section.items]
    yield from _items(who, "", single)
    for grid in edition.grids.values():
        yield from _items(f"{who}, {grid.name}", grid.rows, grid.columns)
    for line in _lines(edition):
        yield from _columns(who, line, len(edition.widths))
    yield from _arrangement(who, edition)


def _items(who: str, grid: str, items: Iterable[Item]) -> Iterator[Error]:
    """What is wrong with the items of one place: ``grid`` is empty for the single values."""
    items = list(items)
    for name, times in Counter(item.field for item in items).items():
        if times > 1:
            yield system_error(5, f"{who} places {name} {times} times")
    for item in items:
        kind = ROW_FIELDS[grid].get(item.field, FieldKind.TEXT) if grid else FIELDS.get(item.field)
        if kind is None or item.field in RESERVED:
            yield system_error(
                4, f"{who} places {item.field}, which is no field", "name it in declarations.sheet.official.fields"
            )
            continue
        if bool(item.unit) != bool(kind.kept_in):
            yield system_error(7, f"{who}: {item.field} is {kind.value}, its unit is {item.unit or 'not stated'}")
        yield from _label(who, grid, item)


def _label(who: str, grid: str, item: Item) -> Iterator[Error]:
    """A field of the models is printed under its verbose_name or a known variant of it."""
    field = model_field(grid, item.field)
    if field is None:
        return
    known = {label_key(label) for label in (field.verbose_name, *VARIANTS.get(item.field, ()))}
    if not {label_key(item.label), label_key(item.text)} & known:
        hint = f"the model calls it {field.verbose_name}; another spelling belongs in labels.VARIANTS"
        yield system_error(3, f"{who} prints {item.field} as {item.label}", hint)


def _lines(edition: Edition) -> Iterator[tuple[Heading | Item, ...]]:
    for section in edition.sections:
        yield from (section.columns,) if isinstance(section, Grid) else section.lines


def _columns(who: str, line: tuple[Heading | Item, ...], width: int) -> Iterator[Error]:
    """The first column holds the label of the section: values and labels share the others."""
    taken = Counter(column for place in line for at in _places(place) for column in _span(at))
    for place in line:
        if not all(1 < column <= width for at in _places(place) for column in _span(at)):
            yield system_error(
                6, f"{who}: {place.at} of {_name(place)} lies outside the columns B to {chr(64 + width)}"
            )
    if any(times > 1 for times in taken.values()):
        yield system_error(6, f"{who}: columns overlap in the line {'、'.join(map(_name, line))}")


def _name(place: Heading | Item) -> str:
    return place.text if isinstance(place, Heading) else place.field


def _places(place: Heading | Item) -> list[str]:
    label_at = place.label_at if isinstance(place, Item) else ""
    return [at for at in (label_at, place.at) if at]


def _span(at: str) -> range:
    first, _, last = at.partition(":")
    return range(ord(first) - 64, ord(last or first) - 63)


def _arrangement(who: str, edition: Edition) -> Iterator[Error]:
    missing = {"key_tasks", "indicators"} - edition.grids.keys()
    if missing:
        yield system_error(8, f"{who} has no grid {'、'.join(sorted(missing))}")
    kinds = Counter(kind for _, kinds in edition.taxonomy for kind in kinds)
    if not kinds:
        yield system_error(8, f"{who} has no taxonomy")
    for kind, times in kinds.items():
        if times > 1:
            yield system_error(8, f"{who} arranges {kind} {times} times")


def _years() -> Iterator[Error]:
    for one, other in combinations(EDITIONS.values(), 2):
        first = max(one.years[0], other.years[0])
        if one.serves(first) and other.serves(first):
            yield system_error(9, f"the editions {one.code} and {other.code} both serve {first}")


# --- states, roles and actions -------------------------------------------------------------------


def tables_are_total(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """Every table keyed by State, Role or Action knows all its members, and the moves lead everywhere and back."""
    found = [
        system_error(
            10, f"{table.name} says nothing of {'、'.join(map(str, table.missing))}", "add the entry, see the table"
        )
        for table in totality.incomplete()
    ]
    return [*found, *_moves(MOVES)]


def _moves(moves: Sequence[Move]) -> Iterator[Error]:
    reached = {move.target for move in moves} | {State.DRAFT}
    for state in State:
        if state not in reached:
            yield system_error(
                11, f"no move leads to the state {state}", "add a row to declarations.people.moves.MOVES"
            )
        if not any(state in move.sources for move in moves):
            yield system_error(
                11, f"no move leads out of the state {state}", "add a row to declarations.people.moves.MOVES"
            )
    done = {move.action for move in moves}
    for action in Action:
        if action not in done and not action.is_of_import:
            yield system_error(11, f"no move takes the action {action}", "add a row to declarations.people.moves.MOVES")
    for one, other in combinations(moves, 2):
        if one.action == other.action and one.said != other.said:
            yield system_error(
                12, f"two moves {one.action} say different things of it", "an action says one thing of itself"
            )
