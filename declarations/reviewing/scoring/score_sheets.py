"""A person's own score sheet: begun, saved as a draft, confirmed, corrected.

Saving decides nothing and refuses no text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from declarations.models import Declaration, Role, Scorers, ScoreSheet, Snapshot, State, User
from declarations.people import permissions
from declarations.reviewing.comments import role_of
from declarations.reviewing.scoring import score, score_settings
from declarations.sheet.criteria import CRITERIA, REMARKS, WHOLE
from declarations.sheet.table import LONGEST_TEXT, clean_text

NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
LONGEST_UNREAD = 50


class NotScored(Exception):
    """A sheet that was not kept, or not confirmed; the message says why and what to do."""


class Faulty(NotScored):
    """A sheet that was saved and cannot be confirmed yet: ``faults`` by criterion or remark, in words."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(f"评分已保存，还不能确认：有 {len(faults)} 处需要补充或更正。")
        self.faults = faults


def own_sheet(user: User, declaration: Declaration) -> ScoreSheet | None:
    """The newest sheet of this person for the present submission, a draft or confirmed."""
    mine = ScoreSheet.objects.visible_to(user).filter(declaration=declaration, submission=declaration.submissions)
    return mine.filter(scorer=user).order_by("-number").first()


def read_mark(text: str) -> Decimal | None:
    """A mark as people type it (``8.5``, ``８．５``, ``8.5分``); None for what is no mark of 0 to 100 points."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("分").strip()
    value = Decimal(plain) if NUMBER.fullmatch(plain) else None
    return value if value is not None and value <= WHOLE else None


def faults_of(sheet: ScoreSheet, weights: Mapping[str, int]) -> dict[str, str]:
    """What keeps a sheet from being confirmed, by criterion."""
    faults = {}
    for name, mark in sheet.marks.items():
        label, most = CRITERIA[name].label, weights[name]
        if name in sheet.unread:
            faults[name] = f"{label}：“{sheet.unread[name]}”不是分数，请填写 0 至 {most} 的数字，最多两位小数。"
        elif mark is None:
            faults[name] = f"{label}：还没有评分。"
        elif mark > most:
            faults[name] = f"{label}：{mark.normalize():f} 分超过满分 {most} 分，请更正。"
    return faults


def save_sheet(
    user: User, declaration: Declaration, typed: Mapping[str, str], submission: int | None = None
) -> ScoreSheet:
    """Keeps what was typed, by criterion and remark; what is not among ``typed`` stays.

    ``submission``: the one that the person looked at. Raises `NotScored` where there is no draft to write to.
    """
    with transaction.atomic():
        return _keep(user, _locked(user, declaration, submission), typed)


def confirm_sheet(
    user: User, declaration: Declaration, typed: Mapping[str, str], submission: int | None = None
) -> ScoreSheet:
    """Saves, and confirms the sheet with the points in force. Raises `Faulty` having saved, or `NotScored`."""
    with transaction.atomic():
        current = _locked(user, declaration, submission)
        score_settings.lock_year(current.cycle)
        sheet = _keep(user, current, typed)
        weights = score_settings.standing_settings(current.cycle).weights
        faults = faults_of(sheet, weights)
        if not faults:
            sheet.weights, sheet.total = weights, sum(sheet.marks.values(), Decimal(0))
            sheet.confirmed_at = timezone.now()
            sheet.save()
    if faults:
        raise Faulty(faults)
    return sheet


def correct_sheet(user: User, declaration: Declaration, reason: str) -> ScoreSheet:
    """A further draft that says what the confirmed sheet says, to be changed; that one counts until then."""
    why = clean_text(reason)
    if not why:
        raise NotScored("请写明为什么更正评分。原来的评分表没有变动。")
    with transaction.atomic():
        current = _locked(user, declaration, None)
        last = own_sheet(user, current)
        if last is None or not last.is_confirmed:
            raise NotScored("没有已确认的评分需要更正，请直接填写评分表。")
        kept = {name: getattr(last, name) for name in (*CRITERIA, *REMARKS)}
        role = role_of(user, current, Role.COMMENTING)
        return ScoreSheet.objects.create(
            declaration=current,
            submission=current.submissions,
            snapshot=last.snapshot,
            scorer=user,
            acting_role=role,
            number=last.number + 1,
            reason=why[:LONGEST_TEXT],
            **kept,
        )


def _locked(user: User, declaration: Declaration, submission: int | None) -> Declaration:
    """The declaration under the lock that moves take, if this person may score this submission of it."""
    current = Declaration.objects.with_names().select_for_update(of=("self",)).get(pk=declaration.pk)
    if not permissions.may_score(user, current):
        raise NotScored("现在不能评分：申报表不在审核中，您的邀请已经结束，或者您参与过它的填报、审定。")
    if submission is not None and submission != current.submissions:
        raise NotScored("部门已经重新报送，您评分的不是最新一次报送。请刷新页面，核对后重新评分。")
    return current


def _keep(user: User, current: Declaration, typed: Mapping[str, str]) -> ScoreSheet:
    sheet = own_sheet(user, current) or _begun(user, current)
    if sheet.is_confirmed:
        raise NotScored("您已经确认评分。需要改动的，请先点“更正评分”并写明理由。")
    for name in CRITERIA.keys() & typed.keys():
        _write_mark(sheet, name, clean_text(typed[name]).strip())
    for name in typed.keys() & set(REMARKS):
        setattr(sheet, name, clean_text(typed[name])[:LONGEST_TEXT])
    sheet.updated_at = timezone.now()
    sheet.save()
    return sheet


def _write_mark(sheet: ScoreSheet, name: str, text: str) -> None:
    value = read_mark(text)
    setattr(sheet, name, value)
    sheet.unread.pop(name, None)
    if text and value is None:
        sheet.unread[name] = text[:LONGEST_UNREAD]


def _begun(user: User, current: Declaration) -> ScoreSheet:
    """A new sheet, unsaved, on the version that was submitted last."""
    snapshot = Snapshot.objects.filter(declaration=current, state=State.SUBMITTED).order_by("-number").first()
    if snapshot is None:
        raise NotScored("这份申报表没有报送时留存的版本，不能评分。")
    role = role_of(user, current, Role.COMMENTING)
    if role in Role.REVIEWING and is_full(score.result_of(current)):
        raise NotScored("本年度要求的两人评分已经齐全，不再增加。")
    return ScoreSheet(
        declaration=current, submission=current.submissions, snapshot=snapshot, scorer=user, acting_role=role
    )


def is_full(result: score.ScoreResult) -> bool:
    """Whether the two independent scores are there: a reviewer who can see them does not score any more."""
    return result.setting.scorers == Scorers.TWO and not result.lacking
