"""Tables as text: tab-separated, as copied out of a PDF or a spreadsheet, or separated by commas or semicolons."""

from __future__ import annotations

import codecs
import csv
import re

from declarations.files.guarding import limits
from declarations.files.guarding.bounds import require_within
from declarations.files.guarding.refusals import refusal_of
from declarations.files.opening.sheet import Sheet, Value, address

ENCODINGS = ("utf-8", "gb18030")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
DELIMITERS = {"\t": 3, ",": 1, ";": 1}
"""What may part cells, with the weight of a line that has it: amounts and sentences have commas, but hardly tabs."""
STATED = re.compile(r"sep=([\t,;])\n")
"""The line by which a file tells Excel its delimiter."""
LINE_BREAKS = str.maketrans({"\f": None})
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


def open_text(data: bytes) -> list[Sheet]:
    text = decode_text(data)
    judge_characters(text)
    rows = split_rows(text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_BREAKS))
    judge_rows(rows)
    faults = {(i, j): value for i, row in enumerate(rows, 1) for j, value in enumerate(row, 1) if value in ERRORS}
    return [Sheet("", rows, faults=faults)]


def decode_text(data: bytes) -> str:
    """UTF-8, GB18030 or UTF-16, with or without a byte order mark."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode_strictly(data, "utf-16")
    if b"\0" in data:
        return decode_strictly(data, "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise refusal_of("X19", reason="编码无法识别")


def decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise refusal_of("X19", reason="含有二进制内容") from None


def judge_characters(text: str) -> None:
    """A binary file may pass for GB18030 or UTF-16, but is full of control characters."""
    if "\0" in text or len(CONTROLS.findall(text)) > max(5, len(text) // 1000):
        raise refusal_of("X19", reason="含有二进制内容")
    if not text.strip():
        raise refusal_of("X01")


def split_rows(text: str) -> list[list[Value]]:
    """Rows of cells. Quotes bind a cell with line breaks only where they are balanced."""
    stated = STATED.match(text)
    delimiter = stated[1] if stated else delimiter_of(text)
    text = text[stated.end() :] if stated else text
    if '"' in text:
        try:
            return list(csv.reader(text.split("\n") if text.count('"') % 2 else text.splitlines(keepends=True),
                                   delimiter=delimiter, strict=True))  # fmt: skip
        except csv.Error:
            pass
    return [line.split(delimiter) for line in text.split("\n")]


def delimiter_of(text: str) -> str:
    """The delimiter that most lines have, the first of `DELIMITERS` among equals."""
    lines = text.split("\n")
    return max(DELIMITERS, key=lambda mark: DELIMITERS[mark] * sum(mark in line for line in lines))


def judge_rows(rows: list[list[Value]]) -> None:
    require_within(len(rows), max(map(len, rows)))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if len(value) > limits.TEXT_LENGTH:
                raise refusal_of("X15", reason=f"{address(number, column)} 的文字超过 {limits.TEXT_LENGTH} 字")
