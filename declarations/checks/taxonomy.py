"""Checks of the kinds of indicator: T01 … T04, whether all that is asked for is there and stands in its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from declarations.checks.case import CheckedCase, is_said
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of
from declarations.sheet.official import Edition
from declarations.sheet.problems import Severity
from indicators.taxonomy import CategoryGroup, IndicatorKind, kind_of

DEMANDED_GROUPS = (CategoryGroup.OUTPUT, CategoryGroup.BENEFIT, CategoryGroup.SATISFACTION)


@enters(
    "T01",
    Severity.ERROR,
    "缺少产出、效益或满意度指标",
    "绩效指标应包括产出、效益和满意度三类（财预〔2015〕88号，财预〔2021〕101号）",
)
def group_is_missing(case: CheckedCase) -> Iterator[CheckFinding]:
    """A row whose name says 无 is no indicator of its group."""
    present = {case.group(row) for _, row in case.indicators if is_said(row.name)}
    for group in (group for group in DEMANDED_GROUPS if group not in present):
        if kinds := [str(kind) for _, kinds in case.form.taxonomy for kind in kinds if kind.group is group]:
            hint = f"请至少填写一项{group}，二级指标可选：{'、'.join(kinds)}。"
            yield CheckFinding("indicators", f"绩效指标中没有{group}", hint)


USUAL = ("数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标")
COSTS = frozenset(
    {IndicatorKind.COST, IndicatorKind.ECONOMIC_COST, IndicatorKind.SOCIAL_COST, IndicatorKind.ECOLOGICAL_COST}
)


@enters(
    "T02",
    Severity.WARNING,
    "缺少常用的二级指标",
    "产出应从数量、质量、时效、成本几方面反映，效益应反映社会影响（财预〔2015〕88号 指标科学性）",
    usual="应有的二级指标",
)
def kind_is_missing(case: CheckedCase, *, usual: tuple[str, ...] = USUAL) -> Iterator[CheckFinding]:
    """Of the kinds that the edition prints; where a whole group is missing T01 has said so. Any cost will do."""
    present = {kind_of(row.level2) for _, row in case.indicators if is_said(row.name)}
    printed = {kind for _, kinds in case.form.taxonomy for kind in kinds}
    groups = {kind.group for kind in present if kind}
    for label in usual:
        kind = kind_of(label)
        if kind is None or kind.group not in groups | {CategoryGroup.COST}:
            continue
        wanted = COSTS if kind in COSTS else {kind}
        if wanted & printed and not wanted & present and case.indicators:
            message = f"绩效指标中没有{label}"
            yield CheckFinding("indicators", message, f"请补充{label}；确实不适用的，请说明理由。")


@enters(
    "T03",
    Severity.WARNING,
    "二级指标归类与表样不符",
    "一级指标和二级指标的对应关系由表样规定，归类错误会影响汇总和考核",
)
def kind_is_misplaced(case: CheckedCase) -> Iterator[CheckFinding]:
    """An empty label is taken for merged cells and says nothing."""
    printed = frozenset(case.form.levels)
    for i, row in case.indicators:
        if (row.level1, row.level2) in printed or not row.level1.strip() or not row.level2.strip():
            continue
        if hint := _right_place(case.form, row.level1, row.level2):
            message = f"{case.row_place('indicators', i)}：表样的“{row.level1}”下没有“{row.level2}”"
            yield CheckFinding(f"indicators.{i}.level2", message, hint)


def _right_place(form: Edition, level1: str, level2: str) -> str:
    """What to do about labels as written; empty where they are another spelling of what the form prints."""
    kind = kind_of(level2)
    places = [first for first, kinds in form.taxonomy if kind in kinds]
    if kind is None or not places:
        return f"请改选表样中的二级指标：{'、'.join(str(kind) for _, kinds in form.taxonomy for kind in kinds)}。"
    if _key(level1) in {_key(first) for first in places}:
        return ""
    return f"“{kind}”请归入“{places[0]}”。"


def _key(label: str) -> str:
    return "".join(unicodedata.normalize("NFKC", label).split()).rstrip(":").removesuffix("指标")


TIMELY = ("及时", "进度", "完成时间", "完成时限", "按时", "按期")
PROPER = ("合规", "合格")
UNLIKE = ("不合格", "不合规", "不及时")
COUNTED = ("数", "次", "额", "量", "人", "件", "满意度")


@enters(
    "T04",
    Severity.WARNING,
    "指标内容与二级指标不符",
    "反映及时、进度的属于时效指标，反映合规、合格的属于质量指标（财预〔2021〕101号 指标设置）",
    timely="属于时效指标的用语",
    proper="属于质量指标的用语",
    unlike="名称中不作此解的用语",
    counted="以这些字结尾的名称不受此限",
)
def name_is_of_another_kind(
    case: CheckedCase,
    *,
    timely: tuple[str, ...] = TIMELY,
    proper: tuple[str, ...] = PROPER,
    unlike: tuple[str, ...] = UNLIKE,
    counted: tuple[str, ...] = COUNTED,
) -> Iterator[CheckFinding]:
    """A count of what was done in time (及时处置件数) and satisfaction with it are what they say they are."""
    rules = ((any_of(timely), IndicatorKind.TIMELINESS), (any_of(proper), IndicatorKind.QUALITY))
    for i, row in case.indicators:
        for pattern, kind in rules:
            found = pattern.search(any_of(unlike).sub("", row.name))
            if not found or kind_of(row.level2) in (kind, None, IndicatorKind.SATISFACTION):
                continue
            if not row.name.rstrip(" 　)）").endswith(counted):
                message = f"{case.row_place('indicators', i)}含有“{found[0]}”，应属{kind}，现归在{row.level2}"
                hint = f"请改归{kind}；如果另有所指，请修改指标名称。"
                yield CheckFinding(f"indicators.{i}.level2", message, hint)
                break
