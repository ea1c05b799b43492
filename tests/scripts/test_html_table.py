"""The tables of a clipboard's HTML become rows of the texts that a person sees."""

import pytest

from tests.journeys.fill.clipboards import EXCEL, LIBREOFFICE, WEB_PAGE, WORD, WPS

pytestmark = pytest.mark.browser

SCRIPT = "filling/grid/html-table.js"
CLIPBOARD = "filling/grid/clipboard.js"


def rows(call, html):
    return call(SCRIPT, "script.rowsOfHtml(given).rows", html)


def test_breaks_of_a_cell_are_lines_and_breaks_of_the_source_are_none(call):
    assert rows(call, EXCEL[1])[1] == ["河道清淤", "清淤三条河；\n整治岸线", "1,234.50", "防汛科"]
    assert rows(call, WORD[1])[0] == ["任务一", "1.内容一；\n2.内容二。", "100000", "目标达到"]


def test_what_is_hidden_or_struck_out_is_not_there(call):
    assert call(SCRIPT, "script.rowsOfHtml(given).hidden", EXCEL[1]) == 1
    assert [row[0] for row in rows(call, EXCEL[1])] == ["名称", "河道清淤", "泵站改造"]
    assert rows(call, WORD[1])[1][3] == "目标"


def test_merged_cells_hold_their_text_once(call):
    assert rows(call, LIBREOFFICE[1])[1:] == [
        ["产出指标", "数量指标", "培训人数", "≥100人"],
        ["", "", "巡查次数", "≥3次"],
    ]
    assert rows(call, "<table><tr><td colspan=2>a<td rowspan=2>b<tr><td>c<td>d</table>") == [
        ["a", "", "b"],
        ["c", "d", ""],
    ]


def test_tables_that_only_arrange_the_page_are_looked_through(call):
    assert rows(call, WEB_PAGE[1])[1] == ["部门名称", "市水务局"]
    assert rows(call, WEB_PAGE[1])[4] == ["总体绩效目标", "保障 供水安全"]


def test_nothing_of_a_page_runs(call):
    html = '<table><tr><td>a<img src="x" onerror="window.ran = true"><script>window.ran = true</script></table>'
    assert call(SCRIPT, "[script.rowsOfHtml(given).rows, window.ran ?? null]", html) == [[["a"]], None]


@pytest.mark.parametrize(
    ("text", "html", "kind", "is_block"),
    [
        ("a\tb", "", "text", True),
        ("一段文字", "", "text", False),
        ("第一行\n第二行", "", "text", False),
        ("1,200.50\n3500", "", "amount", True),
        ("a\nb", "<table><tr><td>a<tr><td>b</table>", "text", True),
        ('"a\nb"', "<table><tr><td>a<br>b</table>", "text", False),
        (*WPS, "amount", True),
        ("文字", "<p>文字</p>", "text", False),
    ],
)
def test_running_text_is_no_block(call, text, html, kind, is_block):
    given = {"text": text, "html": html, "kind": kind}
    assert call(CLIPBOARD, "script.cellsOf(given, given.kind).isBlock", given) is is_block
