"""Checks of values that promise little: V02 … V04, V10, V14."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from declarations.checks.case import CheckedCase, is_said
from declarations.checks.catalogue import CheckFinding, enters
from declarations.checks.words import any_of, any_shape, names_rate
from declarations.sheet.problems import Severity
from declarations.sheet.table import IndicatorRow
from declarations.sheet.units import shorten_text
from indicators.taxonomy import IndicatorKind, kind_of
from indicators.value_grammar import words_of
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
    words_of("""
    制定预算时的计划数 预算时的计划数 计划数 按…计划 按…计划完成 按…计划执行 按…计划推进 按照…计划
    按照…计划完成 按照…计划执行 按…要求 按…要求完成 按照…要求 按照…要求完成 根据…下达… 根据…确定
    根据…要求 根据…计划 按…下达… 按实际… 据实… 视…情况… 以实际…为准 按需… 另行确定 达到要求 达到预期…
    完成任务 完成计划 完成年度计划 完成年度任务 按计划… 按规定… 按任务…
    按标准… 按…标准 按…标准执行 按…标准发放 按…标准支付 按照…标准 按照…标准执行 按照…标准发放 严格按…标准执行
    按合同… 按照合同… 按…合同… 按协议… 按约定… 按照约定… 依合同… 依据合同… 符合规定 符合要求 符合…规定
    符合…要求 符合相关… 符合有关… 满足…要求 满足…需要 满足需求 满足…需求 达到…要求 达到规定… 达到计划…
    达到目标… 达到既定… 达到上级… 达到计划数 详见… 见附件… 参见… 见…方案 见…文件 以…为准 以…文件为准
    按序时进度… 按照序时进度… 序时进度 达到序时进度 符合序时进度 与序时进度… 按进度… 按照进度… 按…进度
    按…进度执行 按…进度完成 按…进度推进 按…进度支付 按时间节点… 按…节点… 按照…节点… 按方案… 按…方案…
    按照方案… 按照…方案… 按…规定 按…规定执行 按…规定完成 按照…规定 按照…规定执行 按照…规定完成 按照规定…
    按…文件… 按照…文件… 按文件… 依据…确定 依据…执行 依据文件… 依据…文件… 依据…规定 依照… 遵照… 参照…
    按上级… 按照上级… 按相关… 按照相关… 按有关… 按照有关… 按程序… 按照程序… 按流程… 按批复…
    按照批复… 按预算… 按照预算… 按部门… 按工作… 按照工作… 按实… 按照实际… 根据实际… 根据工作… 根据上级…
    根据合同… 根据需要… 根据文件… 根据相关… 根据有关… 根据情况… 结合实际… 结合工作… 视工作… 视实际…
    待…确定 待…下达 待…明确 待上级… 由上级… 以上级… 以当年… 以批复… 以文件… 以合同… 以考核… 以最终…
    以下达…为准 另行通知 另行安排 另行下达 完成既定… 完成预定… 完成预期… 完成目标 完成目标任务 完成…目标任务
    完成上级… 完成下达… 完成…下达的任务 完成市… 完成省… 完成上级任务 完成各项任务 完成各项工作任务 完成年度工作
    完成年度目标… 完成全年任务 完成计划任务 完成计划数 完成指标任务 同计划数 计划值 年度计划数 年初计划数
    与计划一致 与预算一致 与上级…一致 与年度计划一致
    """)
)
VALUES = ("cycle_value", "annual_value")


NAMED = re.compile(r"《[^》]{0,60}》|20\d\d年度?")


def is_hollow(text: str, shapes: tuple[str, ...] = HOLLOW) -> bool:
    """Whether a value only points elsewhere: 按…计划, 根据下达…; one clause without a number.

    The year of what it points to, and its title, do not count: 按2026年计划执行.
    """
    return len(text) <= 60 and _is_hollow(text, shapes)


@lru_cache(maxsize=2048)
def _is_hollow(text: str, shapes: tuple[str, ...]) -> bool:
    plain = text.strip(" 　\n。；;，,")
    return any_shape(shapes).fullmatch(NAMED.sub("文件" if "《" in plain else "", plain)) is not None


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
            if text and is_hollow(text, shapes) and (case.is_text(text) or case.is_text(NAMED.sub("", text))):
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
        if (
            row.cycle_value.strip() == (text := row.annual_value.strip())
            and not is_graded(text)
            and not is_hollow(text)
        ):
            path = f"indicators.{i}.annual_value"
            message = f"{case.row_place('indicators', i)}的实施周期指标值和年度指标值完全相同"
            yield CheckFinding(path, message, "请写明本年度要达到的程度；能用数字表示的，请填数字。")


GRADES = words_of("""
    优秀 优良 等次 等级 档次 星级 合格 达标 及格 甲级 一级 二级 三级 优等 零事故 前列 上年 去年 同期 基期
    报告 台账 通报 考核 测评 评价 评估 调查 验收 清单 证书 证明 批复 备案 认定 名录 公示 标准 规程
    平均水平 平均值 平均数 全覆盖 等奖 先进 示范 乙级 丙级 特级 甲等 乙等 上等 中等 一类 二类 三类 四类 五类 省级
    国家级 市级以上 县级以上 级及以上 级以上 类及以上 类以上 等以上 等及以上 星 国标 国六 免检 认证 评审 评定 评比
    全达标 无扣分 满分 审计意见 无保留意见 当日 当天 即时 实时 次日 当月 当季 全天候 达到小康
""")


SIGNS = re.compile(
    r"前[一二三四五六七八九十]|通过[^，。；]{0,10}(?:审|核|验|评|鉴定|认定|论证|检查|备案)|"
    r"[0-9０-９Ⅰ-Ⅻⅰ-ⅻ]|(?<![A-Za-z])[A-D]{1,5}\+?级|^(?:优|良|中|甲|乙|优良中?|优秀率)(?:等|级)?(?:及?以上)?$"
)
"""Numbers of a standard, hours, Ⅲ类, A级: what is left of digits in a value that promises no number is a grade."""


WELL = re.compile(
    r"良好(?:及?以上|等次|等级|档次|格次|级)|(?:考核|评价|评定|评估|评为|测评|达到|等级|等次|结果|鉴定)[^，。；]{0,6}良好|^良好$"
)
"""良好 as a grade that somebody gives: 运行良好 and 良好家风 are none."""


def is_graded(text: str, grades: tuple[str, ...] = GRADES) -> bool:
    """Whether a description has a grade, a standard, a time of day or evidence."""
    plain = text.strip()
    return any(pattern.search(plain) is not None for pattern in (any_of(grades), SIGNS, WELL))


@enters(
    "V10",
    Severity.WARNING,
    "定性指标值没有等级或佐证",
    "定性描述应有评定的等级、标准或者佐证材料，才能考核（财预〔2021〕101号 指标值设定）",
    grades="表示等级、标准、佐证或比较对象的用语",
)
def description_is_not_graded(case: CheckedCase, *, grades: tuple[str, ...] = GRADES) -> Iterator[CheckFinding]:
    """Skipped where V03 or V15 already reports the value."""
    for i, row in case.qualitative:
        if is_graded(row.annual_value, grades) or is_hollow(row.annual_value) or names_rate(row.name):
            continue
        path = f"indicators.{i}.annual_value"
        message = f"{case.place(path)}“{shorten_text(row.annual_value)}”没有评定的等级或佐证，难以考核"
        yield CheckFinding(path, message, f"请改为可以计量的值，例如{example_of(row)}；或写明评定的等级和依据。")


EXAMPLES = {
    IndicatorKind.QUANTITY: "“≥12次”“≥300人”",
    IndicatorKind.QUALITY: "“验收合格率≥98%”“重大失误0次”",
    IndicatorKind.TIMELINESS: "“11月30日前”“5个工作日内”",
    IndicatorKind.COST: "“≤50万元”“≤200元/人”",
    IndicatorKind.ECONOMIC: "“带动增收≥100万元”“降低成本≥5%”",
    IndicatorKind.SOCIAL: "“政策知晓率≥90%”“有效投诉≤3件”",
    IndicatorKind.ECOLOGICAL: "“优良天数比例≥90%”“垃圾无害化处理率≥98%”",
    IndicatorKind.SUSTAINABLE: "“制度执行率≥95%”“设备使用年限≥5年”",
    IndicatorKind.SATISFACTION: "“≥90%”",
}


def example_of(row: IndicatorRow) -> str:
    """Return what a value of the row's kind may look like."""
    kind = kind_of(row.level2)
    return (kind and EXAMPLES.get(kind)) or "“重大失误0次”"


ECONOMIC = words_of("""
    元 产值 产业 企业 税 收入 收益 营收 利润 投资 融资 贷款 贸易 外贸 进出口 成本 费用 支出 消费 销售 成交 签约
    招商 资金 经济 增加值 生产总值 GDP 就业 创业 增收 节约 节支 节能 降本 损失 产量 价格 市场 商贸 旅游收入
    旅游消费 旅游人 旅游总 旅游业 旅游接待 过夜 降幅 降价 客流
    财政 资产 信贷 保费 效率 减免 补贴 订单 用电量 周转量 吞吐量 货运量 游客 研发 土地 经营主体
    市场主体 个体工商户 农产品 粮食 油料 蔬菜 生猪 水产 养殖 种植 产能 单产 亩产 增产 减损 挽回 挽损 追赃 追缴 赔付
    理赔 保险 工资 薪 租金 租赁 房价 物价 CPI 通胀 固投 固定资产 开工 电商 快递 物流 港口 集装箱 货物 客运 航班
    供应链 产业链 成果转化 技术合同 高新技术 专精特新 上市 贴息 利息 利率 担保 逾期 不良率 股权 债券 债务 保值 增值
    节水 节电 节油 节煤 能耗 电耗 水耗 户均 可支配 脱贫 低收入 集体经济 品牌 会展 展会 展销 采购 造价 审减 核减 罚没
    清欠 违约 止损 赔偿 零售 批发 夜经济 门票 酒店 入住 床位 民宿 餐饮 文创 版权 票房 产销 库存 保供 供给 供应 农业
    农户 工业 制造 园区 孵化 专利 知识产权 项目落地 落户 引进 外资 内资 关税 免税 退税 降费 电价 气价 运价 运费 工期
    交易 拍卖 出让 承包 流转 经营 合作社 家庭农场 龙头 商户 商圈 商业 营业 贸促 口岸 通关 跨境 盈利 亏损 分红 回报
    财产 房产 车位 停车 拉动 购销 收购 销量 创收 盘活 闲置 复垦 增量 用工 招工 岗位 务工 人均 生产 建筑业 服务业
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
