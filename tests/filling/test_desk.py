"""One desk a request: a page or a save makes the table and its texts once, and no view has a porch of its own."""

from collections import Counter
from pathlib import Path

import pytest

from declarations.filling import desk as desks
from declarations.record import store
from declarations.views import filling
from tests import factories
from tests.filling.fill_helpers import address, client_of, filler_of, row_id, send

ROOM = Path(filling.__file__).parent
PORCH = ("find_declaration", "permissions.may_edit", "store.table_of(declaration)", "except Unusable")
"""The steps of the entrance."""


@pytest.fixture
def calls(monkeypatch) -> Counter:
    """How often the table was read and its texts were made; both have one caller each in this room."""
    counted: Counter = Counter()
    for module, name in ((store, "table_of"), (desks, "texts_of")):
        whole = getattr(module, name)

        def count(*given, name=name, whole=whole):
            counted[name] += 1
            return whole(*given)

        monkeypatch.setattr(module, name, count)
    return counted


@pytest.fixture
def declaration(db):
    return factories.declaration()


@pytest.fixture
def client(declaration):
    return client_of(filler_of(declaration))


def test_a_save_reads_the_table_once_and_makes_the_texts_that_it_answers_with(calls, client, declaration):
    assert send(client, declaration, fields={"staff_count": "41"}).status_code == 200
    assert calls == {"table_of": 1, "texts_of": 1}


def test_a_save_that_takes_the_place_of_texts_makes_those_from_before_once_more(calls, client, declaration):
    gone = {grid: [row_id(declaration, grid)] for grid in ("key_tasks", "indicators")}
    assert send(client, declaration, over=["overall_goal"], deleted=gone).status_code == 200
    assert calls == {"table_of": 1, "texts_of": 2}


def test_a_conflict_reads_the_table_again_and_makes_both_texts_once(calls, client, declaration):
    send(client, declaration, fields={"staff_count": "41"})
    calls.clear()
    assert send(client, declaration, 1, fields={"staff_count": "42"}).status_code == 409
    assert calls == {"table_of": 2, "texts_of": 2}


def test_the_page_makes_its_table_and_texts_once(calls, client, declaration):
    assert client.get(address(declaration, "fill")).status_code == 200
    assert calls == {"table_of": 1, "texts_of": 1}


def test_no_view_of_the_room_finds_or_refuses_by_itself():
    views = {path.stem: path.read_text("utf-8") for path in ROOM.glob("*.py") if path.stem != "entrance"}
    assert "fill" in views
    assert not [(name, step) for name, code in views.items() for step in PORCH if step in code]
