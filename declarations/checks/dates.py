"""Checks of years and dates: Y01, Y02."""

from __future__ import annotations

import re
from collections.abc import Iterator

from declarations.checks.case import CheckedCase
from declarations.checks.catalogue import CheckFinding, Need, enters
from declarations.sheet.problems import Severity
from declarations.sheet.table import IndicatorRow
from declarations.sheet.units import shorten_text
from indicators.values import Target

ANY_YEAR = re.compile(r"(?:19|20|１９|２０)\d\d")
"""Only a value with the digits of another year needs parsing."""
COMPARED = re.compile(r"(?:较|比|与|同|自|从|以|按|按照|根据|对比|相比|参照|截至)\s*$")
NOT_A_LIMIT = re.compile(r"\s*度?的?(?:水平|数据|基数|标准|基础|同期|平均|实际|执行|考核|方案|计划|规划|版|预算|决算)")
COMPLETES = re.compile(r"\s*度?\s*(?:全部|全面|按时|基本)?(?:完成|建成|实现|办结|竣工|验收|投入使用|交付|印发|开通)")


@enters(
    "Y02",
    Severity.ERROR,
    "完成时间不在申报年度内",
    "年度指标值是申报年度内要达到的目标，完成时间应在当年",
    needs=(Need.YEAR,),
)
def date_is_outside(case: CheckedCase) -> Iterator[CheckFinding]:
    for i, row in case.indicators:
        years = ANY_YEAR.findall(row.annual_value)
        if years and {*map(int, years)} != {case.year} and (wrong := _outside(row, case)):
            path = f"indicators.{i}.annual_value"
            message = f"{case.place(path)}“{shorten_text(wrong.text)}”不在申报年度（{case.year}年）内"
            yield CheckFinding(path, message, f"请改为{case.year}年内的时间，例如“{case.year}年12月31日前”。")


def _outside(row: IndicatorRow, case: CheckedCase) -> Target | None:
    """The first completion date of another year; the start of a period and a year compared with are none."""
    targets = case.targets(row.annual_value)
    begun: int | None = None
    for target, following in zip(targets, [*targets[1:], None], strict=True):
        date = target.date
        if date is None:
            begun = None
            continue
        if following and following.date and following.subject in ("-", "~", "至", "到"):
            begun = date.year
            continue
        year, begun = date.year or begun, None
        if year is not None and year != case.year and _is_completion(target, row.annual_value):
            return target
    return None


def _is_completion(target: Target, text: str) -> bool:
    after = text[target.end : target.end + 12]
    if target.operator or COMPARED.search(target.subject) or NOT_A_LIMIT.match(after):
        return False
    date = target.date
    says_when = (date and (date.closes or date.month is not None)) or target.text == text.strip()
    return bool(says_when) or COMPLETES.match(after) is not None


YEAR = r"[2２][0０][0-9０-９]{2}"
ONE_YEAR = re.compile(rf"{YEAR}(?=\s*年)(?<![0-9０-９][0-9０-９]{{4}})")
"""A year that is written as one; where the table has none but the form year, no text needs a closer look."""
QUOTED = re.compile(
    r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|[〔\[［【(（]\s*[2２][0０][0-9０-９]{2}\s*[〕\]］】)）]"
    rf"|{YEAR}\s*年?\s*第\s*\d+\s*号"
)
PERIOD = re.compile(rf"{YEAR}\s*年?(?:度)?(?:\d+月)?\s*[-—–－~～至到]+\s*{YEAR}\s*年")
AGAINST = re.compile(
    r"(?:较|比|与|同|以|相比|对比|自|从|截至|截止|于|到|至|达|继|承接|延续|结转|沿用|对照|清理|补缴|归还|偿还)\s*$"
)
FINISHED = re.compile(
    r"\s*年?\s*度?(?:的|末|底|及以前|以前|之前|前|后)?(?:市级|市本级|本级|部门|单位|财政|整体|项目|省级|中央|专项|全市|重点|支出){0,2}"
    r"(?:决算|水平|同期|基数|基础|基期|以来|起|结转|结余|数据|版|绩效|审计|评价|自评|考核|预算执行|预算绩效|审查|清算|欠|遗留"
    r"|跨年|续建|开工|启动|立项|获批|批复|建成的|建成后|建成投|统计|普查|验收|未完成|尾款|质保金|应付|存量|收官|远景|规划)"
)
TO_COME = re.compile(r"\s*年?\s*度?(?:部门|财政|单位|市级|项目)?(?:预算|目标|计划|前|底前|项目库|达到)")
AHEAD = re.compile(
    r"(?:编制|谋划|储备|申报|筹备|筹划|做好|启动|提前|安排|下达|面向|着眼|展望|力争|争取|确保|计划|预计|规划)[^，。；]{0,6}$"
)
"""Work on a year to come: 编制2027年部门预算, 力争2030年建成."""


@enters(
    "Y01",
    Severity.WARNING,
    "年份与申报年度不一致",
    "沿用往年申报表时容易遗留旧的年份；文件名称和文号中的年份除外",
    needs=(Need.YEAR,),
)
def year_is_another(case: CheckedCase) -> Iterator[CheckFinding]:
    """A year compared with, the ends of a period and what goes on from an earlier year are meant.

    The cycle value reaches into other years, and a date in an annual value is Y02's.
    """
    if {*map(int, ONE_YEAR.findall(case.all_text))} <= {case.year}:
        return
    for path, text in case.texts(ONE_YEAR.search):
        if path.endswith("_value"):
            continue
        if other := next((year for year in _years(text, case.year or 0) if year != case.year), None):
            message = f"{case.place(path)}出现“{other}年”，与申报年度{case.year}年不一致"
            hint = f"请核对是否为{case.year}年；确指其他年度的，请说明理由。文件名称请加书名号《》。"
            yield CheckFinding(path, message, hint)


def _years(text: str, form_year: int) -> Iterator[int]:
    """The years that a text says it is about."""
    if ONE_YEAR.search(text):
        plain = PERIOD.sub(" ", QUOTED.sub(" ", text))
        for match in ONE_YEAR.finditer(plain):
            before, after = plain[max(0, match.start() - 12) : match.start()], plain[match.end() : match.end() + 16]
            is_ahead = int(match[0]) > form_year and (AHEAD.search(before) or TO_COME.match(after))
            if not AGAINST.search(before) and not FINISHED.match(after) and not is_ahead:
                yield int(match[0])
