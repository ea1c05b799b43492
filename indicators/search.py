"""Finding an entry of the library by whatever a person types: Chinese, initials, full pinyin, words of the meaning.

Every entry is cut into short pieces: single characters and pairs of its name, its other names and its
definition, and pieces of its pinyin. The pieces of a query lead to the entries that have them, rare pieces
counting more; the best of these are then compared as whole texts (rapidfuzz). No entry without a common piece
is ever looked at. Plain Python without a database: 10,000 entries take some milliseconds.
"""

from __future__ import annotations

import heapq
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from indicators.areas import COMMON

LONGEST = 60
"""Characters of a query that are looked at."""
COMPARED = 60
"""Entries that are compared as whole texts."""
MOST_PLACES = 6000
"""Places of pieces that are looked up for one query."""
NAME, ALIAS, MEANING, SOUND = 1.0, 0.9, 0.35, 0.6
"""What a piece is worth, by where in the entry it stands."""
KIND_BOOST, AREA_BOOST, COMMON_BOOST = 0.2, 0.25, 0.05
UNKNOWN = 0.5
"""What a piece that no entry has counts against all of them, of a rare one's worth."""
LEAST = 0.3
"""Below this nothing is alike."""
NO_CONTENT = re.compile(r"有没有|是不是|满不满意|是否|多少|怎么|什么|几个|[的了吗呢]|\s")
LATIN = re.compile(r"[a-z]{2,}")
ALIASES = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One entry as it is searched; ``bureau``: whose it is, empty for all; ``hides``: the entry it stands for there."""

    key: int
    name: str
    kind: str
    area: str
    bureau: str = ""
    hides: int | None = None
    aliases: str = ""
    definition: str = ""
    #: stored keys: the pinyin of the name and of the other names, as `spelt_out` gives it; made where they are missing
    pinyin: str = ""
    alias_pinyin: str = ""
    in_use: bool = True

    @property
    def spellings(self) -> list[tuple[str, str]]:
        """(name, its syllables) of the name and of every other name."""
        others = names_in(self.aliases)
        kept = self.alias_pinyin.split("、") if self.alias_pinyin else []
        spelt = kept if len(kept) == len(others) else [spelt_out(other) for other in others]
        return [(self.name, self.pinyin or spelt_out(self.name)), *zip(others, spelt, strict=True)]


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().strip()


def names_in(aliases: str) -> list[str]:
    return [name for name in ALIASES.split(aliases) if name]


def spelt_out(text: str) -> str:
    """``man yi du``: the syllables of a text, other signs kept together."""
    return " ".join(lazy_pinyin(text)).lower()


def sound_of(text: str) -> str:
    """A text by its sound, in one piece."""
    return spelt_out(text).replace(" ", "")


def initials_of(syllables: str) -> str:
    return "".join(syllable[0] for syllable in syllables.split())


def grams(text: str, size: int) -> Iterator[str]:
    return (text[i : i + size] for i in range(len(text) - size + 1))


def pieces_of_text(text: str) -> set[str]:
    """Characters and pairs of a text."""
    return {*text, *grams(text, 2)}


def pieces_of_sound(syllables: str) -> set[str]:
    """Threes of letters of a text in pinyin; marked, so that they are not taken for written ones."""
    return {f"~{gram}" for gram in grams(syllables, 3)}


def pieces_of_initials(letters: str) -> set[str]:
    """Twos and threes of initials, marked."""
    return {f"^{gram}" for size in (2, 3) for gram in grams(letters, size)}


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """An entry's texts as whole, for the comparison: its name and other names, their sounds and initials."""

    names: tuple[str, ...]
    sounds: tuple[str, ...]
    letters: tuple[str, ...]

    @classmethod
    def of(cls, entry: SearchEntry) -> EntryTexts:
        names, spelt = zip(*entry.spellings, strict=True)
        return cls(
            tuple(map(plain, names)),
            tuple(syllables.replace(" ", "") for syllables in spelt),
            tuple(map(initials_of, spelt)),
        )

    def pieces(self, definition: str) -> dict[str, float]:
        """Every piece with what it is worth, by the best place it stands in."""
        worth = dict.fromkeys(grams(plain(definition), 2), MEANING)
        for name, spelt, letters in [*zip(self.names, self.sounds, self.letters, strict=True)][::-1]:
            at = NAME if name == self.names[0] else ALIAS
            worth |= dict.fromkeys(pieces_of_text(name), at)
            worth |= dict.fromkeys(pieces_of_sound(spelt), at * SOUND)
            worth |= dict.fromkeys(pieces_of_initials(letters), at * SOUND)
        return worth


class Index:
    """All entries of an installation, ready to be searched. Reading only: several threads may share one."""

    def __init__(self, entries: Iterable[SearchEntry]) -> None:
        given = list(entries)
        self.hidden = hidden_in(given)
        self.entries = [entry for entry in given if entry.in_use]
        self.texts = [EntryTexts.of(entry) for entry in self.entries]
        found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for i, (entry, texts) in enumerate(zip(self.entries, self.texts, strict=True)):
            for piece, worth in texts.pieces(entry.definition).items():
                found[piece].append((i, worth))
        self.found = dict(found)

    def search(
        self, query: str, *, bureaus: Collection[str] | None, kind: str = "", area: str = "", limit: int = 10
    ) -> list[SearchEntry]:
        """The entries most like the query that these bureaus see (None: all), best first.

        ``kind`` and ``area`` move entries of the wanted kind and of the department's area up; an empty query
        lists these.
        """
        text = NO_CONTENT.sub("", plain(query)[:LONGEST])
        scores = self._alike(text) if text else dict.fromkeys(range(len(self.entries)), LEAST)
        hidden = set().union(*(self.hidden.get(code, ()) for code in bureaus or ()))

        def total(i: int) -> float:
            return scores[i] + boost(self.entries[i], kind, area) - len(self.entries[i].name) / 1000

        seen = [i for i in scores if visible(self.entries[i], bureaus) and self.entries[i].key not in hidden]
        return [self.entries[i] for i in heapq.nlargest(limit, seen, key=total)]

    def _alike(self, text: str) -> dict[int, float]:
        """By place of an entry, how alike it is, from 0 to about 2; only those that are alike at all."""
        shared = self._shared(text)
        best = heapq.nlargest(COMPARED, shared, key=shared.__getitem__)
        spelt = sound_of(text)
        scores = {i: shared[i] + likeness(text, spelt, self.texts[i]) for i in best}
        return {i: score for i, score in scores.items() if score >= 2 * LEAST}

    def _shared(self, text: str) -> dict[int, float]:
        """By place of an entry, which part of the query's pieces it has, weighed by how rare they are."""
        pieces = pieces_of(text)
        known = [(piece, self.found[piece]) for piece in pieces if piece in self.found]
        rarity = {piece: math.log(1 + len(self.entries) / len(places)) for piece, places in known}
        unknown = (len(pieces) - len(known)) * math.log(1 + len(self.entries)) * UNKNOWN
        whole = sum(rarity.values()) + unknown or 1.0
        shared: defaultdict[int, float] = defaultdict(float)
        left = MOST_PLACES
        for piece, places in sorted(known, key=lambda found: len(found[1])):
            if left < len(places) and shared:
                break  # the rarest come first: what is left is in too many entries to tell them apart
            left -= len(places)
            weight = rarity[piece] / whole
            for i, worth in places:
                shared[i] += weight * worth
        return shared


def hidden_in(entries: Iterable[SearchEntry]) -> dict[str, set[int]]:
    """By bureau, the keys of the common entries that it replaced by its own."""
    hidden: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.hides is not None:
            hidden[entry.bureau].add(entry.hides)
    return dict(hidden)


def pieces_of(text: str) -> set[str]:
    """The pieces of a query; Chinese also by its sound, for what an input method got wrong."""
    found = pieces_of_text(text) | pieces_of_sound(sound_of(text))
    for letters in LATIN.findall(text):
        found |= pieces_of_initials(letters) | pieces_of_sound(letters)
    return found


def likeness(text: str, spelt: str, texts: EntryTexts) -> float:
    """How alike a query, and its sound, is to the nearest of an entry's names, from 0 to 1."""
    if text.isascii() and text.isalpha():
        return max(spelt_likeness(text, *pair) for pair in zip(texts.sounds, texts.letters, strict=True))
    by_sign = max(compare_texts(text, name) for name in texts.names)
    return max(by_sign, 0.9 * max(compare_texts(spelt, other) for other in texts.sounds))


def compare_texts(one: str, other: str) -> float:
    """The whole of both, and how well the shorter fits into the longer."""
    return (fuzz.ratio(one, other) + fuzz.partial_ratio(one, other)) / 200


def spelt_likeness(text: str, spelt: str, letters: str) -> float:
    """Letters against initials and against full pinyin."""
    if letters == text:
        return 1.0
    length = len(text) / max(len(letters), len(text))
    if text in letters:
        return 0.7 + 0.25 * length
    return max(compare_texts(text, letters) * 0.9, compare_texts(text, spelt) if len(text) > 3 else 0.0)


def boost(entry: SearchEntry, kind: str, area: str) -> float:
    wanted = KIND_BOOST if kind and entry.kind == kind else 0.0
    if area and entry.area == area:
        return wanted + AREA_BOOST
    return wanted + (COMMON_BOOST if entry.area == COMMON else 0.0)


def visible(entry: SearchEntry, bureaus: Collection[str] | None) -> bool:
    return bureaus is None or not entry.bureau or entry.bureau in bureaus
