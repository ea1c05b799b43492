"""V08, V09, V11: satisfaction, and units."""

from dataclasses import replace

import pytest

from tests.checks.looking import NEW, fields, findings, with_indicator, with_task
from tests.samples import clean

SATISFACTION = {"level1": "效益指标", "level2": "服务对象满意度指标"}


@pytest.mark.parametrize("value", ["100%", "≥100%", "=100%", "１００％", "百分之一百"])
def test_v08_nobody_satisfies_everybody(value):
    assert fields(with_indicator("群众满意度", value, **SATISFACTION), "V08") == [f"{NEW}.annual_value"]


def test_v08_by_name_too_and_with_a_unit_in_it():
    assert fields(with_indicator("群众满意度(%)", "100", level2="质量指标"), "V08")


@pytest.mark.parametrize(("name", "value"), [("群众满意度", "≥95%"), ("群众满意度", "≤100%"), ("群众满意度", "高")])
def test_v08_less_will_do(name, value):
    assert findings(with_indicator(name, value, **SATISFACTION), "V08") == []
    assert findings(with_indicator("工程完成率", "100%"), "V08") == []


def asked(*names):
    rows = [row for row in clean().indicators if row.level2 != "服务对象满意度指标"]
    rows += [replace(clean().indicators[-1], name=name) for name in names]
    return fields(replace(clean(), indicators=tuple(rows)), "V09")


@pytest.mark.parametrize("name", ["职工满意度(%)", "本单位干部满意度", "机关干部职工满意度"])
def test_v09_ones_own_staff_is_not_the_public(name):
    assert asked(name) == ["indicators.9.name"]


@pytest.mark.parametrize(
    "names", [("群众满意度",), ("职工满意度", "办事群众满意度"), ("企业职工满意度",), ("困难职工满意度",), ()]
)
def test_v09_others_are_asked(names):
    assert asked(*names) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("参加活动人次", "≥100人"),
        ("参加活动人次(人)", "≥100人"),
        ("培训人数", "≥300人次"),
        ("培训人数（人）", "≥3场"),
        ("巡查次数", "≥3人"),
        ("覆盖率(%)", "≥3个"),
        ("新增绿化面积", "≥3公里"),
        ("投资额（万元）", "≥3%"),
    ],
)
def test_v11_the_unit_of_the_name_is_not_that_of_the_value(name, value):
    assert fields(with_indicator(name, value), "V11") == [f"{NEW}.annual_value"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("参加活动人次", "≥1.5万人次"),
        ("培训人数（万人）", "≥3万人"),
        ("培训人数(人)", "≥30名"),
        ("巡查次数", "≥3场次"),
        ("覆盖率(%)", "≥95%"),
        ("新增绿化面积", "≥3万平方米"),
        ("完成数量（个）", "≥3家"),
        ("培训人数", "300"),
        ("治理河长（甲）", "≥98%"),
        ("培训人数", "按计划"),
        ("投资额（万元）", "≥3亿元"),
    ],
)
def test_v11_units_that_agree(name, value):
    assert findings(with_indicator(name, value), "V11") == []


def test_v11_the_words_before_a_figure_are_its_name():
    assert findings(with_indicator("培训人次", "培训场次≥3场，培训人次≥100人次"), "V11") == []
    assert fields(with_task(expected_outcome="参加活动人次(人) ≥ 100人"), "V11") == ["key_tasks.0.expected_outcome"]
    assert findings(with_task(expected_outcome="参加活动 ≥ 100人"), "V11") == []
