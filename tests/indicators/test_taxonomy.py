"""Kinds of indicator are known in every spelling that offices print."""

import pytest

from indicators.taxonomy import GROUPS, CategoryGroup, IndicatorKind, group_of, kind_of

SPELLINGS = {
    "数量指标": IndicatorKind.QUANTITY,
    "数量": IndicatorKind.QUANTITY,
    " 质量 指标": IndicatorKind.QUALITY,
    "时效\n指标": IndicatorKind.TIMELINESS,
    "成本指标：": IndicatorKind.COST,
    "经济成本指标": IndicatorKind.ECONOMIC_COST,
    "社会效益": IndicatorKind.SOCIAL,
    "生态环境效益指标": IndicatorKind.ECOLOGICAL,
    "可持续影响": IndicatorKind.SUSTAINABLE,
    "满意度指标": IndicatorKind.SATISFACTION,
    "服务对象满意度": IndicatorKind.SATISFACTION,
    "社会公众或服务对象满意度指标": IndicatorKind.SATISFACTION,
}


@pytest.mark.parametrize(("label", "kind"), SPELLINGS.items())
def test_a_kind_is_known_in_its_spellings(label, kind):
    assert kind_of(label) is kind


@pytest.mark.parametrize("label", ["", "其他指标", "产出指标", "数量和质量指标"])
def test_what_is_no_kind_is_none(label):
    assert kind_of(label) is None


def test_every_kind_has_a_group():
    assert GROUPS.keys() == set(IndicatorKind)


@pytest.mark.parametrize(
    ("level1", "level2", "group"),
    [
        ("产出指标", "数量指标", CategoryGroup.OUTPUT),
        ("产出指标", "成本指标", CategoryGroup.COST),
        ("效益指标", "成本指标", CategoryGroup.COST),
        ("效益指标", "服务对象满意度指标", CategoryGroup.SATISFACTION),
        ("效益指标", "数量指标", CategoryGroup.OUTPUT),
        ("满意度", "公众评价", CategoryGroup.SATISFACTION),
        ("产出", "其他", CategoryGroup.OUTPUT),
        ("", "", None),
        ("其他", "其他", None),
    ],
)
def test_the_second_level_decides_the_group_and_the_first_where_it_is_unknown(level1, level2, group):
    assert group_of(level1, level2) is group
