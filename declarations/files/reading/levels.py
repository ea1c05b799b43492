"""一级指标 and 二级指标, which stand once for the rows below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from declarations.files.opening.sheet import LeftOut, Why
from declarations.files.reading.convert import as_level
from declarations.files.reading.ledger import FoundValue, Ledger
from declarations.files.reading.vocabulary import Vocabulary
from declarations.sheet.official.labels import bare_label, fold_text
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.taxonomy import KINDS, kind_of

POINTS = re.compile(r"[(（【\[](?:共|权重|分值|满分)?[:：]?\d+(?:\.\d+)?(?:分|%|％|分值)?[)）】\]]$|(?<=指标)\d+分$")
"""产出指标（50分）: the points of the level, which are no part of its name."""


@dataclass(slots=True)
class Levels:
    words: Vocabulary
    ledger: Ledger
    level1: FoundValue | None = None
    level2: FoundValue | None = None

    def complete(self, values: dict[str, FoundValue]) -> dict[str, FoundValue]:
        """Return the row with its levels, its own or those of a row above; {} for a category left empty."""
        level1, level2 = self._plain(values.pop("level1", None)), self._plain(values.pop("level2", None))
        if level1 and self.level1 and not _is_same(level1, self.level1):
            self.level2 = None
        self.level1, self.level2 = level1 or self.level1, level2 or self.level2
        if not values:
            self._leave_unknown(level1, level2)
            return {}
        levels = {"level1": self.level1, "level2": self.level2}
        return {name: found for name, found in levels.items() if found} | values

    def _plain(self, found: FoundValue | None) -> FoundValue | None:
        """A level as it is called, without what decorates it; its points are listed."""
        if found is None or not isinstance(found.value, str):
            return found
        if self._is_undecorated(found.value):
            return found
        printed = as_level(found.value)
        if self._is_undecorated(fold_text(printed)):
            return found
        name = POINTS.sub("", printed)
        if points := printed.removeprefix(name):
            self.ledger.left_out.append(LeftOut(found.cell, points, Why.POINTS))
        key = next((key for key in (bare_label(printed), bare_label(name)) if self._is_undecorated(key)), "")
        return replace(found, value=key or name or printed)

    def _is_undecorated(self, key: str) -> bool:
        return key in KINDS or key in self.words.first_levels

    def _is_known(self, key: str) -> bool:
        return key in self.words.first_levels or kind_of(key) is not None

    def _leave_unknown(self, *levels: FoundValue | None) -> None:
        """A text alone in the columns of the levels that is no level: a remark below the table, most likely."""
        for found in levels:
            if found and not self._is_known(fold_text(as_level(found.value))):
                self.ledger.leave_out(Why.STRAY, found)
                message = f"“{shorten_text(str(found.value))}”后面没有指标，未读入"
                self.ledger.say("R07", Severity.INFO, message, found.cell)


def _is_same(one: FoundValue, other: FoundValue) -> bool:
    return one.value == other.value or fold_text(one.value) == fold_text(other.value)
