"""Units of what is counted: V11."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.measures import plain_unit
from indicators.value_grammar import UNIT, words_of
from indicators.values import ValueKind

COUNTED_IN = {
    "人次": words_of("人次"),
    "人次数": words_of("人次"),
    "人数": words_of("人"),
    "次数": words_of("次 场次 场 批次 班次 期 起"),
    "场次": words_of("场次 场 次"),
    "户数": words_of("户"),
    "天数": words_of("天 日 个工作日 工作日 个自然日"),
    "面积": words_of("㎡ 亩 公顷 平方公里 平方千米 km² 立方米"),
    "里程": words_of("公里 米 里 m"),
}
ENDINGS = tuple(COUNTED_IN)
BRACKET = re.compile(rf"\((?:单位[::]?)?({UNIT})\)\s*$")


@enters(
    "V11",
    Severity.WARNING,
    "名称中的单位与指标值的单位不一致",
    "人次与人、场次与人数是不同的量，单位不一致无法考核（财预〔2021〕101号 指标设置）",
)
def units_differ(case: CheckedCase) -> Iterator[CheckFinding]:
    """Indicators, and what a task promises: 参加活动人次(人) ≥ 100人. A value without a unit says nothing."""
    for i, row in case.real:
        if row.name.rstrip().endswith((*ENDINGS, ")", "）")):
            yield from _unlike(case, f"indicators.{i}.annual_value", row.annual_value, row.name)
    for i, task in enumerate(case.table.key_tasks):
        yield from _unlike(case, f"key_tasks.{i}.expected_outcome", task.expected_outcome, "")


def _unlike(case: CheckedCase, path: str, text: str, name: str) -> Iterator[CheckFinding]:
    """The first figure whose unit is unlike the words before it, or unlike ``name`` where there are none."""
    for target in case.targets(text):
        if target.kind not in (ValueKind.NUMBER, ValueKind.PERCENT) or not target.unit:
            continue
        label = target.subject or name
        if wrong := unit_unlike(label, target.unit):
            message = (
                f"{case.place(path)}中“{shorten_text(target.text)}”的单位与“{shorten_text(label[-20:])}”的{wrong}不一致"
            )
            yield CheckFinding(path, message, "请统一单位：按人计的写“人数”“人”，按次累计的写“人次”。")
            return


@lru_cache(maxsize=4096)
def unit_unlike(label: str, unit: str) -> str:
    """The unit in a label that ``unit`` does not agree with, empty where they agree."""
    plain = unicodedata.normalize("NFKC", label).rstrip()
    unit = plain_unit(unit.split("/")[0])[0]
    if bracket := BRACKET.search(plain):
        written = plain_unit(bracket[1].split("/")[0])[0]
        if written != unit:
            return bracket[1]
        plain = plain[: bracket.start()].rstrip()
    ending = next((ending for ending in ENDINGS if plain.endswith(ending)), "")
    return ending if ending and unit not in COUNTED_IN[ending] else ""
