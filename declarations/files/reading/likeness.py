"""What a label may mean that is none of the known ones: sure enough to be read, to be asked, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rapidfuzz import fuzz

SURE = 90.0
"""Of rapidfuzz's ratio: one character more or less in ten, and nothing else as near."""
DOUBTFUL = 62.0
MARGIN = 8.0
LONGEST = 24
SHORTEST = 2
DISTINCT = re.compile(
    "编制|在编|实有|在职|在岗|退休|聘用|临聘|编外|上级|上年|去年|上一年|往年|历年|历史|历次|决算|执行|实际|完成|调整|增减|占比|比例|权重"
    "|分值|得分|评分|赋分|扣分|标准|解释|说明|依据|备注|电话|日期|时间|负责|联系|科室|处室|编码|代码|序号|性质|职能|职责|地址|结转|结余"
    "|四级|省级|中央|人均|非财政|工资|公用|人员经费|合计|小计|总计|单位名|方向|符号|政府性基金|国有资本"
)
"""Words that make another thing of whatever they stand in: 编制数 is not 财政供养人员数."""
ORDINALS = re.compile("[一二三四五六七八九十]")
OPPOSITES = (("基本", "项目"), ("年度", "周期"), ("其他", "专项"), ("向下", "向上"), ("对下", "对上"), ("收入", "支出"))


class Likeness(NamedTuple):
    """``names``: what it may be, likeliest first; ``is_sure``: the first is near enough to be read."""

    names: tuple[str, ...]
    is_sure: bool = False


NOTHING_LIKE_IT = Likeness(())


def likely(key: str, wordings: Mapping[str, str], possible: Iterable[str], wanted: set[str]) -> Likeness:
    """Return what an unknown label may be among ``wanted``.

    ``wordings`` are known spellings and what they name, ``possible`` what this very label is known to be used for.
    """
    known = tuple(name for name in possible if name in wanted)
    if known:
        return Likeness(known)
    if not SHORTEST < len(key) <= LONGEST or DISTINCT.search(key):
        return NOTHING_LIKE_IT
    scores: dict[str, float] = {}
    for wording, name in wordings.items():
        if name in wanted and not _differ(key, wording):
            score = fuzz.ratio(key, wording, score_cutoff=DOUBTFUL)
            if score > scores.get(name, 0):
                scores[name] = score
    if not scores:
        return NOTHING_LIKE_IT
    names = sorted(scores, key=lambda name: -scores[name])
    best, next_best = scores[names[0]], scores[names[1]] if len(names) > 1 else 0
    return Likeness(tuple(names[:3]), best >= SURE and best - next_best >= MARGIN)


def _differ(key: str, wording: str) -> bool:
    """Whether they say opposite things, or count different levels, however alike they look."""
    if ORDINALS.findall(key) != ORDINALS.findall(wording) and ORDINALS.search(wording):
        return True
    return any(_holds_only(key, wording, *pair) or _holds_only(wording, key, *pair) for pair in OPPOSITES)


def _holds_only(key: str, wording: str, one: str, other: str) -> bool:
    return one in key and other in wording and one not in wording and other not in key
