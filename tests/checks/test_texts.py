"""F04, F05, Y01, W02, S01: what the texts of a table say and how."""

from dataclasses import replace

import pytest

from declarations.checks.publishing import is_identity
from tests.checks.looking import NEW, fields, findings, with_indicator, with_task
from tests.samples import clean

GOAL = clean().overall_goal


def saying(text, code, **context):
    return findings(replace(clean(), overall_goal=text), code, **context)


# --- F04, F05 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "is_found"), [(49, True), (50, False), (800, False), (801, True)])
def test_f04_a_goal_has_fifty_to_eight_hundred_characters(length, is_found):
    assert bool(saying("目" * length, "F04")) is is_found


def test_f04_white_space_does_not_count_and_an_empty_goal_is_f01s():
    assert saying("目 " * 50, "F04") == []
    assert saying("", "F04") == []
    assert saying("目" * 60, "F04", parameters={"F04": {"shortest": 61}})


def test_f05_the_units_are_those_of_the_tree():
    assert findings(clean(), "F05", subordinate_units=3) == []
    [(field, message)] = findings(clean(), "F05", subordinate_units=4)
    assert (field, message) == ("subordinate_unit_count", "下属二级单位数填报3个，系统中登记4个")
    assert findings(replace(clean(), subordinate_unit_count=None), "F05", subordinate_units=4) == []


def test_f05_nobody_is_paid():
    assert fields(replace(clean(), staff_count=0), "F05", subordinate_units=3) == ["staff_count"]


# --- Y01 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["2025年非税工作经费", "完成２０２５年任务", "2027 年建成", "《方案》印发，2025年实施", "2026年和2025年"]
)
def test_y01_another_year(text):
    [(field, message)] = findings(with_task(name=text), "Y01")
    assert field == "key_tasks.0.name"
    assert "与申报年度2026年不一致" in message


@pytest.mark.parametrize(
    "text",
    [
        "2026年工作经费",
        "落实《2025年工作方案》",
        "落实《关于印发〈2025年方案〉的通知》",
        "落实《关于《2025年方案》的通知》",
        "按粤财绩〔2025〕11号执行",
        "按财预（2021）101号执行",
        "2021—2025年规划项目",
        "较2025年增长5%",
        "不低于2025年水平",
        "2025年以来的成果",
        "采购2025台设备",
        "编号12025年卡",
        "",
    ],
)
def test_y01_years_that_are_meant(text):
    assert findings(with_task(name=text), "Y01") == []


def test_y01_cycle_values_reach_further_and_dates_are_y02s():
    table = with_indicator("完成时间", "2025年12月31日前", "2028年底前", level2="时效指标")
    assert findings(table, "Y01") == []
    assert findings(table, "Y02")


def test_y01_the_form_year_of_the_context_counts():
    assert findings(with_task(name="2026年工作"), "Y01", year=2027)


# --- W02 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("≥ 100人", "“≥ 100人”的符号与数字之间有空格"),
        ("> 98%", "的符号与数字之间有空格"),
        ("≧98%", "不是规范的符号"),
        ("≦3天", "不是规范的符号"),
        ("完成一批，，推广", "的标点重复或者多余"),
        ("完成一批。。", "的标点重复或者多余"),
        ("完成一批，。", "的标点重复或者多余"),
        ("，完成一批", "处于开头或者末尾"),
        ("完成一批、", "处于开头或者末尾"),
        ("完成一批…", "不是完整的省略号"),
    ],
)
def test_w02_stray_marks(value, what):
    [(field, message)] = findings(with_indicator("巡查", value), "W02")
    assert field == f"{NEW}.annual_value"
    assert message.endswith(what)


@pytest.mark.parametrize(
    "value",
    [
        "≥100人",
        "完成一批。",
        "做到什么？！",
        "完成一批……",
        "一是巡查；\n二是整改。",
        "包括：\n1、巡查",
        "1:2",
        "3,000人",
        "“你好！”，他说",
        "A, B",
        "≥98%；≤3天",
        "",
    ],
)
def test_w02_marks_in_their_place(value):
    assert findings(with_indicator("巡查", value), "W02") == []


# --- S01 -------------------------------------------------------------------------------------------

IDENTITY = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("维护涉密载体安全", "含有“涉密”"),
        ("联系人13800138000", "含有手机号码“138******00”"),
        ("联系人１３８００１３８０００", "含有手机号码“138******00”"),
        ("电话0759-3381234", "含有电话号码“075*******34”"),
        (f"证件{IDENTITY}", "含有身份证号码“110*************2X”"),
    ],
)
def test_s01_what_is_not_to_be_published(text, what):
    [(field, message)] = saying(GOAL + text, "S01")
    assert field == "overall_goal"
    assert what in message


def test_s01_both_kinds_of_one_cell():
    assert len(saying(f"{GOAL}涉密，13800138000", "S01")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "热线12345",
        "投资13800138000.50元",
        "编号110105194912310021",
        "订单1380013800012",
        "2026-12-31",
        "占比0.759-3381234",
        "保障网络安全",
        "发明专利20261234567",
    ],
)
def test_s01_other_numbers_and_words(text):
    assert saying(GOAL + text, "S01") == []


@pytest.mark.parametrize(
    ("number", "is_one"), [(IDENTITY, True), (IDENTITY.lower(), True), ("110105194912310029", False)]
)
def test_s01_an_identity_number_has_its_checksum(number, is_one):
    assert is_identity(number) is is_one
