"""Target values as people write them, and what is understood of each."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.value_grammar import FOLD
from indicators.values import Date, Direction, ValueKind, is_nothing, parse

# text: (operator, number or numbers, unit)
NUMBERS = {
    "100": ("", "100", ""),
    "650": ("", "650", ""),
    "0": ("", "0", ""),
    ".5": ("", "0.5", ""),
    "98.": ("", "98", ""),
    "１２０": ("", "120", ""),
    "100人次": ("", "100", "人次"),
    "100 人次": ("", "100", "人次"),
    "≥100人": ("≥", "100", "人"),
    "≥ 100人": ("≥", "100", "人"),
    "≧100人": ("≥", "100", "人"),
    ">=3次": ("≥", "3", "次"),
    "＞3次": (">", "3", "次"),
    "≦5天": ("≤", "5", "天"),
    "<10起": ("<", "10", "起"),
    "=12期": ("=", "12", "期"),
    "约200户": ("≈", "200", "户"),
    "200户左右": ("≈", "200", "户"),
    "不低于30项": ("≥", "30", "项"),
    "不少于 2 场": ("≥", "2", "场"),
    "不得少于2场": ("≥", "2", "场"),
    "至少三次": ("≥", "3", "次"),
    "两场": ("", "2", "场"),
    "十二次": ("", "12", "次"),
    "大于等于6次": ("≥", "6", "次"),
    "超过50家": (">", "50", "家"),
    "不超过3起": ("≤", "3", "起"),
    "控制在50万元以内": ("≤", "50", "万元"),
    "小于20分钟": ("<", "20", "分钟"),
    "20分钟内": ("≤", "20", "分钟"),
    "2个工作日内": ("≤", "2", "个工作日"),
    "24小时以内": ("≤", "24", "小时"),
    "50人以上": ("≥", "50", "人"),
    "50人及以上": ("≥", "50", "人"),
    "95分以上": ("≥", "95", "分"),
    "10人以下": ("≤", "10", "人"),
    "1,200人次": ("", "1200", "人次"),
    "12,345.67万元": ("", "12345.67", "万元"),
    "5000万元": ("", "5000", "万元"),
    "2.5亿元": ("", "2.5", "亿元"),
    "3万人次": ("", "3", "万人次"),
    "≤1.4万元/人": ("≤", "1.4", "万元/人"),
    "200元/平方米": ("", "200", "元/平方米"),
    "1次/季度": ("", "1", "次/季度"),
    "≤10mg/L": ("≤", "10", "mg/L"),
    "30㎡": ("", "30", "㎡"),
    "1.5倍": ("", "1.5", "倍"),
    "2个百分点": ("", "2", "个百分点"),
    "±5个": ("±", "5", "个"),
    "3-5次": ("", ("3", "5"), "次"),
    "3—5 次": ("", ("3", "5"), "次"),
    "3次-5次": ("", ("3", "5"), "次"),
    "10至15天": ("", ("10", "15"), "天"),
}
PERCENTAGES = {
    "98%": ("", "98", "%"),
    "98 %": ("", "98", "%"),
    "９８％": ("", "98", "%"),
    "100%": ("", "100", "%"),
    "≥98%": ("≥", "98", "%"),
    "≥98 %": ("≥", "98", "%"),
    "≧98%": ("≥", "98", "%"),
    "＞98 %": (">", "98", "%"),
    "98.5％以上": ("≥", "98.5", "%"),
    "90％（含）以上": ("≥", "90", "%"),
    "不低于95%": ("≥", "95", "%"),
    "达到95%以上": ("≥", "95", "%"),
    "≤3%": ("≤", "3", "%"),
    "-5%": ("", "-5", "%"),
    "±5%": ("±", "5", "%"),
    "百分之九十五": ("", "95", "%"),
    "百分之百": ("", "100", "%"),
    "百分之九十八点五": ("", "98.5", "%"),
    "不低于百分之九十": ("≥", "90", "%"),
    "百分之95以上": ("≥", "95", "%"),
    "千分之五": ("", "5", "‰"),
    "万分之三": ("", "3", "‱"),
    "5‰": ("", "5", "‰"),
    "95%-98%": ("", ("95", "98"), "%"),
    "95%～98%": ("", ("95", "98"), "%"),
    "95－98%": ("", ("95", "98"), "%"),
}
RATIOS = {"1:2": ("1", "2"), "1：20": ("1", "20"), "三分之二以上": ("2", "3"), "三分之一": ("1", "3")}
DATES = {
    "2026年12月31日前": Date(2026, 12, 31, True),
    "2026年12月31日之前": Date(2026, 12, 31, True),
    "2026年12月31日以前": Date(2026, 12, 31, True),
    "2026 年 6 月 1 日": Date(2026, 6, 1),
    "２０２６年６月１日": Date(2026, 6, 1),
    "2026-12-31": Date(2026, 12, 31),
    "2026/12/31前": Date(2026, 12, 31, True),
    "2026.12.31": Date(2026, 12, 31),
    "2026.12": Date(2026, 12),
    "2026年12月": Date(2026, 12),
    "2026年6月底前": Date(2026, 6, None, True),
    "12月底前": Date(None, 12, None, True),
    "12月31日前": Date(None, 12, 31, True),
    "2026年底前": Date(2026, 12, None, True),
    "2026年内": Date(2026, 12, None, True),
    "2026年度内": Date(2026, 12, None, True),
    "年底前": Date(None, 12, None, True),
    "2026年": Date(2026),
    "2026年第四季度": Date(2026, 12),
    "第三季度前": Date(None, 9, None, True),
}
QUALITATIVE = (
    "高质量完成各项工作", "无出现重大工作失误", "不低于上年度水平", "按各项工作计划", "长期", "合规", "逐步提升",
    "一次性补贴发放到位", "十四五规划",
    "坚决做到两个维护", "一条龙服务", "《2026年工作方案》印发", "粤财〔2019〕11号", "第1名", "第1-3名",
    "不超过预算", "内容完整", "一体化推进",
)  # fmt: skip


def only(text):
    found = parse(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("text", "expected"), (NUMBERS | PERCENTAGES).items())
def test_a_number_has_operator_and_unit(text, expected):
    operator, numbers, unit = expected
    target = only(text)
    numbers = tuple(map(Decimal, [numbers] if isinstance(numbers, str) else numbers))
    assert (target.operator, target.numbers, target.unit) == (operator, numbers, unit)
    assert target.kind is (ValueKind.PERCENT if text in PERCENTAGES else ValueKind.NUMBER)
    assert target.is_range == (len(numbers) == 2)


@pytest.mark.parametrize(("text", "sides"), RATIOS.items())
def test_a_ratio_has_two_sides(text, sides):
    target = only(text)
    assert (target.kind, target.numbers) == (ValueKind.RATIO, tuple(map(Decimal, sides)))
    assert not target.is_range


@pytest.mark.parametrize(("text", "date"), DATES.items())
def test_a_date_is_as_precise_as_it_was_written(text, date):
    target = only(text)
    assert (target.kind, target.date) == (ValueKind.DATE, date)


@pytest.mark.parametrize("text", QUALITATIVE)
def test_digits_and_numerals_that_count_nothing_leave_a_text(text):
    assert only(text).kind is ValueKind.TEXT
    assert only(text).text == text
    assert not only(text).is_measurable


@pytest.mark.parametrize("text", ["无", "暂无", " 无。", "不涉及", "不适用", "/", "—", "N/A", "--"])
def test_nothing_is_said_in_several_ways(text):
    assert only(text).kind is ValueKind.NONE
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["无投诉", "无出现重大工作失误", "0", "", "没有差错"])
def test_what_only_begins_like_nothing_is_something(text):
    assert not is_nothing(text)


@pytest.mark.parametrize("text", ["", "  ", "\n", "\u3000"])
def test_an_empty_value_promises_nothing(text):
    assert parse(text) == ()


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("增长5%", Direction.UP),
        ("同比增长不低于5%", Direction.UP),
        ("增长率≥5%", Direction.UP),
        ("增加100人", Direction.UP),
        ("较上年下降3%左右", Direction.DOWN),
        ("压减10%", Direction.DOWN),
        ("提高到95%", None),
        ("下降至3%", None),
        ("增长明显，满意度95%", None),
        ("≥95%", None),
    ],
)
def test_a_change_is_told_from_a_level(text, direction):
    assert parse(text)[-1].direction is direction


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("≥3次，参加≥6次", [("≥3次", ""), ("≥6次", "参加")]),
        ("1、完成2项；2、发布3篇", [("2项", "1、完成"), ("3篇", "2、发布")]),
        ("组织100人到5家企业", [("100人", "组织"), ("5家", "到")]),
        ("2026年12月31日前完成100%", [("2026年12月31日前", ""), ("100%", "完成")]),
        ("5G基站30个", [("30个", "5G基站")]),
        ("每季度1次", [("1次", "每季度")]),
    ],
)
def test_several_targets_in_one_value_keep_what_they_are_about(text, parts):
    assert [(target.text, target.subject) for target in parse(text)] == parts


def test_what_follows_the_last_target_is_its_rest():
    assert only("≥200元每人每月").rest == "每人每月"


def test_there_are_enough_examples():
    assert len(NUMBERS | PERCENTAGES | RATIOS | DATES) + len(QUALITATIVE) >= 80


pieces = st.sampled_from(
    [
        *NUMBERS,
        *PERCENTAGES,
        *RATIOS,
        *DATES,
        *QUALITATIVE,
        "分之",
        "点",
        "半",
        "-",
        "年",
        "月",
        "：",
        "，",
        "\n",
        "9" * 30,
        "٣",
        "²",
    ]
)
anything = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=6).map("".join))


@given(anything)
def test_parsing_takes_any_text_and_alters_none_of_it(text):
    end = 0
    for target in parse(text):
        assert target.text == text[target.start : target.end]
        assert end <= target.start < target.end <= len(text)
        end = target.end


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text):
    assert len(text.translate(FOLD)) == len(text)


def test_a_very_long_text_is_taken_in_stride():
    assert parse("完成任务" * 10_000)[0].kind is ValueKind.TEXT
    assert parse("9" * 30_000)[0].numbers
