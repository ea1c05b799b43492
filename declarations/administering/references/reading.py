"""From the bytes of a file to rows of text, opened in the sandbox as every file that people bring."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import tablib

from declarations.administering.resources.formats import NO_ROWS, padded_row, refuse_faults, text_of
from declarations.files.guarding import sandbox
from declarations.sheet.problems import Refused

FIRST_ROW = "第一行应为列名，可下载模板对照。"
SUMS = ("合计", "总计", "小计", "共计", "总数")
NUMBER = re.compile(r"[\d,.]+[个人家元]?")
PASSWORDS = ("初始密码", "密码", "口令")
WITH_PASSWORD = (
    "password",
    "名单里有“{column}”一列，没有读取，上传的文件也没有保存。",
    "请删去这一列后重新上传：名单会留存备查，不应含有密码；新账号由本人用一次性链接设置密码。",
)


@dataclass(frozen=True)
class ReadList:
    """``numbers[i]`` is the number of row ``i`` in the spreadsheet; ``ignored``: columns that mean nothing here;
    ``sums``: rows that only add up, which are left out, each its number and word."""

    dataset: tablib.Dataset
    numbers: list[int]
    ignored: list[str]
    sums: list[list[Any]] = field(default_factory=list)


def read_list(data: bytes, columns: Sequence[str], demanded: Sequence[str]) -> ReadList:
    """The first sheet of a workbook, or text in columns. Raises `Refused`."""
    sheet = sandbox.shared_sandbox().sheets(data)[0]
    refuse_faults(sheet["faults"])
    rows = [(number, [text_of(cell) for cell in row]) for number, row in enumerate(sheet["rows"], sheet["first_row"])]
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        raise Refused(*NO_ROWS)
    (_, headers), *body = rows
    refuse_headers(headers, columns, demanded)
    if not body:
        raise Refused(*NO_ROWS)
    known = [at for at, header in enumerate(headers) if header in columns]
    sums = [[number, word] for number, row in body if (word := sum_word(row))]
    body = [(number, row) for number, row in body if not sum_word(row)]
    if not body:
        raise Refused(*NO_ROWS)
    cells = ([row[at] for at in known] for row in (padded_row(row, len(headers)) for _, row in body))
    dataset = tablib.Dataset(*cells, headers=[headers[at] for at in known])
    ignored = [name for name in headers if name and name not in columns]
    return ReadList(dataset, [number for number, _ in body], ignored, sums)


def sum_word(row: Sequence[str]) -> str:
    """合计, 小计 … of a row that only adds up: its first word is one, and what else it holds are numbers."""
    first, *others = [text for text in row if text] or [""]
    word = "".join(first.split()).rstrip(":：")
    return word if word in SUMS and all(NUMBER.fullmatch(text) for text in others) else ""


def refuse_headers(headers: Sequence[str], columns: Sequence[str], demanded: Sequence[str]) -> None:
    for column in headers:
        if column in PASSWORDS:
            code, message, hint = WITH_PASSWORD
            raise Refused(code, message.format(column=column), hint)
    missing = [column for column in demanded if column not in headers]
    if missing:
        found = "、".join(f"“{name}”" for name in headers if name)[:200]
        raise Refused("columns", f"文件缺少“{'”“'.join(missing)}”列；第一行是{found}。", FIRST_ROW)
    twice = [column for column in columns if headers.count(column) > 1]
    if twice:
        raise Refused("columns", f"“{'”“'.join(twice)}”列出现了两次。", "请删去多余的一列后重新上传。")
