"""What persons answered travels with a file into the process that reads it."""

import io

import pytest

from declarations.files.guarding.sandbox import Sandbox
from declarations.files.writing.writer import write_table
from tests.samples import sample


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(workers=1) as pool:
        yield pool


def test_a_file_is_read_with_answers(sandbox):
    file = io.BytesIO()
    write_table(sample(), file)
    [table] = sandbox.read(file.getvalue(), name="2026年.xlsx", answers={"在岗人数": ""}).tables
    assert (table["questions"], table["absent"]) == ([], [])
