"""Which department a file means: by code, name, former names, the name without its city, likeness.

The confidence (0-100) says how sure the match is. Below `SURE`, or with a second department close
behind, nobody is chosen: the candidates are named and a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process

SURE = 90
CLOSE = 5
"""Points by which the best must lead the second."""
MOST_LIKELY_BY_LIKENESS = 94
UNLIKE_NUMBERS = 70
"""At most this sure where the names differ in a number or a direction: 第一中学 is not 第二中学."""
WORTH_NAMING = 45
CANDIDATES = 5

CODE = re.compile(r"[\[(]?([0-9A-Za-z]{3,30})[\])]?[-_:、.]?(.*)", re.DOTALL)
REMARK = re.compile(r"\((?:本级|部门本级|机关|汇总|部门|含下属单位|盖章|公章|部门公章)\)|:$")
PARTY = re.compile(r"^(?:中国共产党|中共)")
PLACE_ENDING = "省市县区州盟旗"
TELLING = frozenset("0123456789零一二三四五六七八九十百甲乙丙丁东西南北中上下左右前后")


class Named(NamedTuple):
    """A department as matching needs it."""

    pk: int
    code: str
    name: str
    former_names: tuple[str, ...] = ()


class DepartmentCandidate(NamedTuple):
    pk: int
    name: str
    confidence: int


class How:
    """By what a department was found, in words."""

    CODE = "部门代码"
    NAME = "名称相同"
    FORMER = "曾用名"
    SHORT = "简称相同"
    LIKENESS = "名称相近"
    CHOSEN = "人工指定"
    KNOWN = "与上次导入相同"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Match:
    """``department`` is the key of the one that is meant, None where that is not sure."""

    named: str
    department: int | None = None
    confidence: int = 0
    how: str = How.NONE
    candidates: tuple[DepartmentCandidate, ...] = ()


class Matcher:
    """The departments of one bureau, indexed by everything by which a file may call them."""

    def __init__(self, departments: Iterable[Named], bureau_name: str = "") -> None:
        self._place = place_of(bureau_name)
        self._names = {department.pk: department.name for department in departments}
        self._codes = {department.code.upper(): department.pk for department in departments}
        self._by: dict[str, dict[str, set[int]]] = {how: defaultdict(set) for how in (How.NAME, How.FORMER, How.SHORT)}
        for department in departments:
            self._by[How.NAME][fold_name(department.name)].add(department.pk)
            for former in department.former_names:
                self._by[How.FORMER][fold_name(former)].add(department.pk)
            for name in (department.name, *department.former_names):
                self._by[How.SHORT][self.short(name)].add(department.pk)
        self._cache: dict[str, Match] = {}

    def match(self, named: str) -> Match:
        """The department that ``named`` (the cell 部门名称, which may begin with a code) means."""
        if named not in self._cache:
            self._cache[named] = self._match(named)
        return self._cache[named]

    def exact(self, text: str) -> int | None:
        """The one department whose code, name, former name or short name a text is; likeness is not asked."""
        name = fold_name(text)
        if name.upper() in self._codes:
            return self._codes[name.upper()]
        for how, key in self._keys(name):
            found = self._by[how].get(key, ())
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None

    def chosen(self, named: str, department: int) -> Match:
        """What a person decided; raises KeyError for a department of another bureau."""
        return Match(
            named, department, 100, How.CHOSEN, (DepartmentCandidate(department, self._names[department], 100),)
        )

    def short(self, name: str) -> str:
        """The name without party, city and level: 中共云溪市委外事办, 市委外事办 -> 委外事办."""
        bare = PARTY.sub("", REMARK.sub("", fold_name(name)))
        for prefix in self._place:
            if bare.startswith(prefix):
                bare = bare.removeprefix(prefix)
                break
        shorter = bare[1:] if bare[:1] in PLACE_ENDING else bare
        return shorter if len(shorter) > 1 else bare

    def _match(self, named: str) -> Match:
        whole = REMARK.sub("", fold_name(named))
        if not whole:
            return Match(named)
        code, rest = split_code(whole)
        if code in self._codes:
            return self._by_code(named, self._codes[code], rest)
        name = rest if code and rest else whole
        for how, confidence in ((How.NAME, 100), (How.FORMER, 98), (How.SHORT, 95)):
            found = self._by[how].get(self.short(name) if how == How.SHORT else name, ())
            if len(found) == 1:
                return self._sure(named, next(iter(found)), confidence, how)
            if found:
                return Match(named, candidates=self._candidates(dict.fromkeys(found, 80)))
        return self._by_likeness(named, self.short(name))

    def _by_code(self, named: str, pk: int, rest: str) -> Match:
        """A code that a different name follows was mistyped as likely as the name: a person decides."""
        agrees = not rest or any(pk in self._by[how].get(key, ()) for how, key in self._keys(rest))
        if agrees or name_likeness(self.short(rest), self.short(self._names[pk])) >= 60:
            return self._sure(named, pk, 100 if agrees else SURE + 2, How.CODE)
        return Match(named, confidence=60, candidates=self._candidates({pk: 60} | self._scores(self.short(rest))))

    def _keys(self, name: str) -> list[tuple[str, str]]:
        return [(How.NAME, name), (How.FORMER, name), (How.SHORT, self.short(name))]

    def _by_likeness(self, named: str, short: str) -> Match:
        candidates = self._candidates(self._scores(short))
        best = candidates[0].confidence if candidates else 0
        second = candidates[1].confidence if len(candidates) > 1 else 0
        if best >= SURE and best - second >= CLOSE:
            return Match(named, candidates[0].pk, best, How.LIKENESS, candidates)
        return Match(named, None, best, How.NONE, candidates)

    def _scores(self, short: str) -> dict[int, int]:
        """The best likeness of each department's names; only those worth naming."""
        scores: dict[int, int] = {}
        likely = process.extract(short, self._by[How.SHORT].keys(), scorer=fuzz.WRatio, limit=4 * CANDIDATES)
        for key, _, _ in likely:
            score = name_likeness(short, key)
            for pk in self._by[How.SHORT][key] if score >= WORTH_NAMING else ():
                scores[pk] = max(score, scores.get(pk, 0))
        return scores

    def _candidates(self, scores: dict[int, int]) -> tuple[DepartmentCandidate, ...]:
        found = [DepartmentCandidate(pk, self._names[pk], score) for pk, score in scores.items()]
        return tuple(sorted(found, key=lambda one: (-one.confidence, one.name)))[:CANDIDATES]

    def _sure(self, named: str, pk: int, confidence: int, how: str) -> Match:
        return Match(named, pk, confidence, how, (DepartmentCandidate(pk, self._names[pk], confidence),))


def fold_name(name: str) -> str:
    """A name as it is compared: full-width forms folded, no white space."""
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", name))


def split_code(name: str) -> tuple[str, str]:
    """``[101001]云溪市教育局`` -> ("101001", "云溪市教育局"); ("", name) where no code leads."""
    match = CODE.fullmatch(name)
    return (match[1].upper(), match[2]) if match and any(map(str.isdigit, match[1])) else ("", name)


def learnable_name(named: str) -> str:
    """The name in a cell 部门名称 without a code before it and a remark behind it, as it may be remembered."""
    whole = REMARK.sub("", fold_name(named))
    code, rest = split_code(whole)
    return rest if code else whole


def place_of(bureau_name: str) -> tuple[str, ...]:
    """The ways in which names begin with the bureau's place, longest first: 云溪市财政局 -> 云溪市, 云溪."""
    place = fold_name(bureau_name).removesuffix("财政厅").removesuffix("财政局").removesuffix("财政")
    if len(place) < 2:
        return ()
    bare = place[:-1] if place[-1] in PLACE_ENDING and len(place) > 2 else place
    return tuple(dict.fromkeys((place, bare)))


def name_likeness(one: str, other: str) -> int:
    """0 to `MOST_LIKELY_BY_LIKENESS`: how alike two short names are that are not the same.

    An abbreviation (外事办 of 外事工作委员会办公室) counts as likely, never as sure.
    """
    if not one or not other:
        return 0
    score = fuzz.ratio(one, other)
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) > 1 and is_abbreviation(shorter, longer):
        score = max(score, 75)
    if set(one) ^ set(other) and TELLING & (set(one) ^ set(other)):
        score = min(score, UNLIKE_NUMBERS)
    return min(round(score), MOST_LIKELY_BY_LIKENESS)


def is_abbreviation(short: str, long: str) -> bool:
    """Whether the characters of ``short`` appear in ``long`` in this order, from its first on."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)
