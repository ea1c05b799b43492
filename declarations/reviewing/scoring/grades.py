"""What the grade allows: the consequence of 财预〔2015〕88号, asked by the workflow before a pass or an approval.

A return is never refused here: it is what 中 and 差 lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from declarations.models import Action, Declaration, Event, User
from declarations.people.moves import BY_ACTION, GIVING_BACK, PROCEEDING
from declarations.reviewing import threads
from declarations.reviewing.scoring import score
from declarations.reviewing.scoring.score import ScoreResult
from declarations.sheet.criteria import Grade

UNSCORED = "本年度要求先评分：这份申报表还没有确认的评分。"
ANOTHER = "本年度要求两人独立评分，还缺 {} 人的评分。"
BLIND = "本年度要求两人独立评分，您确认自己的评分之后才能办理。"


def hindrance_to(declaration: Declaration, action: str, user: User) -> str:
    """Why the score forbids this move of this person, as a sentence; empty where it does not."""
    return hindrances_to([declaration], action, user).get(declaration.pk, "")


def hindrances_to(declarations: Sequence[Declaration], action: str, user: User) -> Mapping[object, str]:
    """By key of the declaration, those that may not move; the queries do not grow with their number."""
    if action not in PROCEEDING:
        return {}
    results = score.results_of(declarations)
    why = {pk: _of_result(result, action, user) for pk, result in results.items()}
    good = [row for row in declarations if not why[row.pk] and results[row.pk].grade == Grade.GOOD]
    why |= _uncorrected(good, results)
    return {pk: words for pk, words in why.items() if words}


def _of_result(result: ScoreResult, action: str, user: User) -> str:
    """By the scores alone; what a person must not know of them is not in the words."""
    if result.is_hidden_from(user):
        return BLIND
    if result.setting.scorers and not result.of_bureau:
        return UNSCORED
    if BY_ACTION[action].ends_review and result.lacking:
        return ANOTHER.format(result.lacking)
    if result.grade in (Grade.FAIR, Grade.POOR):
        return f"{_words(result)}：{result.grade.consequence}"
    return ""


def _words(result: ScoreResult) -> str:
    return f"评分 {result.total} 分，等次为“{result.grade.label}”"


def _uncorrected(good: Sequence[Declaration], results: Mapping[object, ScoreResult]) -> dict[object, str]:
    """良 proceeds after correction: the text came back from a return, and no comment is open."""
    if not good:
        return {}
    corrected, opened = corrected_in(good), threads.open_counts(good)
    found = {}
    for row in good:
        if not corrected.get(row.pk):
            found[row.pk] = f"{_words(results[row.pk])}：须退回部门修改完善、重新报送后才能办理。"
        elif count := opened.get(row.pk):
            found[row.pk] = f"{_words(results[row.pk])}：还有 {count} 条审核意见没有解决，解决后才能办理。"
    return found


def corrected_in(declarations: Iterable[Declaration]) -> dict[object, bool]:
    """Whether what was submitted came back from a return, and not from 调整 or 二上, which begin a new review."""
    keys = [row.pk for row in declarations]
    last = Event.objects.filter(declaration__in=keys, action__in=GIVING_BACK)
    last = last.order_by("declaration_id", "-created_at", "-pk").distinct("declaration_id")
    return {pk: action == Action.RETURN for pk, action in last.values_list("declaration_id", "action")}
