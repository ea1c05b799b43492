"""Labels as offices print them, and how two of them are compared.

Two keys: `label_key` only smooths how a label is typed; `bare_label` takes off everything that decorates it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from declarations.sheet.official.characters import fold_text, simplify_text
from declarations.sheet.official.wordings import VARIANTS
from declarations.sheet.units import Unit

__all__ = ["VARIANTS", "bare_label", "fold_text", "label_key", "unit_in"]

_UNIT = r"(?:人民币)?(?P<unit>亿元|千万元|百万元|十万元|万元|千元|百元|元|亿|万)"
UNIT_ALONE = re.compile(rf"(?:金额|计量|货币)*(?:单位)?[:,]?{_UNIT}(?:[,;、。].*)?")
"""What stands between brackets, or in a cell of its own: ``单位:万元``."""
UNIT_AT_END = re.compile(rf"(?:(?:金额|计量|货币)?单位[:,]?|[/:,、;]|(?<=[额金算数费款入出])){_UNIT}$")
UNIT_SHORT = {"亿": Unit.YI, "万": Unit.WAN}

OPENING, CLOSING = "([{〔【《〈「『〖<“‘", ")]}〕】》〉」』〗>”’"
BRACKETS = str.maketrans(OPENING + CLOSING, "(" * len(OPENING) + ")" * len(CLOSING))
GROUP = re.compile(r"\(([^()]*)\)")
MEANING = re.compile(
    "周期|中长期|编制|在编|实有|在职|在岗|退休|上年|上一年|去年|往年|实际|决算|执行|完成|基本支出|项目支出"
)
"""Words that say something else in brackets: 财政供养人员数(编制) is another number than 财政供养人员数."""
YEAR_IN_FRONT = re.compile(
    r"(?:20\d\d年?[-~至—–][-~至—–]?20\d\d年?度?(?P<range>)|20\d\d年度?|20\d\d度|(?:本|当|今)年度?)"
)
NUMBER_IN_FRONT = re.compile(
    r"(?:第?[一二三四五六七八九十]+[、.:,)]|第[一二三四五六七八九十\d]+(?:部分|[项条款])[、.:]?"
    r"|\d+(?:[.\-]\d+)*[、.:,)\-]*|[ivx]{1,4}[、.:,)]|[a-z][、.:,)]|[\u2776-\u2793\u24eb-\u24ff])"
)
WORD_IN_FRONT = re.compile(r"(?:其中|包括|请填写|填写)[:,、]?")
DECORATED_WORD = re.compile("^[本当今其包请填第]|元$|[万亿]$")
"""What texts of nothing but letters may have to take off."""
THING_AT_END = re.compile(
    r"[/:,、;](?:单位:?)?(?:人次|人|个|家|名|项|%|‰)$|(?:(?<!\d)\d{1,2}|[\u2776-\u2793\u24eb-\u24ff]+)$"
)


@lru_cache(maxsize=4096)
def label_key(text: object) -> str:
    """Return a label as typed, but without white space, invisible characters, unit and closing colon.

    It is also the key of an answer to a question about that label (see ``reader.read_sheets``).
    """
    key = fold_text(text)
    if not key.isalpha():
        key = UNIT_AT_END.sub("", GROUP.sub(lambda group: "" if UNIT_ALONE.fullmatch(group[1]) else group[0], key))
    return key.rstrip(":") or fold_text(text)


def bare_label(text: object) -> str:
    """Return what a label says, without numbering, marks, notes in brackets, units, footnote signs and its year.

    ``*1.财政供养人员数(人)①：`` is 财政供养人员数. Traditional characters are simplified. What says something of its
    own stays: 指标值(实施周期) is 实施周期指标值. A text that is nothing but decoration stays as it is.
    """
    whole = simplify_text(fold_text(text)).lower()
    if whole.isalpha() and not DECORATED_WORD.search(whole):  # as most texts are
        return whole
    key = whole
    while key:
        before = key
        key = _marks_off(_front_off(_brackets_off(UNIT_AT_END.sub("", THING_AT_END.sub("", _marks_off(key))))))
        if key == before:
            return key
    return whole


def _brackets_off(key: str) -> str:
    if key.isalpha():
        return key
    key = key.translate(BRACKETS)
    while GROUP.search(key):
        bare = GROUP.sub(lambda group: "", key)
        if not bare.strip("()"):
            return key.strip("()")
        meant = "".join(group for group in GROUP.findall(key) if MEANING.search(group))
        key = meant + bare
    return key


def _front_off(key: str) -> str:
    for pattern in (YEAR_IN_FRONT, NUMBER_IN_FRONT, WORD_IN_FRONT):
        match = pattern.match(key)
        if match:
            rest = key[match.end() :]
            if match.groupdict().get("range") is not None:
                return f"周期{rest}"
            return rest or ("年度" if pattern is YEAR_IN_FRONT else key)
    return key


def _marks_off(key: str) -> str:
    """Without punctuation, symbols and unpaired brackets at both ends."""
    first, last = 0, len(key)
    while first < last and _is_mark(key[first]) and not _opens_pair(key, first):
        first += 1
    while last > first and _is_mark(key[last - 1]) and not _closes_pair(key, last - 1):
        last -= 1
    return key[first:last]


def _is_mark(character: str) -> bool:
    return not character.isalnum() and unicodedata.category(character)[0] in "PSZC"


def _opens_pair(key: str, at: int) -> bool:
    return key[at] in OPENING and any(character in CLOSING for character in key[at + 1 :])


def _closes_pair(key: str, at: int) -> bool:
    return key[at] in CLOSING and any(character in OPENING for character in key[:at])


@lru_cache(maxsize=4096)
def unit_in(text: object) -> Unit | None:
    """Return the unit that a label names: ``预算金额（人民币万元）`` is 万元; None where it names none or two."""
    key = fold_text(text).translate(BRACKETS)
    matches = [UNIT_ALONE.fullmatch(group) for group in GROUP.findall(key)]
    bare = GROUP.sub("", key).rstrip(":。")
    matches += [UNIT_ALONE.fullmatch(bare) or UNIT_AT_END.search(bare)]
    units = {UNIT_SHORT.get(match["unit"]) or Unit(match["unit"]) for match in matches if match}
    return units.pop() if len(units) == 1 else None
