"""Numbers that a task promises, and whether an indicator carries them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.checks.promises import carried_by, is_carried, levels_of, offers_of, open_promises, promises_of
from declarations.sheet.official import EDITIONS
from declarations.sheet.table import IndicatorRow
from indicators.taxonomy import IndicatorKind
from tests import factories

# text: (name proposed, value as written, kind proposed)
PROMISED = {
    "治理河长≥30公里": [("治理河长", "≥30公里", IndicatorKind.QUANTITY)],
    "12所学校改造完成并通过验收。": [("学校改造数量", "12所", IndicatorKind.QUANTITY)],
    "培训骨干教师不少于300人次。": [("培训骨干教师人次", "不少于300人次", IndicatorKind.QUANTITY)],
    "全年巡查不少于4轮，问题整改率达到95%以上。": [
        ("巡查次数", "不少于4轮", IndicatorKind.QUANTITY),
        ("问题整改率", "95%以上", IndicatorKind.QUALITY),
    ],
    "险情处置及时率 100%": [("险情处置及时率", "100%", IndicatorKind.TIMELINESS)],
    "≥3次，参加≥6次": [("", "≥3次", IndicatorKind.QUANTITY), ("参加次数", "≥6次", IndicatorKind.QUANTITY)],
    "发放资料5000份": [("发放资料数量", "5000份", IndicatorKind.QUANTITY)],
    "完成2项规划编制": [("完成规划编制数量", "2项", IndicatorKind.QUANTITY)],
    "1、新建公厕12座；2、维修道路3.5公里": [
        ("新建公厕数量", "12座", IndicatorKind.QUANTITY),
        ("维修道路长度", "3.5公里", IndicatorKind.QUANTITY),
    ],
    "群众满意度≥95%": [("群众满意度", "≥95%", IndicatorKind.SATISFACTION)],
    "带动销售收入增长5%": [("带动销售收入增长率", "5%", IndicatorKind.ECONOMIC)],
    "单位治理成本≤20万元/公里": [("单位治理成本", "≤20万元/公里", IndicatorKind.COST)],
    "办理时限压缩至3个工作日内": [("办理时限", "3个工作日内", IndicatorKind.TIMELINESS)],
    "师生配备比例1:2": [("师生配备比例", "1:2", IndicatorKind.QUANTITY)],
    "参训人员≥100人": [("参训人员数量", "≥100人", IndicatorKind.QUANTITY)],
}


@pytest.mark.parametrize(("text", "expected"), PROMISED.items())
def test_a_number_is_proposed_with_a_name_and_a_kind(text, expected):
    assert [(one.name, one.value, one.kind) for one in promises_of(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "各类考试平稳有序。",
        "年底前投入试运行",
        "2026年12月31日前完成",
        "长期坚持",
        "《2026年方案》印发",
        "完成第3期",
    ],
)
def test_dates_titles_and_mere_texts_promise_no_number(text):
    assert promises_of(text) == []


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text):
    for one in promises_of(text):
        assert one.value in text
        assert one.value


def carried(text, *rows):
    [promise] = promises_of(text)
    return is_carried(promise, carried_by(IndicatorRow(**row) for row in rows))


def test_a_number_with_its_unit_in_any_value_of_any_indicator_is_carried():
    assert carried("治理河长≥30公里", {"name": "河道整治长度", "annual_value": "30公里以上"})
    assert carried("治理河长≥30公里", {"name": "治理河长", "cycle_value": "≥30公里", "annual_value": "≥10公里"})


def test_the_unit_may_stand_in_the_name_of_the_indicator():
    assert carried("参训≥100人", {"name": "参训人员（人）", "annual_value": "100"})


@pytest.mark.parametrize("value", ["≥31公里", "≥30个", "长期", ""])
def test_another_number_or_unit_does_not_carry_it(value):
    assert not carried("治理河长≥30公里", {"name": "治理河长", "annual_value": value})


def test_a_percentage_is_carried_only_by_an_indicator_about_the_same_thing():
    assert not carried("险情处置及时率100%", {"name": "工程验收合格率", "annual_value": "100%"})
    assert carried("险情处置及时率100%", {"name": "险情处置率", "annual_value": "＝100%"})


def test_open_promises_are_listed_by_task():
    tasks = (
        factories.task(id="a", expected_outcome="治理河长≥30公里，巡查48次"),
        factories.task(id="b", expected_outcome="平稳有序"),
    )
    table = factories.table(key_tasks=tasks)
    assert {task: [one.value for one in left] for task, left in open_promises(table).items()} == {"a": ["≥30公里"]}


def test_an_offer_names_the_category_as_the_edition_prints_it():
    tasks = (factories.task(id="a", expected_outcome="单位治理成本≤20万元/公里"),)
    for edition, level1 in (("2026", "效益指标"), ("2023", "产出指标")):
        [offer] = offers_of(factories.table(edition=edition, key_tasks=tasks))["a"]
        assert (offer.level1, offer.level2) == (level1, "成本指标")


def test_a_kind_that_an_edition_does_not_have_is_left_to_the_person():
    assert levels_of(IndicatorKind.SOCIAL_COST, EDITIONS["2026"]) == ("", "")


def test_an_offers_command_cannot_be_broken_by_what_was_typed():
    tasks = (factories.task(id="a", expected_outcome="甲|乙河道≥30公里"),)
    [offer] = offers_of(factories.table(key_tasks=tasks))["a"]
    assert offer.command.split("|")[0::5] == ["indicators", "a"]
