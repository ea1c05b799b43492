"""Checks of rates and satisfaction: V07 … V09."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of
from declarations.sheet.problems import Severity
from declarations.sheet.table import IndicatorRow
from declarations.sheet.units import shorten_text
from indicators.taxonomy import IndicatorKind, kind_of
from indicators.value_grammar import words_of
from indicators.values import Target, ValueKind

SHARES = words_of("""
    满意度 完成率 合格率 覆盖率 覆盖面 占比 比重 比例 达标率 及时率 准确率 知晓率 参与率 参保率 办结率 通过率 普及率
    优良率 优秀率 成活率 入学率 巩固率 就业率 公开率 回复率 响应率 处置率 整改率 破案率 结案率 执行率 发放率 到位率
    拨付率 出勤率 合规率 验收率 开放率 完好率 正确率 归档率 处理率 治理率 绿化率 入户率 到会率 抽检率 化率 支付率
    落实率 上线率 签约率 检出率 发现率 查处率 录用率 认可率 好评率 支持率 转化率 修复率 保存率 建档率 受理率 兑现率
""")
"""Shares of a whole: more than the whole is an error; what else is called a rate may exceed it."""
RATES = ("率", "满意度", "占比", "比例", "比重", "覆盖面")
GROWTH = words_of("增长 增幅 增速 涨幅 降幅 增加 提高 提升 上升 下降 降低 减少 同比 环比 较上年 比上年")
UNBOUNDED = words_of("收益率 回报率 负债率 周转率 拨备覆盖率 毛入学率 汇率 利润率 容积率 杠杆率 市盈率 溢价率")
MAY_BE_OUTSIDE = re.compile(r"[\d分－−–—‐―-](?:(?<=\d)\d\d|(?<=分)之|(?<![\d分]))")
"""Three digits, 分之 or a dash: only a value with one of them can be beyond 0 to 100 and needs parsing.
(A pattern that begins with one class of characters is searched for three times as fast.)"""
WHOLE = {"%": 100, "‰": 1000, "‱": 10_000, "": 100}


@enters(
    "V07",
    Severity.ERROR,
    "比率超出 0%—100%",
    "完成率、满意度、占比等比率不会高于100%或低于0%；床位使用率、产销率等可能超过的只作提示，增长率除外",
    shares="不可能超过100%的比率（其余的按疑点提示）",
    rates="视为比率的指标名称用语",
    growth="表示增减的用语（不受此限）",
    unbounded="可以超过100%的比率",
)
def rate_is_impossible(
    case: CheckedCase,
    *,
    shares: tuple[str, ...] = SHARES,
    rates: tuple[str, ...] = RATES,
    growth: tuple[str, ...] = GROWTH,
    unbounded: tuple[str, ...] = UNBOUNDED,
) -> Iterator[CheckFinding]:
    is_rate, is_apart = any_of(rates).search, any_of((*growth, *unbounded)).search
    for i, row in case.indicators:
        for name in ("cycle_value", "annual_value"):
            text = getattr(row, name)
            beyond = _beyond(case.targets(text)) if MAY_BE_OUTSIDE.search(text) else ()
            if not beyond or not is_rate(row.name) or is_apart(row.name):
                continue
            if bad := next((t for t in beyond if not is_apart(t.subject) and _is_percent(t, row.name)), None):
                path = f"indicators.{i}.{name}"
                message = f"{case.place(path)}“{shorten_text(bad.text)}”超出了0%至100%的范围"
                hint = "请核对数值；如果是增长率等可以超过100%的指标，请在指标名称中写明“增长”“下降”等。"
                is_share = any_of(shares).search(row.name) is not None
                yield CheckFinding(path, message, hint, None if is_share else Severity.WARNING)


def _beyond(targets: tuple[Target, ...]) -> list[Target]:
    """The percentages and bare numbers that no rate can reach; changes (增长5%) apart."""
    found = []
    for target in targets:
        if target.unit not in WHOLE or target.direction or target.kind not in (ValueKind.PERCENT, ValueKind.NUMBER):
            continue
        whole = WHOLE[target.unit]
        outside = any(number < 0 or number > whole for number in target.numbers)
        if outside or (target.operator == ">" and whole in target.numbers):
            found.append(target)
    return found


def _is_percent(target: Target, name: str) -> bool:
    """A bare number counts as one where the name gives % as its unit: 满意度(%)."""
    return target.kind is ValueKind.PERCENT or "%" in name or "％" in name


def is_satisfaction(row: IndicatorRow) -> bool:
    return kind_of(row.level2) is IndicatorKind.SATISFACTION or "满意度" in row.name


@enters(
    "V08",
    Severity.WARNING,
    "满意度定为100%",
    "满意度由调查得出，100%难以实现，也难以核实（财预〔2015〕88号 实现可能性）",
)
def satisfaction_is_complete(case: CheckedCase) -> Iterator[CheckFinding]:
    for i, row in case.real:
        if is_satisfaction(row) and any(_is_whole(target, row.name) for target in case.targets(row.annual_value)):
            path = f"indicators.{i}.annual_value"
            hint = "请按往年调查结果填写可以达到的值，例如“≥90%”，并准备调查方法和样本。"
            yield CheckFinding(path, f"{case.place(path)}定为100%，难以实现和核实", hint)


def _is_whole(target: Target, name: str) -> bool:
    whole = WHOLE.get(target.unit)
    is_rate = target.kind in (ValueKind.PERCENT, ValueKind.NUMBER) and _is_percent(target, name)
    return is_rate and target.operator not in ("≤", "<") and whole in target.numbers


STAFF = words_of("""
    职工 员工 本单位 本部门 本机关 单位内部 内部人员 内部工作人员 机关干部 在职人员 本局 本委 本办 本院 本校 本中心
    干部 民警 辅警 警员 干警 医务人员 医护人员 医护 护士 教职工 教职员工 公务员 工作人员 检察官 法官 在编人员
    编内人员
    全体人员 单位人员 指战员 消防员 执法人员 执法队员 聘用人员 机关人员 内部满意度 同事
""")
OTHERS = words_of("""
    企业职工 企业员工 困难职工 下岗职工 退休职工 参保职工 一线职工 受助职工 农民工 女职工 职工群众 职工家属
    职工医疗 服务对象 群众 公众 企业 市民 居民 社会 学生 学员 家长 患者 病人 游客 读者 观众 用户 客户 商户 农户 农民
    当事人 申请人 办事 参训 受训 参会 培训 参加 离退休 老干部 退休干部 基层干部 村干部 驻村干部 援派 家属 受益
    参保 老人
    老年人 残疾人 青年 妇女 儿童 纳税人 律师 代表 委员 村民 业主 乘客 司机 投资 人才 考生 第三方 上级 被服务
    来访 职工之家
""")


def _asks_staff(name: str, staff: tuple[str, ...]) -> bool:
    """Whoever stands before 对 is asked: 对工作人员的满意度 is about the staff."""
    return any_of(staff).search(name.split("对", 1)[0]) is not None


@enters(
    "V09",
    Severity.WARNING,
    "满意度只调查本单位职工",
    "满意度指标反映服务对象或社会公众的认可程度（财预〔2021〕101号 指标设置）",
    staff="指本单位人员的用语",
    others="指服务对象的用语",
)
def only_own_staff_is_asked(
    case: CheckedCase, *, staff: tuple[str, ...] = STAFF, others: tuple[str, ...] = OTHERS
) -> Iterator[CheckFinding]:
    rows = [(i, row) for i, row in case.real if is_satisfaction(row)]
    own = [i for i, row in rows if _asks_staff(row.name, staff) and not any_of(others).search(row.name)]
    if own and len(own) == len(rows):
        message = f"{case.row_place('indicators', own[0])}只调查本单位人员，没有服务对象或社会公众的满意度"
        yield CheckFinding(f"indicators.{own[0]}.name", message, "请增加或改为服务对象满意度，例如“办事群众满意度”。")
