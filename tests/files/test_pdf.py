"""PDFs of other programs: cells by their lines, rows over the end of a page, what is no table."""

from dataclasses import replace

import pytest

from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import Why
from declarations.files.reading.reader import read_sheets
from declarations.sheet.problems import Refused
from tests.samples import sample
from tests.workbooks import printed

TABLE = sample("2026")
GOAL, FIRST_TASK = 10, 12
"""Rows of the layout."""


def read(data):
    [read] = read_sheets(open_sheets(data), year=2026)
    return read


def long_table():
    content = "治理清溪河、白石河等中小河流，加固堤防、清淤疏浚，消除险工险段。" * 4
    return replace(TABLE, key_tasks=(replace(TABLE.key_tasks[0], content=content), *TABLE.key_tasks[1:]))


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_a_printed_table_is_read_by_its_lines(edition):
    [read] = read_sheets(open_sheets(printed.printed(sample(edition))), year=sample(edition).year)
    assert read.table == sample(edition)


@pytest.mark.parametrize("turn", range(3, 27))
def test_a_page_may_end_after_any_row(turn):
    assert read(printed.printed(TABLE, turns=(turn,))).table == TABLE


@pytest.mark.parametrize("lines", range(1, 9))
def test_a_page_may_end_within_a_row(lines):
    assert read(printed.printed(long_table(), turns=((FIRST_TASK, lines),))).table == long_table()


@pytest.mark.parametrize("lines", range(1, 4))
def test_a_page_may_end_within_the_goal(lines):
    assert read(printed.printed(TABLE, turns=((GOAL, lines),))).table == TABLE


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(turned):
    [sheet] = open_sheets(printed.turned(TABLE, turned))
    assert read_sheets([sheet], year=2026)[0].table == TABLE


def test_the_marks_of_pages_are_left_out_and_said():
    found = read(printed.printed(TABLE, turns=(11, 20)))
    assert "第 1 页" in [left.text for left in found.left_out if left.why is Why.PAGE_MARK]
    assert "第" not in found.table.overall_goal


def test_a_watermark_is_left_out_and_said():
    found = read(printed.pdf_with_a_watermark())
    assert found.table == TABLE
    assert [left.text for left in found.left_out if left.why is Why.PAGE_MARK] == ["内部使用"]


def test_a_page_that_is_a_picture_among_pages_of_text_is_said():
    found = read(printed.pdf_with_a_scanned_page())
    assert found.table == TABLE
    assert [left.text for left in found.left_out if left.why is Why.PICTURE] == ["第2页"]


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (printed.pdf_that_was_scanned, "请上传 Excel 或 Word 文件"),
        (printed.pdf_with_a_password, "请取消密码"),
        (printed.pdf_of_plain_text, "复制其中的文字"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(build, words):
    with pytest.raises(Refused) as refusal:
        open_sheets(build())
    assert words in refusal.value.hint


def test_an_underline_in_a_cell_parts_nothing():
    line = printed.thin(140, 690, 60, 0.5)
    assert read(printed.pdf([printed.page_content(TABLE) + line])).table == TABLE


def test_a_table_drawn_as_one_picture_of_lines_and_letters_is_read():
    body = printed.page_content(TABLE).encode()
    head = f"<</Type/XObject/Subtype/Form/BBox[0 0 600 900]{printed.RESOURCES}/Length {len(body)}>>"
    page = "/Resources<</XObject<</X 6 0 R>>>>"
    assert read(printed.pdf(["q 1 0 0 1 0 -20 cm /X Do Q\n"], page=page, objects=[(head, body)])).table == TABLE
