"""Controls are told apart by their names, here as on the server."""

import re
import uuid

import pytest

from declarations.sheet.controls import control_name

pytestmark = pytest.mark.browser

SCRIPT = "filling/grid/names.js"
ROW = "2b1f0f5e-0f55-4f65-8a0c-6d5b7e4f1c11"


@pytest.mark.parametrize(("grid", "column"), [("key_tasks", "funding"), ("indicators", "annual_value")])
def test_a_cell_is_found_by_the_name_that_the_server_gives(call, grid, column):
    name = control_name(grid, ROW, column)
    assert call(SCRIPT, "script.cellOf(given)", name) == {"grid": grid, "row": ROW, "column": column}
    assert call(SCRIPT, "script.nameOf(...given)", [grid, ROW, column]) == name


@pytest.mark.parametrize("name", ["basic_expenditure", "overall_goal", "key_tasks-1-funding", ""])
def test_a_single_field_is_no_cell(call, name):
    assert call(SCRIPT, "script.cellOf(given)", name) is None


def test_a_new_row_has_an_identity_of_its_own_also_without_https(call):
    first, second = call(SCRIPT, "[script.newId(), script.newId()]")
    assert first != second
    assert uuid.UUID(first).version == 4 and re.fullmatch(r"[0-9a-f-]{36}", first)
