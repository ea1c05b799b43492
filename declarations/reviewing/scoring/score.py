"""What the score sheets of a submission come to: total, grade, dimensions, who scored.

`result_of` and `results_of` are for rules, letters and statistics and know everything; what a person is shown
of a submission under review is `result_for`, which keeps a second score independent of the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from declarations.models import Declaration, Role, Scorers, ScoreSetting, ScoreSheet, State, User
from declarations.people import permissions
from declarations.reviewing.scoring import score_settings
from declarations.sheet.criteria import DIMENSIONS, Dimension, Grade, grade_of, mean_points, most_of


@dataclass(frozen=True)
class ScorePart:
    """A dimension: its average mark of ``most`` points, and the remarks of those whose sheets count."""

    dimension: Dimension
    mark: Decimal
    most: int
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ScoreResult:
    """The scores of one submission. ``sheets``: the newest confirmed one of each scorer, oldest first.

    ``is_open``: while it is under review, so that a score may still come.
    """

    submission: int
    is_open: bool
    setting: ScoreSetting
    sheets: tuple[ScoreSheet, ...]

    @cached_property
    def of_bureau(self) -> tuple[ScoreSheet, ...]:
        """Where one score is enough, the one confirmed last stands for the bureau; else all count."""
        own = tuple(sheet for sheet in self.sheets if sheet.is_of_bureau)
        return own if self.setting.scorers == Scorers.TWO else own[-1:]

    @cached_property
    def of_experts(self) -> tuple[ScoreSheet, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.is_of_bureau)

    @cached_property
    def counting(self) -> tuple[ScoreSheet, ...]:
        """The sheets of which the total is the average. Those of experts alone are no score of the bureau."""
        experts = self.of_experts if self.setting.experts_count and self.of_bureau else ()
        return (*self.of_bureau, *experts)

    @property
    def scorers(self) -> tuple[User, ...]:
        return tuple(sheet.scorer for sheet in self.counting)

    @property
    def total(self) -> Decimal | None:
        """The average of the totals to 0.01 points, half a hundredth up; None without a score of the bureau."""
        return mean_points([sheet.total for sheet in self.counting]) if self.counting else None

    @property
    def grade(self) -> Grade | None:
        return None if self.total is None else grade_of(self.total)

    @property
    def lacking(self) -> int:
        """How many scores of the bureau the year asks for are still to come."""
        return max(self.setting.scorers - len(self.of_bureau), 0)

    @property
    def parts(self) -> tuple[ScorePart, ...]:
        """The dimensions; each average is rounded for itself, so that they may add up to 0.01 beside the total."""
        return tuple(self._part(dimension) for dimension in DIMENSIONS) if self.counting else ()

    def _part(self, dimension: Dimension) -> ScorePart:
        names = [criterion.name for criterion in dimension.criteria]
        marks = [sum((getattr(sheet, name) for name in names), Decimal(0)) for sheet in self.counting]
        remarks = tuple(text for sheet in self.counting if (text := getattr(sheet, dimension.remark)))
        return ScorePart(dimension, mean_points(marks), most_of(dimension, self.counting[-1].weights), remarks)

    @property
    def difference(self) -> Decimal | None:
        """Between the highest and the lowest total that counts, in points; None where fewer than two do."""
        totals = [sheet.total for sheet in self.counting]
        return max(totals) - min(totals) if len(totals) > 1 else None

    @property
    def is_apart(self) -> bool:
        """Whether the scores differ by more than the year's threshold."""
        return self.difference is not None and self.difference > self.setting.apart

    def is_hidden_from(self, user: User) -> bool:
        """Whether there are marks that this person must not see: theirs may still be one of the two scores.

        The same rule as `ScoreSheet.objects.visible_to`, for what is worked out of the sheets.
        """
        if not self.is_open or self.setting.scorers < Scorers.TWO or not self.lacking:
            return False
        return bool(self.sheets) and all(sheet.scorer_id != user.pk for sheet in self.sheets)


def result_of(declaration: Declaration) -> ScoreResult:
    """Of the submission that the declaration stands at, decided or not; without any sheet its total is None."""
    return results_of([declaration])[declaration.pk]


def results_of(declarations: Iterable[Declaration]) -> dict[object, ScoreResult]:
    """By key of the declaration: two queries, however many there are."""
    return {key: result for (key, _), result in results_at((row, row.submissions) for row in declarations).items()}


def results_at(submissions: Iterable[tuple[Declaration, int]]) -> dict[tuple[object, int], ScoreResult]:
    """Of certain submissions, earlier ones too, by key of the declaration and number: two queries."""
    wanted = list(submissions)
    settings = score_settings.standing_settings_of({row.cycle_id for row, _ in wanted})
    confirmed = confirmed_in(row for row, _ in wanted)
    return {
        (row.pk, number): ScoreResult(
            number,
            number == row.submissions and permissions.is_under_review(row),
            settings.get(row.cycle_id) or ScoreSetting.default(),
            newest_of_each(confirmed.get((row.pk, number), [])),
        )
        for row, number in wanted
    }


def confirmed_in(rows: Iterable[Declaration]) -> Mapping[tuple[object, int], list[ScoreSheet]]:
    """By declaration and submission, in the order in which they were confirmed."""
    found: dict[tuple[object, int], list[ScoreSheet]] = defaultdict(list)
    sheets = ScoreSheet.objects.confirmed().filter(declaration__in=[row.pk for row in rows])
    for sheet in sheets.select_related("scorer").order_by("confirmed_at", "pk"):
        found[sheet.declaration_id, sheet.submission].append(sheet)
    return found


def newest_of_each(sheets: Iterable[ScoreSheet]) -> tuple[ScoreSheet, ...]:
    """Of each scorer the last sheet: a correction takes the place of what it corrects."""
    last: dict[int, ScoreSheet] = {}
    for sheet in sheets:
        last.pop(sheet.scorer_id, None)
        last[sheet.scorer_id] = sheet
    return tuple(last.values())


def result_for(user: User, declaration: Declaration) -> ScoreResult | None:
    """What a person may be shown of it; None: nothing, or nothing yet."""
    result = result_of(declaration) if may_learn(user, declaration) else None
    return None if result and result.is_hidden_from(user) else result


def may_learn(user: User, declaration: Declaration) -> bool:
    """Whether a result is for this person at all: the bureau, and the department once its table was returned or
    approved. People who were invited, and observers, see only sheets of their own."""
    roles = permissions.roles_on(user, declaration)
    if roles & Role.BUREAU or permissions.is_operator(user):
        return True
    return declaration.state in State.AT_BUREAU - State.UNDER_REVIEW and bool(roles & Role.OF_DEPARTMENT)
