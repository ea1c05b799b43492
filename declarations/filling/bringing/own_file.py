"""Reading a file that somebody brings into an open draft: where it states no year, the draft's is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from declarations.files.guarding.sandbox import FileResult, shared_sandbox
from declarations.sheet.problems import Problem, Severity

YEAR_CODE = "R04"


def read_for_year(path: Path, name: str, year: int) -> FileResult:
    """What a file holds; a table without a year, or with several, is taken for one of ``year``, which is said.

    A year that the table states is kept, so that its texts can be carried over to the draft's year. Raises `Refused`.
    """
    first = shared_sandbox().read(path, name=name)
    if not any(map(_lacks_year, first.tables)):
        return first
    again = shared_sandbox().read(path, name=name, year=year)
    if len(again.tables) != len(first.tables):
        return first
    pairs = zip(first.tables, again.tables, strict=True)
    tables = [_with_note(later, year) if _lacks_year(read) else read for read, later in pairs]
    return replace(again, tables=tables)


def _lacks_year(read: dict[str, Any]) -> bool:
    return any(problem["code"] == YEAR_CODE and problem["severity"] == Severity.ERROR for problem in read["problems"])


def _with_note(read: dict[str, Any], year: int) -> dict[str, Any]:
    """The table with the word that its year is the draft's, unless the reader says already what contradicts it."""
    if any(problem["code"] == YEAR_CODE for problem in read["problems"]):
        return read
    note = Problem(YEAR_CODE, Severity.INFO, f"文件没有写年度，按{year}年度带入", field="year")
    return read | {"problems": [*read["problems"], note.to_json()]}
