"""Amounts on the page are read as the server reads them, and summed exactly."""

from decimal import Decimal

import pytest

from declarations.sheet.units import AmountError, Unit, grouped_amount, parse_amount

pytestmark = pytest.mark.browser

SCRIPT = "filling/grid/amounts.js"
WRITTEN = (
    *(
        "0",
        "33",
        "1,069.37",
        "1069.370000",
        "１，０６９．３７",
        "3.5万元",
        "1亿",
        "20元",
        "¥12",
        " 12 ",
        ".5",
        "5.",
        "-0",
    ),
    *("", "abc", "1,06", "-1", "−3", "1.2.3", "万元", "0.0000001", "0.001", "999999999999", "1000000000000", "12元整"),
)


def as_the_server_reads(text, unit):
    """Whole cents; None where there is no text, "refused" where it is no amount."""
    if not text.strip():
        return None
    try:
        amount = parse_amount(text, unit, unit)
    except AmountError:
        return "refused"
    return str(int(amount * (10_000 if unit is Unit.WAN else 1) * 100))


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("text", WRITTEN)
def test_an_amount_is_read_as_the_server_reads_it(call, text, unit):
    cents = (
        "((found) => found === undefined ? 'refused' : found === null ? null : String(found))(script.cents(...given))"
    )
    assert call(SCRIPT, cents, [text, str(unit)]) == as_the_server_reads(text, unit)


@pytest.mark.parametrize("amount", ["0.00", "0.50", "12.3456", "1069.37", "1234567.00", "82800.92"])
def test_a_sum_is_written_as_the_server_writes_it(call, amount):
    shown = call(SCRIPT, 'script.format(script.cents(given, "万元"), "万元")', amount)
    assert shown == grouped_amount(Decimal(amount))


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 3, "33.3%"), (5, 8, "62.5%"), (1, 2000, "0.1%"), (30, 1, "3,000.0%"), (1, 0, "")]
)
def test_a_share_has_one_place_and_rounds_half_up(call, part, whole, shown):
    assert call(SCRIPT, "script.share(BigInt(given[0]), BigInt(given[1]))", [part, whole]) == shown
