"""How the commands speak: for people by default, or one JSON document on standard output.

The JSON is written as it comes, so that thousands of files need no memory, and it is whole even
when Ctrl-C ends the reading.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from declarations.files.opening.sheet import Why
from declarations.models.cycle import FIRST_YEAR, LAST_YEAR
from declarations.sheet.table import Table
from declarations.sheet.units import grouped_amount, shorten_text

SEVERITIES = {"E": "错误", "W": "疑点", "I": "提示"}
SHOWN_OF_A_KIND = 12


def year_argument(text: str) -> int:
    """A form year as an argument of a command."""
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise argparse.ArgumentTypeError(
            f"“{text}”不是申报年度，应为 {FIRST_YEAR} 至 {LAST_YEAR} 之间的四位数，如 2027"
        )
    return int(text)


class Said:
    """Standard output and error of one command."""

    def __init__(self, out, err) -> None:
        self._out, self._err = out, err
        self.was_cut_short = False

    @contextlib.contextmanager
    def to_the_end(self) -> Iterator[None]:
        """Ends quietly where nobody reads the output any more; Ctrl-C is said on standard error."""
        try:
            yield
            self._out.flush()
        except BrokenPipeError:
            self.was_cut_short = True
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            self.cut_short()

    def cut_short(self) -> None:
        self.was_cut_short = True
        self._err.write("已按 Ctrl-C 中止，结果不完整。")

    def line(self, text: str = "") -> None:
        self._out.write(text)

    def lines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._out.write(text)

    def document(self, found: Iterable[Any], rest: Callable[[], dict[str, Any]], name: str = "files") -> None:
        """``{"files": […], …}``: the items one by one, then what `rest` gives once they have all passed."""
        self._out.write(f'{{"{name}": [', ending="")
        divider = "\n"
        try:
            for item in found:
                self._out.write(divider + as_json(item), ending="")
                divider = ",\n"
        except KeyboardInterrupt:
            self.cut_short()
        members = "".join(f', "{key}": {as_json(value)}' for key, value in rest().items())
        self._out.write(f"]{members}}}")


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def file_lines(file: dict[str, Any]) -> Iterator[str]:
    """One file of `read_tables` for people."""
    yield file["path"]
    if file["refused"]:
        yield f"  不予受理（{file['refused']['code']}）：{sentences_of(file['refused'])}"
    for read in file["tables"]:
        yield from table_lines(read)
    yield ""


def sentences_of(problem: dict[str, str]) -> str:
    """Message and hint, each with its full stop."""
    return "".join(part.rstrip("。") + "。" for part in (problem["message"], problem["hint"]) if part)


def table_lines(read: dict[str, Any]) -> Iterator[str]:
    table = Table.from_json(read["table"])
    named = table.department or "（没有部门名称）"
    when = f"{table.year}年度" if table.year else "年度不明"
    sheet = f"工作表“{read['sheet']}”　" if read["sheet"] else ""
    yield f"  {sheet}{named}　{when}　表样 {read['edition']}"
    parts = [part for part in (table.basic_expenditure, table.project_expenditure) if part is not None]
    total = f"支出合计 {grouped_amount(sum(parts))} 万元，" if parts else ""
    yield f"  {total}任务 {len(table.key_tasks)} 项，指标 {len(table.indicators)} 项"
    yield from problem_lines(read["problems"])
    yield from question_lines(read)
    yield from left_out_lines(read)
    if read.get("not_run"):
        yield f"    未检查　{'、'.join(left['code'] for left in read['not_run'])}（缺少上年申报表、控制数等资料）"


def question_lines(read: dict[str, Any]) -> Iterator[str]:
    """What a person has to settle; the import desk takes the answers."""
    for question in read.get("questions", ()):
        yield f"    待确认　{question['cell']} {question['message']}"


def left_out_lines(read: dict[str, Any]) -> Iterator[str]:
    """What stands in the sheet but not in the table, a line a reason."""
    kinds: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entry in read.get("left_out", ()):
        kinds[entry["why"]].append(entry)
    for why, entries in kinds.items():
        named = "、".join(f"{entry['cell']}“{shorten_text(entry['text'], 12)}”" for entry in entries[:SHOWN_OF_A_KIND])
        more = f" 等{len(entries)}处" if len(entries) > SHOWN_OF_A_KIND else ""
        yield f"    未读入　{Why(why).label}：{named}{more}"


def problem_lines(problems: Iterable[dict[str, str]]) -> Iterator[str]:
    """Findings by severity, each with its cell; of more than a dozen of one kind the first ones and how many."""
    kinds: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for problem in problems:
        kinds[problem["severity"], problem["code"]].append(problem)
    for severity, word in SEVERITIES.items():
        for (kind, code), found in kinds.items():
            if kind == severity:
                yield from _of_a_kind(word, code, found)


def _of_a_kind(word: str, code: str, found: list[dict[str, str]]) -> Iterator[str]:
    for problem in found[:SHOWN_OF_A_KIND]:
        cell = f"{problem['cell']} " if problem["cell"] else ""
        yield f"    {word} {code}　{cell}{sentences_of(problem)}"
    if len(found) > SHOWN_OF_A_KIND:
        yield f"    {word} {code}　还有同类 {len(found) - SHOWN_OF_A_KIND} 处"
