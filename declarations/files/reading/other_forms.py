"""Forms that look like the table and are not it: of a project, a self-evaluation, a monitoring report, our own lists.

They have 绩效指标 and 总体目标 too, so that a part of them would pass for the table. A form is told by its title
together with what only it asks for; a title or such words alone are no proof, since a department's table may name a
project's in its tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.files.reading.scan import Row
from declarations.files.reading.vocabulary import vocabulary
from declarations.sheet.official.labels import fold_text

LONGEST_TITLE = 60
HEAD_ROWS = 8
"""In so many rows from its beginning a form shows its title and what it is about."""
DEPARTMENT = re.compile(r"部门整体|整体支出|整体预算|整体绩效")
TITLES = (
    (re.compile(r"自评报告"), "绩效自评报告"),
    (re.compile(r"自评表|自我评价表|自评结果"), "绩效自评表"),
    (re.compile(r"监控.{0,8}表|监控报告"), "绩效运行监控表"),
    (
        re.compile(r"(?:项目|专项|转移支付|资金).{0,12}绩效目标.{0,8}表|绩效目标.{0,8}表.{0,6}项目"),
        "项目支出绩效目标表",
    ),
)
"""How a title tells another form, and what to call it."""
ABOUT_PROJECTS = frozenset({"项目名称", "项目编码", "项目代码", "项目类别", "项目负责人"})
EVALUATED = re.compile(r"得分|全年执行数|实际完成值|完成情况|偏差|自评|执行率")
FLAT_HEADS = frozenset({"年度", "部门代码", "部门名称", "一级指标", "三级指标"})


def other_form(rows: list[Row]) -> str:
    """What the rows of a sheet are where they are another form, "" for the table and for what nobody knows."""
    head = rows[:HEAD_ROWS]
    title = next((name for _, cells, _ in head for _, value in cells if (name := title_of(value))), "")
    keys = {bare(key) for _, _, keys in head for key in keys if key}
    if keys & ABOUT_PROJECTS and not asks_for_department(rows):
        return title or "项目的绩效表"
    if title and not asks_for_department(rows):
        return title
    return title if title and is_evaluated(rows) and not names_department_form(head) else ""


def title_of(value: object) -> str:
    """The form that a text is the title of, "" for a department's table and for other texts."""
    text = fold_text(value) if isinstance(value, str) and len(value) <= LONGEST_TITLE else ""
    if not text or "申报表" in text and DEPARTMENT.search(text):
        return ""
    found = next((name for pattern, name in TITLES if pattern.search(text)), "")
    return (
        f"部门整体{found}"
        if found and DEPARTMENT.search(text) and "自评" in found or "监控" in found and DEPARTMENT.search(text)
        else found
    )


def bare(key: str) -> str:
    """A label without numbering, colon or mark."""
    return re.sub(r"^[\d*.、()]+|[:*]+$", "", key)


def asks_for_department(rows: list[Row]) -> bool:
    """Whether the rows have what only the department's table asks for: its people, and tasks with their funding."""
    words = vocabulary()
    fields = {words.items.get(key) for _, _, keys in rows for key in keys}
    heads = [keys for _, _, keys in rows if len({words.columns["key_tasks"].get(key) for key in keys} - {None}) >= 3]
    return "staff_count" in fields or bool(heads)


def is_evaluated(rows: list[Row]) -> bool:
    """Whether a head asks for what was reached: columns of points and of actual values."""
    return any(sum(bool(EVALUATED.search(key)) for key in keys) >= 2 for _, _, keys in rows)


def names_department_form(head: list[Row]) -> bool:
    texts = (fold_text(value) for _, cells, _ in head for _, value in cells if isinstance(value, str))
    return any("申报表" in text and DEPARTMENT.search(text) for text in texts if len(text) <= LONGEST_TITLE)


def parts(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows of a sheet, parted where a title of another form stands with what only that form asks for below it."""
    start = 0
    for i, (_, cells, _) in enumerate(rows):
        if i > start and len(cells) == 1 and title_of(cells[0][1]) and other_form(rows[i : i + HEAD_ROWS]):
            yield rows[start:i]
            start = i
    yield rows[start:]
