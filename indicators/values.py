"""Target values as people write them: ``≥98%``, ``3-5次``, ``2026年12月31日前``, ``高质量完成各项工作``.

`parse` says what it understood and where in the text; it alters nothing, and what it does not
understand stays text. Numbers keep the scale they were written in: ``3.5万元`` is 3.5 of unit 万元.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from indicators import value_grammar


class ValueKind(StrEnum):
    """What a target value is."""

    NUMBER = "数值"
    PERCENT = "比率"
    RATIO = "比例"
    DATE = "日期"
    COMPARISON = "与上年比较"
    TEXT = "定性描述"
    NONE = "无"


class Direction(StrEnum):
    """Whether a number is a change against an earlier state: 增长5%, 下降3%."""

    UP = "增长"
    DOWN = "下降"


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as it was written; ``closes``: a time limit (…前, …底), not only a mention.

    ``every`` is 每月 (次月, 当月, 下月) where only the day of some month is given.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    closes: bool = False
    every: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a value promises.

    ``text`` is the slice ``[start:end]`` as written. ``operator`` is one of ≥ > ≤ < = ≈ ± or empty.
    ``numbers`` holds one number, the two ends of a range, or the two sides of a ratio; percentages
    count in ``unit`` (% ‰ ‱), so 98.5% is 98.5. A comparison (不低于上年水平) has an operator and no
    number: it cannot be measured without last year's table. ``subject`` is the text between the
    target before and this one, ``rest`` what follows the last of them, both without the words understood.
    """

    kind: ValueKind
    text: str
    start: int
    end: int
    operator: str = ""
    numbers: tuple[Decimal, ...] = ()
    unit: str = ""
    date: Date | None = None
    direction: Direction | None = None
    subject: str = ""
    rest: str = ""

    @property
    def is_measurable(self) -> bool:
        return self.kind not in (ValueKind.TEXT, ValueKind.NONE, ValueKind.COMPARISON)

    @property
    def is_range(self) -> bool:
        return len(self.numbers) == 2 and self.kind is not ValueKind.RATIO


LONGEST = 2_000
"""Characters that are looked at: a longer text is a description, whatever numbers come later in it."""
REMEMBERED = 100
"""Characters up to which a value is likely to come again (100%, ≥95%): those are parsed once."""


def parse(text: str) -> tuple[Target, ...]:
    """Everything the value promises, in the order written; () for an empty one.

    A value without number or date is one target of kind TEXT, or NONE where it says 无.
    """
    return _remembered(text) if len(text) <= REMEMBERED else _parse(text)


def _parse(text: str) -> tuple[Target, ...]:
    if not text.strip():
        return ()
    if is_nothing(text):
        return (Target(ValueKind.NONE, text, 0, len(text)),)
    plain = text[:LONGEST].translate(value_grammar.FOLD)
    found = _scan(text, plain) if value_grammar.MAY_COUNT.search(plain) else []
    return tuple(found) or (Target(ValueKind.TEXT, text, 0, len(text)),)


_remembered = lru_cache(maxsize=4096)(_parse)


def is_nothing(text: str) -> bool:
    """Whether a text says that there is nothing: 无, 暂无, 不涉及, ``/``."""
    return text.strip(" \t\r\n\u3000。.") in value_grammar.NOTHING


def _scan(text: str, plain: str) -> list[Target]:
    masked = value_grammar.MASKED.sub(lambda match: "\0" * len(match[0]), plain)
    cores = [core for core in value_grammar.CORE.finditer(masked) if not core["last"] or _is_comparison(masked, core)]
    targets: list[Target] = []
    end = 0
    for i, core in enumerate(cores):
        limit = cores[i + 1].start() if i + 1 < len(cores) else len(text)
        target = _target(text, masked, core, end, limit, is_last=i + 1 == len(cores))
        targets.append(target)
        end = target.end
    return targets


def _is_comparison(plain: str, core: re.Match[str]) -> bool:
    """Last year is a target where something is held against it, not where it is only mentioned."""
    level = value_grammar.LEVEL.match(plain, core.end())
    return level is not None or value_grammar.PREFIX.search(plain[: core.start()]) is not None


def _target(text: str, plain: str, core: re.Match[str], begin: int, limit: int, *, is_last: bool) -> Target:
    """The target around ``core``; the text from ``begin`` to ``limit`` is its own."""
    before, after = plain[begin : core.start()], plain[core.end() : limit]
    prefix, suffix = value_grammar.PREFIX.search(before), value_grammar.SUFFIX.match(after)
    level = value_grammar.LEVEL.match(after) if core["last"] else None
    is_rank = prefix is None and before.endswith("前") and core["unit"] in RANKED
    start = core.start() - is_rank
    if prefix is not None and prefix["operator"] not in value_grammar.REACHED:
        start = begin + prefix.start()
    closing = suffix or level
    end = core.end() + (closing.end() if closing else 0)
    operator = value_grammar.nearer_operator(prefix, suffix) or _operator_of_core(core, is_rank=is_rank)
    operator = operator or ("=" if level else "")
    kind, numbers, unit, date = _meaning(core)
    if date and suffix and suffix["by"]:
        date, operator = _closed(date), ""
    return Target(
        kind=kind,
        text=text[start:end],
        start=start,
        end=end,
        operator=operator,
        numbers=numbers,
        unit=unit,
        date=date,
        direction=_direction(before) if kind in (ValueKind.NUMBER, ValueKind.PERCENT) else None,
        subject=text[begin:start].strip(value_grammar.EDGES),
        rest=text[end:].strip(value_grammar.EDGES) if is_last else "",
    )


RANKED = ("名", "位", None)


def _operator_of_core(core: re.Match[str], *, is_rank: bool) -> str:
    """前3名 bounds a rank from above; 3000余人 is about as many."""
    return "≤" if is_rank and core["from"] else "≈" if core["more"] else ""


def _meaning(core: re.Match[str]) -> tuple[ValueKind, tuple[Decimal, ...], str, Date | None]:
    if core["date"]:
        return ValueKind.DATE, (), "", _date(core)
    if core["last"]:
        return ValueKind.COMPARISON, (), "", None
    if core["parts"]:
        whole, part = value_grammar.chinese_number(core["whole"]), value_grammar.chinese_number(core["part"])
        unit = value_grammar.FRACTIONS.get(core["whole"])
        return (ValueKind.PERCENT, (part,), unit, None) if unit else (ValueKind.RATIO, (part, whole), "", None)
    if core["ratio"]:
        return ValueKind.RATIO, (Decimal(core["left"]), Decimal(core["right"])), "", None
    if core["tenths"]:
        return ValueKind.PERCENT, (value_grammar.chinese_number(core["tenths"]) * 10,), "%", None
    if core["zero"]:
        return ValueKind.NUMBER, (Decimal(0),), "", None
    if core["spelt"]:
        return ValueKind.NUMBER, (value_grammar.chinese_number(core["spelt"]),), core["spelt_unit"], None
    numbers = tuple(_number(core[name]) for name in ("from", "to") if core[name])
    unit = "".join((core["to_unit"] or core["unit"] or "").split())
    kind = ValueKind.PERCENT if unit in ("%", "‰", "‱") else ValueKind.NUMBER
    return kind, numbers, unit, None


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "").replace(" ", ""))


def _date(core: re.Match[str]) -> Date:
    year, month, day = (core[f"y{i}"] or core[f"z{i}"] or "" for i in (1, 2, 3))
    month = month or core["m4"] or ""
    day = day or core["d4"] or core["d5"] or ""
    if half := core["half1"] or core["half2"]:
        return Date(int(year) if year else None, 6 if half.startswith("上") else 12, closes=True)
    if quarter := core["quarter"] or core["alone"]:
        month = str(value_grammar.QUARTER_ENDS[quarter])
    end = core["end"] or ""
    if not month and end.startswith("年"):
        month = "12"
    year_end = bool(core["y1"]) and not month and core["edge"] in ("底", "末", "内")
    in_full = (year, "12" if year_end else month, day)
    year_number, month_number, day_number = (int(part) if part else None for part in in_full)
    closes, every = bool(core["edge"] or end), core["every"] or ""
    return Date(year_number, month_number, day_number, closes=closes, every=every)


def _closed(date: Date) -> Date:
    return replace(date, closes=True)


def _direction(before: str) -> Direction | None:
    """The growth word in the clause that leads up to a number; 提高到 names a level, not a change."""
    clause = value_grammar.CLAUSE_END.split(before)[-1]
    match = value_grammar.GROWTH.search(clause)
    return (Direction.UP if match["up"] else Direction.DOWN) if match else None
