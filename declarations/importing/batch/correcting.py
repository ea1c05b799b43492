"""A read table with values corrected by a person: which values can be, and what the table then says.

A correction is typed as on the form: amounts in the unit that the edition prints. What is no amount is kept
as it was typed and said again, as for a file. The checks run anew; what the reader said of other places stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from declarations.checks import check
from declarations.files.opening.sheet import LeftOut, Why
from declarations.files.reading.reader import Question, ReadTable
from declarations.models.cycle import FIRST_YEAR, LAST_YEAR
from declarations.sheet import controls
from declarations.sheet.guidance import Guidance, guidance_for
from declarations.sheet.official.fields import FIELDS, FieldKind
from declarations.sheet.official.shape import Edition, Item
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import CORE, LONGEST_TEXT, ROW_CLASSES, Row, Table, clean_text
from declarations.sheet.units import AmountError

YEAR = "year"
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
YEAR_ITEM = Item(YEAR, "申报年度", "")
LONG_FROM = 40
"""Characters from which a text gets a box of several lines."""


@dataclass(frozen=True, slots=True)
class CorrectableField:
    """A value that a person may correct: where it is, what it says now, what belongs there."""

    path: str
    label: str
    cell: str
    text: str
    unit: str
    rule: str
    example: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """One value that was changed: ``old`` and ``new`` as shown."""

    path: str
    label: str
    cell: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as it is kept: its value, or what stays unread and why it is none."""

    value: Any = None
    unread: str = ""
    problem: Problem | None = field(default=None)


def read_table(data: dict[str, Any]) -> ReadTable:
    """The read table of its JSON (see `ReadTable.to_json`)."""
    return ReadTable(
        data["sheet"],
        Table.from_json(data["table"]),
        data["cells"],
        tuple(Problem.from_json(problem) for problem in data["problems"]),
        absent=frozenset(data.get("absent", ())),
        left_out=tuple(left_out_of(data)),
        questions=tuple(question_of(question) for question in data.get("questions", ())),
    )


def left_out_of(data: dict[str, Any]) -> Iterator[LeftOut]:
    """What stands in the sheet but not in the table, of the JSON of a read table; files read earlier do not say it."""
    for entry in data.get("left_out", ()):
        yield LeftOut(entry["cell"], entry["text"], Why(entry["why"]))


def question_of(data: dict[str, Any]) -> Question:
    """A question of its JSON (see `Question.to_json`)."""
    return Question(data["kind"], data["cell"], data["text"], data["message"], tuple(data["candidates"]))


def without_year_questions(read: ReadTable) -> ReadTable:
    """The table once a person has said its year."""
    return replace(read, questions=tuple(one for one in read.questions if one.kind != YEAR))


def kept_json(data: dict[str, Any], read: ReadTable, settled: Iterable[str]) -> dict[str, Any]:
    """The JSON of a read table after a person's work on it: ``data`` is what it was.

    ``settled``: paths that a person decided on, added to those before; such a field is absent no more.
    """
    done = {*data.get("settled", ()), *settled}
    absent = read.absent - done
    return data | replace(read, absent=absent).to_json() | {"settled": sorted(done)}


def field_of(read: ReadTable, path: str) -> CorrectableField | None:
    """The value at a path as it may be corrected; None for what is no single value of this table."""
    item = item_of(read.table, path)
    if item is None:
        return None
    unit = item.unit if path != YEAR and Edition.kind(path).kept_in else None
    text, said = text_at(read.table, path, item), guidance_at(read.table, path)
    return CorrectableField(
        path=path,
        label=label_of(read.table, path),
        cell=read.cells.get(path, ""),
        text=text,
        unit=str(unit or ""),
        rule=said.rule if said else "",
        example=said.example if said else "",
        is_long=len(text) >= LONG_FROM or "\n" in text or path == "overall_goal",
    )


def item_of(table: Table, path: str) -> Item | None:
    """Where a path leads in the edition of the table; None for a whole grid, a row or a row that is not there."""
    if path == YEAR:
        return YEAR_ITEM
    head, *rest = path.split(".")
    if not rest:
        return table.form.item(path) if head in FIELDS else None
    is_there = (
        head in ROW_CLASSES
        and len(rest) == 2
        and rest[0].isascii()
        and rest[0].isdigit()
        and int(rest[0]) < len(getattr(table, head))
    )
    return table.form.item(path) if is_there else None


def label_of(table: Table, path: str) -> str:
    return YEAR_ITEM.label if path == YEAR else table.form.describe(path)


def guidance_at(table: Table, path: str) -> Guidance | None:
    return guidance_for(table.edition, place_of(path), label_of(table, path)) if path and path != YEAR else None


def place_of(path: str) -> str:
    """A path without the number of its row: ``key_tasks.funding``."""
    return ".".join(part for part in path.split(".") if not part.isdigit())


def text_at(table: Table, path: str, item: Item) -> str:
    value = table.value(path)
    if path == YEAR:
        return "" if value is None else str(value)
    return table.unread.get(path) or controls.control_text(item, Edition.kind(path), value)


def correct_table(read: ReadTable, texts: dict[str, str]) -> tuple[ReadTable, list[Corrected]]:
    """The table with these texts at their paths, and what that changed. Paths that lead nowhere change nothing."""
    table, changes, said = read.table, [], list(read.problems)
    for path, given in texts.items():
        item, new = item_of(table, path), clean_text(given)[:LONGEST_TEXT]
        if item is None or new == (old := text_at(table, path, item)):
            continue
        typed = typed_in(item, path, new, read.cells.get(path, ""))
        table = with_value(table, path, typed)
        changes.append(Corrected(path, label_of(table, path), read.cells.get(path, ""), old, new))
        said = [problem for problem in said if problem.field != path] + ([typed.problem] if typed.problem else [])
    return (check_again(replace(read, table=table), said), changes) if changes else (read, [])


def check_again(read: ReadTable, problems: Iterable[Problem]) -> ReadTable:
    """With what the reader said, and the checks' findings anew."""
    of_reader = tuple(problem for problem in problems if problem.code.startswith("R"))
    return replace(read, problems=of_reader).with_findings(check(read.table))


def typed_in(item: Item, path: str, text: str, cell: str) -> Typed:
    if path == YEAR:
        return typed_year(text)
    kind = Edition.kind(path)
    if kind is FieldKind.LEVEL and not text:
        return Typed("", problem=no_level(path, cell) if path.endswith(".level2") else None)
    if kind in (FieldKind.TEXT, FieldKind.LEVEL) or not text:
        return Typed(text if kind in (FieldKind.TEXT, FieldKind.LEVEL) else None)
    try:
        return Typed(controls.parse_control(item, kind, text))
    except AmountError as error:
        return Typed(None, text, Problem("R01", Severity.ERROR, str(error), expected_value(item, kind), path, cell))


def typed_year(text: str) -> Typed:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    if year in YEARS:
        return Typed(year)
    hint = "请填四位数的年度，如 2026。"
    return Typed(None, problem=Problem("R04", Severity.ERROR, "看不出是哪一年度的申报表", hint, YEAR))


def no_level(path: str, cell: str) -> Problem:
    message = "这一项没有写明二级指标"
    return Problem("R05", Severity.ERROR, message, "请补上所属的二级指标，如“数量指标”。", path, cell)


def expected_value(item: Item, kind: FieldKind) -> str:
    """What belongs into an amount or a number, with an example."""
    unit = item.unit or kind.kept_in
    return f"应填以{unit}为单位的数字，如 {unit.example}。" if unit else "应填整数，如 33。"


def with_value(table: Table, path: str, typed: Typed) -> Table:
    unread = {name: text for name, text in table.unread.items() if name != path}
    unread |= {path: typed.unread} if typed.unread else {}
    head, *rest = path.split(".")
    if not rest:
        return replace(table, **{head: typed.value}, unread=unread)
    rows = list(getattr(table, head))
    rows[int(rest[0])] = with_cell(rows[int(rest[0])], rest[1], typed.value)
    return replace(table, **{head: tuple(rows)}, unread=unread)


def with_cell(row: Row, name: str, value: Any) -> Row:
    if name in CORE[type(row)]:
        return replace(row, **{name: value})
    return replace(row, extra=row.extra | {name: value})
