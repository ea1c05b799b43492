"""Checks of the kinds of indicator: T01 … T04, whether all that is asked for is there and stands in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from declarations.checks.case import CheckedCase, is_said
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of
from declarations.sheet.official import Edition
from declarations.sheet.problems import Severity
from indicators.taxonomy import CategoryGroup, IndicatorKind, kind_of
from indicators.value_grammar import words_of

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
    """One for each block of rows with the same labels; an empty label is taken for merged cells and says nothing."""
    printed = frozenset(case.form.levels)
    blocks: dict[tuple[str, str], list[int]] = {}
    for i, row in case.indicators:
        if (row.level1, row.level2) not in printed and row.level1.strip() and row.level2.strip():
            blocks.setdefault((row.level1, row.level2), []).append(i)
    for (level1, level2), rows in blocks.items():
        if hint := _right_place(case.form, level1, level2):
            more = f"等{len(rows)}项" if len(rows) > 1 else ""
            message = f"{case.row_place('indicators', rows[0])}{more}：表样的“{level1}”下没有“{level2}”"
            yield CheckFinding(f"indicators.{rows[0]}.level2", message, hint)


def _right_place(form: Edition, level1: str, level2: str) -> str:
    """What to do about labels as written; empty where they are another spelling of what the form prints."""
    kind = kind_of(level2)
    places = [first for first, kinds in form.taxonomy if kind in kinds]
    if kind is None and (likely := _likely_kind(form, level1, level2)):
        return f"请改为“{likely[0]}”下的“{likely[1]}”。"
    if kind is None or not places:
        return f"请改选表样中的二级指标：{'、'.join(str(kind) for _, kinds in form.taxonomy for kind in kinds)}。"
    if _key(level1) in {_key(first) for first in places}:
        return ""
    return f"“{kind}”请归入“{places[0]}”。"


LIKELY = (
    (IndicatorKind.SATISFACTION, ("满意", "服务对象")),
    (IndicatorKind.COST, ("成本", "费用", "投入")),
    (IndicatorKind.ECONOMIC, ("经济",)),
    (IndicatorKind.ECOLOGICAL, ("生态", "环境")),
    (IndicatorKind.SUSTAINABLE, ("持续", "长期")),
    (IndicatorKind.SOCIAL, ("社会",)),
    (IndicatorKind.TIMELINESS, ("时", "进度")),
    (IndicatorKind.QUALITY, ("质",)),
    (IndicatorKind.QUANTITY, ("数", "量")),
)
"""Words of a label that no form prints, and the kind that they speak of."""


def _likely_kind(form: Edition, level1: str, level2: str) -> tuple[str, str] | None:
    """The one pair of levels that an unknown label means, by its words or by a first level with one kind; else None."""
    for kind, marks in LIKELY:
        if any(mark in level2 for mark in marks):
            return next(((str(first), str(k)) for first, kinds in form.taxonomy for k in kinds if k is kind), None)
    alone = [
        (str(first), str(kinds[0])) for first, kinds in form.taxonomy if len(kinds) == 1 and _key(first) == _key(level1)
    ]
    return alone[0] if alone else None


def _key(label: str) -> str:
    return "".join(unicodedata.normalize("NFKC", label).split()).rstrip(":").removesuffix("指标")


TIMELY = words_of("""
    及时 进度 完成时间 完成时限 按时 按期 准时 如期 办结时间 办理时间 办理时限 办结时限 响应时间 处置时间
    到达时间 时效
    完工时间 竣工时间 上线时间 投入使用时间 印发时间 发放时间 支付时间 拨付时间 交付时间 工期 完成期限 完成日期
    时间节点
""")
PROPER = ("合规", "合格")
GOOD = words_of(
    "达标率 准确率 准确性 正确率 完好率 优良率 优秀率 规范性 规范率 完整性 完整率 通过率 差错率 成活率 返工率 故障率"
)
COUNTS = words_of("人次 人数 次数 场次 户数 数量 个数 件数 份数 里程 期数 家数 篇数 套数 台数")
COSTING = words_of("成本 单价 造价 费用 支出控制数 预算控制数 控制数")
UNLIKE = words_of("""
    不合格 不合规 不及时 及时雨 成本核算 成本监审 成本调查 费用减免 时效性强 投诉次数 差错次数
    失误次数 事故次数 违规次数
""")
COUNTED = ("数", "次", "额", "量", "人", "件", "满意度")
OUTPUTS = frozenset({IndicatorKind.QUANTITY, IndicatorKind.QUALITY, IndicatorKind.TIMELINESS, *COSTS})


@enters(
    "T04",
    Severity.WARNING,
    "指标内容与二级指标不符",
    "反映及时、进度的属于时效指标，反映合规、合格的属于质量指标（财预〔2021〕101号 指标设置）",
    timely="属于时效指标的用语",
    proper="属于质量指标的用语",
    good="属于质量指标的用语（只看产出和成本）",
    counts="属于数量指标的结尾用语",
    costing="属于成本指标的结尾用语",
    unlike="名称中不作此解的用语",
    counted="以这些字结尾的名称不受此限",
)
def name_is_of_another_kind(
    case: CheckedCase,
    *,
    timely: tuple[str, ...] = TIMELY,
    proper: tuple[str, ...] = PROPER,
    good: tuple[str, ...] = GOOD,
    counts: tuple[str, ...] = COUNTS,
    costing: tuple[str, ...] = COSTING,
    unlike: tuple[str, ...] = UNLIKE,
    counted: tuple[str, ...] = COUNTED,
) -> Iterator[CheckFinding]:
    """A count of what was done in time (及时处置件数) and satisfaction with it are what they say they are."""
    rules = ((any_of(timely), IndicatorKind.TIMELINESS), (any_of(proper), IndicatorKind.QUALITY))
    for i, row in case.indicators:
        if (here := kind_of(row.level2)) is None:
            continue
        name = BRACKETED.sub("", any_of(unlike).sub("", row.name[:LONGEST_NAME])).rstrip()
        word, kind = _by_words(name, here, rules, counted)
        if not word and here in OUTPUTS:
            word, kind = _by_ending(name, here, good, counts, costing)
        if not word and here is not IndicatorKind.SATISFACTION and name.endswith("满意度"):
            word, kind = "满意度", IndicatorKind.SATISFACTION
        if word:
            message = f"{case.row_place('indicators', i)}含有“{word}”，应属{kind}，现归在{row.level2}"
            hint = f"请改归{kind}；如果另有所指，请修改指标名称。"
            yield CheckFinding(f"indicators.{i}.level2", message, hint)


LONGEST_NAME = 200
BRACKETED = re.compile(r"[(（][^()（）]{0,20}[)）]\s*$")
NOTHING_FOUND = ("", IndicatorKind.QUALITY)


def _by_words(name: str, here: IndicatorKind, rules: tuple, counted: tuple[str, ...]) -> tuple[str, IndicatorKind]:
    """The first word of another kind than ``here`` in a name, and that kind."""
    for pattern, kind in rules:
        found = pattern.search(name)
        if found and here not in (kind, IndicatorKind.SATISFACTION) and not name.rstrip(" 　)）").endswith(counted):
            return found[0], kind
    return NOTHING_FOUND


def _by_ending(
    name: str, here: IndicatorKind, good: tuple[str, ...], counts: tuple[str, ...], costing: tuple[str, ...]
) -> tuple[str, IndicatorKind]:
    """The ending of an output that measures another kind than ``here``, and that kind."""
    for endings, kind in (
        (good, IndicatorKind.QUALITY),
        (counts, IndicatorKind.QUANTITY),
        (costing, IndicatorKind.COST),
    ):
        if name.endswith(endings) and not (kind is here or (kind is IndicatorKind.COST and here in COSTS)):
            is_unlike = kind is IndicatorKind.QUANTITY and any(
                word in name for word in ("投诉", "差错", "失误", "事故", "违规", "上访")
            )
            return NOTHING_FOUND if is_unlike else (next(word for word in endings if name.endswith(word)), kind)
    return NOTHING_FOUND
