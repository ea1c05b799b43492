"""Target values as people write them, and what is understood of each."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.understood import is_echo, is_plain_text, understood
from indicators.value_grammar import FOLD
from indicators.values import ValueKind, is_nothing, parse
from tests.indicators import value_examples, value_examples_more
from tests.indicators.value_examples import COMPARISONS, NOTHING, SEVERAL

NUMBERS = value_examples.NUMBERS | value_examples_more.NUMBERS
PERCENTAGES = value_examples.PERCENTAGES | value_examples_more.PERCENTAGES
RATIOS = value_examples.RATIOS | value_examples_more.RATIOS
DATES = value_examples.DATES | value_examples_more.DATES
CHANGES = value_examples.CHANGES | value_examples_more.CHANGES
QUALITATIVE = value_examples.QUALITATIVE + value_examples_more.QUALITATIVE


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


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_said_in_several_ways(text):
    assert only(text).kind is ValueKind.NONE
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["无投诉", "无出现重大工作失误", "0", "", "没有差错"])
def test_what_only_begins_like_nothing_is_something(text):
    assert not is_nothing(text)


@pytest.mark.parametrize("text", ["", "  ", "\n", "\u3000"])
def test_an_empty_value_promises_nothing(text):
    assert parse(text) == ()


@pytest.mark.parametrize(("text", "expected"), CHANGES.items())
def test_a_change_is_told_from_a_level(text, expected):
    direction, operator, number, unit = expected
    target = only(text)
    assert (target.direction, target.operator, target.numbers, target.unit) == (
        direction,
        operator,
        (Decimal(number),),
        unit,
    )


def test_a_word_of_change_reaches_no_further_than_its_own_number():
    assert parse("增长明显，满意度95%")[-1].direction is None


@pytest.mark.parametrize(("text", "operator"), COMPARISONS.items())
def test_what_is_held_against_last_year_is_a_comparison_without_a_number(text, operator):
    target = only(text)
    assert (target.kind, target.operator, target.numbers) == (ValueKind.COMPARISON, operator, ())
    assert not target.is_measurable
    assert understood(text).endswith("上年")


@pytest.mark.parametrize("text", ["上年结转", "较上年有所提高", "去年已完成", "往年资料整理"])
def test_last_year_only_mentioned_is_no_comparison(text):
    assert only(text).kind is ValueKind.TEXT


@pytest.mark.parametrize(("text", "words"), SEVERAL.items())
def test_several_targets_are_each_said_with_what_they_are_about(text, words):
    assert understood(text) == "；".join(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("≥98%", "≥ 98 %"),
        ("＞98 %", "> 98 %"),
        ("≧98%", "≥ 98 %"),
        ("100人次", "100 人次"),
        ("1200人次", "1,200 人次"),
        ("3-5次", "3 至 5 次"),
        ("98.5％以上", "≥ 98.5 %"),
        ("千分之五", "5 ‰"),
        ("1:2", "1 : 2"),
        ("三分之二以上", "≥ 2 / 3"),
        ("约200户", "约 200 户"),
        ("=12期", "＝ 12 期"),
        ("增长5%", "增长 5 %"),
        ("2026年12月31日前", "2026年12月31日前完成"),
        ("2026年6月底前", "2026年6月底前完成"),
        ("年底前", "12月底前完成"),
        ("2026年6月1日", "2026年6月1日"),
        ("不低于上年度水平", "不低于上年"),
        ("与上年持平", "等于上年"),
        ("高质量完成各项工作", "定性描述"),
        ("无", "无"),
        ("", ""),
        ("9" * 40 + "次", "9" * 40 + "次"),
    ],
)
def test_what_was_understood_is_said_in_words(text, words):
    assert understood(text) == words


@pytest.mark.parametrize("text", ["≥98%", "≧98 %", "＞98 %", "1,200人次", "1200人次", "1：2", "2026年6月1日"])
def test_words_that_only_repeat_the_text_are_known_as_such(text):
    assert is_echo(text)


@pytest.mark.parametrize("text", ["98.5％以上", "3-5次", "2026年12月31日前", "千分之五", "不低于上年度水平"])
def test_words_that_say_more_are_not(text):
    assert not is_echo(text)


@pytest.mark.parametrize("text", [*QUALITATIVE, *NOTHING, ""])
def test_a_text_that_says_only_that_it_is_one_needs_no_words(text):
    assert is_plain_text(text)


@pytest.mark.parametrize("text", [*NUMBERS, *PERCENTAGES, *RATIOS, *DATES, *COMPARISONS, *CHANGES, *SEVERAL])
def test_whatever_was_understood_beyond_that_has_words(text):
    assert not is_plain_text(text)
    assert understood(text).strip()


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
    groups = (NUMBERS, PERCENTAGES, RATIOS, DATES, QUALITATIVE, NOTHING, COMPARISONS, CHANGES, SEVERAL)
    assert len({text for group in groups for text in group}) == sum(map(len, groups)) >= 330


pieces = st.sampled_from(
    [
        *NUMBERS,
        *PERCENTAGES,
        *RATIOS,
        *DATES,
        *QUALITATIVE,
        *COMPARISONS,
        *CHANGES,
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


@given(anything)
def test_what_was_understood_can_be_said_of_any_text(text):
    assert bool(understood(text)) == bool(text.strip())


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text):
    assert len(text.translate(FOLD)) == len(text)


def test_a_very_long_text_is_taken_in_stride():
    assert parse("完成任务" * 10_000)[0].kind is ValueKind.TEXT
    assert parse("9" * 30_000)[0].numbers
