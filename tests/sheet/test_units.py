"""Amounts as people type them, and as the project writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.sheet.units import (
    LIMIT,
    AmountError,
    Unit,
    convert_amount,
    from_number,
    grouped_amount,
    parse_amount,
    parse_count,
    plain_amount,
    round_to_cent,
    shorten_text,
    tidy_amount,
    to_wan,
    to_yuan,
)

# typed under a label in 万元, kept in 万元
SPELLINGS = {
    "1069.37": "1069.37",
    "1,069.37": "1069.37",
    "１，０６９．３７": "1069.37",
    "1，069。37": "1069.37",
    " 1 069.37 ": "1069.37",
    "\u30001069.37\n": "1069.37",
    "￥1,069.37": "1069.37",
    "¥1069.37": "1069.37",
    "1069.37万元": "1069.37",
    "1069.37 万": "1069.37",
    "10693700元": "1069.37",
    "10,693,700.00 元": "1069.37",
    "0.5亿元": "5000",
    "2亿": "20000",
    "+3.5": "3.5",
    ".5": "0.5",
    "12.": "12",
    "0": "0",
    "0.00": "0",
    "-0": "0",
    "0.000001": "0.000001",
    "12,345,678.123456": "12345678.123456",
    "999999999999.99": "999999999999.99",
}


@pytest.mark.parametrize(("text", "amount"), SPELLINGS.items())
def test_an_amount_is_understood_in_its_spellings(text, amount):
    assert parse_amount(text, Unit.WAN, Unit.WAN) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "written_in", "kept_in", "amount"),
    [
        ("3.5", Unit.WAN, Unit.YUAN, "35000"),
        ("35000", Unit.YUAN, Unit.WAN, "3.5"),
        ("3.5万元", Unit.YUAN, Unit.YUAN, "35000"),
        ("0.01", Unit.YUAN, Unit.WAN, "0.000001"),
        ("18,630.00", Unit.YUAN, Unit.YUAN, "18630"),
    ],
)
def test_the_label_gives_the_unit_unless_the_text_has_its_own(text, written_in, kept_in, amount):
    assert parse_amount(text, written_in, kept_in) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("约100", "“约100”不是金额"),
        ("", "“”不是金额"),
        ("无", "不是金额"),
        ("1.2.3", "不是金额"),
        ("1,23", "不是金额"),
        ("12、5", "不是金额"),
        ("1e5", "不是金额"),
        ("NaN", "不是金额"),
        ("Infinity", "不是金额"),
        ("=SUM(A1)", "不是金额"),
        ("100美元", "不是金额"),
        ("-5", "“-5”是负数，金额不得小于零"),
        ("－5", "是负数"),
        ("—5", "是负数"),
        ("1.2345678", "精确到了分以下"),
        ("0.001元", "精确到了分以下"),
        ("1000000000000", "超出可填范围"),
        ("1亿亿", "不是金额"),
    ],
)
def test_anything_else_is_refused_with_what_was_found(text, why):
    with pytest.raises(AmountError, match=why):
        parse_amount(text, Unit.WAN, Unit.WAN)


def amounts(unit):
    places = -unit.quantum.as_tuple().exponent
    return st.integers(0, int(LIMIT) * 10**places - 1).map(lambda number: Decimal(number).scaleb(-places))


units = st.sampled_from(Unit)


@given(st.data(), units)
def test_what_is_written_reads_back_the_same(data, unit):
    amount = data.draw(amounts(unit))
    for text in (
        plain_amount(amount),
        grouped_amount(amount),
        f"{grouped_amount(amount)}{unit}",
        f"￥{grouped_amount(amount)} {unit}",
    ):
        assert parse_amount(text, unit, unit) == amount


@given(amounts(Unit.WAN))
def test_converting_there_and_back_changes_nothing(amount):
    assert to_wan(to_yuan(amount)) == amount
    assert convert_amount(convert_amount(amount, Unit.WAN, Unit.YUAN), Unit.YUAN, Unit.WAN) == amount
    assert convert_amount(amount, Unit.WAN, Unit.WAN) is amount


@given(st.text(max_size=30))
def test_no_text_does_anything_but_parse_or_be_refused(text):
    try:
        amount = parse_amount(text, Unit.WAN, Unit.YUAN)
    except AmountError as error:
        assert str(error)
    else:
        assert 0 <= amount < LIMIT


@given(amounts(Unit.WAN).filter(lambda amount: amount < 10**9))
def test_the_noise_of_binary_numbers_is_shed(amount):
    assert from_number(float(amount)) == amount


@pytest.mark.parametrize(
    ("number", "amount"),
    [(82800.92000000001, "82800.92"), (0.1 + 0.2, "0.3"), (1069.37, "1069.37"), (750.0, "750"), (0.0, "0")],
)
def test_a_number_of_a_spreadsheet_is_what_it_shows(number, amount):
    assert from_number(number) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("1069.370000", "1,069.37"),
        ("12.3456", "12.3456"),
        ("1E+6", "1,000,000.00"),
        ("-5", "-5.00"),
        ("0.000001", "0.000001"),
    ],
)
def test_people_read_groups_two_places_and_no_trailing_zeros(amount, text):
    assert grouped_amount(Decimal(amount)) == text
    assert plain_amount(Decimal(amount)) == text.replace(",", "")
    assert tidy_amount(Decimal(amount)) == Decimal(amount)


@pytest.mark.parametrize(("unit", "amount"), [(Unit.WAN, "1.234568"), (Unit.YUAN, "1.23")])
def test_rounding_to_the_cent_is_half_up(unit, amount):
    assert round_to_cent(Decimal("1.2345675"), unit) == Decimal(amount)
    assert round_to_cent(Decimal("0.005"), Unit.YUAN) == Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "count"), [("33", 33), ("３３", 33), ("1,200人", 1200), ("33.0", 33), (" 33 名", 33), ("0", 0), ("5个", 5)]
)
def test_a_number_of_people_is_understood(text, count):
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["", "三十", "33.5", "-1", "1e9", "NaN", "Infinity", "33（含临聘）", "10000000"])
def test_a_number_of_people_is_whole_and_possible(text):
    with pytest.raises(AmountError, match="“"):
        parse_count(text)


def test_what_was_found_is_shown_short_and_on_one_line():
    assert shorten_text("一\n 二") == "一 二"
    assert shorten_text("字" * 40) == "字" * 29 + "…"
