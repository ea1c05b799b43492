"""Lines that stand in a table and are none of its content: signatures, opinions, dates, notes, page marks, sums.

A real indicator may begin with the same words (审核意见反馈及时率, 合计发放补贴人数): a label of this kind is the whole
text of a cell, or ends in a colon.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from declarations.files.opening.sheet import Why
from declarations.sheet.official.labels import GROUP, bare_label, fold_text
from declarations.sheet.official.wordings import SUMS

_WHO = (
    "(?:预算|主管|财政|单位|部门|项目|科室|处室|股室|分管|财务|业务|主要|资金|法定|经办|绩效"
    "|本|局|牵头|归口|责任|填报)*"
)
SIGNATURE = (
    rf"{_WHO}(?:负责人|领导|代表人|责任人|经手人|会计|出纳)"
    r"|(?:填表|填报|填写|经办|制表|编制|审核|复核|审批|核对|校对|联系|联络|承办|录入|报送|签发|复审|初审|申报|报表|上报"
    r"|审定|批准)(?:人|者|人员|员|人姓名)?"
    r"|(?:联系|办公|单位|固定)?(?:电话|座机)(?:号码)?|联系方式|(?:移动)?手机(?:号码?)?|传真|(?:电子)?邮箱|电子邮件|邮编"
    rf"|{_WHO}(?:签字|签名|签章|盖章|公章|印章)"
    r"|(?:填报|申报|编报|报送|制表|填表|经办|承办|联系|牵头|责任|归口)(?:单位|部门|科室|处室|股室)"
    "|(?:局|处|科|股|院|校|所|站|馆|部|厅|会|秘书)长|(?:副?主任|书记)"
)
DATE = r"(?:填表|填报|填写|申报|报送|编制|制表|上报|审核|审批|签字|打印|提交)?(?:日期|时间)"
OPINION = (
    r"(?:(?:预算|主管|财政|业务|资金|归口|绩效|单位|部门|领导|负责人?|局|科室?|处室?|股室?|专家|财务|上级|本级|评审|审核|审批|审查|审定"
    r"|初审|复审|复核|批复|组|会|分管|主要)+)意见"
)
NOTE = (
    "(?:附?注|备注|(?:填表|填报|填写|编报|编制|备注|特别)?说明|(?:填报|填表|填写)(?:要求|须知)|注意事项|(?:温馨)?提示"
    "|附件)"
)
_BRACKETS = r"(?:\([^()]*\))*"
_KINDS = (
    (Why.OPINION, re.compile(rf"{OPINION}{_BRACKETS}(?P<end>:|$|_{{2,}})")),
    (Why.NOTE, re.compile(rf"{NOTE}{_BRACKETS}(?:[\d一二三四五六七八九十]{{1,2}}[:、.,)]|(?P<end>:|$))")),
    (Why.DATE, re.compile(rf"{DATE}{_BRACKETS}(?P<end>:|$|_{{2,}}|20\d\d)")),
    (Why.SIGNATURE, re.compile(rf"(?:{SIGNATURE})(?:签字|签名|签章|盖章)?{_BRACKETS}(?P<end>:|$|_{{2,}})")),
    (
        Why.SIGNATURE,
        re.compile(r"[^()]{0,14}\((?:盖章|签章|公章|签字|签名|签字盖章|加盖公章|印章)\)(?P<end>:|$|_{2,})"),
    ),
)
SPACED = re.compile(rf"(?:{SIGNATURE})\s+(?:[\u4e00-\u9fff·]{{2,4}}|[\d\-\s+]{{5,}})")
"""``填表人　张三``: the label and a name or a number, with a space instead of the colon."""
WHOLE_DATE = re.compile(r"(?:20\d\d|[二〇○零一四五六七八九三十]{4})?年\d*月\d*日?|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}")
PAGE_MARK = re.compile(
    r"[-—]?第?[\d一二三四五六七八九十]+页?(?:[,/,、]?共?\d+页)?[-—]?"
    r"|第[\d一二三四五六七八九十]+页(?:[,/、(]?共[\d一二三四五六七八九十]+页\)?)?"
    r"|共[\d一二三四五六七八九十]+页|page\d+(?:of\d+)?|\d+/\d+"
)
PAGE_HINT = re.compile(r"[页頁]|[Pp]age|\d$")
TITLE = re.compile(r"绩效目标(?:申报|批复|公开)?表")
SUM_HINT = re.compile("[计計额額分]")
SUM_LINE = re.compile(rf"(?:{'|'.join(sorted(SUMS, key=len, reverse=True))})(?::.*)?")
SUM_PARTS = re.compile(
    r"(?:任务|资金|项目|金额|各项|全部|重点工作|指标|权重|分值|支出|收入|预算|以上|本页|本表)*(?:合计|小计|总计|共计)"
)
NUMBER = re.compile(r"\s*[\d\-—()（）+ ]{6,}\s*")
"""A telephone number without a label of its own."""
MEASURED = re.compile(r"[≥≤≧≦><＞＜%％‰]")


class Aside(NamedTuple):
    """``is_open``: a label alone, whose value stands in the next cell; ``is_strong``: no content can begin so."""

    why: Why
    is_open: bool
    is_strong: bool


@lru_cache(maxsize=4096)
def aside_of(text: str) -> Aside | None:
    """Return what kind of aside a text is; None for one that may be content."""
    if len(text) > 2 and text[:40].isspace():
        return None
    key = fold_text(text[:200])
    bare = key.lstrip("*★※●■□◆·-(（【[")
    plain = GROUP.sub("", bare) if "(" in bare[1:] else bare
    if WHOLE_DATE.fullmatch(key.strip("()")):
        return Aside(Why.DATE, is_open=False, is_strong=False)
    for why, pattern in _KINDS:
        match = pattern.match(bare) or pattern.match(key) or (plain != bare and pattern.match(plain))
        if match:
            end = match.groupdict().get("end")
            is_open = match.end() == len(match.string) or not match.string[match.end() :].strip("_) ")
            is_strong = bool(end) and not (why is Why.DATE and match[0] in ("日期:", "时间:"))
            return Aside(why, is_open, is_strong)
    if SPACED.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        return Aside(Why.SIGNATURE, is_open=False, is_strong=True)
    return None


def is_page_mark(text: str) -> bool:
    if not PAGE_HINT.search(text, 0, 60):
        return False
    key = fold_text(text[:60]).lower()
    return bool(PAGE_MARK.fullmatch(key))


def is_title(text: str) -> bool:
    return bool(TITLE.search(fold_text(text[:60])[:40]))


@lru_cache(maxsize=1024)
def is_sum(text: str) -> bool:
    """Whether a text heads a row of sums: 合计, 小计（元）, 任务资金合计; not 合计发放补贴人数."""
    if len(text) > LONGEST_SUM or not SUM_HINT.search(text):
        return False
    key = bare_label(text)
    return bool(SUM_LINE.fullmatch(key) or SUM_PARTS.fullmatch(key))


LONGEST_SUM = 20


def line_asides(texts: Sequence[str], is_measured: Callable[[], bool]) -> list[Why]:
    """Return why each cell of a line is no content, in order; [] where the line is content.

    ``is_measured``: a cell holds a value as indicators have (``≥90%``), so that a bare label names an indicator.
    """
    first = aside_of(texts[0])
    if first is None and not any(":" in text or "：" in text for text in texts):  # as most lines
        return []
    asides = [first, *(aside_of(text) for text in texts[1:])]
    strong = sum(1 for aside in asides if aside and aside.is_strong)
    if first is None or (not first.is_strong and is_measured()):
        return _mostly(asides, strong, texts)
    whys: list[Why] = []
    before: Aside | None = None
    for aside, text in zip(asides, texts, strict=True):
        if aside is None and not (before and (before.is_open or strong)) and not (whys and NUMBER.fullmatch(text)):
            return []
        whys.append((aside or before or first).why)
        # without a colon anywhere a label has one value, and no more
        before = aside if aside or not strong else before
    return whys


def _mostly(asides: list[Aside | None], strong: int, texts: Sequence[str]) -> list[Why]:
    """A line that begins with something else, as a department's name before 填表人：."""
    if strong * 2 < len(asides) or not strong or max(map(len, texts)) > 2 * LONGEST_SUM:
        return []
    why = next(aside.why for aside in asides if aside and aside.is_strong)
    return [aside.why if aside else why for aside in asides]
