"""The sheet 问题清单 in a marked copy: how it is told from a table when the copy comes back."""

from __future__ import annotations

from declarations.files.opening.sheet import Sheet

NAME = "问题清单"
TITLE = "问题清单（由系统生成，导入时自动忽略本表）"


def is_problem_list(sheet: Sheet) -> bool:
    return sheet.name.startswith(NAME) and bool(sheet.rows and sheet.rows[0]) and sheet.rows[0][0] == TITLE
