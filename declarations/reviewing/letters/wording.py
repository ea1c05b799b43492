"""What the letters say: the bureau's own wording, or the one the system comes with, and its places to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from declarations.models import Bureau, LetterKind, LetterWording, User

PLACE = re.compile(r"\{([^{}\n]{0,30})\}")

OPINIONS, MARKS, APPROVALS = "审核意见", "评分表", "批复清单"
BLOCKS = frozenset({OPINIONS, MARKS, APPROVALS})
"""Places that hold more than words: each has a line of its own."""

COMMON = {
    "部门": "部门名称",
    "年度": "申报年度，如 2027",
    "轮次": "一上或二上",
    "报送次数": "第几次报送，如 2",
    "报送日期": "最近一次报送的日期",
    "财政局": "财政局名称",
    "办理日期": "退回或者批复的日期",
    "办理人": "作出决定的审核人员",
    "版本": "申报表的版本号",
    "校验码": "这一版的校验码，可在系统中核验",
    "支出合计": "部门预算支出合计，万元",
    "基本支出": "万元",
    "项目支出": "万元",
    "任务数": "年度重点工作任务的项数",
    "指标数": "绩效指标的项数",
    "总体意见": "办理时填写的意见",
    "意见条数": "审核意见的条数",
    "得分": "审核得分；没有评分的为空",
    "等级": "优、良、中、差；没有评分的为空",
    OPINIONS: "逐条列出审核意见，单独占一行",
    MARKS: "四个维度的得分，单独占一行",
}
PLACES: dict[str, dict[str, str]] = {
    LetterKind.RETURN: COMMON | {"修改期限": "截止时间；已经截止的为空"},
    LetterKind.APPROVE: COMMON,
    LetterKind.LIST: {
        "年度": COMMON["年度"],
        "财政局": COMMON["财政局"],
        "部门数": "已批复的部门数",
        "支出合计": "各部门预算支出合计，万元",
        "办理日期": "出具清单的日期",
        APPROVALS: "列出已批复的部门，单独占一行",
    },
}
"""By kind of letter, the places it can fill in and what stands there."""


@dataclass(frozen=True)
class Wording:
    """``body``: a paragraph a line. ``kept``: the row it was read from, None for what the system comes with."""

    title: str
    body: str
    signature: str
    kept: LetterWording | None = None


DEFAULTS: dict[str, Wording] = {
    LetterKind.RETURN: Wording(
        title="{年度}年度部门整体预算绩效目标审核意见书",
        body="""{部门}：
你单位{报送日期}第{报送次数}次报送的《{年度}年度部门整体预算绩效目标申报表》收悉。经审核，现退回修改，意见如下：
{总体意见}
{审核意见}
审核得分{得分}分，等级为“{等级}”。
{评分表}
请对照以上意见逐条修改或者作出说明，经部门负责人审定后在系统中重新报送。
重新报送的截止时间为{修改期限}。""",
        signature="{财政局}",
    ),
    LetterKind.APPROVE: Wording(
        title="{年度}年度部门整体预算绩效目标批复意见书",
        body="""{部门}：
你单位{报送日期}报送的《{年度}年度部门整体预算绩效目标申报表》收悉。经审核，同意批复。
批复的部门预算支出为{支出合计}万元，其中基本支出{基本支出}万元、项目支出{项目支出}万元；年度重点工作任务{任务数}项，绩效指标{指标数}项。批复文本为系统留存的第{版本}版，校验码{校验码}。
审核得分{得分}分，等级为“{等级}”。
{评分表}
{总体意见}
请按照批复的绩效目标组织预算执行，做好绩效运行监控和绩效自评，并按规定公开。绩效目标一经批复，一般不予调整；确需调整的，按规定程序报批。""",
        signature="{财政局}",
    ),
    LetterKind.LIST: Wording(
        title="{年度}年度部门整体预算绩效目标批复清单",
        body="""各有关部门：
经审核，现批复{年度}年度{部门数}个部门的部门整体预算绩效目标，部门预算支出合计{支出合计}万元，清单如下：
{批复清单}
请按照批复的绩效目标组织预算执行，做好绩效运行监控和绩效自评，并按规定公开。""",
        signature="{财政局}",
    ),
}


def wording_of(bureau: Bureau, kind: str) -> Wording:
    """What counts now: the newest of the bureau's own, else what the system comes with."""
    kept = LetterWording.history(bureau=bureau, kind=kind).first()
    return Wording(kept.title, kept.body, kept.signature, kept) if kept else DEFAULTS[kind]


def change_wording(
    bureau: Bureau, kind: str, user: User, wording: Wording, reason: str, seen: int | None
) -> LetterWording:
    """The next line of a wording's history; ``seen``: the line that the person started from.

    Raises `Overtaken` or `Unchanged`, having written nothing. To be called in a transaction.
    """
    about = {"bureau": bureau, "kind": kind}
    texts = {"title": wording.title, "body": wording.body, "signature": wording.signature}
    default = DEFAULTS[kind]
    first = LetterWording(title=default.title, body=default.body, signature=default.signature)
    LetterWording.changes(about, texts, seen=seen, first=first)
    return LetterWording.objects.create(**about, **texts, reason=reason, author=user)


def faults_of(kind: str, texts: Iterable[str]) -> list[str]:
    """What is wrong with a wording, in words: unknown places, a list amid a sentence, a brace that stands alone."""
    found = []
    for text in texts:
        for line in text.split("\n"):
            found += _faults_of(kind, line)
    return list(dict.fromkeys(found))


def _faults_of(kind: str, line: str) -> list[str]:
    names = PLACE.findall(line)
    found = [f"没有“{{{name}}}”这一项，请从可用的项目中选择。" for name in names if name not in PLACES[kind]]
    found += [f"“{{{name}}}”须单独占一行。" for name in names if name in BLOCKS and line.strip() != f"{{{name}}}"]
    rest = PLACE.sub("", line)
    if "{" in rest or "}" in rest:
        found.append(f"“{line.strip()[:30]}”中的大括号没有成对。")
    return found
