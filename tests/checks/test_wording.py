"""Placeholders of a template that nobody replaced."""

from dataclasses import replace

import pytest

from declarations.checks import Context, check
from tests.samples import TASKS, sample


def found(text, **context):
    table = replace(sample(), overall_goal=text)
    return [problem.message for problem in check(table, context=Context(**context)) if problem.code == "W03"]


@pytest.mark.parametrize(
    ("text", "placeholder"),
    [
        ("完成XX项目", "XX"),
        ("完成xx次巡查", "xx"),
        ("第ＸＸ届运动会", "ＸＸ"),
        ("举办××活动", "××"),
        ("≥XX%", "XX"),
        ("目标待填写", "待填写"),
        ("{部门名称}的工作", "{部门名称}"),
        ("｛年度｝目标", "｛年度｝"),
        ("【请填写总体目标】", "【请填写总体目标】"),
        ("（请填写金额）万元", "（请填写金额）"),
        ("【由单位填写】", "【由单位填写】"),
        ("完成____次", "____"),
        ("待定", "待定"),
        (" 略 ", "略"),
        ("TODO", "TODO"),
    ],
)
def test_a_placeholder_is_found(text, placeholder):
    assert found(text) == [f"总体绩效目标含有占位内容“{placeholder}”"]


@pytest.mark.parametrize(
    "text",
    [
        "购置XXL号工作服", "MAXX系统", "A_B接口", "http://a.example/x__y", "3×4米展板", "采购2×10台",
        "制度有待完善", "人员有待补充", "填写问卷500份",
        "接待来访，等待时间缩短", "战略合作", "【重点】项目建设", "（由各单位负责）", "x射线设备", "XXI世纪",
        "详见（附件1）", "", "略有增长",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_placeholders(text):
    assert found(text) == []


def test_every_text_of_the_table_is_looked_at():
    table = sample()
    tasks = (replace(TASKS[0], expected_outcome="达到XX%"), *TASKS[1:])
    rows = (replace(table.indicators[0], cycle_value="××公里", extra={"unit": "{单位}"}), *table.indicators[1:])
    marked = replace(table, department="XX局", key_tasks=tasks, indicators=rows)
    fields = [problem.field for problem in check(marked) if problem.code == "W03"]
    assert fields == ["department", "key_tasks.0.expected_outcome", "indicators.0.cycle_value", "indicators.0.unit"]


def test_the_words_can_be_changed():
    assert found("（示例）目标", parameters={"W03": {"words": ["（示例）"]}}) == ["总体绩效目标含有占位内容“（示例）”"]
    assert found("待定", parameters={"W03": {"whole": []}}) == []
