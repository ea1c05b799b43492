"""The words and signs of target values, as patterns: `indicators.values` gives them their meaning.

Every character of a text is folded to exactly one (full-width to half-width, ≧ to ≥), so that a
place in the folded text is the same place in the text as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

SAME = {"≥": "≧⩾", "≤": "≦⩽", ">": "﹥〉", "<": "﹤〈", "-": "—–−‐―", "~": "〜～∼", ":": "∶", "·": "•・‧∙⋅"}
SAME |= {" ": "\u3000\u00a0\u2009\u202f\t", "μ": "µ"}
FOLD: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
FOLD |= {ord(sign): plain for plain, signs in SAME.items() for sign in signs}


def words_of(text: str) -> tuple[str, ...]:
    """A list of words as it reads best: separated by white space."""
    return tuple(text.split())


EDGES = " \t\r\n\u3000,，;；。、:：."
NOTHING = frozenset(words_of("无 暂无 没有 不涉及 不适用 无此项 无该项 / ／ - — —— － -- N/A n/a NA"))
CLAUSE_END = re.compile(r"[,;。;、\n]")

# --- operators: in front of a number and behind it -------------------------------------------

IN_FRONT = {
    "≥": "≥ >= => 不低于 不劣于 不少于 不小于 不得低于 不得少于 大于等于 大于或等于 至少 最少 最低 达到 达",
    "≤": "≤ <= =< 不超过 不高于 不多于 不大于 不得超过 不得高于 小于等于 小于或等于 至多 最多 不超出 控制在 不突破",
    ">": "> 大于 高于 多于 超过 超出 超 优于 好于",
    "<": "< 小于 低于 少于 不足 未超过",
    "=": "= 等于",
    "≈": "≈ 约为 约 大约",
    "±": "±",
}
BEHIND = {"≥": "及以上 (含)以上 以上 起", "≤": "及以下 (含)以下 以下 以内 之内 内", "≈": "左右 上下"}
REACHED = frozenset(words_of("达到 达"))
"""Operators that lead up to a target and are no part of its text: 整改率达到95%以上 promises 95%以上."""
WEAK = REACHED | {"控制在"}
"""Words in front that give way to one behind: 达到5%以下, 控制在95%以上."""
BY_WORD = {word: sign for group in (IN_FRONT, BEHIND) for sign, known in group.items() for word in words_of(known)}


def _any(alternatives: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, alternatives), key=len, reverse=True))


NO_ABOUT = r"(?!(?<=[节违预签公契合条特履邀])约)"
"""节约50万元 and 签约20家 say nothing of 约."""
NOT_REACHED = r"(?!(?<=[未没不难表传到送抵直])达)"
"""未达到90% and 表达3次 reach nothing."""
PREFIX = re.compile(
    rf"(?P<operator>{NO_ABOUT}{NOT_REACHED}(?:{_any(words_of(' '.join(IN_FRONT.values())))}))(?:到|了|为)?\s*$"
)
SUFFIX = re.compile(
    rf"\s*(?:(?P<operator>{_any(words_of(' '.join(BEHIND.values())))})|(?P<by>(?:之前|以前|前|止)))(?![来部容])"
)


def nearer_operator(prefix: re.Match[str] | None, suffix: re.Match[str] | None) -> str:
    """Return the operator of the words around a number: those in front count, but for the weak ones."""
    if prefix and prefix["operator"] in WEAK:
        return operator_of(suffix) or operator_of(prefix)
    return operator_of(prefix) or operator_of(suffix)


def operator_of(match: re.Match[str] | None) -> str:
    return BY_WORD[match["operator"]] if match and match["operator"] else ""


# --- what is no target although it has digits: titles, numbers of documents, ordinals, list numbers, codes ----

STANDARD = r"(?:GB|HJ|CJ|JG|JT|DB|NY|SL|WS|YY|ISO|IEC|SC|LY|SB|GA|AQ|MZ|WH|TY)[A-Z]{0,2}\d{0,2}(?:/[TZ])?\s?\d{1,6}"
CLOCK = r"(?:[01]?\d|2[0-4])"
MASKED = re.compile(
    r"《[^《》]*》|〔\d{4}〕\s*第?\d+号|第\s*\d+(?:\s*[-~至到]\s*\d+)?(?!\s*季度|\d)"
    r"|(?:^|(?<=[;。\n ]))\(?\d{1,2}(?:[、)]|\.(?=\s*[^\d\s]))"
    r"|[两三四五六七八]个(?:维护|确立|意识|自信|代表|全面|一批|统一|务必|结合|革命|文明)"
    rf"|(?<![A-Za-z]){STANDARD}(?:\.\d+)?(?:\s?-\s?(?:19|20)\d\d)?(?!\d)"
    r"|(?<![\dA-Za-z/])(?!k?m[23](?![\dA-Za-z]))[A-Za-z]+(?:\d|\+\d)[\dA-Za-z]*(?:\.\d+)?"
    r"|(?<![\d.])\d{1,4}[AGPK](?![A-Za-z/])"
    r"|(?<!\d)\d{1,2}\s?[×xX*]\s?24(?:\s?小时)?(?!\d)"
    rf"|(?<![\d.:]){CLOCK}:[0-5]\d\s?[-~至到]\s?(?:次日)?{CLOCK}:[0-5]\d(?![\d:])|(?<![\d.:]){CLOCK}:00(?![\d:])"
    rf"|(?<!\d){CLOCK}时(?![长段效限间])(?:[0-5]\d分)?"
    r"|(?<!\d)(?:12345|12315|12306|12[0-9]{3}(?=热线|平台|电话|投诉|举报)|110(?=报|接)|1(?:19|20)(?=报|接|急|指|调))",
    re.ASCII,
)

# --- numbers ------------------------------------------------------------------------------------

UNITS = words_of("""
    个百分点 百分点 平方公里 平方千米 平方米 立方米 人次 人天 人日 场次 班次 架次 辆次 台次 车次 批次
    户次 家次 件次 个工作日 工作日 个自然日 个小时 小时 分钟 个月 季度 公里 千米 公顷 公斤 千克 千瓦时
    千瓦 美元 港元 欧元 标准煤 名 人 次 个 家 户 项 件 场 期 份 篇 部 台 套 辆 艘 架 条 座 栋 间 所 处
    宗 起 批 班 届 轮 对 组 支 队 位 例 卷 册 本 种 类 门 节 课时 学时 亩 吨 升 克 米 里 元 分 秒 天 日
    周 年 月 级 倍 成 度 片 块 棵 株 头 只 羽 尾 眼 口 盏 床 张 幅 集 首 字 层 县 镇 村 市 省 万 亿 千
    百 ㎡ m² m2 m³ m3 km² km2 km kWh kW MW GW MVA kV kg mg/L mg μg/m³ μg/m3 mm cm ml GB TB PB Mbps Gbps dB ℃
    MPa kPa Pa Hz ppm t m L 微克 毫克 毫升 毫米 厘米 兆瓦 兆帕 千伏安 千伏 分贝 岁 星级 星 颗 门次 课次 亩次 例次
    吨公里 人公里 车公里 标箱 箱 工日 学期 学年 桶 袋 瓶 笔 票
""")
MEASURE = _any(UNITS)
SCALE = r"(?:百万|千万|十万|万|亿|千|百)?"
PER_ONE = rf"(?:\d{{1,4}}{SCALE}|(?:万|亿|千|百))?(?:{MEASURE}|[\u4e00-\u9fff]{{1,2}}|[a-z]{{1,3}})?"
JOINED = rf"(?:[·.*](?:{MEASURE}|[\u4e00-\u9fff]{{1,2}})(?!\d)){{0,2}}"
PER = rf"\s*/\s*(?:\({PER_ONE}{JOINED}\)|{PER_ONE}{JOINED})"
"""What one of which the number is: /人, /人·月, /(人·天), /10万, /万车."""
UNIT = (
    rf"%|‰|‱|{SCALE}\s*(?:{MEASURE})(?:·(?:{MEASURE}))?(?:(?=\s*/\s*[\d(a-z\u4e00-\u9fff]){PER})?(?![A-Za-z])"
    rf"|/\s*(?:\d{{1,4}})?(?:万|千|百|亿)(?:{MEASURE})?|/\s*10{{1,6}}(?!\d)"
)
DIGITS = r"(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|(?<![\d.])[1-9]\d{0,2}(?: \d{3})+(?![\d.])|\d+)(?:\.\d+)?|(?<![\d.])\.\d+)"
NUMBER = rf"(?:(?<![\dA-Za-z\u4e00-\u9fff%)])[-+]\s*)?{DIGITS}"

SPELT = "[零〇一二两三四五六七八九十百千半]"
SPELT_DECIMALS = "点[零〇一二三四五六七八九]+"
DIGIT_VALUES = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
FRACTIONS = {"百": "%", "千": "‰", "万": "‱"}
NOT_SPELT = "成度分级部本对口头片里年月日周起位类节首集万亿千百支队组升门批星票笔箱袋桶"
"""Measures that follow a spelt numeral in words that count nothing: 一部分, 一口气, 一对一."""
SPELT_MEASURE = _any(unit for unit in UNITS if len(unit) == 1 and unit not in NOT_SPELT)
SPELT_MEASURES = rf"人次|场次|批次|个月|工作日|小时|{SPELT_MEASURE}"


def chinese_number(text: str) -> Decimal:
    """九十五 -> 95, 两百零三 -> 203, 九十八点五 -> 98.5; digits are taken as they are."""
    if text.isascii():
        return Decimal(text.replace(",", ""))
    whole, _, decimals = text.partition("点")
    part = 0
    digit: int | None = None
    for letter in whole:
        if letter in POWERS:
            part += (1 if digit is None else digit) * POWERS[letter]
            digit = None
        elif letter in DIGIT_VALUES:
            digit = DIGIT_VALUES[letter]
        else:
            return Decimal("0.5")
    total = part + (digit or 0)
    return Decimal(f"{total}.{''.join(str(DIGIT_VALUES[d]) for d in decimals)}" if decimals else total)


# --- dates --------------------------------------------------------------------------------------

QUARTER_ENDS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
YEAR = r"(?:19|20)\d\d"
MONTH, DAY = r"(?:1[0-2]|0?[1-9])(?!\d)", r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"
DATE = (
    rf"(?:(?<!\d)(?P<y1>{YEAR})\s*年(?:\s*度)?(?:\s*(?P<y2>{MONTH})\s*月(?:\s*(?P<y3>{DAY})\s*[日号])?"
    rf"|\s*第?(?P<quarter>[一二三四1-4])季度|\s*(?P<half1>[上下]半年))?"
    rf"|(?<!\d)(?P<z1>{YEAR})(?P<sign>[-/.])(?P<z2>{MONTH})(?:(?P=sign)(?P<z3>{DAY}))?(?![\d.%-])"
    rf"|(?<!\d)(?P<m4>{MONTH})\s*月份?(?:\s*(?P<d4>{DAY})\s*[日号])?"
    rf"|(?P<every>每个?月|次月|当月|下月)(?P<d5>{DAY})\s*[日号]"
    rf"|(?P<half2>[上下]半年)(?!度?(?:总结|工作|报告|考核|考评|评价))"
    rf"|第?(?<!每)(?P<alone>[一二三四1-4])季度"
    rf"|(?P<end>年(?=\s*(?:底|末|内(?!容))))"
    rf")(?:\s*(?P<edge>底|末|中旬|下旬|上旬|内(?![容部])))?"
)
LAST_YEAR = r"(?P<last>(?:上一?年度?|去年|前一年|往年)(?:同期)?)(?:的?(?:实际|平均))?(?:的?水平)?(?!的?\s*\d)"
"""Last year as something to compare with; it is one only with an operator in front or 持平 behind."""
LEVEL = re.compile(r"\s*(?:持平|相当|一致|保持不变)")
CORE = re.compile(
    rf"(?P<date>{DATE})"
    rf"|{LAST_YEAR}"
    rf"|(?P<parts>(?P<whole>{SPELT}{{1,8}}|万)分之(?P<part>{SPELT}{{1,8}}(?:{SPELT_DECIMALS})?|{DIGITS}))"
    rf"|(?P<tenths>[一二三四五六七八九])成(?=以上|左右|及以上|以下|[,;。、\s]|$)"
    rf"|(?P<zero>(?<![零一二三四五六七八九十百千万点归清])零(?![零售星散碎花件工部食钱敲距下时点几整用杂头和基门一二三四五六七八九]))"
    rf"|(?P<ratio>(?<![\d.])(?P<left>\d+(?:\.\d+)?)\s*[:比]\s*(?P<right>\d+(?:\.\d+)?))"
    rf"|(?P<from>{NUMBER})(?:\s*(?P<more>[余多](?=\s*[万亿\u4e00-\u9fff])))?(?:\s*(?P<unit>{UNIT}))?"
    rf"(?:(?:\s*\(不?含\))?\s*(?:-|~|至|到)\s*(?P<to>{DIGITS})(?(unit)\s*(?P=unit)|(?:\s*(?P<to_unit>{UNIT}))?))?"
    rf"|(?<![第统唯之其任十百千万逐每同单进年])(?P<spelt>{SPELT}{{1,12}})(?P<spelt_unit>{SPELT_MEASURES})(?![性体般级致律律定直起样些切面方旦带路型龙])",
    re.ASCII,
)
MAY_COUNT = re.compile(
    rf"\d|分之|[零成]|[上下]半年|年[底末内]|第?[一二三四]季度|[上去前往]一?年|{SPELT}(?:{SPELT_MEASURES})", re.ASCII
)

GROWTH = re.compile(
    r"(?:(?P<up>增长|提高|提升|增加|上升|上涨|增幅|增速|涨幅|新增率)|(?P<down>下降|降低|减少|压减|缩减|节约|节支|降幅|核减|削减))"
    r"(?!到|至|为|于)[^到至]{0,12}$"
)
