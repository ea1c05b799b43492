"""The rows of the two grids: the head says which column holds what, and every column owns its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from declarations.files.opening.sheet import Why
from declarations.files.reading.asides import MEASURED, is_page_mark, is_sum, is_title, line_asides
from declarations.files.reading.columns import Columns
from declarations.files.reading.heads import MEASURE, SERIAL, SIGN, UNKNOWN, Cells, Head
from declarations.files.reading.ledger import FoundValue, Ledger
from declarations.files.reading.levels import Levels
from declarations.files.reading.lines import needs_unit
from declarations.files.reading.vocabulary import Vocabulary
from declarations.sheet.official.labels import fold_text
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.taxonomy import kind_of

VALUES = ("cycle_value", "annual_value")
MEASURED_FIELDS = (*VALUES, "funding")
"""Whose cells may hold a sign, a number and a unit beside each other."""


@dataclass(slots=True)
class Grids:
    """The rows found so far, the heads by grid, and what the last line was."""

    words: Vocabulary
    ledger: Ledger
    columns: Columns
    levels: Levels
    rows: dict[str, list[dict[str, FoundValue]]] = field(
        default_factory=lambda: {"key_tasks": [], "optional_tasks": [], "indicators": []}
    )
    heads: dict[str, Head] = field(default_factory=dict)
    _fresh: str = ""
    _aside: Why | None = None

    def begin(self, grid: str, row: int, cells: Cells, keys: list[str]) -> None:
        """Take a row as the head of a grid."""
        self._keep_head(grid, self.columns.head(grid, row, cells, keys))
        self._fresh = grid

    def _keep_head(self, grid: str, head: Head) -> None:
        self.heads[grid] = head
        if grid == "key_tasks":
            self.heads["optional_tasks"] = head

    def read_row(self, section: str, row: int, cells: Cells, keys: list[str]) -> None:
        """Take a row below a head; what is no content is left out and said."""
        fresh, self._fresh = self._fresh, ""
        head = self.heads.get(section)
        if not head:
            self._without_head(row, cells)
        elif fresh and (second := self.columns.second_head(fresh, head, row, cells, keys)):
            self._keep_head(fresh, second)
        elif not self._is_aside(head, row, cells, keys):
            self._aside = None
            self._content(section, head, row, cells, keys)

    # --- lines that are no content ---

    def _is_aside(self, head: Head, row: int, cells: Cells, keys: list[str]) -> bool:
        own = [cell for cell in cells if head.owner(cell[0]) != SERIAL] or cells if head.others else cells
        column, value = own[0]
        texts = [str(text) for _, text in own]
        if is_sum(texts[0]):
            self._leave_sum(_found(row, cells))
        elif is_page_mark(texts[0]) and all(map(is_page_mark, texts)) and (len(texts) > 1 or column < head.name):
            self.ledger.leave_out(Why.PAGE_MARK, *_found(row, cells))
        elif len(cells) == 1 and is_title(texts[0]):
            self.ledger.leave_out(Why.TITLE, *_found(row, cells))
        elif whys := self._asides(own, texts, keys):
            self._leave_aside(whys, _found(row, own))
        elif len(own) == 1 and column < head.first and not self._is_level(keys[0]):
            self._leave_outside(FoundValue(value, row, column))
        else:
            return False
        return True

    def _asides(self, own: Cells, texts: list[str], keys: list[str]) -> list[Why]:
        whys = line_asides(texts, lambda: any(MEASURED.search(text) for text in texts[1:]))
        if not whys and self._aside and len(own) == 1 and not self._is_level(keys[0]):
            return [self._aside]
        return whys

    def _is_level(self, key: str) -> bool:
        return kind_of(key) is not None or key in self.words.first_levels

    def _leave_sum(self, found: list[FoundValue]) -> None:
        first = next(one for one in found if is_sum(str(one.value)))
        self.ledger.leave_out(Why.SUM_ROW, *found)
        self.ledger.say("R07", Severity.INFO, f"“{shorten_text(str(first.value))}”一行是合计，未读入", first.cell)

    def _leave_aside(self, whys: list[Why], found: list[FoundValue]) -> None:
        self._aside = whys[0]
        for why, one in zip(whys, found, strict=True):
            self.ledger.leave_out(why, one)
            self._say_outside(one)

    def _leave_outside(self, found: FoundValue) -> None:
        self.ledger.leave_out(Why.NOTE, found)
        self._say_outside(found)

    def _say_outside(self, found: FoundValue) -> None:
        text = shorten_text(self.ledger.text_of(found) or str(found.value))
        self.ledger.say("R07", Severity.INFO, f"“{text}”在表格之外，未读入", found.cell)

    def _without_head(self, row: int, cells: Cells) -> None:
        for column, value in cells:
            found, text = FoundValue(value, row, column), str(value)
            if is_page_mark(text) or is_title(text):
                self.ledger.leave_out(Why.PAGE_MARK if is_page_mark(text) else Why.TITLE, found)
            else:
                self.ledger.leave_out(Why.STRAY, found)
                self.ledger.say("R09", Severity.WARNING, f"“{shorten_text(text)}”上方没有列标题，未读入", found.cell)

    # --- content ---

    def _content(self, section: str, head: Head, row: int, cells: Cells, keys: list[str]) -> None:
        shift = head.shift(cells, keys, self.words.first_levels)
        values: dict[str, FoundValue] = {}
        hidden = self.ledger.sheet.hidden_columns
        for column, value in cells:
            place, found = column + shift, FoundValue(value, row, column, head.unit)
            name = head.owner(place)
            if column in hidden and not head.has_own(place):
                self.ledger.leave_out(Why.HIDDEN_COLUMN, found)
                self.ledger.say(
                    "R12", Severity.INFO, f"隐藏列中的“{shorten_text(str(value))}”没有列标题，未读入", found.cell
                )
            elif name in (SERIAL, UNKNOWN):
                self.ledger.leave_out(Why.SERIAL_NUMBER if name == SERIAL else Why.UNKNOWN_COLUMN, found)
            elif name in values:
                values[name] = self._joined(values[name], found, is_value=name in MEASURED_FIELDS)
            else:
                values[name] = found
        if MEASURE in values or SIGN in values:
            self._with_sign_and_unit(values)
        if section == "indicators":
            values = self.levels.complete(values)
        if values:
            self._ask_unit(head, values)
            self.rows[section].append(values)

    def _ask_unit(self, head: Head, values: dict[str, FoundValue]) -> None:
        funding = values.get("funding")
        if funding and head.amounts and funding.unit is None and needs_unit(funding.value):
            self.ledger.ask_unit(head.amounts)

    def _joined(self, first: FoundValue, second: FoundValue, *, is_value: bool) -> FoundValue:
        """Two cells under one head: ``≥`` and ``90``, ``90`` and ``%`` are one value; what else stands there is not."""
        before, after = self.ledger.text_of(first), self.ledger.text_of(second)
        if is_value and (before.strip() in SIGN_TEXTS or _is_unit_of(before, after)):
            return FoundValue(before.strip() + after.strip(), first.row, first.column, first.unit)
        self.ledger.leave_out(Why.STRAY, second)
        message = f"“{shorten_text(after)}”未读入：同一列前面已有一格"
        self.ledger.say("R09", Severity.WARNING, message, second.cell)
        return first

    def _with_sign_and_unit(self, values: dict[str, FoundValue]) -> None:
        """Join 指标符号 and 计量单位 to the values: 3200 and 亩 are ``3200亩``; what cannot be joined is left out."""
        unit, sign = values.pop(MEASURE, None), values.pop(SIGN, None)
        for part, join in ((unit, _with_unit), (sign, _with_sign)):
            if part is None:
                continue
            text, is_joined = self.ledger.text_of(part).strip(), False
            for name in VALUES:
                if name in values and (whole := join(self.ledger.text_of(values[name]), text)):
                    old = values[name]
                    values[name], is_joined = FoundValue(whole, old.row, old.column), True
            if not is_joined:
                self.ledger.leave_out(Why.UNKNOWN_COLUMN, part)


SIGN_TEXTS = frozenset("≥≤≧≦><=＝≈＞＜") | {">=", "<="}


def _found(row: int, cells: Cells) -> list[FoundValue]:
    return [FoundValue(value, row, column) for column, value in cells]


def _is_unit_of(value: str, unit: str) -> bool:
    """Whether a text is the unit of a number before it: no figures, short, none of the words for nothing."""
    unit = unit.strip()
    is_short = 0 < len(unit) <= 6 and not any(character.isdigit() for character in unit)
    return (
        is_short
        and bool(value.strip())
        and value.strip()[-1].isdigit()
        and fold_text(unit) not in ("-", "/", "无", "—")
    )


def _with_unit(value: str, unit: str) -> str:
    """The value with its unit, or "" where it is none: ``3200`` and 亩, ``90%`` and % (which it has already)."""
    if fold_text(value).endswith(fold_text(unit)):
        return value
    return f"{value.strip()}{unit}" if _is_unit_of(value, unit) else ""


def _with_sign(value: str, sign: str) -> str:
    if fold_text(value).startswith(fold_text(sign)):
        return value
    return f"{sign}{value.strip()}" if sign in SIGN_TEXTS and value.strip()[:1].isdigit() else ""
