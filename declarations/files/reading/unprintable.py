"""Characters of a private meaning (Unicode category Co), which only the computer shows that they were typed on.

Bullets copied out of Word (Wingdings) and characters that an office made itself are such: elsewhere, and in every
PDF, they are crossed boxes. They are kept as they were read, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from declarations.files.reading.scan import Row
from declarations.sheet.problems import Problem, Severity
from declarations.sheet.table import Table
from declarations.sheet.units import shorten_text

PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
HINT = "请在原表或表单中删去，或改用通用的汉字、符号；常见于从 Word 复制的项目符号和自造字。"


def has_unprintable(rows: list[Row]) -> bool:
    """Whether any text of the sheet has such characters: hardly any has, which is told at one look."""
    return bool(PRIVATE.search("".join([value for _, cells, _ in rows for _, value in cells if type(value) is str])))


def unprintable_characters(table: Table, cells: dict[str, str]) -> Iterator[Problem]:
    """A warning (R15) for each text of the table with such characters, at its cell; ``cells``: addresses by path."""
    document = table.to_json()
    for path, cell in cells.items():
        text = value_at(document, path)
        found = PRIVATE.findall(text) if isinstance(text, str) else []
        if found:
            shown = shorten_text(PRIVATE.sub("□", text))
            message = f"“{shown}”中有 {len(found)} 个自造字或图标字符（□处），打印和导出 PDF 时显示为方框"
            yield Problem("R15", Severity.WARNING, message, HINT, path, cell)


def value_at(document: Any, path: str) -> Any:
    """The value at a field path of a table in JSON, that of an extra column too; None where there is none."""
    for part in path.split("."):
        if isinstance(document, list):
            document = document[int(part)]
        else:
            document = document.get(part, document.get("extra", {}).get(part))
    return document
