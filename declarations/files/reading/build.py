"""Building a table out of what a scan found: each value converted, its cell noted, what is none of its kind kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from declarations.files.appearance.shown_amounts import amount_as_shown
from declarations.files.opening.sheet import Sheet
from declarations.files.opening.values import is_number
from declarations.files.reading.convert import Fault, as_amount, as_count, as_level, as_text
from declarations.files.reading.scan import FoundValue, Scan
from declarations.sheet.official.fields import FIELDS, ROW_FIELDS, FieldKind
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import LONGEST_TEXT, IndicatorRow, KeyTaskRow, Table, clean_text
from declarations.sheet.units import AmountError, Unit, is_nothing

RECALCULATE = "请用 Excel 或 WPS 打开该文件，待公式算出结果后保存，再重新上传；或直接填写数值。"


@dataclass(slots=True)
class TableBuilder:
    """Collects, while it converts, the cell of each value by field path, the problems and what could not be read."""

    sheet: Sheet
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def table(self, scan: Scan, edition: str, year: int | None) -> Table:
        values = {name: self._value(name, FIELDS[name], found) for name, found in scan.items.items()}
        values["department"] = values.get("department", "").strip()
        lines = [values.get("overall_goal", ""), *(as_text(line.value) for line in scan.goal_lines)]
        values["overall_goal"] = "\n".join(filter(None, lines))
        tasks = [(row, False) for row in scan.rows["key_tasks"]] + [(row, True) for row in scan.rows["optional_tasks"]]
        return Table(
            edition=edition,
            year=year,
            key_tasks=tuple(
                KeyTaskRow(**self._row("key_tasks", i, row), is_optional=optional)
                for i, (row, optional) in enumerate(tasks)
            ),
            indicators=tuple(
                IndicatorRow(**self._row("indicators", i, row)) for i, row in enumerate(scan.rows["indicators"])
            ),
            unread=self.unread,
            **values,
        )

    def _row(self, grid: str, i: int, row: dict[str, FoundValue]) -> dict[str, Any]:
        """The values of a row by field, those of extra columns in ``extra``."""
        core, values, extra = ROW_FIELDS[grid], {}, {}
        for name, found in row.items():
            path = f"{grid}.{i}.{name}"
            if name in core:
                values[name] = self._value(path, core[name], found)
            else:
                extra[name] = self._value(path, FieldKind.TEXT, found)
        values["extra"] = extra
        return values

    def _value(self, path: str, kind: FieldKind, found: FoundValue) -> Any:
        self.cells[path] = found.cell
        value = found.value
        if kind is FieldKind.TEXT:
            # nearly every cell is a plain text; numbers, dates and faults take the longer way
            is_plain = type(value) is str and len(value) <= LONGEST_TEXT
            return clean_text(value) if is_plain and not self.sheet.displayed else self._text(path, found)
        if kind is FieldKind.LEVEL:
            return as_level(value)
        if isinstance(value, str) and not isinstance(value, Fault) and is_nothing(value):
            message = f"“{value.strip()}”按空白读入"
            self._say("R13", Severity.INFO, message, "没有金额的，空着或填 0 均可。", path, found)
            return None
        try:
            return as_count(value) if kind is FieldKind.COUNT else self._amount(path, kind, found)
        except AmountError as error:
            self._not_read(path, kind, found, str(error))
            return None

    def _text(self, path: str, found: FoundValue) -> str:
        place = found.row, found.column
        displayed = self.sheet.displayed.get(place)
        text = as_text(found.value, place in self.sheet.percentages) if displayed is None else clean_text(displayed)
        if isinstance(found.value, Fault):
            self._say("R02", Severity.ERROR, found.value.explanation, RECALCULATE, path, found)
        if len(text) > LONGEST_TEXT:
            message = f"文字共{len(text)}字，超出一格可存的{LONGEST_TEXT}字"
            self._say("R11", Severity.ERROR, message, "请精简文字，或分成多项填写。", path, found)
        return text

    def _amount(self, path: str, kind: FieldKind, found: FoundValue) -> Any:
        value, unit, place = found.value, found.unit, (found.row, found.column)
        if place in self.sheet.displayed and is_number(value):
            shown, scale = self.sheet.displayed[place], self.sheet.scales.get(place, 1)
            value, unit = amount_as_shown(value, shown, scale, unit)
        amount, rounded = as_amount(value, unit, kind)
        if rounded:
            message = f"“{as_text(found.value)}”{found.unit}含有不足一分的尾数，已四舍五入到分"
            hint = "请核对金额；如不正确，请在原表中改为精确到分的数。"
            self._say("R06", Severity.WARNING, message, hint, path, found)
        return amount

    def _not_read(self, path: str, kind: FieldKind, found: FoundValue, why: str) -> None:
        self.unread[path] = str(found.value) if isinstance(found.value, str) else as_text(found.value)
        if isinstance(found.value, Fault):
            self._say("R02", Severity.ERROR, why, RECALCULATE, path, found)
        else:
            self._say("R01", Severity.ERROR, why, _expected(kind, found, why), path, found)

    def _say(self, code: str, severity: Severity, message: str, hint: str, path: str, found: FoundValue) -> None:
        self.problems.append(Problem(code, severity, message, hint, path, found.cell))


def _expected(kind: FieldKind, found: FoundValue, why: str) -> str:
    if kind is FieldKind.COUNT:
        return "应填整数，如 33。"
    if "单位" in why:
        return "请在列标题中写明（万元）或（元），如“预算金额（万元）”。"
    unit = found.unit or kind.kept_in or Unit.WAN
    return f"应填以{unit}为单位的数字，如 {unit.example}。"
