"""The year of a table: what says so, what only looks like it, and what contradicts.

From the title, then a line that says 年度, then the names of sheet and file. A date (填报日期), a document number
(〔2025〕18号) and a month of making (2025年11月制) are no year of declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from declarations.files.reading.asides import is_title
from declarations.files.reading.ledger import FoundValue, Ledger
from declarations.sheet.official.labels import BRACKETS, fold_text, label_key
from declarations.sheet.official.wordings import YEARS
from declarations.sheet.problems import Severity

CHINESE_YEAR = re.compile("二[〇○零0]([一二三四五六七八九〇○零])([一二三四五六七八九〇○零])年")
DIGITS = {digit: str(i) for i, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
NO_YEAR = re.compile(
    r"20\d\d年\d{1,2}月(?:\d{1,2}日)?|20\d\d[-/._]\d{1,2}(?:[-/._]\d{1,2})?(?!\d)|20\d{6}(?!\d)"  # dates
    r"|[(\[]20\d\d[)\]](?=第?\d+号)|20\d\d年?第?\d+号"  # document numbers
    r"|20\d\d年?(?:印制|制|版|修订|印发|编)"
    r"|20\d\d年?[-~至—–]+20\d\d年?"  # a period
)
LINE_YEAR = re.compile(r"年度[:：]?(20\d\d)(?!\d)|(20\d\d)年度")
TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年|(?=.*绩效目标))")
BARE_LINE = re.compile(r"\(?(20\d\d)年?(?:预算|部门预算|申报)?\)?")
NAME_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
FOLDER_YEAR = re.compile(r"(?<!\d)(20\d\d)年")


YEAR_QUESTION = "年度"
"""The text of the question about the year, and so the key of its answer."""


class YearFound(NamedTuple):
    """A year and where it stands: a cell, or in words."""

    year: int
    where: str
    cell: str = ""


def years_of(lines: Iterable[FoundValue], sheet_name: str, name: str) -> list[YearFound]:
    """Return every year that is stated, in order of weight; ``name`` is the file's, with its folder in front."""
    title: list[FoundValue] = []
    other: list[FoundValue] = []
    for line in lines:
        (title if is_title(str(line.value)) else other).append(line)
    found = [*_in_lines(title, _of_title), *_in_lines(other, _of_line), *_beside_labels(other)]
    *folders, file = name.split("/")
    found += _in_name(sheet_name, "工作表名", NAME_YEAR) + _in_name(file, "文件名", NAME_YEAR)
    return found + _in_name(folders[-1] if folders else "", "文件夹名", FOLDER_YEAR)


def _in_lines(lines: list[FoundValue], year_in: Callable[[str], int | None]) -> Iterator[YearFound]:
    for line in lines:
        if isinstance(line.value, str) and (year := year_in(_smooth(line.value))):
            yield YearFound(year, f"“{' '.join(line.value.split())[:30]}”", line.cell)


def _beside_labels(lines: list[FoundValue]) -> Iterator[YearFound]:
    """预算年度 in one cell and 2027 in the next."""
    for label, value in pairwise(lines):
        if label.row == value.row and label_key(label.value) in YEARS:
            yield from year_beside(value)


def year_beside(value: FoundValue) -> Iterator[YearFound]:
    """The year that stands in a cell of its own, after its label."""
    match = re.fullmatch(r"(20\d\d)(?:\.0)?年?度?", _smooth(value.value))
    if match:
        yield YearFound(int(match[1]), f"“年度：{match[1]}”", value.cell)


def _of_title(text: str) -> int | None:
    match = LINE_YEAR.search(text) or TITLE_YEAR.search(text)
    return _number(match)


def _of_line(text: str) -> int | None:
    return _number(LINE_YEAR.search(text) or BARE_LINE.fullmatch(text))


def _number(match: re.Match[str] | None) -> int | None:
    return int(next(filter(None, match.groups()))) if match else None


def _in_name(text: str, where: str, pattern: re.Pattern[str]) -> list[YearFound]:
    """A name that states several years states none."""
    years = {int(year) for year in pattern.findall(_smooth(text))}
    return [YearFound(years.pop(), f"{where}“{text}”")] if len(years) == 1 else []


def _smooth(value: object) -> str:
    """A text without what only looks like a year of declaration; 二〇二六年 in figures."""
    text = fold_text(value).translate(BRACKETS)
    text = CHINESE_YEAR.sub(lambda match: f"20{DIGITS[match[1]]}{DIGITS[match[2]]}年", text)
    return NO_YEAR.sub("", text)


def settled_year(
    preamble: list[FoundValue], beside_label: FoundValue | None, ledger: Ledger, name: str, given: int | None
) -> int | None:
    """Return the year as given or answered, else as stated; None where nothing states it.

    Where statements differ the weightiest is returned with an R04 of severity E and a question: nothing may be
    brought in on the strength of it. Between names of sheet, file and folder none weighs more: None.
    """
    stated = years_of(preamble, ledger.sheet.name, name)
    if beside_label:
        stated = sorted([*year_beside(beside_label), *stated], key=lambda one: one.cell == "")
    years = {one.year for one in stated}
    answer = ledger.answers.get(label_key(YEAR_QUESTION), "")
    chosen = given or (int(answer) if answer.isascii() and answer.isdigit() else None)
    if chosen:
        if years - {chosen}:
            message = f"按{chosen}年度读入；但{_named(one for one in stated if one.year != chosen)}"
            ledger.say("R04", Severity.WARNING, message, stated[0].cell, "请核对年度。", "year")
        return chosen
    if not years:
        hint = "请在标题中写明年度（如“2027年部门整体预算绩效目标申报表”），或在导入时指定年度。"
        ledger.say("R04", Severity.ERROR, "看不出是哪一年度的申报表", "", hint, "year")
    elif len(years) > 1:
        _ask_year(ledger, stated)
        return stated[0].year if stated[0].cell else None
    return years.pop() if years else None


def _ask_year(ledger: Ledger, stated: list[YearFound]) -> None:
    message = f"年度前后不一致：{_named(stated)}"
    ledger.say("R04", Severity.ERROR, message, stated[0].cell, "请核对后改正，或在导入时指定年度。", "year")
    years = list(dict.fromkeys(str(one.year) for one in stated))
    found = FoundValue(YEAR_QUESTION, 1, 1)
    ledger.ask("year", found, f"这是哪一年度的申报表？{_named(stated)}", years)


def _named(stated: Iterable[YearFound]) -> str:
    return "，".join(dict.fromkeys(f"{one.where}写的是{one.year}年" for one in stated))
