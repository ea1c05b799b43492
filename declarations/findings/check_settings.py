"""How a cycle's bureau wants the checks: severity, thresholds, word lists; each change with its reason.

`overrides_of` turns the settings into what a `checks.Context` takes; `standing_checks` is what the page for the
bureau shows; `change_check` writes the next line of the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from declarations.checks import CATALOGUE, Check, Context
from declarations.checks.catalogue import Parameter, in_code_order
from declarations.models import CheckSetting, Cycle, Level, User
from declarations.sheet.problems import Severity
from declarations.sheet.totals import TotalsGroup

Value = Any
"""Of a parameter: a Decimal, an int or a tuple of words, as its default is."""
BALANCES = {"basic_expenditure": "B01", "special_funds": "B02"}
"""The check that compares two sums of the form, by the first field of the pair."""


@dataclass(frozen=True)
class Overrides:
    """What differs from the catalogue in one cycle, in the words of `checks.Context`."""

    severities: Mapping[str, Severity]
    parameters: Mapping[str, Mapping[str, Any]]
    off: Mapping[str, str]


@dataclass(frozen=True)
class StandingCheck:
    """A check as it stands in a cycle. ``values``: each parameter with its value in force."""

    check: Check
    setting: CheckSetting | None
    level: Level
    values: tuple[tuple[Parameter, Value], ...]

    @property
    def is_changed(self) -> bool:
        return self.level != Level(self.check.severity.value) or any(p.default != value for p, value in self.values)


def levels_of(check: Check) -> list[Level]:
    """The levels that a bureau may choose. What the regulations demand (E) may be let pass with a reason (W), but it
    can be neither hidden nor switched off."""
    return [Level.ERROR, Level.WARNING] if check.severity is Severity.ERROR else list(Level)


def overrides_of(settings: Iterable[CheckSetting]) -> Overrides:
    """Of the newest settings of a cycle; one that the catalogue does not know any more is as if it were not there."""
    severities, parameters, off = {}, {}, {}
    for setting in settings:
        check = CATALOGUE.get(setting.code)
        if check is None:
            continue
        stands = stands_as(check, setting)
        if stands.level == Level.OFF:
            off[check.code] = setting.reason
        else:
            severities[check.code] = Severity(stands.level)
        parameters[check.code] = {p.name: to_json(value) for p, value in stands.values if value != p.default}
    return Overrides(severities, parameters, off)


def standing_checks(cycle: Cycle) -> list[StandingCheck]:
    """Every check of the catalogue, in its order."""
    settings = CheckSetting.objects.filter(cycle=cycle).select_related("author").newest()
    newest = {setting.code: setting for setting in settings}
    return [stands_as(check, newest.get(check.code)) for check in in_code_order()]


def stands_as(check: Check, setting: CheckSetting | None) -> StandingCheck:
    level = Level(check.severity.value)
    if setting and setting.level in levels_of(check):
        level = Level(setting.level)
    given = setting.parameters if setting else {}
    return StandingCheck(
        check, setting, level, tuple((p, read_parameter(p, given.get(p.name))) for p in check.parameters)
    )


def read_parameter(parameter: Parameter, kept: Any) -> Value:
    """A kept value; the default where there is none, or one that the parameter does not take any more."""
    if kept is None:
        return parameter.default
    try:
        return parameter.read(kept)
    except (ValueError, TypeError):
        return parameter.default


def tolerance_of(block: tuple[TotalsGroup, ...], context: Context) -> Decimal:
    """Return the 万元 by which a pair of sums may differ where a table is checked in ``context``."""
    check = CATALOGUE[BALANCES[block[0].key]]
    [tolerance] = check.parameters
    return read_parameter(tolerance, context.parameters.get(check.code, {}).get(tolerance.name))


def to_json(value: Value) -> Any:
    """A value as JSON keeps it: words as a list, numbers as text, so that no digit is lost."""
    return list(value) if isinstance(value, tuple) else str(value)


@transaction.atomic
def change_check(
    cycle: Cycle,
    check: Check,
    user: User,
    reason: str,
    *,
    level: Level,
    values: Mapping[str, Value],
    seen: int | None = None,
) -> CheckSetting:
    """The next line of a check's history. ``values`` by name of the parameter; ``seen``: the line the person saw.

    Raises `Unchanged` or `Overtaken`, having written nothing.
    """
    about = {"cycle": cycle, "code": check.code}
    kept = {p.name: to_json(values[p.name]) for p in check.parameters if values.get(p.name, p.default) != p.default}
    chosen = {"level": "" if level == Level(check.severity.value) else level.value, "parameters": kept}
    CheckSetting.changes(about, chosen, seen=seen, first=CheckSetting())
    return CheckSetting.objects.create(**about, **chosen, author=user, reason=reason)


def defaults_of(check: Check) -> dict[str, Any]:
    """The arguments of `change_check` that lead back to the catalogue."""
    return {"level": Level(check.severity.value), "values": {p.name: p.default for p in check.parameters}}
