"""What is written reads back the same: nothing lost, nothing changed, whatever people type."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from declarations.files.opening.opening import open_sheets
from declarations.files.reading.reader import read_sheets
from declarations.files.writing.writer import write_tables
from declarations.sheet.table import IndicatorRow, Table, clean_text
from tests.samples import sample
from tests.strategies import NASTY, is_aside, tables

often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def written(*tables):
    file = io.BytesIO()
    write_tables(tables, file)
    return file.getvalue()


def read_back(*tables):
    return [read.table for read in read_sheets(open_sheets(written(*tables)))]


@often
@given(tables())
def test_any_table_reads_back_from_its_workbook(table):
    assert read_back(table) == [table]


@often
@given(tables())
def test_any_table_reads_back_from_its_json(table):
    there_and_back = Table.from_json(json.loads(json.dumps(table.to_json())))
    assert there_and_back == table
    assert there_and_back.fingerprint == table.fingerprint


@settings(often, max_examples=30)
@given(st.lists(tables(), min_size=2, max_size=4))
def test_tables_of_one_workbook_read_back_in_their_order(several):
    assert read_back(*several) == several


@pytest.mark.parametrize(
    "text", [text for text in dict.fromkeys(map(clean_text, NASTY)) if text.strip() and not is_aside(text)]
)
def test_each_nasty_text_survives_in_every_kind_of_cell(text):
    table = sample(overall_goal=text, department=text.strip())
    task, indicator = table.key_tasks[0], table.indicators[0]
    task = replace(task, name=text, content=text, expected_outcome=text)
    indicator = IndicatorRow(indicator.level1, indicator.level2, text, text, text)
    nasty = replace(table, key_tasks=(task,), indicators=(indicator,))
    assert read_back(nasty) == [nasty]


@pytest.mark.parametrize("edition", ["2023", "2026"])
def test_a_text_of_several_pages_reads_back_whole(edition):
    long = "推进治理体系建设，" * 3000
    table = sample(edition, overall_goal=long)
    table = replace(table, key_tasks=(replace(table.key_tasks[0], content=long), *table.key_tasks[1:]))
    assert read_back(table) == [table]


@pytest.mark.parametrize("name", ["zhanjiang-foreign-affairs-2026.txt", "zhanjiang-human-resources-2023.xlsx"])
def test_a_published_table_reads_back_from_the_workbook_written_of_it(example_path, name):
    [read] = read_sheets(open_sheets(example_path(name).read_bytes()), name=name)
    assert read.table.key_tasks and read.table.indicators
    assert read_back(read.table) == [read.table]
