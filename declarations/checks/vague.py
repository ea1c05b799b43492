"""Checks of values that promise little: V02 … V04, V10, V14."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase, is_said
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of, any_shape
from declarations.sheet.problems import Severity
from declarations.sheet.table import IndicatorRow
from declarations.sheet.units import shorten_text
from indicators.taxonomy import IndicatorKind, kind_of
from indicators.value_grammar import words
from indicators.values import is_nothing

REASON = re.compile(r"(?:不适用|不涉及)[:：，,。（( 　]*(?P<reason>.*)", re.DOTALL)


@enters(
    "V02",
    Severity.WARNING,
    "指标填写为“无”",
    "没有对应内容的二级指标应写明不适用的理由，便于审核判断（财预〔2015〕88号 规范完整性）",
    shortest="理由的最少字数",
)
def nothing_is_declared(case: CheckedCase, *, shortest: int = 4) -> Iterator[CheckFinding]:
    """One a row; 不适用 with its reason, in the same cell or another of the row, is an answer."""
    for i, row in case.indicators:
        cell = next((name for name in ("name", "annual_value") if _is_none(getattr(row, name))), "")
        if cell and not _is_explained(row, shortest):
            message = f"{case.row_place('indicators', i)}（{row.level2.strip() or '绩效指标'}）填写为“无”"
            hint = "请补充指标；确实没有的，请填“不适用”并写明理由，例如“不适用：本部门职能不涉及”。"
            yield CheckFinding(f"indicators.{i}.{cell}", message, hint)


def _is_none(text: str) -> bool:
    return bool(text) and (is_nothing(text) or REASON.match(text.strip()) is not None)


def _is_explained(row: IndicatorRow, shortest: int) -> bool:
    texts = [text.strip() for text in (row.name, row.cycle_value, row.annual_value)]
    refused = [match for text in texts if (match := REASON.match(text))]
    others = [text for text in texts if is_said(text) and not REASON.match(text)]
    return bool(refused) and max(map(len, [*(match["reason"] for match in refused), *others])) >= shortest


HOLLOW = tuple(
    words("""
    制定预算时的计划数 预算时的计划数 计划数 按…计划 按…计划完成 按…计划执行 按…计划推进 按照…计划
    按照…计划完成 按照…计划执行 按…要求 按…要求完成 按照…要求 按照…要求完成 根据…下达… 根据…确定
    根据…要求 根据…计划 按…下达… 按实际… 据实… 视…情况… 以实际…为准 按需… 另行确定 达到要求 达到预期…
    完成任务 完成计划 完成年度计划 完成年度任务 按计划… 按规定… 按任务…
    """)
)
VALUES = ("cycle_value", "annual_value")


def is_hollow(text: str, shapes: tuple[str, ...] = HOLLOW) -> bool:
    """Whether a value only points elsewhere: 按…计划, 根据…下达…; one clause without a number."""
    return len(text) <= 60 and any_shape(shapes).fullmatch(text.strip(" 　\n。；;，,")) is not None


@enters(
    "V03",
    Severity.WARNING,
    "指标值没有实际内容",
    "指标值应当明确清晰，不看其他文件也能知道要达到什么（财预〔2015〕88号 明确清晰性）",
    shapes="没有实际内容的写法（“…”代表任意文字）",
)
def value_says_nothing(case: CheckedCase, *, shapes: tuple[str, ...] = HOLLOW) -> Iterator[CheckFinding]:
    for i, row in case.indicators:
        for name in VALUES:
            text = getattr(row, name)
            if text and case.is_text(text) and is_hollow(text, shapes):
                path = f"indicators.{i}.{name}"
                message = f"{case.place(path)}“{shorten_text(text)}”没有说明要达到什么"
                yield CheckFinding(path, message, "请写出具体的数量、比率或时间，例如“≥98%”“12次”“12月31日前”。")


@enters(
    "V04",
    Severity.WARNING,
    "实施周期指标值与年度指标值是同一段描述",
    "两栏应分别反映整个实施周期和本年度要达到的程度（财预〔2015〕88号 明确清晰性）",
)
def values_are_one_text(case: CheckedCase) -> Iterator[CheckFinding]:
    for i, row in case.qualitative:
        if row.cycle_value.strip() == row.annual_value.strip():
            path = f"indicators.{i}.annual_value"
            message = f"{case.row_place('indicators', i)}的实施周期指标值和年度指标值完全相同"
            yield CheckFinding(path, message, "请写明本年度要达到的程度；能用数字表示的，请填数字。")


GRADES = words("""
    优秀 优良 良好 等次 等级 档次 星级 合格 达标 及格 甲级 一级 二级 三级 优等 零事故 前列 上年 去年 同期 基期
    报告 台账 通报 考核 测评 评价 评估 调查 验收 清单 证书 证明 批复 备案 认定 名录 公示 标准 规程
""")


@enters(
    "V10",
    Severity.WARNING,
    "定性指标值没有等级或佐证",
    "定性描述应有评定的等级、标准或者佐证材料，才能考核（财预〔2021〕101号 指标值设定）",
    grades="表示等级、标准、佐证或比较对象的用语",
)
def description_is_not_graded(case: CheckedCase, *, grades: tuple[str, ...] = GRADES) -> Iterator[CheckFinding]:
    """A value that V03 finds hollow has heard enough."""
    for i, row in case.qualitative:
        if not any_of(grades).search(row.annual_value) and not is_hollow(row.annual_value):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(row.annual_value)}”没有评定的等级或佐证，难以考核"
            hint = "请改为可以计量的值，例如“重大失误0次”；或写明等级和依据，例如“年度考核良好以上”。"
            yield CheckFinding(path, message, hint)


ECONOMIC = words("""
    元 产值 产业 企业 税 收入 收益 营收 利润 投资 融资 贷款 贸易 外贸 进出口 成本 费用 支出 消费 销售 成交 签约
    招商 资金 经济 增加值 生产总值 GDP 就业 创业 增收 节约 节支 节能 降本 损失 产量 价格 市场 商贸 旅游 客流
    财政 资产 信贷 保费 效率 减免 补贴 订单 用电量 周转量 吞吐量 货运量 游客 研发 土地 经营主体
""")


@enters(
    "V14",
    Severity.WARNING,
    "经济效益指标没有经济方面的内容",
    "经济效益指标反映对经济发展的影响，例如收入、产值、投资、成本节约（财预〔2021〕101号 指标设置）",
    economic="经济方面的用语",
)
def benefit_is_not_economic(case: CheckedCase, *, economic: tuple[str, ...] = ECONOMIC) -> Iterator[CheckFinding]:
    """What the name says besides 经济效益 counts too."""
    for i, row in case.real:
        if kind_of(row.level2) is not IndicatorKind.ECONOMIC:
            continue
        if not any_of(economic).search(row.name.replace("经济效益", "") + "\n" + row.annual_value):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(row.annual_value)}”没有经济方面的内容"
            hint = "请写明带来的经济成果，例如增加收入、促成投资的金额；没有经济效益的，请改归其他二级指标。"
            yield CheckFinding(path, message, hint)
