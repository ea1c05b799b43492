"""Reading: sheets -> tables, by label, every value with its cell, every problem at once.

Codes: R01 an amount or number that is none; R02 a cell without a computed value; R03 a label is
missing; R04 the year is unknown; R05 an indicator without 二级指标; R06 rounded to the cent;
R07 text outside the table; R08 an unknown column; R09 a cell that belongs to nothing; R10 a sheet
passed over; R11 a text too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from declarations.files.opening.sheet import LeftOut, Sheet
from declarations.files.reading.build import TableBuilder
from declarations.files.reading.convert import Fault
from declarations.files.reading.problem_list import is_problem_list
from declarations.files.reading.scan import Row, Scan
from declarations.files.reading.vocabulary import key_of, printed_keys, vocabulary
from declarations.sheet.official import EDITIONS, Edition
from declarations.sheet.official.labels import fold_text
from declarations.sheet.problems import Problem, Refused, Severity
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text

NEEDED = ("部门名称", "基本信息", "预算整体情况", "总体绩效目标", "年度重点工作任务", "绩效指标")
ENOUGH = 3
"""How many of the section labels a sheet must show to be taken for the table."""
YEAR_LINE = re.compile(r"(?:申报|预算|填报)?年度:?(20\d\d)|(20\d\d)年度")
TITLE_YEAR = re.compile(r"(20\d\d)年?.*绩效目标")
ANY_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Question:
    """What the file does not settle, for a person to answer: ``text`` as it stands at ``cell``, and what it may be.

    ``kind``: ``label`` (is this the field?), ``column``, ``unit``, ``year``. ``candidates``: the possible answers,
    likeliest first: field names, units (``元``) or years, as texts.
    """

    kind: str
    cell: str
    text: str
    message: str
    candidates: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        answers = list(self.candidates)
        return {"kind": self.kind, "cell": self.cell, "text": self.text, "message": self.message, "candidates": answers}


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as read: ``cells`` maps each field path to the address its value was found at.

    ``absent``: the fields (``staff_count``, ``key_tasks.funding``) and grids (``indicators``) whose label the sheet
    does not show or that a question is about: what is stored of them stays, which an empty cell does not mean.
    ``left_out``: what stands in the sheet but not in the table; ``questions``: what a person has to settle.
    """

    sheet: str
    table: Table
    cells: dict[str, str]
    problems: tuple[Problem, ...]
    absent: frozenset[str] = frozenset()
    left_out: tuple[LeftOut, ...] = ()
    questions: tuple[Question, ...] = ()

    def with_findings(self, findings: Iterable[Problem]) -> ReadTable:
        """With the findings of the checks at their cells; what the reader said of a value is not said again."""
        known = {problem.field for problem in self.problems if problem.field}
        new = (
            finding.at(self.cells.get(finding.field, ""))
            for finding in findings
            if not (finding.code == "B06" and finding.field in known)
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
    words, found, passed_over = vocabulary(), [], []
    sheets = [sheet for sheet in sheets if not is_problem_list(sheet)]
    for sheet in sheets:
        tables = [] if sheet.hidden else list(_regions(sheet))
        found += [_read(sheet, Scan(words).read(rows), name, year) for rows in tables]
        if not tables:
            passed_over.append(sheet)
    if not found:
        raise _no_table(sheets)
    first = found[0]
    notes = [_passed_over(sheet) for sheet in passed_over if sheet.hidden or any(map(any, sheet.rows))]
    return [replace(first, problems=(*first.problems, *notes)), *found[1:]]


def _passed_over(sheet: Sheet) -> Problem:
    why = "是隐藏的" if sheet.hidden else "不是申报表"
    return Problem("R10", Severity.INFO, f"工作表“{shorten_text(sheet.name)}”{why}，未读入")


def _no_table(sheets: list[Sheet]) -> Refused:
    shown = max((_labels_shown(sheet) for sheet in sheets), key=len, default=set())
    missing = "、".join(label for label in NEEDED if label not in shown)
    return Refused(
        "X50",
        f"文件中没有部门整体预算绩效目标申报表，缺少：{missing}",
        "请确认上传的是申报表，且表中各栏标题未被改动。",
    )


# --- finding the tables of a sheet -----------------------------------------------------------


def _rows(sheet: Sheet) -> list[Row]:
    """The rows with their filled cells, numbered as in the file; faults take the place of missing values."""
    filled = {
        number: [(column, value) for column, value in enumerate(values, sheet.first_column) if _is_filled(value)]
        for number, values in enumerate(sheet.rows, sheet.first_row)
    }
    for (number, column), text in sheet.faults.items():
        filled[number] = sorted([*filled.get(number, []), (column, Fault(text))], key=lambda cell: cell[0])
    return [(number, cells, [key_of(value) for _, value in cells]) for number, cells in sorted(filled.items())]


def _is_filled(value: object) -> bool:
    return not value.isspace() if value and type(value) is str else value is not None and value != ""


def _labels_shown(sheet: Sheet) -> set[str]:
    return _keys(_rows(sheet)).intersection(NEEDED)


def _keys(rows: list[Row]) -> set[str]:
    return {key for _, _, keys in rows for key in keys}


def _regions(sheet: Sheet) -> Iterator[list[Row]]:
    """The rows of each table of a sheet; a table begins at 部门名称 or at the title just above it."""
    rows = _rows(sheet)
    starts = [i for i, (_, _, keys) in enumerate(rows) if _begins_table(rows, i, keys)]
    bounds = [0, *(_title_above(rows, i) for i in starts[1:]), len(rows)]
    for first, last in pairwise(bounds):
        region = rows[first:last]
        keys = _keys(region)
        if len(keys.intersection(NEEDED)) >= ENOUGH or _has_sections(keys):
            yield region


def _has_sections(keys: set[str]) -> bool:
    """Whether enough sections are there under some of their known spellings."""
    words = vocabulary()
    shown = {words.sections[key] if words.sections[key] != "fields" else key for key in keys if key in words.sections}
    return len(shown) >= ENOUGH and "indicators" in shown


def _begins_table(rows: list[Row], i: int, keys: list[str]) -> bool:
    items = vocabulary().items
    if not keys or items.get(keys[0]) != "department":
        return False
    return any(items.get(key) == "staff_count" for key in _keys(rows[i : i + 4]))


def _title_above(rows: list[Row], i: int) -> int:
    for above in range(max(0, i - 3), i):
        if any("绩效目标" in fold_text(value)[:60] for _, value in rows[above][1]):
            return above
    return i


# --- from what was found to a table ----------------------------------------------------------


def _read(sheet: Sheet, scan: Scan, name: str, year: int | None) -> ReadTable:
    edition = _edition_of(scan.labels, year)
    builder = TableBuilder(sheet)
    table = builder.table(scan, edition.code, year or _year_of(scan, sheet, name))
    found = [*scan.problems, *builder.problems, *_missing(edition, scan)]
    found += [*_no_year(table), *_no_level(table, builder.cells)]
    return ReadTable(sheet.name, table, builder.cells, tuple(found), left_out=tuple(sheet.left_out))


def _edition_of(labels: set[str], year: int | None) -> Edition:
    """The edition whose printed labels the sheet shows most of; among equals the one of the year, else the newest."""

    def likeness(edition: Edition) -> tuple[int, bool, int]:
        printed = printed_keys(edition.code)
        return 2 * len(printed & labels) - len(printed), bool(year and edition.serves(year)), edition.years[0]

    return max(EDITIONS.values(), key=likeness)


def _year_of(scan: Scan, sheet: Sheet, name: str) -> int | None:
    """From the title, a date line, the sheet's name, the file's name: the first that names a year."""
    lines = [fold_text(line) for line in scan.preamble]
    for pattern in (TITLE_YEAR, YEAR_LINE):
        for line in lines:
            if match := pattern.search(line):
                return int(next(filter(None, match.groups())))
    for text in (*lines, sheet.name, name):
        if match := ANY_YEAR.search(fold_text(text)):
            return int(match[1])
    return None


def _no_year(table: Table) -> Iterator[Problem]:
    if table.year is None:
        hint = "请在标题中写明年度（如“2027年部门整体预算绩效目标申报表”），或在导入时指定年度。"
        yield Problem("R04", Severity.ERROR, "看不出是哪一年度的申报表", hint, "year")


def _no_level(table: Table, cells: dict[str, str]) -> Iterator[Problem]:
    for i, row in enumerate(table.indicators):
        if not row.level2:
            path = f"indicators.{i}.level2"
            message = f"三级指标“{shorten_text(row.name)}”没有写明二级指标"
            yield Problem(
                "R05",
                Severity.ERROR,
                message,
                "请补上所属的二级指标，如“数量指标”。",
                path,
                cells.get(f"indicators.{i}.name", ""),
            )


def _missing(edition: Edition, scan: Scan) -> Iterator[Problem]:
    words = vocabulary()
    shown = {words.items[key] for key in scan.labels if key in words.items} | set(scan.items)
    for field, item in edition.items.items():
        if field not in shown:
            severity = Severity.ERROR if item.demanded else Severity.WARNING
            yield Problem("R03", severity, f"表中没有“{item.label}”一栏", "请对照官方表式补上该栏标题和内容。", field)
    for grid in ("key_tasks", "indicators"):
        if grid not in scan.heads:
            heads = "、".join(column.label for column in edition.grids[grid].columns)
            message = f"表中没有“{edition.grids[grid].label}”的列标题"
            yield Problem("R03", Severity.ERROR, message, f"应有一行列标题：{heads}。", grid)
