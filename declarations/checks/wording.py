"""Checks of wording."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import Case
from declarations.checks.catalogue import Finding, enters
from declarations.checks.indicators import any_of
from declarations.problems import Severity
from declarations.units import shorten
from indicators.value_grammar import words as words_of

CROSSES = "XxＸｘ×✕╳"
PLACEHOLDER = re.compile(
    rf"(?<![A-Za-z0-9Ａ-Ｚａ-ｚ０-９{CROSSES}])[{CROSSES}]{{2,}}(?![A-Za-z0-9Ａ-Ｚａ-ｚ０-９{CROSSES}])"
    r"|[{｛][^{}｛｝\n]{0,60}[}｝]"
    r"|[【\[(（〔][^【】\[\]()（）〔〕\n]{0,40}(?:请填|请输入|请补充|请选择|待填|待补|此处填)[^【】\[\]()（）〔〕\n]{0,40}[】\])）〕]"
    r"|【[^【】\n]{0,40}(?:填写|填报|输入)[^【】\n]{0,20}】"
    r"|(?<![A-Za-z0-9])[_＿]{2,}(?![A-Za-z0-9])"
)
MARKS = words_of("XX xx Xx xX ＸＸ ｘｘ ×× ✕✕ ╳╳ { ｛ 请填 请输入 请补充 请选择 待填 待补 此处填 【 __ ＿＿")
"""One of these is in every placeholder: where none is in the table, no text needs a closer look."""
WORDS = ("待填写", "待填报", "待填列", "此处填写", "TODO", "TBD")
WHOLE = ("待定", "待补充", "待完善", "待确定", "待核实", "略", "同上", "待填", "……", "...")


@enters(
    "W03",
    Severity.ERROR,
    "含有未替换的占位内容",
    "申报内容应当完整，模板中的占位符号应替换为实际内容（财预〔2015〕88号 规范完整性）",
    words="占位用语（出现即提示）",
    whole="占位用语（整格只有它时提示）",
)
def placeholder_is_left(
    case: Case, *, words: tuple[str, ...] = WORDS, whole: tuple[str, ...] = WHOLE
) -> Iterator[Finding]:
    """Crosses, braces, blanks to fill in; not letters within a word (XXL), not one × between numbers."""
    is_suspicious = any_of((*MARKS, *words)).search(case.all_text)
    if not is_suspicious and frozenset(whole).isdisjoint(map(str.strip, case.all_texts)):
        return
    for path, text in case.texts():
        match = PLACEHOLDER.search(text) or any_of(words).search(text)
        found = match[0] if match else text.strip() if text.strip() in whole else ""
        if found:
            message = f"{case.place(path)}含有占位内容“{shorten(found)}”"
            yield Finding(path, message, "请替换为实际内容；不需要的，请删除。")
