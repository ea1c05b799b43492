"""Word documents: whatever wrote the table and however its cells are merged, the values are those a person sees."""

import random

import pytest
from hypothesis import given, settings

from declarations.files.documents.word import write_table
from declarations.files.opening.opening import open_sheets
from declarations.files.opening.sheet import Why
from declarations.files.reading.reader import read_sheets
from declarations.sheet.problems import Refused
from tests.files.test_round_trip import often
from tests.samples import sample
from tests.strategies import tables
from tests.workbooks import documents

AS_PRINTED = [case for case in documents.BENIGN if case.file_name.endswith(".docx")]


def read(data, name="2026年.docx"):
    return read_sheets(open_sheets(data), name=name)


@pytest.mark.parametrize("case", AS_PRINTED, ids=lambda case: case.name)
def test_the_table_is_read_as_it_is_printed(case):
    edition = "2023" if "2023" in case.name else "2026"
    [found] = read(case.build(), f"{sample(edition).year}年.docx")
    assert found.table == sample(edition)
    assert not [problem for problem in found.problems if problem.code != "R12"], "but for what nobody sees"


def test_cells_are_told_by_their_row_in_the_table_whatever_stands_above_it():
    [plain], [titled] = read(documents.word_document()), read(documents.title_above_the_table())
    assert plain.cells["basic_expenditure"] == "C5"
    assert titled.cells["basic_expenditure"] == "C4"  # its title is no row of the table


def test_several_tables_of_one_document_are_several_tables():
    first, second = documents.table(), documents.table("2023")
    found = read(documents.docx(first + documents.paragraph("") + second))
    assert [one.table for one in found] == [sample("2026"), sample("2023")]


def test_a_formula_text_is_read():
    written = f"<w:p><m:oMath><m:r><m:t>{'≥98%'}</m:t></m:r></m:oMath></w:p>"
    (sheet,) = open_sheets(documents.docx(f"<w:tbl><w:tr>{documents.tc(written)}</w:tr></w:tbl>"))
    assert sheet.rows == [["≥98%"]]


def test_a_row_that_begins_further_right_keeps_its_columns():
    before = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>'
    cell = documents.tc(documents.paragraph(documents.run("甲")))
    (sheet,) = open_sheets(documents.docx(f"<w:tbl><w:tr>{before}{cell}</w:tr></w:tbl>"))
    assert sheet.rows == [[None, None, "甲"]]


def test_a_table_in_a_table_is_refused_with_its_place():
    with pytest.raises(Refused) as refusal:
        open_sheets(documents.table_within_a_table())
    assert "A1" in str(refusal.value) and "表格" in str(refusal.value)


def test_an_old_document_is_told_to_be_saved_anew():
    with pytest.raises(Refused) as refusal:
        open_sheets(documents.old_word_document())
    assert ".docx" in refusal.value.hint


@settings(often, max_examples=100)
@given(tables())
def test_any_table_reads_back_from_its_document(table):
    assert [found.table for found in read_sheets(open_sheets(write_table(table)))] == [table]


def test_a_byte_changed_anywhere_never_raises_anything_but_a_refusal():
    good, chance = documents.docx(), random.Random(7)
    for _ in range(200):
        data = bytearray(good)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            sheets = open_sheets(bytes(data))
        except Refused as refusal:
            assert refusal.code.startswith("X")
        else:
            assert all(isinstance(sheet.rows, list) for sheet in sheets)


@pytest.mark.parametrize("case", [case for case in documents.BENIGN if case.file_name.endswith(".csv")],
                         ids=lambda case: case.name)  # fmt: skip
def test_separated_values_are_read_whatever_separates_them(case):
    [found] = read(case.build(), "2026年.csv")
    assert found.table == sample()


@pytest.mark.parametrize("name", ["zhanjiang-foreign-affairs-2026.txt", "zhanjiang-human-resources-2023.xlsx"])
def test_a_published_table_reads_back_from_the_document_written_of_it(example_path, name):
    [found] = read_sheets(open_sheets(example_path(name).read_bytes()), name=name)
    assert found.table.key_tasks and found.table.indicators
    assert [again.table for again in read_sheets(open_sheets(write_table(found.table)))] == [found.table]


def test_automatic_numbers_of_a_list_are_said():
    numbered = '<w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>治理河道</w:t></w:r></w:p>'
    plain = numbered.replace('w:val="3"', 'w:val="0"')
    body = f"<w:tbl><w:tr><w:tc>{numbered}{plain}</w:tc></w:tr></w:tbl>"
    [sheet] = open_sheets(documents.docx(body))
    assert sheet.rows == [["治理河道\n治理河道"]]
    assert [(left.cell, left.why) for left in sheet.left_out] == [("A1", Why.LIST_NUMBER)]
