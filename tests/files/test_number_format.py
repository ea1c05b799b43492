"""What a cell shows: number formats as Excel, WPS and LibreOffice write values with them."""

import datetime
from decimal import Decimal

import pytest

from declarations.files.appearance.number_format import LONGEST_CODE, display_text, scale_of, sections_of
from declarations.files.appearance.shown_amounts import amount_as_shown
from declarations.files.opening.styles import BUILT_IN_CODES
from declarations.sheet.units import Unit

DAY = datetime.date(2026, 11, 1)
AFTERNOON = datetime.datetime(2026, 11, 1, 15, 5, 9)
TWO_DAYS = datetime.timedelta(days=2)
BARE = None
ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
ENGLISH_ACCOUNTING = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'

SHOWN = [
    # words and signs around a number
    ('0"亩"', 3200, "3200亩"), ('0.00"万元"', 1125, "1125.00万元"), ('#,##0"元"', 1125, "1,125元"),
    ('"≤"0"元"', 1125, "≤1125元"), ('"约"#,##0.0"公里"', 1234.56, "约1,234.6公里"), ("0\\亩", 5, "5亩"),
    ("0!亩", 5, "5亩"), ("0亩", 5, "5亩"), ("0km", 5, "5km"), ("0m", 5, "5m"), ('General"人"', 12.5, "12.5人"),
    ('G/通用格式"人"', 12, "12人"), ('"共"General', -3, "-共3"), ('0.##"个"', 5, "5个"), ('0.##"个"', 5.25, "5.25个"),
    ('#"户"', 0, "户"), ('.00"元"', 3.5, "3.50元"), ('"完成"', 1, "完成"), ('0" ""亩"', 7, "7 亩"),
    ('0_ "亩"', 7, "7亩"), ('* 0"亩"', 7, "7亩"), ('[红色]0"亩"', 7, "7亩"), ('[Red]0"亩";[Blue]-0"亩"', -7, "-7亩"),
    ('0"亩";"减"0"亩";"无"', 0, "无"), ('0"亩";"减"0"亩";"无"', -7, "减7亩"), ("+0;-0;0", 5, "+5"), ("0‰", 5, "5‰"),
    ("000000", 12, "000012"), ("000-0000", 1234567, "123-4567"), ('"第"0"期"', 3, "第3期"), ('0"亩', 3, "3亩"),
    # percentages
    ('"≥"0%', 0.9, "≥90%"), ('0.0"%"', 98.5, "98.5%"), ('">"0.00%', 0.12345, ">12.35%"), ("0%", 0.9, BARE),
    # currencies
    ("[$¥-804]#,##0.00", 1234.5, "¥1,234.50"), ("¥#,##0", 1234, "¥1,234"), ('"¥"#,##0;"¥"\\-#,##0', -5, "¥-5"),
    ("[$€-2] 0", 5, "€ 5"), (ENGLISH_ACCOUNTING, -5, "$(5.00)"), (ENGLISH_ACCOUNTING, 0, "$-"),
    (ACCOUNTING, 0, "-"), (ACCOUNTING, -7.5, BARE), (ACCOUNTING, 7.5, BARE),
    ("#,##0.00_);\\(#,##0.00\\)", -5, "(5.00)"),
    # conditions
    ('[>=60]"合格";"不合格"', 70, "合格"), ('[>=60]"合格";"不合格"', 50, "不合格"),
    ('[<1]"不足1亩";[>=10000]0!.0,"万亩";0"亩"', 0.5, "不足1亩"),
    ('[<1]"不足1亩";[>=10000]0!.0,"万亩";0"亩"', 32000, "3.2万亩"),
    ('[<1]"不足1亩";[>=10000]0!.0,"万亩";0"亩"', 320, "320亩"),
    ('[=1]"是";[=0]"否"', 0, "否"), ('[<0]"减"0;"增"0', -5, "减5"),
    # divided
    ('0!.0,"万"', 32000, "3.2万"), ('0\\.0000"万元"', 32000, "3.2000万元"), ('0,"千元"', 32000, "32千元"),
    ('0.0,,"百万"', 3200000, "3.2百万"), ("0!.0,", 32000, "3.2"),
    # fractions, words for digits
    ("# ?/?", 2.5, "2 1/2"), ('# ??/??"亩"', 0.25, "1/4亩"), ("?/4", 0.5, "2/4"),
    ('[DBNum1]General"人"', 1203, "一千二百〇三人"),
    ('[DBNum2][$-804]General"元整"', 10020, "壹万零贰拾元整"), ('[DBNum2]0.0"元"', 12.5, "壹拾贰.伍元"),
    # dates and times
    ('yyyy"年"m"月"', DAY, "2026年11月"), ('yyyy"年"m"月"', 46327, "2026年11月"), ("yyyy-mm", DAY, "2026-11"),
    ("yyyy/m", DAY, "2026/11"),
    ('[$-804]yyyy"年"m"月";@', DAY, "2026年11月"), ('m"月"d"日"', DAY, "11月1日"), ('yyyy"年"', DAY, "2026年"),
    ("yy.mm", DAY, "26.11"),
    ("mmm-yy", DAY, "Nov-26"), ("mmmm", DAY, "November"), ("aaaa", DAY, "星期日"), ("ddd", DAY, "Sun"),
    ('"截至"yyyy"年"m"月"d"日"', DAY, "截至2026年11月1日"),
    ('[DBNum1][$-804]yyyy"年"m"月"', DAY, "二〇二六年十一月"),
    ('e"年"m"月"', DAY, "2026年11月"), ("yyyy-mm-dd", DAY, BARE),
    ('[$-804]yyyy"年"m"月"d"日";@', DAY, BARE),
    ("yyyy/m/d h:mm", AFTERNOON, "2026/11/1 15:05"), ('上午/下午h"时"mm"分"', AFTERNOON, "下午3时05分"),
    ("h:mm AM/PM", AFTERNOON, "3:05 PM"),
    ("h:mm:ss", datetime.time(9, 5, 3), "9:05:03"), ("mm:ss", datetime.time(9, 5, 3), "05:03"),
    ("mm:ss.0", 0.5, "00:00.0"), ('h"时"', 0.5, "12时"),
    ("[h]:mm", TWO_DAYS, "48:00"), ("[h]:mm:ss", 2.0, "48:00:00"), ('[h]"小时"', TWO_DAYS, "48小时"),
    ("[mm]:ss", 0.5, "720:00"), ("[ss]", 0.5, "43200"),
    # text
    ('@"亩"', "约3", "约3亩"), ('0;0;0;"附："@', "表一", "附：表一"), ("@", "约3", BARE), ('0"亩"', "约3", BARE),
    # nothing added
    ("General", 3200, BARE), ("0.00", 3200, BARE), ("#,##0.00", 3200, BARE), ("0_ ", 3, BARE),
    ("0.00E+00", 12, BARE), ("0;;;@", 0, BARE), (";;;", 5, BARE),
    ('0"亩"', True, BARE), ('0"亩"', None, BARE), ('0"亩"', 1e300, BARE), ("", 5, BARE), ("yyyy-mm", -5, BARE),
    ("[", 5, "["),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "shown"), SHOWN, ids=[f"{code} {value}" for code, value, _ in SHOWN])
def test_a_cell_shows_its_value_as_its_format_writes_it(code, value, shown):
    assert display_text(code, value) == shown


def test_dates_are_counted_from_1904_where_the_workbook_says_so():
    assert display_text("yyyy-mm", 45292, is_1904=True) == "2028-01"


@pytest.mark.parametrize(
    ("number", "shown"), [(27, "2026年11月"), (57, "2026年11月"), (31, "2026年11月1日"), (58, "11月1日")]
)
def test_the_formats_that_chinese_workbooks_name_by_number_are_known(number, shown):
    assert display_text(BUILT_IN_CODES[number], 46327) == shown


@pytest.mark.parametrize(
    ("code", "scale"),
    [('0"亩"', 1), ('0!.0,"万"', 10_000), ("0,", 1_000), ("0.0,,", 1_000_000), ("#,##0", 1), ("0%", 1)],
)
def test_a_format_says_by_how_much_it_divides(code, scale):
    assert scale_of(code, 32000) == scale


@pytest.mark.parametrize(
    ("number", "shown", "scale", "label", "amount"),
    [
        (32000, "3.2万", 10_000, Unit.YUAN, (3.2, Unit.WAN)),
        (32000, "3.2", 10_000, Unit.WAN, (3.2, Unit.WAN)),
        (1125, "1,125元", 1, Unit.WAN, (1125, Unit.YUAN)),
        (1125, "¥1,125", 1, Unit.WAN, (1125, Unit.WAN)),
        (0.5, "0.5亿元", 1, None, (5000, Unit.WAN)),
        (32000, "32千元", 1_000, None, (32000, Unit.YUAN)),
    ],
)
def test_an_amount_is_in_the_unit_that_it_is_shown_in(number, shown, scale, label, amount):
    assert amount_as_shown(number, shown, scale, label) == amount


@pytest.mark.parametrize(
    "piece", ['"', "0", "\\", "[", ";", "m", "h:mm ", "0/0", "#,", '"亩"0', "[>1]", "[DBNum1]", "!", "_"]
)
def test_a_format_of_any_length_is_answered_at_once(piece):
    for code in (piece * 200, (piece * 10_000)[:10_000]):
        for value in (5, -0.25, "字", DAY, TWO_DAYS):
            shown = display_text(code, value)
            assert shown is None or isinstance(shown, str)
    assert sections_of(piece * (LONGEST_CODE + 1)) == ()


def test_numbers_are_shown_without_binary_noise():
    assert display_text('General"元"', 82800.92000000001) == "82800.92元"
    assert display_text('0.00"元"', float(Decimal("2.675"))) == "2.68元"
