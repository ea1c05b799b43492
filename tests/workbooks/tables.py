"""The official table as rows of cells, complete and invented, for whoever needs a workbook to read."""

from declarations.files.opening.sheet import address
from declarations.sheet.layout import lay_out
from tests.samples import rows_of, sample

DEPARTMENT = "云溪市水务局"


def official_rows(edition="2026", **changes):
    """Rows of values, as printed by the edition; cells covered by a merge are None. ``changes``: fields of `Table`."""
    return rows_of(sample(edition, **changes))


def official_merges(edition="2026", **changes):
    """The merged areas of the same table: ``A1:F1`` …"""
    cells = [cell for line in lay_out(sample(edition, **changes)) for cell in line]
    return [area_of(cell) for cell in cells if cell.rows * cell.columns > 1]


def area_of(cell):
    last = address(cell.row + cell.rows - 1, cell.column + cell.columns - 1)
    return f"{address(cell.row, cell.column)}:{last}"


def official_text(edition="2026", delimiter="\t", **changes):
    """The table as text, one line a row."""
    rows = official_rows(edition, **changes)
    return "\n".join(delimiter.join(flat(value) for value in row) for row in rows)


def flat(value):
    return "" if value is None else str(value).replace("\n", "")


def place_of(rows, wanted):
    """The address of the first cell with this value."""
    places = [address(i, j) for i, row in enumerate(rows, 1) for j, value in enumerate(row, 1) if value == wanted]
    return places[0]
