"""The record worked out again: a whole one is passed, and the first broken link of an altered one is named."""

import json
from contextlib import contextmanager

import pgtrigger
import pytest
from django.core.management import call_command

from declarations.models import Declaration, KeyTask, Snapshot
from declarations.record import store
from declarations.record.history import Verified, verify_records
from declarations.reviewing import workflow
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved():
    """A declaration that went all the way: four snapshots."""
    department = factories.department(division=factories.division())
    declaration = factories.declaration(department)
    places = {"filler": department, "head": department, "division": department.division}
    people = {role: factories.person(role, place) for role, place in places.items()}
    people["performance"] = factories.person("performance", department.bureau)
    for action, role in (("send_to_head", "filler"), ("submit", "head"), ("pass", "division")):
        workflow.perform_move(declaration.pk, action, people[role])
    workflow.perform_move(declaration.pk, "approve", people["performance"])
    return declaration


def broken():
    return [(one.number, one.flaw.value) for one in verify_records(Declaration.objects.all(), Verified())]


@contextmanager
def past_the_trigger():
    with pgtrigger.ignore("declarations.Snapshot:append_only"):
        yield


def test_a_record_as_it_was_written_is_whole(approved):
    counted = Verified()
    assert list(verify_records(Declaration.objects.all(), counted)) == []
    assert (counted.declarations, counted.snapshots, counted.broken) == (1, 4, 0)


def test_an_altered_text_is_found_though_its_hash_was_altered_too(approved):
    snapshot = approved.snapshots.get(number=2)
    snapshot.content["overall_goal"] = "事后改写的目标"
    forged = Snapshot.following(
        approved.snapshots.get(number=1),
        content=snapshot.content,
        declaration=approved,
        state=snapshot.state,
        row_ids=snapshot.row_ids,
        created_at=snapshot.created_at,
    )
    with past_the_trigger():
        approved.snapshots.filter(number=2).update(content=forged.content)
    assert broken() == [(2, "content")]
    with past_the_trigger():
        approved.snapshots.filter(number=2).update(content_hash=forged.content_hash, hash=forged.hash)
    assert broken() == [(3, "previous")]


@pytest.mark.parametrize(
    ("forgery", "flaw"), [({"number": 9}, (9, "number")), ({"row_ids": {"key_tasks": []}}, (4, "seal"))]
)
def test_the_last_version_cannot_be_altered_either(approved, forgery, flaw):
    with past_the_trigger():
        approved.snapshots.filter(number=4).update(**forgery)
    assert broken() == [flaw]


def test_a_stored_text_unlike_the_approved_one_is_found(approved):
    KeyTask.objects.filter(declaration=approved, position=0).update(content="悄悄改过的内容")
    assert broken() == [(4, "text")]


def test_a_stored_state_unlike_the_recorded_one_is_found(approved):
    Declaration.objects.filter(pk=approved.pk).update(state="reviewed")
    assert broken() == [(4, "state")]


def test_a_submitted_one_without_a_record_is_found():
    factories.declaration(state="submitted")
    assert broken() == [(None, "missing")]


def test_a_draft_may_be_unlike_its_last_version(approved):
    approved.snapshots.get(number=1)
    other = factories.declaration()
    store.save_table(other, factories.table(staff_count=99))
    assert broken() == []


def test_a_renamed_department_breaks_nothing(approved):
    approved.department.name = "云溪市新名称局"
    approved.department.save()
    assert broken() == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_record_of_many_takes_the_queries_of_one(count, django_assert_num_queries):
    for _ in range(count):
        factories.declaration()
    with django_assert_num_queries(4):
        assert broken() == []


def test_the_command_says_what_it_found_and_fails(approved, capsys):
    call_command("verify_history")
    assert "全部一致" in capsys.readouterr().out
    Declaration.objects.filter(pk=approved.pk).update(state="reviewed")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_history", "--year", str(approved.cycle.year), "--json")
    assert stopped.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert said["counts"] == {"declarations": 1, "snapshots": 4, "broken": 1}
    [one] = said["broken"]
    assert (one["declaration"], one["snapshot"], one["flaw"]) == (str(approved.pk), 4, "state")
