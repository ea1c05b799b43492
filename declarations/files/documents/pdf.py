"""Tables -> PDF by typst: A4 upright, fonts embedded, the heads of grids and merged cells again on each page.

The template `table.typ` gets every text as data, so nothing that people type is ever read as markup.
The same table gives the same bytes.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from typst import Compiler, TypstError

from declarations.files.documents import fonts
from declarations.files.documents.printed import (
    BODY_SIZE,
    DATE,
    MARGIN,
    SIGNERS,
    SMALL_SIZE,
    TITLE_SIZE,
    DocumentError,
    Stamp,
    align_of,
    head_rows,
    is_short,
    text_of,
    year_line,
)
from declarations.sheet.layout import LINE_GAP, LINES_APART, WORD_PART, CellRole, LayoutCell, lay_out
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text

TEMPLATE = Path(__file__).with_name("table.typ")
MADE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""The one creation time of all documents: a real one would make each differ from the last."""
REPEATED = (CellRole.LABEL, CellRole.LEVEL)
"""What stands beside other rows and says its text again on each page that they reach."""
LONG_WORD = re.compile(r"[!-~]{9,}")
FIGURE = re.compile(r"-?[\d,]+(?:\.\d+)?")
THOUSANDS = re.compile(r"(?<=,)")


def write_table(table: Table, stamp: Stamp | None = None) -> bytes:
    """The table as PDF. Raises `DocumentError` where no Chinese font is there to print it with."""
    chosen = fonts.machine_fonts()
    form = json.dumps(data_of(table, stamp, chosen), ensure_ascii=False)
    try:
        compiler = Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=chosen.all)
        return compiler.compile(format="pdf", sys_inputs={"form": form}, timestamp=MADE)
    except TypstError as error:
        raise DocumentError(f"“{shorten_text(table.department)}”的申报表不能排成 PDF：{error.message}") from error


def data_of(table: Table, stamp: Stamp | None, chosen: fonts.Chosen) -> dict[str, Any]:
    """All that the template prints and measures: lengths in mm (margin) and points (sizes)."""
    rows = lay_out(table)
    return {
        "title": text_of(rows[0][0]),
        "year": year_line(table),
        "department": shorten_text(table.department, 24),
        "stamp": str(stamp) if stamp else "",
        "widths": table.form.widths,
        "heading": chosen.heading,
        "body": chosen.body,
        "margin": MARGIN,
        "large": TITLE_SIZE,
        "size": BODY_SIZE,
        "small": SMALL_SIZE,
        "signers": SIGNERS,
        "date": DATE,
        "keyword": LINES_APART,
        "apart": LINE_GAP,
        "blocks": blocks_of(rows, table.form.widths),
    }


def blocks_of(rows: list[list[LayoutCell]], widths: tuple[float, ...]) -> list[dict[str, Any]]:
    """The rows below the title, those between two heads together; a label beside a head begins below it, too."""
    heads, found, carried = head_rows(rows), [], []
    for is_head, group in groupby(rows[1:], key=lambda row: row[0].row in heads):
        cells = [cell for row in group for cell in draw_row(row, widths)]
        found.append({"head": is_head, "cells": [*carried, *cells]})
        carried = [rest_below_head(cell) for cell in cells if cell["down"]] if is_head else []
    return found


def rest_below_head(cell: dict[str, Any]) -> dict[str, Any]:
    """What is left of a merged cell under the head in which it begins, open at its top."""
    return cell | {"y": cell["y"] + 1, "rows": cell["rows"] - 1, "open": True}


def draw_row(row: list[LayoutCell], widths: tuple[float, ...]) -> Iterator[dict[str, Any]]:
    """The cells of a row for the template, their places counted from 0; a short row is not parted by a page."""
    stays_whole = is_short(row, widths)
    for cell in row:
        yield {
            "x": cell.column - 1,
            "y": cell.row - 1,
            "rows": cell.rows,
            "columns": cell.columns,
            "align": align_of(cell),
            "down": cell.role in REPEATED,
            "open": False,
            "short": stays_whole,
            "text": [breakable_word(line) for line in text_of(cell).split("\n")],
        }


def breakable_word(text: str) -> list[str]:
    """A line of text in pieces, between which a line may end: runs of letters that no line may hold whole are parted.

    Nothing is added to the text, so that what is copied out of the document is what was typed. Figures are parted
    after their commas only.
    """
    pieces, end = [""], 0
    for word in LONG_WORD.finditer(text):
        first, *rest = parts_of(word[0])
        pieces[-1] += text[end : word.start()] + first
        pieces += rest
        end = word.end()
    pieces[-1] += text[end:]
    return pieces


def parts_of(word: str) -> list[str]:
    if FIGURE.fullmatch(word):
        return THOUSANDS.split(word)
    return [word[i : i + WORD_PART] for i in range(0, len(word), WORD_PART)]
