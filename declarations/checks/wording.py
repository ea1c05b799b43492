"""Checks of wording: W02 punctuation, W03 placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of
from declarations.sheet.problems import Severity
from declarations.sheet.units import shorten_text
from indicators.value_grammar import words_of

MARK = "，。；：、！？,;!?"
BLANK = " 　\u00a0\t"
STRAY = re.compile(
    rf"[≧≦⩾⩽≥≤＞＜>＝=<…{MARK}](?:(?P<sign>(?<=[≧≦⩾⩽]))|(?P<gap>(?<=[≥≤＞＜>＝=<])[{BLANK}]+(?=[\d０-９]))"
    rf"|(?P<twice>(?<=[{MARK}])[{BLANK}]*[{MARK}]+)|(?P<half>(?<=…)(?<!……)(?!…)))"
)
"""What is wrong anywhere in a text. (A pattern that begins with one class of characters is searched for fastest.)"""
BEGINS, ENDS = frozenset(MARK), frozenset("，、：；,:;")


WHY_STRAY = {
    "sign": "不是规范的符号",
    "gap": "的符号与数字之间有空格",
    "twice": "的标点重复或者多余",
    "half": "不是完整的省略号",
    "edge": "处于开头或者末尾",
}
HOW_STRAY = {
    "sign": "请改为“≥”或“≤”。",
    "gap": "请删去空格，例如“≥98%”。",
    "twice": "请只保留一个标点。",
    "half": "请改为“……”或者写全内容。",
    "edge": "请删去开头或者末尾多余的标点。",
}


@enters(
    "W02", Severity.WARNING, "标点或符号不规范", "标点和符号应符合《标点符号用法》（GB/T 15834—2011），便于阅读和识别"
)
def punctuation_is_stray(case: CheckedCase) -> Iterator[CheckFinding]:
    """The first in each cell, once where both values of an indicator have it; a strong question (？！) is meant."""
    is_in_order = STRAY.search(case.all_text) is None
    if is_in_order and not any(map(is_edged, filter(None, case.all_texts))):
        return
    said: set[tuple[str, str]] = set()
    for path, text in case.texts(is_edged if is_in_order else bool):
        kind, found = first_stray(text)
        row = path.rsplit(".", 1)[0] if path.endswith("_value") else path
        if kind and (row, kind) not in said:
            said.add((row, kind))
            message = f"{case.place(path)}中“{shorten_text(found)}”{WHY_STRAY[kind]}"
            yield CheckFinding(path, message, _closed_up(text) if kind == "gap" else HOW_STRAY[kind])


GAP = re.compile(rf"([≥≤＞＜>＝=<])[{BLANK}]+([\d０-９][^\s，。；,;]{{0,12}})")


def _closed_up(text: str) -> str:
    """Return the hint for a gap, with the operator and the number of the text itself."""
    match = GAP.search(text)
    return f"请删去空格，改为“{match[1]}{match[2]}”。" if match else HOW_STRAY["gap"]


def is_edged(text: str) -> bool:
    """Whether a text begins with a mark, or ends with one that something should follow."""
    return text[:1] in BEGINS or text[-1:] in ENDS


def first_stray(text: str) -> tuple[str, str]:
    """What kind of fault a text has first and where, both empty where there is none."""
    for match in STRAY.finditer(text):
        if set(match[0]) not in MEANT:
            before, after = (0, 5) if match.lastgroup in ("sign", "gap") else (6, 0)
            return match.lastgroup or "", text[max(0, match.start() - before) : match.end() + after]
    if not is_edged(text):
        return "", ""
    return "edge", text[:12] if text[0] in BEGINS else text[-12:]


MEANT = ({"?", "!"}, {"？", "！"}, {"？"}, {"！"})


CROSSES = "XxＸｘ×✕╳"
PLACEHOLDER = re.compile(
    rf"(?<![A-Za-z0-9Ａ-Ｚａ-ｚ０-９{CROSSES}])[{CROSSES}]{{2,}}(?![A-Za-z0-9Ａ-Ｚａ-ｚ０-９{CROSSES}])"
    r"|[{｛][^{}｛｝\n]{0,60}[}｝]"
    r"|[【\[(（〔][^【】\[\]()（）〔〕\n]{0,40}(?:请填|请输入|请补充|请选择|待填|待补|此处填)[^【】\[\]()（）〔〕\n]{0,40}[】\])）〕]"
    r"|【[^【】\n]{0,40}(?:填写|填报|输入)[^【】\n]{0,20}】"
    r"|(?<![A-Za-z0-9])[_＿]{2,}(?![A-Za-z0-9])"
    rf"|20[{CROSSES}*＊○〇]{{2}}(?=年|$|[^A-Za-z0-9〇])|[*＊]{{2,}}|(?<![〇二一三四五六七八九])[○〇△]{{2,}}(?![〇二一三四五六七八九])|某某|某(?:单位|部门|县|镇|村|公司|项目|企业|局)(?![些个种])"
)
MARKS = words_of("""
    XX xx Xx xX ＸＸ ｘｘ ×× ✕✕ ╳╳ { ｛ 请填 请输入 请补充 请选择 待填
    待补 此处填 【 __ ＿＿ ** ＊＊ 某 20X 20x 20Ｘ 20× 20* ○○ 〇〇 △△
""")
"""One of these is in every placeholder: where none is in the table, no text needs a closer look."""
WORDS = (
    "待填写",
    "待填报",
    "待填列",
    "此处填写",
    "TODO",
    "TBD",
    "暂定",
    "待商定",
    "待明确",
    "待统计",
    "待测算",
    "待落实后填",
)
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
    case: CheckedCase, *, words: tuple[str, ...] = WORDS, whole: tuple[str, ...] = WHOLE
) -> Iterator[CheckFinding]:
    """Crosses, braces, blanks to fill in; not letters within a word (XXL), not one × between numbers."""
    is_suspicious = any_of((*MARKS, *words)).search(case.all_text)
    if not is_suspicious and frozenset(whole).isdisjoint(map(str.strip, case.all_texts)):
        return
    for path, text in case.texts():
        match = PLACEHOLDER.search(text) or any_of(words).search(text)
        found = match[0] if match else text.strip() if text.strip() in whole else ""
        if found:
            message = f"{case.place(path)}含有占位内容“{shorten_text(found)}”"
            yield CheckFinding(path, message, "请替换为实际内容；不需要的，请删除。")
