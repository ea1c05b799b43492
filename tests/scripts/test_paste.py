"""A block copied from Excel or WPS becomes rows of a grid."""

import pytest

pytestmark = pytest.mark.browser

SCRIPT = "filling/grid/paste.js"
COLUMNS = [
    {"field": "level1", "label": "一级指标"},
    {"field": "level2", "label": "二级指标"},
    {"field": "name", "label": "三级指标"},
    {"field": "annual_value", "label": "年度指标值"},
]
LEVELS = {"数量指标": ["产出指标", "数量指标"], "质量指标": ["产出指标", "质量指标"]}
TASKS = [
    {"field": "name", "label": "名称"},
    {"field": "content", "label": "主要实施内容"},
    {"field": "funding", "label": "拟投入的资金(元)", "unit": "元"},
]


def plan(call, text, columns=COLUMNS, levels=LEVELS, start="name"):
    given = {"text": text, "columns": columns, "levels": levels, "start": start}
    return call(SCRIPT, "script.planPaste(script.parseBlock(given.text), given)", given)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),
        ("a\r\nb\r\n", [["a"], ["b"]]),
        ('"a\nb"\t"say ""so"""', [["a\nb", 'say "so"']]),
        ('"open\tb', [['"open', "b"]]),
        ("a\t\tb", [["a", "", "b"]]),
    ],
)
def test_text_of_the_clipboard_becomes_cells(call, text, rows):
    assert call(SCRIPT, "script.parseBlock(given)", text) == rows


@pytest.mark.parametrize(
    ("text", "html", "is_block"),
    [("a\tb", "", True), ("一段文字", "", False), ("第一行\n第二行", "", False), ("一\n二", "<table border=0>", True)],
)
def test_running_text_is_no_block(call, text, html, is_block):
    assert call(SCRIPT, "script.isBlock(...given)", [text, html]) is is_block


def test_columns_are_told_by_the_head_row(call):
    found = plan(call, "年度指标值\t三级指标\n100%\t支出及时率")
    assert found["rows"] == [{"annual_value": "100%", "name": "支出及时率"}]


def test_merged_categories_are_filled_down(call):
    found = plan(call, "产出指标\t数量指标\t巡查次数\t≥3次\n\t\t培训人次\t≥100人次")
    assert [(row["level1"], row["level2"]) for row in found["rows"]] == [("产出指标", "数量指标")] * 2


def test_an_amount_under_another_unit_keeps_that_unit(call):
    found = plan(call, "名称\t拟投入的资金（万元）\n巡查\t3.5", TASKS, {}, "name")
    assert found["rows"][0]["funding"] == "3.5万元"


def test_columns_beyond_the_form_are_counted(call):
    found = plan(call, "巡查\t巡河\t100\t甲\t乙\n清淤\t清河\t200\t丙\t丁", TASKS, {}, "name")
    assert found["surplus"] == 2
