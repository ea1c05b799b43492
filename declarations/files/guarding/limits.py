"""How large a file may be, in every direction. Far above any real table, far below what hurts."""

MEBIBYTE = 1 << 20

FILE_BYTES = 20 * MEBIBYTE
ARCHIVE_BYTES = 200 * MEBIBYTE
ARCHIVE_UNPACKED_BYTES = 2_048 * MEBIBYTE
"""A zip of many workbooks, packed and unpacked; each member is still bound by ``FILE_BYTES``."""

ENTRIES = 5_000
NAME_LENGTH = 500
DECLARED_BYTES = 200 * MEBIBYTE
"""Sum of the sizes that a workbook's zip directory declares; pictures count, though nobody unpacks them."""
UNPACKED_BYTES = 40 * MEBIBYTE
"""Sum of what is really unpacked."""
RATIO, RATIO_FROM = 150, 2 * MEBIBYTE
"""A part of at least two mebibytes that was packed more than 150 times."""

ATTRIBUTES = 128
TAG_BYTES = 32_768
ELEMENTS = 1_500_000

ROWS, COLUMNS = 20_000, 256
SHEETS = 500
CELLS = 500_000
"""Of the rectangles that hold the content, all sheets of a file together."""
TEXT_LENGTH = 32_767
"""Characters in a cell, as in Excel."""
MERGES, MERGED_CELLS = 5_000, 200_000

PDF_PAGES, PDF_GLYPHS, PDF_OBJECTS = 200, 300_000, 150_000
"""Of one PDF: its pages, the characters and the drawn things on all of them."""
WEB_CELLS = 100_000
NESTED_TABLES = 16
"""Of a web page: its cells, and the tables within tables that are there for its looks."""
LEFT_OUT, LEFT_OUT_LENGTH = 5_000, 1_000
"""Cells of a sheet that are listed as left out, and characters that are told of each."""
