"""Lists as files to take away: a template to fill in, and the list as it is now."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

from declarations.administering.references.kinds import Listing, ListingColumn
from declarations.administering.resources.formats import harmless_cell
from declarations.models import Bureau

ROWS_WITH_CHOICES = 20_000
LONGEST_CHOICES = 250
"""Characters that Excel takes of a list of choices; a longer one stands on the sheet of explanations only."""
LEFT_ALONE = "名单里没有写到的不会被删除或停用；缺少的列保持原样，写了列名而留空的格会被清空。"
OPTIONS = {"constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False}


def write_template(listing: Listing) -> bytes:
    """An empty list with its head, and a second sheet that explains every column."""
    return write_workbook(listing, ())


def write_current_list(listing: Listing, bureau: Bureau) -> list[Sequence[str]]:
    """The list of a bureau as it is now, cells as text: what comes in again unchanged."""
    resource = listing.resource(bureau)
    return list(resource.export(resource.get_queryset()))


def write_workbook(listing: Listing, rows: Iterable[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDF2FA", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(listing.label)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(listing.columns):
            sheet.set_column(at, at, column.width, text)  # as text, so that a code keeps its leading zeros
            sheet.write_string(0, at, column.label, head)
            offer_choices(sheet, at, column)
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, at, cell, text)
        explain_columns(book.add_worksheet("填写说明"), listing, head)
    return file.getvalue()


def offer_choices(sheet, at: int, column: ListingColumn) -> None:
    if column.choices and len(",".join(column.choices)) <= LONGEST_CHOICES:
        rule = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
        sheet.data_validation(1, at, ROWS_WITH_CHOICES, at, rule)


def explain_columns(sheet, listing: Listing, head) -> None:
    for at, (label, width) in enumerate((("列名", 26), ("是否必填", 12), ("怎样填", 60), ("例", 30))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, label, head)
    for number, (column, is_demanded) in enumerate(listing.described, start=1):
        choices = f"。可填：{'、'.join(column.choices)}" if column.choices else ""
        cells = (column.label, "必填" if is_demanded else "", column.rule + choices, column.example)
        for at, cell in enumerate(cells):
            sheet.write_string(number, at, cell)
    sheet.write_string(len(listing.columns) + 2, 0, LEFT_ALONE)


def comma_separated(listing: Listing, rows: Iterable[Sequence[str]]) -> bytes:
    """With the mark that tells Excel and WPS that it is UTF-8, and no cell that they would compute."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.label for column in listing.columns])
    writer.writerows([harmless_cell(cell) for cell in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()
