"""T02 … T06, T08: whether indicators stand where they belong and are called what they measure."""

from dataclasses import replace

import pytest

from tests.checks.looking import NEW, fields, findings, with_indicator
from tests.samples import clean


def without(*levels):
    table = clean()
    return replace(table, indicators=tuple(row for row in table.indicators if row.level2 not in levels))


@pytest.mark.parametrize("level2", ["数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标"])
def test_t02_a_usual_kind_is_missing(level2):
    assert findings(without(level2), "T02") == [("indicators", f"绩效指标中没有{level2}")]


def test_t02_other_kinds_may_be_missing_and_t01_speaks_for_whole_groups():
    assert findings(without("生态效益指标", "可持续影响指标"), "T02") == []
    everything = without("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")
    assert findings(everything, "T02") == [] and findings(everything, "T01")


@pytest.mark.parametrize(
    ("level1", "level2", "hint"),
    [
        ("产出指标", "成本指标", "效益指标"),
        ("效益指标", "数量指标", "产出指标"),
        ("满意度指标", "服务对象满意度指标", "效益指标"),
    ],
)
def test_t03_a_kind_under_another_first_level(level1, level2, hint):
    [(field, message)] = findings(with_indicator(level1=level1, level2=level2), "T03")
    assert field == f"{NEW}.level2"
    assert f"表样的“{level1}”下没有“{level2}”" in message


@pytest.mark.parametrize(
    ("level1", "level2"),
    [("产出指标", "数量"), ("产出", "质量指标"), ("", "成本指标"), ("产出指标", ""), ("效益指标", "满意度指标")],
)
def test_t03_other_spellings_and_lost_labels_are_no_misplacement(level1, level2):
    assert findings(with_indicator(level1=level1, level2=level2), "T03") == []


def test_t03_an_unknown_kind_is_told_what_there_is():
    assert fields(with_indicator(level2="投入指标"), "T03") == [f"{NEW}.level2"]


@pytest.mark.parametrize(
    ("name", "level2"),
    [
        ("支出及时率", "数量指标"),
        ("资金支出进度(%)", "成本指标"),
        ("项目完成时间", "质量指标"),
        ("资金使用合规率(%)", "数量指标"),
        ("工程验收合格率", "时效指标"),
        ("按时办结率", "社会效益指标"),
    ],
)
def test_t04_a_name_belongs_under_another_kind(name, level2):
    assert fields(with_indicator(name, level2=level2), "T04") == [f"{NEW}.level2"]


@pytest.mark.parametrize(
    ("name", "level2"),
    [
        ("支出及时率", "时效指标"),
        ("工程验收合格率", "质量指标"),
        ("及时处置隐患数", "数量指标"),
        ("培训合格人数（人）", "数量指标"),
        ("不合格产品处置率", "社会效益指标"),
        ("办理及时满意度", "服务对象满意度指标"),
        ("巡查次数", "数量指标"),
        ("及时率", ""),
    ],
)
def test_t04_a_name_stands_where_it_belongs(name, level2):
    assert findings(with_indicator(name, level2=level2), "T04") == []


def test_t04_words_can_be_changed():
    table = with_indicator("资金使用规范性", level2="时效指标")
    assert findings(table, "T04", parameters={"T04": {"proper": ["规范"]}})


@pytest.mark.parametrize("value", ["100%", "2026年12月31日前", "覆盖全市", "1:2"])
def test_t05_a_quantity_counts_something(value):
    assert fields(with_indicator("巡查工作", value), "T05") == [f"{NEW}.annual_value"]


@pytest.mark.parametrize("value", ["≥3次", "12", "增长20公里", "3-5次", "完成2个，覆盖率90%", "按计划完成", "无", ""])
def test_t05_a_figure_will_do_and_other_checks_speak_of_none(value):
    assert findings(with_indicator("巡查工作", value), "T05") == []


@pytest.mark.parametrize(
    "name",
    ["提升经济效益", "宣传云溪、提高云溪的知名度", "严控经费开支", "加强队伍建设", "推进平台应用", "做好后勤服务"],
)
def test_t06_a_name_that_is_an_action(name):
    assert fields(with_indicator(name), "T06") == [f"{NEW}.name"]


@pytest.mark.parametrize(
    "name",
    [
        "提升率",
        "宣传活动场次",
        "加强巡查次数",
        "促进创业人数（人）",
        "改善办学条件学校数",
        "减少洪涝直接损失",
        "开展培训人次",
        "机构正常运行",
        "群众满意度",
        "推进进度",
        "无",
        "",
    ],
)
def test_t06_a_name_that_measures(name):
    assert findings(with_indicator(name), "T06") == []


def near(first, second, values=("≥3次", "≥4次"), level2="数量指标"):
    table = with_indicator(first, values[0], level2=level2)
    more = replace(table.indicators[-1], name=second, annual_value=values[1])
    return fields(replace(table, indicators=(*table.indicators, more)), "T08")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("任务完成及时性", "完成时间"),
        ("培训人员数量", "培训人员总数"),
        ("设备完好率", "设备完好情况"),
        ("各项宣传工作", "宣传"),
    ],
)
def test_t08_names_that_differ_in_filling_words(first, second):
    assert near(first, second) == ["indicators.11.name"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("培训人数", "培训场次"),
        ("宣传人次", "宣传场次"),
        ("上半年支出率", "下半年支出率"),
        ("道路养护里程", "道路新建里程"),
    ],
)
def test_t08_other_measures_of_one_matter_are_others(first, second):
    assert near(first, second) == []


def test_t08_one_long_description_twice():
    long = "通过各项活动不断扩大影响力"
    assert near("社会影响", "公众认知", (long, long)) == ["indicators.11.name"]
    assert near("社会影响", "公众认知", ("扩大影响", "扩大影响")) == []
    assert near("社会影响", "公众认知", ("根据上级下达任务确定",) * 2) == []


def test_t08_under_another_kind_it_is_another_indicator():
    table = with_indicator("任务完成及时性", level2="时效指标")
    more = replace(table.indicators[-1], name="完成时间", level2="质量指标")
    assert fields(replace(table, indicators=(*table.indicators, more)), "T08") == []


def test_t08_the_same_name_is_t07s_alone():
    assert near("巡查次数", "巡查次数（次）") == []
