"""Which years in a text could move on, and which name something that keeps its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declarations.filling.bringing.yearwords import move_year, shift_years, year_occurrences, year_pieces


def found(text, years=1):
    return [(place.group, place.new) for place in year_occurrences(text, years)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年完成治理30公里", [("2025年", "2026年")]),
        ("2025年度预算", [("2025年度", "2026年度")]),
        ("2025年12月31日前完成", [("2025年12月31日", "2026年12月31日")]),
        ("2025年 6 月底", [("2025年6月", "2026年 6 月")]),
        ("2025-06-30前", [("2025-06-30", "2026-06-30")]),
        ("2025—2027年三年行动", [("2025—2027年", "2026—2028年")]),
        ("2023年至2025年", [("2023年至2025年", "2024年至2026年")]),
        ("二〇二五年度工作", [("二〇二五年度", "二〇二六年度")]),
        ("二○二九年", [("二○二九年", "二○三○年")]),
        ("较2024年下降3%，2025年底前", [("2024年", "2025年"), ("2025年", "2026年")]),
    ],
)
def test_a_year_is_found_and_moved(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "按照粤财绩〔2019〕11号执行",
        "国办发[2016]43号",
        "财预（2021）101号、财预【2021】101 号",
        "2025年第3号公告",
        "落实《2025年政府工作报告》要求",
        "《关于印发〈2025年工作要点〉的通知》",
        "《关于《2025年方案》的补充2025年通知》",
        "《2025年未写完的名称",
        "与上年度持平，去年已完成",
        "培训2025人，投入2025.50万元，发放12025年卡",
    ],
)
def test_titles_document_numbers_and_amounts_are_left_alone(text):
    assert found(text) == []


def test_only_the_chosen_groups_move():
    text = "2025年计划，2025年12月31日前完成；《2025年要点》"
    assert shift_years(text, 1, {"2025年12月31日"}) == "2025年计划，2026年12月31日前完成；《2025年要点》"
    assert shift_years(text, 1, ()) == text


def test_the_pieces_mark_what_moves():
    assert year_pieces("到2025年底", 2, {"2025年"}) == [("到", ""), ("2027年", "2025年"), ("底", "")]


def test_29_february_becomes_a_day_that_exists():
    assert move_year("2024年2月29日", 1) == "2025年2月28日"
    assert move_year("2024年2月29日", 4) == "2028年2月29日"
    assert move_year("2024-02-29", 1) == "2025-02-28"


@given(st.text(alphabet="2025年〔〕《》号度月日-—至1930二〇五 ", max_size=60))
def test_the_pieces_are_the_text_and_nothing_else(text):
    groups = {place.group for place in year_occurrences(text, 1)}
    cut = year_pieces(text, 1, groups)
    assert "".join(old or new for new, old in cut) == text
    assert shift_years(text, 0, groups) == text
