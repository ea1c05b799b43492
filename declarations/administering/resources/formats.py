"""The files in which lists come and go, and how their cells are read."""

from __future__ import annotations

import datetime
import re
from typing import Any

import tablib
from import_export.formats import base_formats

from declarations.files.guarding import sandbox
from declarations.sheet.problems import Refused
from declarations.sheet.table import clean_text

MOST_ROWS = 5_000
TOO_MANY = ("many", f"名单超过 {MOST_ROWS:,} 行。", "请分成几个文件导入。")
NO_ROWS = ("empty", "文件中没有可导入的数据行。", "第一行应为列名，从第二行起每行一条。")
YES, NO = ("是", "在用", "1", "TRUE", "YES"), ("否", "停用", "0", "FALSE", "NO")


class Workbook(base_formats.XLSX):
    """The first sheet of a workbook, opened in the sandbox as every file that people bring."""

    def get_title(self) -> str:
        return "xlsx"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        sheet = sandbox.shared_sandbox().sheets(in_stream)[0]
        refuse_faults(sheet["faults"])
        rows = [row for row in sheet["rows"] if any(map(text_of, row))]
        headers, *body = rows or [[]]
        refuse_length(len(body))
        return tablib.Dataset(
            *(padded_row(row, len(headers)) for row in body), headers=[text_of(cell) for cell in headers]
        )

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return super().export_data(dataset, escape=True)


class CommaSeparated(base_formats.CSV):
    def create_dataset(self, in_stream: bytes | str, **kwargs: Any) -> tablib.Dataset:
        dataset = super().create_dataset(in_stream, **kwargs)
        refuse_length(len(dataset))
        return dataset

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> str:
        """With the mark that tells Excel and WPS that it is UTF-8, and no cell that they would compute."""
        rows = [[harmless_cell(cell) for cell in row] for row in dataset]
        return "\ufeff" + super().export_data(tablib.Dataset(*rows, headers=dataset.headers))


def refuse_length(rows: int) -> None:
    if not rows:
        raise Refused(*NO_ROWS)
    if rows > MOST_ROWS:
        raise Refused(*TOO_MANY)


def refuse_faults(faults: dict[str, str]) -> None:
    """A cell without a value must not pass for an empty one."""
    if faults:
        place, found = next(iter(faults.items()))
        hint = "请用 Excel 或 WPS 打开文件，把公式改为值，保存后重新上传。"
        raise Refused("fault", f"第一个工作表的单元格 {place} 是错误值或没有算出结果的公式（{found[:40]}）。", hint)


def harmless_cell(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


FORMATS = (Workbook, CommaSeparated)


def padded_row(row: list[Any], width: int) -> list[Any]:
    return [*row, *[None] * width][:width]


def text_of(cell: Any) -> str:
    """A cell as text: codes that a spreadsheet made numbers are whole numbers again."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else clean_text(str(cell)).strip()


def day_of(text: str) -> datetime.date | None:
    """``2026-12-31``, ``2026/12/31`` or ``2026年12月31日``; None where it is empty."""
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?(?: [\d:.]+)?", text)
    try:
        return datetime.date(*map(int, parts.groups())) if parts else datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}”不是日期，应填例如 2026-12-31。") from None


def yes_or_no(text: str) -> bool:
    if text.upper() in NO:
        return False
    if text and text.upper() not in YES:
        raise ValueError(f"“{text}”应为“是”或“否”。")
    return True
