"""Slips of the pen: words that are often confused, and words that sound like a usual one.

`confusions.txt` holds pairs, `lexicon.txt` usual expressions of four characters, `syllables.txt` how each
character reads, without tone (made from pypinyin by ``python -m declarations.checks.spelling.make``: a
table that is read in a millisecond, where the library takes 165 to load). No file is read before the first table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from indicators.value_grammar import words_of

FOLDER = Path(__file__).parent
WINDOW = 4
"""Characters of each expression of the lexicon."""


class Slip(NamedTuple):
    """What was written, what was meant, and where the wrong text begins."""

    wrong: str
    right: str
    at: int


class Pair(NamedTuple):
    right: str
    exceptions: tuple[str, ...]


def lines_of(name: str) -> list[str]:
    """The lines of a word file, without remarks and empty ones."""
    text = (FOLDER / name).read_text("utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def confusions() -> dict[str, Pair]:
    found = {}
    for line in lines_of("confusions.txt"):
        wrong, right, *rest = line.split()
        found[wrong] = Pair(right, tuple(rest[0].split(",")) if rest else ())
    return found


@lru_cache(maxsize=1)
def _by_fault() -> tuple[re.Pattern[str], dict[str, list[tuple[int, str]]]]:
    """Pairs of characters that betray a confused word, and the words by theirs: where in the word it stands, the word.

    The longest come first. (A pattern that begins with one class of characters is searched for ten times as
    fast as five hundred words; the pair of a word is one that its right form does not have.)
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for wrong in sorted(confusions(), key=len, reverse=True):
        right = confusions()[wrong].right
        at = next(i for i in range(len(wrong) - 1) if wrong[i : i + 2] not in right)
        found.setdefault(wrong[at : at + 2], []).append((at, wrong))
    first, second = ("".join(sorted({fault[i] for fault in found})) for i in (0, 1))
    return re.compile(f"([{first}])(?=([{second}]))"), found


@lru_cache(maxsize=1)
def syllables() -> dict[int, str]:
    """Each character to one that stands for its syllable, for `str.translate`."""
    codes: dict[int, str] = {}
    for number, line in enumerate(lines_of("syllables.txt")):
        codes |= dict.fromkeys(map(ord, line.split()[1]), chr(0xE000 + number))
    return codes


@lru_cache(maxsize=1)
def lexicon() -> dict[str, str]:
    """The usual expressions by how they sound."""
    return {word.translate(syllables()): word for line in lines_of("lexicon.txt") for word in line.split()}


@lru_cache(maxsize=1)
def _may_sound() -> re.Pattern[str]:
    """A window in whose four places stand characters that sound like one in that place of some expression."""
    codes: dict[str, str] = {}
    for character, code in syllables().items():
        codes[code] = codes.get(code, "") + chr(character)
    places = ({key[i] for key in lexicon()} for i in range(WINDOW))
    first, *others = ("[" + "".join(codes[code] for code in sorted(place)) + "]" for place in places)
    return re.compile(f"(?=({first}{''.join(others)}))")


def slips_of(text: str) -> list[Slip]:
    """Both kinds, in the order of the text; a text without Chinese has none."""
    return [*_confused(text), *_homophones(text)]


def _confused(text: str) -> list[Slip]:
    pattern, by_fault = _by_fault()
    found: dict[int, Slip] = {}
    for fault in by_fault.keys() & {one + other for one, other in pattern.findall(text)}:
        for place in places_of(fault, text):
            begins = ((place - at, word) for at, word in by_fault[fault] if at <= place)
            at, wrong = next(((at, word) for at, word in begins if text.startswith(word, at)), (0, ""))
            if wrong and not any(_covers(text, word, wrong, at) for word in confusions()[wrong].exceptions):
                found[at] = Slip(wrong, confusions()[wrong].right, at)
    return [found[at] for at in sorted(found)]


def places_of(word: str, text: str) -> Iterator[int]:
    """Where a word stands in a text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _covers(text: str, word: str, wrong: str, at: int) -> bool:
    """Whether ``wrong`` at a place lies within ``word``, a right expression that happens to contain it."""
    begin = at - word.index(wrong)
    return begin >= 0 and text.startswith(word, begin)


@lru_cache(maxsize=1)
def _halves() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The first halves, the second halves and the expressions: a slip leaves one half as it is."""
    usual = frozenset(lexicon().values())
    return frozenset(word[:2] for word in usual), frozenset(word[2:] for word in usual), usual


def _homophones(text: str) -> list[Slip]:
    """Windows that sound like an expression and have one of its halves as it is written."""
    first, second, right = _halves()
    windows = {*_may_sound().findall(text)} - right
    windows = {window for window in windows if window[:2] in first or window[2:] in second}
    meant = {window: lexicon().get(window.translate(syllables()), window) for window in windows}
    unlike = ((window, word) for window, word in meant.items() if window != word)
    found = [Slip(window, word, at) for window, word in unlike for at in places_of(window, text)]
    return sorted((slip for slip in found if _is_slip(text, slip)), key=lambda slip: slip.at)


GENUINE = frozenset(
    words_of("""
    之初 指出 只出 直至 职责 至此 制止 时间 实践 事件 实现 视线 事先 时限 权利 权力 工序 共需 其实 启示
    安置 反映 反应 形式 形势 行使 截至 截止 以至 以致 必须 必需 制定 制订 不足 不住 即时
    """)
)
"""Words that may stand where another of the same sound is usual: 该项目指出…, 行使权力."""


def _is_slip(text: str, slip: Slip) -> bool:
    """Not where what differs is a word of its own, or may belong to the words behind it."""
    written, meant = slip.wrong, slip.right
    half = 0 if written[2:] == meant[2:] else 2
    if written[2 - half :][:2] != meant[2 - half :][:2] or written[half : half + 2] in GENUINE:
        return False
    after = text[slip.at + WINDOW : slip.at + WINDOW + 1]
    return written[-1] == meant[-1] or not "\u4e00" <= after <= "\u9fff"
