"""The score sheet on a declaration's page: one's own to fill in, the result, what others confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest

from declarations.models import Declaration, Role, ScoreSetting, ScoreSheet
from declarations.people import permissions
from declarations.reviewing.scoring import score, score_sheets
from declarations.reviewing.scoring.score import ScoreResult
from declarations.reviewing.threads import Thread
from declarations.sheet.criteria import (
    DIMENSION_OF,
    DIMENSION_OF_REASON,
    DIMENSIONS,
    Criterion,
    Dimension,
    Grade,
    most_of,
)
from declarations.views.reviewing.commenting import Board
from declarations.views.reviewing.finding_lists import FindingGroup, FoundList


@dataclass(frozen=True)
class ScoreLine:
    """A criterion with its most points, the mark as typed, and why the sheet cannot be confirmed with it."""

    criterion: Criterion
    most: int
    typed: str
    fault: str


@dataclass(frozen=True)
class Block:
    """A dimension of the sheet, with the findings and the open comments that bear on it."""

    dimension: Dimension
    most: int
    lines: list[ScoreLine]
    remark: str
    found: list[FoundList]
    threads: list[Thread]


@dataclass(frozen=True)
class ScorePanelForm:
    """One's own sheet. ``sheet``: None before anything was saved; ``faults``: shown once it was to be confirmed."""

    sheet: ScoreSheet | None
    blocks: list[Block]
    faults: list[tuple[str, str]]

    @property
    def is_done(self) -> bool:
        return self.sheet is not None and self.sheet.is_confirmed


@dataclass(frozen=True)
class ScorePanel:
    """What the card says. ``form``: None for who does not score; ``earlier``: the sheets that one may read."""

    form: ScorePanelForm | None
    result: ScoreResult | None
    is_hidden: bool
    is_department: bool
    earlier: list[ScoreSheet]
    grades: tuple[Grade, ...] = tuple(Grade)

    @property
    def thresholds(self) -> list[list[object]]:
        """For the page's own adding up: label, least points, consequence, best first."""
        return [[grade.label, grade.least, grade.consequence] for grade in self.grades]


def score_panel_of(
    request: HttpRequest, declaration: Declaration, groups: Iterable[FindingGroup], board: Board
) -> ScorePanel | None:
    """None for who neither scores nor may learn of scores. ``board``: who may comment may score."""
    user = request.user
    learns = score.may_learn(user, declaration)
    if not learns and not board.may_comment:
        return None
    result = score.result_of(declaration)
    is_hidden = result.is_hidden_from(user)
    is_department = not board.may_comment and bool(permissions.roles_on(user, declaration) & Role.DECLARING)
    sheets = [] if is_department else sheets_for(user, declaration)
    form = form_of(request, result, sheets, groups, board) if board.may_comment else None
    if is_department and not result.counting:
        return None
    return ScorePanel(
        form=form,
        result=result if learns and not is_hidden else None,
        is_hidden=is_hidden,
        is_department=is_department,
        earlier=[sheet for sheet in sheets if sheet.is_confirmed],
    )


def sheets_for(user, declaration: Declaration) -> list[ScoreSheet]:
    """What this person may read, the latest first."""
    visible = ScoreSheet.objects.visible_to(user).filter(declaration=declaration)
    return list(
        visible.select_related("scorer", "snapshot")
        .defer("snapshot__content")
        .order_by("-submission", "-created_at", "-pk")
    )


def form_of(
    request: HttpRequest,
    result: ScoreResult,
    sheets: Sequence[ScoreSheet],
    groups: Iterable[FindingGroup],
    board: Board,
) -> ScorePanelForm | None:
    """The newest sheet of one's own for this submission; None where the scores asked for are there already."""
    mine = (one for one in sheets if one.scorer_id == request.user.pk and one.submission == result.submission)
    sheet = max(mine, key=lambda one: one.number, default=None)
    if sheet is None and board.may_settle and score_sheets.is_full(result):
        return None
    weights = result.setting.weights
    shown = sheet or ScoreSheet()
    asked = "score" in request.GET and sheet is not None and not sheet.is_confirmed
    faults = score_sheets.faults_of(shown, weights) if asked else {}
    blocks = [block_of(dimension, shown, result.setting, faults, groups, board) for dimension in DIMENSIONS]
    return ScorePanelForm(sheet, blocks, list(faults.items()))


def block_of(
    dimension: Dimension,
    sheet: ScoreSheet,
    setting: ScoreSetting,
    faults: dict[str, str],
    groups: Iterable[FindingGroup],
    board: Board,
) -> Block:
    found = [item for group in groups for item in group.found]
    opened = [one for one in board.threads if one.is_open]
    return Block(
        dimension=dimension,
        most=most_of(dimension, setting.weights),
        lines=[
            ScoreLine(one, setting.weights[one.name], typed_mark(sheet, one.name), faults.get(one.name, ""))
            for one in dimension.criteria
        ],
        remark=getattr(sheet, dimension.remark),
        found=[item for item in found if DIMENSION_OF.get(item.problem.code) == dimension.name],
        threads=[one for one in opened if DIMENSION_OF_REASON.get(one.comment.code) == dimension.name],
    )


def typed_mark(sheet: ScoreSheet, name: str) -> str:
    """A mark as its control holds it: what was typed, where that is no mark."""
    mark: Decimal | None = getattr(sheet, name)
    return sheet.unread.get(name, "") if mark is None else plain_mark(mark)


def plain_mark(mark: Decimal) -> str:
    """A mark without needless zeros: 8.50 as ``8.5``, 10.00 as ``10``."""
    return f"{mark:f}".rstrip("0").rstrip(".") if "." in f"{mark:f}" else f"{mark:f}"
