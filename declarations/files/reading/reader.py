"""Reading: sheets -> tables, by label, every value with its cell, every problem at once.

Codes: R01 an amount or number that is none; R02 a cell without a computed value; R03 a label is
missing; R04 the year is unknown or contradicted; R05 an indicator without 二级指标; R06 rounded to the
cent; R07 text outside the table; R08 an unknown column; R09 a cell that belongs to nothing; R10 a
sheet passed over; R11 a text too long; R12 hidden rows and columns, struck-out text, pictures, values
under merged cells; R13 a dash for no amount; R14 a label read for one much like it; R15 characters
that cannot be printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from declarations.checks import NotRun
from declarations.files.guarding.refusals import refusal_of
from declarations.files.opening.sheet import LeftOut, Sheet, Why
from declarations.files.reading.build import TableBuilder
from declarations.files.reading.ledger import Ledger, Question
from declarations.files.reading.missing import indicators_without_level, missing_labels
from declarations.files.reading.other_forms import notes_of_other_forms
from declarations.files.reading.problem_list import is_problem_list
from declarations.files.reading.regions import NEEDED, SheetRegions
from declarations.files.reading.scan import Row, Scan
from declarations.files.reading.unit_doubt import doubt_unit
from declarations.files.reading.unprintable import has_unprintable, unprintable_characters
from declarations.files.reading.vocabulary import YEAR, names_of, printed_keys, vocabulary
from declarations.files.reading.years import settled_year
from declarations.sheet.codes import enter, enter_all
from declarations.sheet.official import EDITIONS, Edition
from declarations.sheet.official.fields import ROW_FIELDS
from declarations.sheet.problems import Problem, Refused, Severity
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text

__all__ = ["Question", "ReadTable", "read_sheets"]

KINDS = enter_all(
    {
        "R01": "填的不是金额或数字",
        "R02": "公式没有算出结果",
        "R03": "缺少栏目",
        "R04": "看不出年度",
        "R05": "没有写明二级指标",
        "R06": "金额四舍五入到分",
        "R07": "表格之外的文字",
        "R08": "不认识的栏目",
        "R09": "不属于任何项目的内容",
        "R10": "未读入的工作表",
        "R11": "文字过长",
        "R12": "隐藏的行列、删除线、图片、合并单元格下的旧值",
        "R13": "按空白读入的横线",
        "R14": "按相近的栏目读入",
        "R15": "不能打印的字符",
    }
)
NO_TABLE = enter("X50", "文件中没有申报表")
ADDRESS = re.compile(r"[A-Z]+(-?\d+)")


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as read: ``cells`` maps each field path to the address its value was found at.

    ``absent``: the fields (``staff_count``, ``key_tasks.funding``) and grids (``indicators``) whose label the sheet
    does not show or that a question is about: what is stored of them stays, which an empty cell does not mean.
    ``left_out``: what stands in the sheet but not in the table; ``questions``: what a person has to settle;
    ``not_run``: the checks that lack something which a file alone does not hold.
    """

    sheet: str
    table: Table
    cells: dict[str, str]
    problems: tuple[Problem, ...]
    absent: frozenset[str] = frozenset()
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[Question, ...] = ()
    not_run: tuple[NotRun, ...] = ()

    def with_findings(self, findings: Iterable[Problem]) -> ReadTable:
        """With the findings of the checks at their cells; what the reader said of a value is not said again."""
        known = {problem.field for problem in self.problems if problem.field}
        new = (
            finding.at(self.cells.get(finding.field, ""))
            for finding in findings
            if not (finding.code in ("B06", "F01") and finding.field in known)
        )
        return replace(self, problems=(*self.problems, *new))

    def to_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "edition": self.table.edition,
            "table": self.table.to_json(),
            "cells": self.cells,
            "problems": [problem.to_json() for problem in self.problems],
            "absent": sorted(self.absent),
            "left_out": [entry.to_json() for entry in self.left_out],
            "questions": [question.to_json() for question in self.questions],
            "not_run": [
                {"code": left.check.code, "needs": [need.name.lower() for need in left.needs]} for left in self.not_run
            ],
        }


def read_sheets(
    sheets: list[Sheet], *, name: str = "", year: int | None = None, answers: Mapping[str, str] | None = None
) -> list[ReadTable]:
    """Return the tables of a file, in order.

    ``year`` wins over what the file says; ``name`` is the file's, with the folder it lies in. ``answers`` are those
    of persons to earlier questions: the key is ``labels.label_key(question.text)``, the value the chosen candidate
    (``staff_count``, ``indicators.annual_value``, ``千元``, ``2027``), or "" for none of these: leave it out.

    Raises `Refused` (X50) where no visible sheet holds the table, naming the labels that are missing.
    """
    found: list[ReadTable] = []
    notes: list[Problem] = []
    regions = [SheetRegions.of(sheet) for sheet in sheets if not is_problem_list(sheet)]
    for region in regions:
        parts = _parts(region.sheet, region.tables)
        found += [_read(part, rows, name, year, answers or {}) for part, rows in parts]
    if not found:
        raise _no_table(regions)
    for region in regions:
        if region.tables:
            notes += notes_of_other_forms(region.parts)
        elif region.sheet.hidden or region.rows:
            notes.append(_passed_over(region.sheet, region.form))
    first = found[0]
    return [replace(first, problems=(*first.problems, *notes)), *found[1:]]


def _passed_over(sheet: Sheet, form: str) -> Problem:
    why = "是隐藏的" if sheet.hidden else f"是{form}" if form else "不是申报表"
    return Problem("R10", Severity.INFO, f"工作表“{shorten_text(sheet.name)}”{why}，未读入")


def _no_table(regions: list[SheetRegions]) -> Refused:
    other = next((region.form for region in regions if region.form), "")
    if other:
        return refusal_of("X51", kind=other)
    shown = max((region.labels_shown for region in regions), key=len, default=set())
    missing = "、".join(label for label in NEEDED if label not in shown)
    return Refused(
        NO_TABLE,
        f"文件中没有部门整体预算绩效目标申报表，缺少：{missing}。",
        "请确认上传的是申报表，且表中各栏标题未被改动。",
    )


# --- from what was found to a table ----------------------------------------------------------


def _parts(sheet: Sheet, tables: list[list[Row]]) -> Iterator[tuple[Sheet, list[Row]]]:
    """Each table with its sheet, of which it has what the file leaves out in its own rows."""
    ends = [*(rows[-1][0] for rows in tables[:-1]), 10**9][: len(tables)]
    start = -(10**9)
    for rows, end in zip(tables, ends, strict=True):
        left_out = [entry for entry in sheet.left_out if start < _row_of(entry.cell) <= end]
        yield replace(sheet, left_out=left_out), rows
        start = end


def _row_of(cell: str) -> int:
    match = ADDRESS.fullmatch(cell.split(":")[0])
    return int(match[1]) if match else 0


def _read(sheet: Sheet, rows: list[Row], name: str, year: int | None, answers: Mapping[str, str]) -> ReadTable:
    ledger = Ledger(sheet, answers)
    _say_hidden(ledger, rows)
    scan = Scan(vocabulary(), ledger).read(rows)
    edition = _edition_of(scan, year)
    _leave_foreign_extras(scan, edition)
    builder = TableBuilder(sheet)
    table = builder.table(
        scan, edition.code, settled_year(scan.preamble, scan.items.pop(YEAR, None), ledger, name, year)
    )
    grids = set(edition.row_grids) - scan.grids.heads.keys()
    absent = frozenset(names_of(edition.code) - scan.shown | grids)
    table = doubt_unit(table, scan, ledger)
    problems = (
        *ledger.problems,
        *builder.problems,
        *missing_labels(edition, scan),
        *indicators_without_level(table, builder.cells),
    )
    if sheet.displayed or has_unprintable(rows):
        problems += (*unprintable_characters(table, builder.cells),)
    left_out = (*sheet.left_out, *ledger.left_out)
    questions = tuple(ledger.questions.values())
    return ReadTable(sheet.name, table, builder.cells, problems, absent, left_out, questions)


def _say_hidden(ledger: Ledger, rows: list[Row]) -> None:
    """What a person does not see but is read, and what the file keeps but is not read."""
    sheet = ledger.sheet
    if not sheet.hidden_rows and not sheet.left_out:
        return
    hidden = [number for number, cells, _ in rows if cells and number in sheet.hidden_rows]
    if hidden:
        numbers = "、".join(map(str, hidden[:20])) + ("等" if len(hidden) > 20 else "")
        message = f"第{numbers}行是隐藏的，其中的内容已读入"
        ledger.say("R12", Severity.INFO, message, f"A{hidden[0]}", "请核对这些行是否应当保留；不要的请在原表中删除。")
    for why in Why:
        entries = [entry for entry in sheet.left_out if entry.why is why]
        if entries:
            cells = "、".join(dict.fromkeys(entry.cell for entry in entries[:10])) + ("等" if len(entries) > 10 else "")
            message = f"{why.label}，未读入：{cells}“{shorten_text(entries[0].text)}”"
            ledger.say("R12", Severity.INFO, message, entries[0].cell)


def _edition_of(scan: Scan, year: int | None) -> Edition:
    """The edition whose columns and printed labels the sheet shows most of; among equals the one of the year,
    else the newest."""

    def likeness(edition: Edition) -> tuple[int, bool, int]:
        names, printed = names_of(edition.code), printed_keys(edition.code)
        shown = 2 * len(names & scan.shown) - len(names) + 2 * len(printed & scan.labels) - len(printed)
        return shown, bool(year and edition.serves(year)), edition.years[0]

    return max(EDITIONS.values(), key=likeness)


def _leave_foreign_extras(scan: Scan, edition: Edition) -> None:
    """Columns that only another edition declares are no content of this one."""
    for grid, rows in scan.rows.items():
        core = ROW_FIELDS["indicators" if grid == "indicators" else "key_tasks"]
        declared = {column.field for column in edition.grids[grid].columns} if grid in edition.grids else set()
        own = core.keys() | declared
        for row in rows:
            for name in row.keys() - own:
                scan.ledger.leave_out(Why.UNKNOWN_COLUMN, row.pop(name))
