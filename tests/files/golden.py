"""Workbooks kept as the measure of what the writer writes, and what is compared of them.

After a change that is meant, write them anew and look at them: python -m tests.files.golden
"""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from declarations.files.writing.writer import write_table
from declarations.sheet.table import Table

FOLDER = Path(__file__).resolve().parents[1] / "golden"
EDITIONS = ("2023", "2026")


def golden_table(edition: str) -> Table:
    return Table.from_json(json.loads((FOLDER / f"{edition}.json").read_text(encoding="utf-8")))


def golden_workbook(edition: str) -> Path:
    return FOLDER / f"{edition}.xlsx"


def described(file) -> dict:
    """All that a person sees of a workbook's one sheet: cells, merges, widths, heights, print setup."""
    [sheet] = load_workbook(file).worksheets
    return {
        "name": sheet.title,
        "cells": {cell.coordinate: describe_cell(cell) for row in sheet.iter_rows() for cell in row},
        "merges": sorted(str(area) for area in sheet.merged_cells.ranges),
        "widths": {letter: column.width for letter, column in sheet.column_dimensions.items()},
        "heights": {number: row.height for number, row in sheet.row_dimensions.items()},
        **describe_page(sheet),
    }


def describe_cell(cell: Cell) -> tuple:
    font, place = cell.font, cell.alignment
    borders = tuple(getattr(cell.border, side).style for side in ("left", "right", "top", "bottom"))
    return (
        *(cell.value, cell.data_type, cell.number_format, font.name, font.sz, borders),
        *(place.horizontal, place.vertical, place.wrap_text, place.shrink_to_fit, place.indent),
    )


def describe_page(sheet: Worksheet) -> dict:
    setup, margins = sheet.page_setup, sheet.page_margins
    return {
        # A workbook that says nothing of the pages wide means one.
        "paper": (setup.paperSize, setup.orientation, setup.fitToWidth or 1, setup.fitToHeight),
        "fits": sheet.sheet_properties.pageSetUpPr.fitToPage,
        "margins": (margins.left, margins.right, margins.top, margins.bottom),
        "centred": sheet.print_options.horizontalCentered,
        "titles": sheet.print_title_rows,
        "area": sheet.print_area,
        "footer": sheet.oddFooter.center.text,
    }


def renew() -> None:
    for edition in EDITIONS:
        write_table(golden_table(edition), str(golden_workbook(edition)))


if __name__ == "__main__":
    renew()
