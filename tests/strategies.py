"""Tables as nasty as the rules allow, for properties.

What no workbook can tell apart is left out: rows without any value are not kept, tasks stand
before optional tasks, a 部门名称 has no white space around it, a label of a category none in it. And what
is printed on the form is no value: a goal that says 收入来源 and nothing else, a task that repeats the head.
"""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import strategies as st

from declarations.files.reading.asides import aside_of, is_page_mark, is_sum, is_title
from declarations.files.reading.vocabulary import key_of, vocabulary
from declarations.sheet.official import EDITIONS
from declarations.sheet.official.fields import AMOUNTS, COUNTS
from declarations.sheet.table import IndicatorRow, KeyTaskRow, Table, clean_text
from declarations.sheet.units import LIMIT

NASTY = (
    "=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("x")', "'引号", '"引号"', "“引号”", "_x000D_",
    "_x005F_x000D_", "a_x0041_b_x0042_", "<r>&</r>", "<r><t>x</t></r>", "&lt;b&gt;", "]]>", "<!--", "650",
    "100%", "１００％", "0012", "1e5", "2026-12-31", "TRUE", "#DIV/0!", "#N/A", "NULL", "无", "≧ 98%",
    "≥ 100人", "第一行\n第二行", "\n\n", "\t", " ", "　", "\u00a0", "😀", "👨‍👩‍👧", "é", "e\u0301",
    "\u200b", "\ufeff", "\u2028", "\x85", "𠮷", "㈱", "（一）", "①", "《关于2025年的通知》", "名称",
    "一级指标", "产出指标", "数量指标", "合计", "http://a.example/?b=1&c=2", "C:\\x", "A" * 40,
    "很长的话，" * 30,
)  # fmt: skip
UNREADABLE = ("约三十人", "见附件", "1.2.3", "-5", "=SUM(A1:A2)", "待定（万元）", "12、5")

characters = st.characters(codec="utf-8", exclude_categories=("Cs",))
texts = st.one_of(
    st.just(""),
    st.sampled_from(NASTY),
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(characters, max_size=8)), max_size=4).map("".join),
    st.text(characters, max_size=40),
).map(clean_text)

values_alone = texts.map(lambda text: "" if is_printed(text) else text)
labels = texts.map(lambda text: re.sub(r"\s", "", text)).filter(lambda text: text and not is_aside(text))


def is_aside(text: str) -> bool:
    return is_sum(text) or bool(aside_of(text)) or is_page_mark(text) or is_title(text)


def is_printed(text: str) -> bool:
    """Whether a cell with this text is a label of the form, or a line that is no content."""
    if is_aside(text):
        return True
    words, key = vocabulary(), key_of(text)
    return key in words.items or key in words.headings or any(key in columns for columns in words.columns.values())


def without_head(*cells: str) -> tuple[str, ...]:
    """The texts of a row, those after the first two without labels: three labels make a row a head."""
    first = ("" if is_aside(cell) else cell for cell in cells[:2])
    return (*first, *("" if is_printed(cell) else cell for cell in cells[2:]))


def amounts(places: int) -> st.SearchStrategy[Decimal | None]:
    """None or an amount with at most this many places, below the limit."""
    top = int(LIMIT) * 10**places - 1
    cents = st.one_of(st.integers(0, 10**9), st.integers(0, top))
    return st.none() | cents.map(lambda number: Decimal(number).scaleb(-places))


@st.composite
def tasks(draw, is_optional: bool) -> KeyTaskRow:
    name, content, outcome = without_head(draw(texts), draw(texts), draw(texts))
    funding = draw(amounts(2))
    empty = not (name or content or outcome or funding is not None)
    return KeyTaskRow("任务" if empty else name, content, funding, outcome, is_optional)


@st.composite
def indicators(draw, edition: str) -> IndicatorRow:
    level1, level2 = draw(st.sampled_from(EDITIONS[edition].levels))
    # Both levels may be labels of the form themselves.
    _, _, name, annual, cycle = without_head(level1, level2, *draw(st.tuples(texts, texts, texts)))
    cycle = cycle if EDITIONS[edition].has_cycle_value else ""
    if draw(st.booleans()):
        # Labels that no edition prints are known by their place alone, which takes a row filled to its end.
        level1, level2 = draw(st.tuples(labels | st.just(level1), labels))
        name, annual = name or "指标", annual or "值"
    return IndicatorRow(level1, level2, name or ("" if cycle or annual else "指标"), cycle, annual)


@st.composite
def tables(draw, edition: str | None = None) -> Table:
    """A table of either edition, or of the one given."""
    code = edition or draw(st.sampled_from(sorted(EDITIONS)))
    values = {name: draw(st.none() | st.integers(0, 9_999_999)) for name in COUNTS}
    values |= {name: draw(amounts(6)) for name in AMOUNTS}
    empty = [name for name, value in values.items() if value is None]
    unread = draw(st.dictionaries(st.sampled_from(empty), st.sampled_from(UNREADABLE), max_size=2)) if empty else {}
    key_tasks = [*draw(st.lists(tasks(False), max_size=4)), *draw(st.lists(tasks(True), max_size=2))]
    return Table(
        code,
        department=clean_text(draw(values_alone).strip()),
        year=draw(st.none() | st.integers(2000, 2099)),
        overall_goal=draw(values_alone),
        key_tasks=tuple(key_tasks),
        indicators=tuple(draw(st.lists(indicators(code), max_size=6))),
        unread=unread,
        **values,
    )
