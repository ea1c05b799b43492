"""Labels as offices write them: what decorates them is taken off, what is like them is read or asked, never guessed."""

import pytest

from declarations.files.opening.sheet import Sheet, Why
from declarations.files.reading.reader import read_sheets
from declarations.sheet.official.labels import bare_label, unit_in
from declarations.sheet.units import Unit
from tests.samples import find, rows_of, sample


def read_with(*changes, answers=None, year=2026):
    """The table read with labels replaced: (printed label, what stands there instead)."""
    rows = [list(row) for row in rows_of(sample())]
    for printed, text in changes:
        for row in rows:
            row[:] = [text if value == printed else value for value in row]
    [read] = read_sheets([Sheet("Sheet1", rows)], year=year, answers=answers)
    return read


@pytest.mark.parametrize(
    "text",
    [
        "*财政供养人员数", "★财政供养人员数：", "1.财政供养人员数", "（一）财政供养人员数",
        "第一项、财政供养人员数", "⑴财政供养人员数",
        "❶ 财政供养人员数", "1.1 财政供养人员数", "Ⅳ、财政供养人员数", "a)财政供养人员数",
        "其中：财政供养人员数", "2026年财政供养人员数",
        "本年度财政供养人员数", "财政供养人员数(人)", "财政供养人员数（单位：人）", "财政供养人员数/人",
        "财政供养人员数【必填】", "财政供养人员数①",
        "财政供养人员数²", "财政供养人员数[3]", "财政供养人员数（见注2）", "“财政供养人员数”",
        "《财政供养人员数》", "财政供养人员数……",
        "财政供养\u2060人员数", "\u202d财政供养人员数\u202c", "财\u00ad政供养人员数", "財政供養人員數",
        "财政供养⼈员数", "·财政供养人员数*",
    ],
)  # fmt: skip
def test_what_decorates_a_label_is_taken_off(text):
    assert bare_label(text) == "财政供养人员数"
    read = read_with(("财政供养人员数", text))
    assert (read.table, read.problems) == (sample(), ())


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("指标值（实施周期）", "实施周期指标值"),
        ("2026—2028年指标值", "周期指标值"),
        ("财政供养人员数（编制数）", "编制数财政供养人员数"),
        ("一级指标", "一级指标"),
        ("①", "1"),
        ("2026年", "年度"),
    ],
)
def test_what_says_something_of_its_own_stays(text, bare):
    assert bare_label(text) == bare


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("预算金额（人民币万元）", Unit.WAN),
        ("预算金额【千元】", Unit.THOUSAND),
        ("拟投入资金/元", Unit.YUAN),
        ("预算金额，亿元", Unit.YI),
        ("金额单位：百万元", Unit.MILLION),
        ("预算金额万元", Unit.WAN),
        ("预算金额（万）", Unit.WAN),
        ("预算金额（美元）", None),
        ("预算金额（万元）（元）", None),
        ("预算金额", None),
    ],
)
def test_a_label_names_its_unit(text, unit):
    assert unit_in(text) is unit


@pytest.mark.parametrize("text", ["编制数", "实有人数", "在职人员数", "财政供养人员数（编制）", "离退休人员数"])
def test_another_number_of_persons_is_never_taken_for_the_staff_and_not_asked_about(text):
    read = read_with(("财政供养人员数", text))
    assert read.table.staff_count is None
    assert read.questions == ()
    assert {(entry.text, entry.why) for entry in read.left_out} >= {("86", Why.UNKNOWN_LABEL)}


@pytest.mark.parametrize(
    ("printed", "text", "field"),
    [
        ("财政供养人员数", "供养人员", "staff_count"),
        ("财政拨款", "财政拔款", "fiscal_appropriation"),
        ("其他资金", "单位资金", "other_funds"),
        ("项目支出", "项目经费", "project_expenditure"),
    ],
)
def test_a_label_that_may_be_one_is_asked_about_and_its_value_left_out(printed, text, field):
    read = read_with((printed, text))
    [question] = read.questions
    assert (question.kind, question.text, question.candidates[0]) == ("label", text, field)
    assert f"“{text}”是“{printed}”吗？" == question.message
    assert read.table.value(field) is None and field in read.absent
    missing = next(problem for problem in read.problems if problem.code == "R03")
    assert text in missing.hint


def test_an_answer_settles_a_label_and_a_refusal_leaves_it_out():
    assert read_with(("财政拨款", "财政拔款"), answers={"财政拔款": "fiscal_appropriation"}).table == sample()
    refused = read_with(("财政拨款", "财政拔款"), answers={"财政拔款": ""})
    assert (refused.table.fiscal_appropriation, refused.questions) == (None, ())


def test_a_label_much_like_one_that_is_missing_is_read_and_said():
    read = read_with(("其他事业发展性支出", "其他事业发展性支出额度"))
    assert read.table.other_development_expenditure == sample().other_development_expenditure
    assert [problem.code for problem in read.problems] in (["R14"], [])


def test_an_unknown_column_that_may_be_a_missing_one_is_asked_about():
    read = read_with(("三级指标", "指标内容"))
    [question] = read.questions
    assert (question.kind, question.candidates) == ("column", ("indicators.name",))
    assert {row.name for row in read.table.indicators} == {""}
    assert read_with(("三级指标", "指标内容"), answers={"指标内容": "indicators.name"}).table == sample()


def test_an_amount_without_any_unit_is_asked_about_once_and_the_answer_is_its_unit():
    read = read_with(("预算金额(万元)", "预算金额"))
    [question] = read.questions
    assert (question.kind, question.candidates[:2]) == ("unit", ("万元", "元"))
    assert read.table.basic_expenditure is None
    assert read_with(("预算金额(万元)", "预算金额"), answers={"预算金额": "万元"}).table == sample()


def test_thousands_are_converted_exactly():
    read = read_with(("预算金额(万元)", "预算金额（千元）"))
    assert read.table.to_json()["basic_expenditure"] == "215.04567"


def test_a_unit_that_the_amounts_contradict_is_asked_about():
    read = read_with(("拟投入的资金(元)", "投入资金（万元）"))
    assert [question.kind for question in read.questions] == ["unit"]
    assert {task.funding for task in read.table.key_tasks} == {None}
    assert read.table.unread["key_tasks.0.funding"] == "5600000.0"


def test_a_label_that_is_missing_is_told_from_an_empty_field():
    rows = rows_of(sample())
    i, j = find(rows, "基本支出")
    rows[i][j + 1] = None
    [empty] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    rows[i][j] = None
    [without] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    assert ("basic_expenditure" in empty.absent, "basic_expenditure" in without.absent) == (False, True)


@pytest.mark.parametrize("text", ["-", "—", "——", "/", "无", " － "])
def test_a_dash_for_no_amount_is_an_empty_amount_and_said(text):
    rows = rows_of(sample())
    i, j = find(rows, "其他资金")
    rows[i][j + 1] = text
    [read] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    assert read.table.other_funds is None and not read.table.unread
    assert [problem.code for problem in read.problems] == ["R13"]


def test_a_negative_amount_in_brackets_is_named_with_what_to_write():
    rows = rows_of(sample())
    i, j = find(rows, "其他资金")
    rows[i][j + 1] = "（500.00）"
    [read] = read_sheets([Sheet("Sheet1", rows)], year=2026)
    [problem] = read.problems
    assert "括号" in problem.message and "500.00" in problem.message
