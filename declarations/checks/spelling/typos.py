"""W01: words that are often confused, and expressions that sound like a usual one but are written otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.spelling import Slip, slips_of
from declarations.checks.words import any_of
from declarations.sheet.problems import Severity


@enters(
    "W01",
    Severity.WARNING,
    "疑似错别字",
    "申报表随预算公开，用字应当规范（《国家通用语言文字法》第九条）",
    accepted="不作为错别字的用语",
    more="补充的易错词，写作“错=正”",
)
def word_is_misspelt(
    case: CheckedCase, *, accepted: tuple[str, ...] = (), more: tuple[str, ...] = ()
) -> Iterator[CheckFinding]:
    """One for each slip in a cell."""
    added = {wrong: right for wrong, _, right in (word.partition("=") for word in more) if wrong and right}
    wrong = {slip.wrong for slip in slips_of(case.all_text)} | {word for word in added if word in case.all_text}
    if wrong <= {*accepted}:
        return
    for path, text in case.texts(any_of(tuple(wrong)).search):
        found = slips_of(text)
        found += [Slip(word, right, text.index(word)) for word, right in added.items() if word in text]
        for slip in overlaps_apart(found):
            if slip.wrong not in accepted:
                message = f"{case.place(path)}中“{slip.wrong}”疑为“{slip.right}”"
                yield CheckFinding(path, message, f"请核对；写错的，请改为“{slip.right}”。")


def overlaps_apart(found: list[Slip]) -> Iterator[Slip]:
    """Each slip once: of those that lie over one another the first that begins."""
    end = -1
    for slip in sorted(found, key=lambda slip: slip.at):
        if slip.at >= end:
            yield slip
            end = slip.at + len(slip.wrong)
