"""Snapshots and events: only ever added, and each snapshot bound to the one before."""

import hashlib

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from declarations.models import Event, Snapshot, State
from declarations.record import store
from declarations.sheet.canonical import fingerprint
from tests import factories
from tests.chains import broken_links

pytestmark = pytest.mark.django_db


def chain(length):
    declaration = factories.declaration()
    previous = None
    for number in range(length):
        table = factories.table(staff_count=number)
        previous = Snapshot.following(
            previous,
            content=table.to_json(),
            declaration=declaration,
            state=State.SUBMITTED,
            row_ids=store.row_ids(table),
        )
        previous.save()
    return declaration


@pytest.mark.parametrize("model", [Snapshot, Event])
@pytest.mark.parametrize("refused", ["update", "delete", "truncate"])
def test_the_database_refuses_to_change_or_remove_what_is_recorded(model, refused):
    declaration = chain(1)
    Event.objects.create(declaration=declaration, action="submit", from_state="certifying", to_state="submitted")
    table = model._meta.db_table
    orders = {
        "update": f"UPDATE {table} SET created_at = now()",
        "delete": f"DELETE FROM {table}",
        "truncate": f"TRUNCATE {table} CASCADE",
    }
    with pytest.raises(DatabaseError, match=f"(?i)cannot .*{refused}"), transaction.atomic():
        connection.cursor().execute(f"SET CONSTRAINTS ALL IMMEDIATE; {orders[refused]}")
    assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_only_flush_empties_the_record():
    chain(2)
    call_command("flush", interactive=False, verbosity=0)
    assert not Snapshot.objects.exists()


def test_a_chain_as_written_is_whole():
    declaration = chain(3)
    assert broken_links(declaration.snapshots.all()) == []
    assert [snapshot.number for snapshot in declaration.snapshots.all()] == [1, 2, 3]


@pytest.mark.parametrize(
    "forgery",
    [
        {"content": {"overall_goal": "改过的目标"}},
        {"state": State.APPROVED},
        {"previous_hash": "0" * 64},
        {"row_ids": {"key_tasks": []}},
    ],
)
def test_a_forged_snapshot_no_longer_fits(forgery):
    declaration = chain(3)
    with pgtrigger.ignore("declarations.Snapshot:append_only"):
        declaration.snapshots.filter(number=2).update(**forgery)
    assert [snapshot.number for snapshot in broken_links(declaration.snapshots.all())] == [2]


def test_a_removed_snapshot_leaves_a_gap():
    declaration = chain(3)
    with pgtrigger.ignore("declarations.Snapshot:append_only"):
        declaration.snapshots.filter(number=2).delete()
    assert [snapshot.number for snapshot in broken_links(declaration.snapshots.all())] == [3]


def test_the_fingerprint_is_that_of_the_canonical_text():
    """Kept hashes depend on it: whoever changes the canonical form breaks every chain there is."""
    canonical = '{"a":["水",null],"b":1}'
    assert fingerprint({"b": 1, "a": ["水", None]}) == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_snapshot_has_the_fingerprint_of_its_table():
    table = factories.table()
    assert fingerprint(table.to_json()) == table.fingerprint
