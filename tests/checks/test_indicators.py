"""Indicators and their target values."""

from dataclasses import replace

import pytest

from declarations.checks import Context, check
from declarations.sheet.problems import blocking_problems
from declarations.sheet.table import IndicatorRow
from tests.samples import INDICATORS_2026, sample

OUTPUT = IndicatorRow("产出指标", "数量指标", "巡查次数", "≥144次", "≥48次")
BENEFIT = IndicatorRow("效益指标", "社会效益指标", "受益人口", "≥9万人", "≥8万人")
CONTENT = IndicatorRow("效益指标", "服务对象满意度指标", "群众满意度", "≥91%", "≥89%")
COMPLETE = (OUTPUT, BENEFIT, CONTENT)


def findings(rows, code, edition="2026", **context):
    table = sample(edition, indicators=tuple(rows))
    problems = check(table, context=Context(**context))
    return [(problem.field, problem.message) for problem in problems if problem.code == code]


def valued(name, value, **context):
    """The fields at which V07 objects to an indicator with this name and annual value."""
    return findings([*COMPLETE, replace(OUTPUT, name=name, annual_value=value)], "V07", **context)


def dated(value, year=2026):
    return findings([*COMPLETE, replace(OUTPUT, name="完成时间", annual_value=value)], "Y02", year=year)


# --- T01 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("missing", "group"), [(OUTPUT, "产出指标"), (BENEFIT, "效益指标"), (CONTENT, "满意度指标")])
def test_t01_all_three_groups_are_there(missing, group):
    rows = [row for row in COMPLETE if row is not missing]
    assert findings(COMPLETE, "T01") == []
    assert findings(rows, "T01") == [("indicators", f"绩效指标中没有{group}")]


def test_t01_no_indicator_at_all():
    assert len(findings([], "T01")) == 3


def test_t01_goes_by_the_kind_wherever_the_edition_prints_it():
    elsewhere = replace(CONTENT, level1="满意度指标")
    assert findings([OUTPUT, BENEFIT, elsewhere], "T01") == []
    misplaced = replace(OUTPUT, level1="效益指标")
    assert findings([misplaced, BENEFIT, CONTENT], "T01") == []


def test_t01_cost_is_no_benefit():
    cost = replace(BENEFIT, level2="成本指标")
    assert findings([OUTPUT, cost, CONTENT], "T01") == [("indicators", "绩效指标中没有效益指标")]


@pytest.mark.parametrize("name", ["无", "暂无", "", " "])
def test_t01_a_row_that_says_nothing_is_no_indicator(name):
    rows = [OUTPUT, BENEFIT, replace(CONTENT, name=name, annual_value="")]
    assert findings(rows, "T01") == [("indicators", "绩效指标中没有满意度指标")]


def test_t01_says_which_kinds_would_do():
    [problem] = [p for p in check(sample(indicators=(BENEFIT, CONTENT))) if p.code == "T01"]
    assert problem.hint == "请至少填写一项产出指标，二级指标可选：数量指标、质量指标、时效指标。"


# --- T07 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again", ["巡查次数", "巡查 次数", "巡查次数（次）", "巡查次数(次)", "“巡查”次数", "巡查\n次数"]
)
def test_t07_the_same_name_twice(again):
    repeated = replace(OUTPUT, level2="质量指标", name=again)
    [(field, message)] = findings([*COMPLETE, repeated], "T07")
    assert field == "indicators.3.name"
    assert "与第1项的三级指标名称相同" in message


def test_t07_full_and_half_width_are_one():
    rows = [*COMPLETE, replace(OUTPUT, name="ＡＩ巡查率（％）"), replace(OUTPUT, name="AI巡查率")]
    assert [field for field, _ in findings(rows, "T07")] == ["indicators.4.name"]


@pytest.mark.parametrize("other", ["巡查次数(城区)", "巡查人次", "巡查", "夜间巡查次数"])
def test_t07_another_name_is_another_indicator(other):
    assert findings([*COMPLETE, replace(OUTPUT, name=other)], "T07") == []


def test_t07_nothing_may_be_said_twice():
    rows = [*COMPLETE, replace(BENEFIT, name="无", annual_value="无"), replace(BENEFIT, name="无", annual_value="无")]
    assert findings(rows, "T07") == []


# --- V01 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_v01_an_indicator_has_an_annual_value(empty):
    [(field, message)] = findings([*COMPLETE, replace(OUTPUT, name="培训人数", annual_value=empty)], "V01")
    assert field == "indicators.3.annual_value"
    assert message == "绩效指标第4项“培训人数”的年度指标值未填写"


@pytest.mark.parametrize(("year", "example"), [(2027, "“2027年12月31日前”"), (None, "“12月31日前”")])
def test_v01_gives_examples_that_would_pass(year, example):
    table = sample("2026", year=year, indicators=(*COMPLETE, replace(OUTPUT, name="培训人数", annual_value="")))
    [hint] = [problem.hint for problem in check(table) if problem.code == "V01"]
    assert hint == f"请填写本年度要达到的值，例如“≥98%”“12次”{example}。"


def test_v01_a_value_has_a_name():
    [(field, _)] = findings([*COMPLETE, replace(OUTPUT, name="")], "V01")
    assert field == "indicators.3.name"


def test_v01_a_category_left_empty_is_no_indicator():
    assert findings([*COMPLETE, IndicatorRow("效益指标", "生态效益指标")], "V01") == []


def test_v01_nothing_is_an_answer():
    assert findings([*COMPLETE, replace(OUTPUT, name="无", annual_value="无")], "V01") == []


# --- V07 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "101%",
        "≥120％",
        "１２０%",
        "百分之一百二十",
        "＞100%",
        "-5%",
        "－5%",
        "95%-105%",
        "超过100%",
        "1,000%",
        "≥1200‰",
    ],
)
@pytest.mark.parametrize("name", ["任务完成率", "群众满意度(%)", "优良水体占比"])
def test_v07_a_rate_lies_between_0_and_100(name, value):
    [(field, message)] = valued(name, value)
    assert field == "indicators.3.annual_value"
    assert "超出了0%至100%的范围" in message


@pytest.mark.parametrize(
    "value",
    [
        "100%",
        "≥100%",
        "0%",
        "98.5%",
        "95%-98%",
        "≤1000‰",
        "增长120%",
        "压减120%",
        "高",
        "",
        "无",
        "2026-12-31",
        "300人",
    ],
)
def test_v07_what_a_rate_can_be(value):
    assert valued("任务完成率", value) == []


@pytest.mark.parametrize(
    "name", ["税收增长率", "产值增速", "能耗下降率", "资产负债率", "同比增加比例", "投资完成额", "培训人数"]
)
def test_v07_changes_and_what_is_no_rate_are_not_bounded(name):
    assert valued(name, "120%") == []


def test_v07_a_bare_number_counts_where_the_name_gives_the_unit():
    assert valued("群众满意度(%)", "120")
    assert valued("群众满意度", "120") == []


def test_v07_looks_at_the_cycle_value_too():
    rows = [*COMPLETE, replace(OUTPUT, name="任务完成率", cycle_value="120%", annual_value="95%")]
    assert [field for field, _ in findings(rows, "V07")] == ["indicators.3.cycle_value"]


def test_v07_word_lists_can_be_changed():
    assert valued("超额完成率", "120%", parameters={"V07": {"unbounded": ["超额完成率"]}}) == []


# --- Y02 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "2025年12月31日前", "2027年6月底前", "2025-12-31", "2025/12/31", "2025.12.31", "2027年底前完成",
        "2025年内", "2027年完成", "2027年",
        "２０２５年１２月３１日前", "2025年12月", "2026年6月30日前完成50%，2027年6月30日前完成100%",
        "2026年3月至2027年3月", "2025年1月-12月",
    ],
)  # fmt: skip
def test_y02_a_completion_date_lies_in_the_form_year(value):
    [(field, message)] = dated(value)
    assert field == "indicators.3.annual_value"
    assert "不在申报年度（2026年）内" in message


@pytest.mark.parametrize(
    "value",
    [
        "2026年12月31日前", "2026-06-30", "12月底前", "年底前", "2026年", "较2025年增长5%", "不低于2025年水平",
        "2025年数据的95%", "与2025年持平", "2025年度决算公开",
        "《2025年工作方案》落实", "以2025年12月为基数", "粤财〔2025〕11号", "2025年9月至2026年8月",
        "自2025年9月起", "2025人次", "无", "",
    ],
)  # fmt: skip
def test_y02_years_that_set_no_limit(value):
    assert dated(value) == []


def test_y02_says_what_would_do():
    rows = [*COMPLETE, replace(OUTPUT, name="完成时间", annual_value="2025年12月31日前")]
    [problem] = [p for p in check(sample(indicators=tuple(rows))) if p.code == "Y02"]
    assert problem.hint == "请改为2026年内的时间，例如“2026年12月31日前”。"


def test_y02_is_not_run_without_a_year():
    table = replace(
        sample(), year=None, indicators=(*INDICATORS_2026, replace(OUTPUT, name="时间", annual_value="1999年底前"))
    )
    assert blocking_problems(check(table)) == []
