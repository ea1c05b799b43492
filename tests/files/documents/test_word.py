"""The Word document: a real table with real merges, A4, fonts for Chinese characters, page numbers below."""

import io
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from declarations.files.documents.printed import Stamp, text_of
from declarations.files.documents.word import write_table
from declarations.sheet.layout import lay_out
from declarations.sheet.visible import make_visible
from tests.samples import sample
from tests.strategies import NASTY


def opened(table, stamp=None):
    return Document(io.BytesIO(write_table(table, stamp)))


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_it_is_one_table_with_the_cells_and_merges_of_the_form(edition):
    [table] = opened(sample(edition)).tables
    for cell in (cell for row in lay_out(sample(edition))[1:] for cell in row):
        first = table.cell(cell.row - 1, cell.column - 1)
        last = table.cell(cell.row + cell.rows - 2, cell.column + cell.columns - 2)
        assert first._tc is last._tc
        assert first.text == text_of(cell)


def test_the_page_is_a4_and_the_table_fits_it():
    document = opened(sample())
    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    room = section.page_width - section.left_margin - section.right_margin
    assert abs(sum(column.width for column in document.tables[0].columns) - room) < Mm(1)


def test_chinese_characters_have_their_font_too():
    document = opened(sample())
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    title = document.tables[0].cell(0, 0).paragraphs[0].runs[0]
    assert title._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"


def test_the_title_comes_again_on_every_page_and_short_rows_stay_whole():
    rows = opened(replace(sample(), overall_goal="推进治理，" * 600)).tables[0].rows
    properties = [{child.tag for child in row._tr.trPr} for row in rows]
    assert [qn("w:tblHeader") in found for found in properties] == [True] + [False] * (len(rows) - 1)
    assert [i for i, found in enumerate(properties) if qn("w:cantSplit") not in found] == [9]


def test_the_foot_numbers_the_pages_and_names_the_version():
    footer = opened(sample(), Stamp(3, "0123456789abcdef")).sections[0].footer
    fields = [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "云溪市水务局" in footer.paragraphs[0].text and "第3版　校验码 0123456789ab" in footer.paragraphs[0].text


def test_there_is_room_to_sign_and_to_seal():
    said = [paragraph.text for paragraph in opened(sample()).paragraphs]
    assert any("填报人" in line and "部门负责人" in line and "公章" in line for line in said)


@pytest.mark.parametrize("text", [text for text in NASTY if make_visible(text).strip()])
def test_every_text_stays_what_it_is(text):
    cell = opened(replace(sample(), overall_goal=text)).tables[0].cell(9, 1)
    assert cell.text == text
