"""Rows of a read table taken out by a person, and put back: signature lines, sum rows, whatever is none.

A row that was taken out is kept beside the table with all that was known of it, so that it can come back to its place
until the batch is brought in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from declarations.files.reading.reader import ReadTable
from declarations.importing.batch.correcting import check_again
from declarations.sheet.problems import Problem
from declarations.sheet.table import ROW_CLASSES

MOST_WORDS = 3


def take_row(read: ReadTable, grid: str, position: int) -> tuple[ReadTable, dict[str, Any]]:
    """The table without a row, its checks anew, and the row as it is kept. Raises IndexError where there is none."""
    rows = list(read.table.rows[grid])
    row = rows.pop(position)
    mine, prefix = f"{grid}.{position}", f"{grid}.{position}."
    kept = {
        "grid": grid,
        "position": position,
        "row": row.to_json(),
        "cells": {path: cell for path, cell in read.cells.items() if path == mine or path.startswith(prefix)},
        "unread": {path: text for path, text in read.table.unread.items() if path.startswith(prefix)},
        "problems": [one.to_json() for one in read.problems if is_of_reader(one) and is_below(one.field, mine)],
    }
    unread = moved_values(without(read.table.unread, mine), grid, position, -1)
    table = read.table.with_rows({grid: tuple(rows)}, unread=unread)
    problems = [moved_problem(one, grid, position, -1) for one in read.problems if not is_below(one.field, mine)]
    cells = moved_values(without(read.cells, mine), grid, position, -1)
    return check_again(replace(read, table=table, cells=cells), problems), kept


def put_row(read: ReadTable, kept: dict[str, Any]) -> ReadTable:
    """The table with a row back that was taken out, as near to its place as there are rows."""
    grid = kept["grid"]
    rows = list(read.table.rows[grid])
    position = min(kept["position"], len(rows))
    rows.insert(position, ROW_CLASSES[grid].from_json(kept["row"]))
    old, new = f"{grid}.{kept['position']}", f"{grid}.{position}"
    unread = moved_values(read.table.unread, grid, position - 1, 1) | renamed_paths(kept["unread"], old, new)
    cells = moved_values(read.cells, grid, position - 1, 1) | renamed_paths(kept["cells"], old, new)
    problems = [moved_problem(one, grid, position - 1, 1) for one in read.problems]
    back = [Problem.from_json(one) for one in kept["problems"]]
    problems += [replace(one, field=new + one.field.removeprefix(old)) for one in back]
    table = read.table.with_rows({grid: tuple(rows)}, unread=unread)
    return check_again(replace(read, table=table, cells=cells), problems)


def worded_row(kept: dict[str, Any]) -> str:
    """A row that was taken out in a few of its words."""
    texts = [text for text in kept["row"].values() if isinstance(text, str) and text]
    return " ".join(texts[:MOST_WORDS])[:200]


def is_of_reader(problem: Problem) -> bool:
    return problem.code.startswith("R")


def is_below(path: str, row: str) -> bool:
    return path == row or path.startswith(f"{row}.")


def without(values: dict[str, str], row: str) -> dict[str, str]:
    return {path: value for path, value in values.items() if not is_below(path, row)}


def renamed_paths(values: dict[str, str], old: str, new: str) -> dict[str, str]:
    return {new + path.removeprefix(old): value for path, value in values.items()}


def moved_values(values: dict[str, str], grid: str, after: int, step: int) -> dict[str, str]:
    """By path: the rows of a grid behind position ``after`` counted up or down by ``step``."""
    return {moved_path(path, grid, after, step): value for path, value in values.items()}


def moved_problem(problem: Problem, grid: str, after: int, step: int) -> Problem:
    return replace(problem, field=moved_path(problem.field, grid, after, step))


def moved_path(path: str, grid: str, after: int, step: int) -> str:
    head, *rest = path.split(".")
    if head != grid or not rest or not rest[0].isdigit() or int(rest[0]) <= after:
        return path
    return ".".join([head, str(int(rest[0]) + step), *rest[1:]])
