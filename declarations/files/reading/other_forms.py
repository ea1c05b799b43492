"""Forms that look like the table and are not it: of a project, a self-evaluation, a monitoring report, a list.

They have 绩效指标 and 总体目标 too, so that a part of them would pass for the table. A form is told by its title
together with what only it asks for; such words alone are no proof, since a department's table may name a project's
form in its tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from declarations.files.opening.sheet import address
from declarations.files.reading.scan import Row
from declarations.files.reading.vocabulary import vocabulary
from declarations.sheet.official.labels import fold_text
from declarations.sheet.problems import Problem, Severity

LONGEST_TITLE = 60
HEAD_ROWS = 8
"""In so many rows from its beginning a form shows its title and what it is about."""
DEPARTMENT = re.compile(r"部门整体|整体支出|整体预算|整体绩效")
EVALUATION, MONITORING, PROJECT = "绩效自评表", "绩效运行监控表", "项目支出绩效目标表"
TITLES = (
    (re.compile(r"自评报告"), "绩效自评报告"),
    (re.compile(r"自评表|自我评价表|自评结果"), EVALUATION),
    (re.compile(r"监控.{0,8}表|监控报告"), MONITORING),
    (re.compile(r"(?:项目|专项|转移支付|资金).{0,12}绩效目标.{0,8}表"), PROJECT),
)
"""How a title tells another form, and what to call it."""
TITLE_HINT = re.compile("[表告果]")
"""What every such title holds; most cells do not."""
ABOUT_PROJECTS = frozenset({"项目名称", "项目编码", "项目代码", "项目类别", "项目负责人"})
REACHED = re.compile(r"得分|全年执行数|实际完成值|完成情况|偏差|执行率")
"""Heads of what was reached, which no declaration asks for."""
MARKS = re.compile(r"^[\d*.、()①-⑳]+|[:*]+$")
LIST_HEADS = frozenset({"部门代码", "部门", "年度"})
LIST = "供分析的汇总清单"


class FormPart(NamedTuple):
    """Rows of a sheet, and what form they are if they are another one."""

    rows: list[Row]
    form: str


def other_form(rows: list[Row]) -> str:
    """What the rows of a sheet are where they are another form, "" for the table and for what nobody knows."""
    head = rows[:HEAD_ROWS]
    if head and LIST_HEADS.issubset(head[0][2]):
        return LIST
    title = next((form for _, cells, _ in head for _, value in cells if (form := form_of(value))), "")
    if asks_for_department(rows):
        return title if title and asks_what_was_reached(rows) else ""
    keys = {MARKS.sub("", key) for _, _, keys in head for key in keys}
    return title or ("项目的绩效表" if keys & ABOUT_PROJECTS else "")


def form_of(value: object) -> str:
    """The form that a text is the title of, "" for a department's declaration and for other texts."""
    if not isinstance(value, str) or len(value) > LONGEST_TITLE or not TITLE_HINT.search(value):
        return ""
    text = fold_text(value)
    form = next((form for pattern, form in TITLES if pattern.search(text)), "")
    if not form or not DEPARTMENT.search(text):
        return form
    return f"部门整体{form}" if form != PROJECT else ""


def asks_for_department(rows: list[Row]) -> bool:
    """Whether the rows have what only the department's table asks for: its people, or tasks with their funding."""
    words = vocabulary()
    tasks = words.columns["key_tasks"]
    if any(words.items.get(key) == "staff_count" for _, _, keys in rows for key in keys):
        return True
    return any(len({tasks[key] for key in keys if key in tasks}) >= 3 for _, _, keys in rows)


def asks_what_was_reached(rows: list[Row]) -> bool:
    return any(sum(bool(REACHED.search(key)) for key in keys) >= 2 for _, _, keys in rows)


def parts(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows of a sheet, parted where another form begins: its title on a line of its own, 项目名称 close below."""
    start = 0
    for i, (_, cells, _) in enumerate(rows):
        if i > start and len(cells) == 1 and form_of(cells[0][1]) and is_about_a_project(rows[i + 1 : i + 4]):
            yield rows[start:i]
            start = i
    yield rows[start:]


def is_about_a_project(rows: list[Row]) -> bool:
    return any(keys and MARKS.sub("", keys[0]) in ABOUT_PROJECTS for _, _, keys in rows)


def notes_of_other_forms(split: list[FormPart]) -> Iterator[Problem]:
    """That another form stands on the sheet of a table, and from which row on."""
    for part in split:
        if part.form:
            number, cells, _ = part.rows[0]
            message = f"第 {number} 行起是{part.form}，不是部门整体预算绩效目标申报表，未读入"
            yield Problem("R10", Severity.INFO, message, cell=address(number, cells[0][0]))
