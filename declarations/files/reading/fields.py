"""The single values of a table: a label announces the value to its right."""

from __future__ import annotations

from dataclasses import dataclass, field

from declarations.files.opening.sheet import Value, Why
from declarations.files.reading.asides import is_page_mark, is_sum, is_title
from declarations.files.reading.heads import Cells
from declarations.files.reading.ledger import FoundValue, Ledger
from declarations.files.reading.likeness import NOTHING_LIKE_IT, Likeness, likely
from declarations.files.reading.lines import UNKNOWN, Label, SectionHead, SheetLine, label_of, needs_unit
from declarations.files.reading.vocabulary import AMOUNT_HEADS, Vocabulary, key_of
from declarations.sheet.official.fields import AMOUNTS, FIELDS, FieldKind
from declarations.sheet.official.labels import label_key, unit_in
from declarations.sheet.problems import Severity
from declarations.sheet.units import Unit, is_nothing, shorten_text


@dataclass(slots=True)
class Fields:
    """``known``: the fields whose label stands somewhere in the table under a known wording."""

    words: Vocabulary
    ledger: Ledger
    known: frozenset[str] = frozenset()
    labels: set[str] = field(default_factory=set)
    announced: set[str] = field(default_factory=set)
    items: dict[str, FoundValue] = field(default_factory=dict)
    goal_lines: list[FoundValue] = field(default_factory=list)
    sheet_unit: Unit | None = None
    _heads: list[SectionHead] = field(default_factory=list)
    _last: str = ""

    def read_row(self, row: int, cells: Cells, keys: list[str]) -> None:
        """Take the values of a row; what belongs to nothing is left out and said."""
        if any(key in self.words.headings for key in keys):
            self._headings(row, cells, keys)
            return
        names = [self._known_label(value, key) for (_, value), key in zip(cells, keys, strict=True)]
        line = SheetLine(row, cells, keys, names)
        label: Label | None = None
        position = 0
        for i in range(len(cells)):
            name = line.names[i] or self._guess(line, i, label.name if label else "")
            if name:
                self._give_up(label)
                label, position = self._label(name, line.found(i), position), position + 1
            elif label is None:
                self._beside(line, i)
            elif self._is_hidden_before_value(line, i):
                self._skip_hidden(line.found(i))
            else:
                self._take(label, line.found(i, label.unit))
                label = None

    def _give_up(self, label: Label | None) -> None:
        """An unknown label that is followed by another label has no value."""
        if label and label.name == UNKNOWN:
            self._leave(label.found)

    def _label(self, name: str, found: FoundValue, position: int) -> Label:
        unit, head = self._unit(found, position)
        if name != UNKNOWN:
            self._announce(name)
        return Label(name, found, unit, head)

    # --- labels ---

    def _known_label(self, value: Value, key: str) -> str:
        """The field that a known label names, "" for other texts."""
        name = self.words.items.get(key, "") if key else ""
        if name:
            self.labels.add(label_key(value))
        return name

    def _announce(self, name: str) -> None:
        self.announced.add(name)
        self._last = name

    def _guess(self, line: SheetLine, i: int, pending: str) -> str:
        """What a cell that is no known label announces: a field, `UNKNOWN`, or "" where it is no label."""
        found, key = line.found(i), line.keys[i]
        if not key or not line.has_value_after(i) or self._is_goal_line(line):
            return ""
        if pending == UNKNOWN:
            return self._meant(found, key)
        if pending and not self._is_no_value_of(pending, line, i):
            return ""
        if not pending and self._parted(found.value):
            return ""
        return self._meant(found, key) or UNKNOWN

    def _is_no_value_of(self, pending: str, line: SheetLine, i: int) -> bool:
        """Whether the cell after a label is another label: a text without figures where an amount belongs."""
        text = str(line.cells[i][1])
        if (
            FIELDS.get(pending, FieldKind.TEXT) in (FieldKind.TEXT, FieldKind.LEVEL)
            or is_nothing(text)
            or len(text) > 20
        ):
            return False
        return not any(character.isdigit() for character in text) and line.has_number_after(i)

    def _meant(self, found: FoundValue, key: str) -> str:
        """The field that a person named for a label, or that it can only be; "" where it is asked or unknown."""
        answer = self.ledger.answer_to(found.value)
        if answer is not None:
            return answer if answer in FIELDS and answer not in self.announced else ""
        like = self._likeness(key)
        if not like.names:
            return ""
        name, text = like.names[0], shorten_text(str(found.value))
        if like.is_sure:
            hint = "请核对；如不是这一栏，请改用官方表式的栏目名称。"
            self.ledger.say("R14", Severity.INFO, f"“{text}”按“{label_of(name)}”读入", found.cell, hint, name)
            return name
        self.ledger.ask("label", found, f"“{text}”是“{label_of(name)}”吗？", like.names)
        for one in like.names:
            self.ledger.near.setdefault(one, str(found.value))
        return ""

    def _likeness(self, key: str) -> Likeness:
        wanted = FIELDS.keys() - self.known - self.announced
        if not wanted or is_sum(key):
            return NOTHING_LIKE_IT
        return likely(key, self.words.wordings, self.words.possible_items.get(key, ()), wanted)

    # --- units ---

    def _headings(self, row: int, cells: Cells, keys: list[str]) -> None:
        """A row of headings: what names no unit and is no known heading is left out."""
        heads = []
        for (column, value), key in zip(cells, keys, strict=True):
            found = FoundValue(value, row, column)
            unit = self.ledger.unit_said(value) or unit_in(value)
            if key in AMOUNT_HEADS or (unit and type(value) is str):
                heads.append(SectionHead(found, unit))
            elif key not in self.words.headings and key not in self.words.sections:
                is_figure = type(value) is not str
                self.ledger.leave_out(Why.SUM_ROW if is_figure or is_sum(key) else Why.UNKNOWN_LABEL, found)
            self.labels.add(key)
        self._heads = heads

    def _unit(self, label: FoundValue, position: int) -> tuple[Unit | None, FoundValue]:
        """The unit of the value after a label, and the head (or the label) that should have named it."""
        own = self.ledger.unit_said(label.value) or unit_in(label.value)
        if own or not self._heads:
            return own or self.sheet_unit, label
        head = self._heads[min(position, len(self._heads) - 1)]
        return head.unit or self.sheet_unit, head.found

    # --- values ---

    def _take(self, label: Label, found: FoundValue) -> None:
        if label.name == UNKNOWN:
            self._leave_unknown(label.found, found)
        elif label.name in self.items:
            self._stray(found, "同一项目前面已有一格", Severity.WARNING)
        else:
            if label.name in AMOUNTS and found.unit is None and needs_unit(found.value):
                self.ledger.ask_unit(label.head)
            self.items[label.name] = found

    def _leave_unknown(self, label: FoundValue, found: FoundValue) -> None:
        text, value = shorten_text(str(label.value)), shorten_text(self.ledger.text_of(found) or str(found.value))
        if is_sum(str(label.value)):
            self.ledger.leave_out(Why.SUM_ROW, label, found)
            self.ledger.say("R07", Severity.INFO, f"“{text}”是合计，未读入", label.cell)
            return
        self.ledger.leave_out(Why.UNKNOWN_LABEL, label, found)
        self.ledger.say("R09", Severity.INFO, f"“{text}”不是本表的栏目，它和“{value}”未读入", label.cell)

    def _is_hidden_before_value(self, line: SheetLine, i: int) -> bool:
        """Whether a hidden column stands between a label and the value that a person sees."""
        hidden = self.ledger.sheet.hidden_columns
        return bool(hidden) and line.cells[i][0] in hidden and line.has_visible_after(i, hidden)

    def _skip_hidden(self, found: FoundValue) -> None:
        self.ledger.leave_out(Why.HIDDEN_COLUMN, found)
        text = shorten_text(self.ledger.text_of(found))
        self.ledger.say("R12", Severity.INFO, f"隐藏列中的“{text}”未读入，取了后面看得见的值", found.cell)

    def _beside(self, line: SheetLine, i: int) -> None:
        """A cell that no label announces: a further line of the goal, ``label: value`` in one cell, or a stray."""
        found = line.found(i)
        if self._is_goal_line(line) and isinstance(found.value, str):
            self.goal_lines.append(found)
            return
        if parted := self._parted(found.value):
            name, label, rest = parted
            self.labels.add(label_key(label))
            self._announce(name)
            unit = unit_in(label) or self.sheet_unit
            self._take(Label(name, found, unit, found), FoundValue(rest, found.row, found.column, unit))
        else:
            self._leave(found)

    def _is_goal_line(self, line: SheetLine) -> bool:
        return self._last == "overall_goal" and len(line.cells) == 1

    def _parted(self, value: Value) -> tuple[str, str, str] | None:
        """(field, label, value) of ``label: value`` in one cell."""
        label, _, rest = str(value).replace("：", ":").partition(":")
        name = self.words.items.get(key_of(label)) if rest.strip() else None
        return (name, label, rest.strip()) if name else None

    def _leave(self, found: FoundValue) -> None:
        text = str(found.value)
        if is_page_mark(text) or is_title(text):
            self.ledger.leave_out(Why.PAGE_MARK if is_page_mark(text) else Why.TITLE, found)
        elif key_of(found.value) in self.words.sections:
            self.labels.add(key_of(found.value))
        else:
            self._stray(found, "不属于任何项目", Severity.INFO)

    def _stray(self, found: FoundValue, why: str, severity: Severity) -> None:
        self.ledger.leave_out(Why.STRAY, found)
        text = shorten_text(self.ledger.text_of(found) or str(found.value))
        message = f"“{text}”{why}，未读入" if why.startswith("不") else f"“{text}”未读入：{why}"
        self.ledger.say("R09", severity, message, found.cell)
