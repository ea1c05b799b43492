"""What the system gives out in any format and any edition is the same table when it comes back in."""

import io
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest

from declarations.files.documents import pdf, word
from declarations.files.opening.opening import open_sheets
from declarations.files.opening_pdf.pdf_pages import open_pages
from declarations.files.reading.reader import read_sheets
from declarations.files.writing.writer import write_tables
from tests.samples import sample

SENTENCE = "推进治理体系建设，完善、健全 ISO9001 质量制度（三期）；投入 1,200.50 万元，“一网通办”率达 95%。"
EDITIONS = ("2023", "2026")


def workbook(table):
    file = io.BytesIO()
    write_tables([table], file)
    return file.getvalue()


FORMATS = {"xlsx": workbook, "docx": word.write_table, "pdf": pdf.write_table}
both = pytest.mark.parametrize("edition", EDITIONS)
each = pytest.mark.parametrize("made", FORMATS.values(), ids=FORMATS)


def read_back(made, table):
    [read] = read_sheets(open_sheets(made(table)), year=table.year)
    return read.table


@both
@each
def test_an_ordinary_table_comes_back(made, edition):
    assert read_back(made, sample(edition)) == sample(edition)


@both
@each
def test_cells_of_several_lines_come_back(made, edition):
    table = sample(edition, overall_goal=f"一、{SENTENCE * 3}\n二、{SENTENCE}\n三、完成")
    task = replace(table.key_tasks[0], content=f"1.治理\n2.{SENTENCE}\n3.养护", expected_outcome="一是治理\n二是养护")
    table = replace(table, key_tasks=(task, *table.key_tasks[1:]))
    assert read_back(made, table) == table


@both
@each
def test_a_table_without_optional_tasks_or_with_several_comes_back(made, edition):
    tasks = [task for task in sample(edition).key_tasks if not task.is_optional]
    optional = [replace(task, is_optional=True) for task in tasks]
    for chosen in (tasks, [*tasks, *optional]):
        table = sample(edition, key_tasks=tuple(chosen))
        assert read_back(made, table) == table


@both
@each
def test_large_amounts_and_amounts_left_empty_come_back(made, edition):
    table = sample(edition, basic_expenditure=Decimal("12345678.123456"), other_funds=None, staff_count=None)
    tasks = [replace(task, funding=Decimal("123456789012.34")) for task in table.key_tasks]
    table = replace(table, key_tasks=(*tasks[:-1], replace(tasks[-1], funding=None)))
    assert read_back(made, table) == table


@both
@each
def test_a_table_of_many_pages_comes_back(made, edition):
    table = sample(edition, overall_goal=SENTENCE * 60)
    tasks = [replace(task, content=SENTENCE * (10 + 20 * (i == 1))) for i, task in enumerate(table.key_tasks)]
    table = replace(table, key_tasks=tuple(tasks), indicators=table.indicators * 4)
    assert read_back(made, table) == table


def test_the_pdf_of_a_table_holds_no_character_that_nobody_typed():
    table = sample(basic_expenditure=Decimal("12345678.123456"))
    pages, _ = open_pages(pdf.write_table(table))
    text = "".join(glyph.char for page in pages for glyph in page.glyphs)
    assert "12,345,678.123456" in text and "3,200,000.00" in text
    assert not {char for char in text if unicodedata.category(char) in ("Cf", "Co")}


def test_a_long_amount_stays_within_its_cell():
    tasks = tuple(replace(task, funding=Decimal("123456789012345.67")) for task in sample().key_tasks)
    [sheet] = open_sheets(pdf.write_table(sample(key_tasks=tasks)))
    assert sum("123,456,789,012,345.67" in row for row in sheet.rows) == len(tasks)
