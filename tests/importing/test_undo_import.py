"""Taking a whole import back: as it was before, on the record, and never over somebody's later work."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from declarations.findings.context import contexts_of
from declarations.importing.batch import desk, undoing
from declarations.models import Cycle, Declaration, Event, ImportBatch, Presence, Snapshot, State, User
from declarations.models.upload import ImportState
from declarations.record import store
from declarations.record.authenticity import Verdict, verdict_on
from declarations.record.history import Verified, verify_records
from tests import factories
from tests.chains import broken_links
from tests.importing.test_views_imports import (
    PAST,
    administrator,
    agree,
    bring_in,
    bureau,
    page,
    post,
    read,
    run_jobs,
    table,
    workbook,
)

pytestmark = pytest.mark.django_db
__all__ = ["administrator", "bureau"]


def imported(client, *tables, **values):
    files = [workbook(one, f"{number}.xlsx") for number, one in enumerate(tables)]
    return bring_in(client, read(client, *files, **values))


def undone(client, batch):
    assert post(client, batch, "undo").status_code == 302
    run_jobs()
    batch.refresh_from_db()
    return batch


def confirmation(client, batch):
    return client.get(reverse("declarations:import_undo", args=[batch.pk])).content.decode()


def row_of(batch):
    return batch.uploads.get().result["rows"][0]


def draft(bureau, **values):
    """A department at work on the year being declared."""
    home = factories.department(bureau, name="云溪市民政局")
    return factories.declaration(home, **values)


def test_what_the_import_began_is_in_no_list_and_its_record_stays(client, bureau, administrator):
    batch = imported(client, table())
    declaration = Declaration.objects.get()
    assert "1 份是这次导入新建的，将从申报表中撤下" in confirmation(client, batch)
    undone(client, batch)
    assert batch.state == ImportState.UNDONE and batch.undone_by == administrator
    assert not Declaration.objects.exists()
    assert client.get(reverse("declarations:detail", args=[declaration.pk])).status_code == 404
    kept = Declaration.everything.get()
    assert [event.action for event in kept.events.order_by("pk")] == ["import", "undo_import"]
    assert kept.events.latest("pk").actor == administrator and kept.snapshots.count() == 1
    assert list(verify_records(Declaration.everything.all(), Verified())) == []
    assert "1 份已撤销" in page(client, batch) and row_of(batch)["result"] == "undone"


def test_a_year_taken_back_is_no_last_year(client, bureau, administrator):
    batch = imported(client, table())
    home = bureau.departments.get(name="云溪市教育局")
    this_year = factories.declaration(home)
    assert contexts_of([this_year])[this_year.pk].last_year is not None
    undone(client, batch)
    assert contexts_of([this_year])[this_year.pk].last_year is None


def test_the_text_of_an_undone_import_is_no_approved_text(client, bureau, administrator):
    batch = imported(client, table())
    snapshot = Snapshot.objects.get()
    assert verdict_on(snapshot) is Verdict.APPROVED
    undone(client, batch)
    assert verdict_on(Snapshot.objects.get()) is Verdict.OTHER_VERSION
    asked = client.post(reverse("declarations:authenticity"), {"code": snapshot.code}).content.decode()
    assert "该次导入已撤销" in asked and "/snapshots/" not in asked
    log = client.get(reverse("declarations:log")).content.decode()
    assert "撤销导入" in log and "/snapshots/" not in log


def test_the_place_is_free_for_the_same_file_again(client, bureau, administrator):
    undone(client, imported(client, table()))
    again = imported(client, table())
    assert again.report["result_written"] == 1
    assert Declaration.objects.get().snapshots.get().number == 1
    assert Declaration.everything.count() == 2


def test_a_draft_written_over_says_again_what_it_said_with_its_rows_and_links(client, bureau, administrator):
    declaration = draft(bureau, said=factories.table(staff_count=7))
    before = store.table_of(declaration)
    batch = imported(client, table("云溪市民政局", year=2027, staff_count=99), year=2027)
    assert Declaration.objects.get().staff_count == 99
    assert "恢复为第 1 版" in confirmation(client, batch)
    undone(client, batch)
    now = Declaration.objects.get()
    assert store.table_of(now) == before
    assert store.row_identities(store.table_of(now)) == store.row_identities(before)
    assert [one.content["staff_count"] for one in now.snapshots.order_by("number")] == [7, 99, 7]
    assert broken_links(now.snapshots.order_by("number")) == []
    assert "恢复为第 1 版的内容" in now.events.latest("pk").comment


def test_a_blank_draft_is_blank_again(client, bureau, administrator):
    blank = replace(factories.table(), **dict.fromkeys(store.SCALARS[:-1]), overall_goal="")
    rows = tuple(replace(row, name="", cycle_value="", annual_value="") for row in blank.indicators[:2])
    declaration = draft(bureau, said=replace(blank, key_tasks=(), indicators=rows))
    before = store.table_of(declaration)
    batch = imported(client, table("云溪市民政局", year=2027), year=2027)
    assert Declaration.objects.get().staff_count == 33
    undone(client, batch)
    assert store.table_of(Declaration.objects.get()) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("edit", "王晓已于"),
        ("import", "修改过"),
        ("explain", "填写了疑点说明"),
        ("open", "正打开着它的填报页"),
    ],
)
def test_what_was_touched_since_stays_and_says_by_whom(client, bureau, administrator, change, said):
    declaration = draft(bureau)
    files = [workbook(table("云溪市民政局", year=2027, staff_count=99), "0.xlsx"), workbook(table(), "1.xlsx")]
    batch = bring_in(client, agree(client, read(client, *files, year=""), PAST))
    touch(client, change, declaration.pk)
    after = store.table_of(Declaration.objects.get(pk=declaration.pk))
    assert said in confirmation(client, batch)
    undone(client, batch)
    assert store.table_of(Declaration.objects.get(pk=declaration.pk)) == after
    assert not Declaration.objects.filter(department__name="云溪市教育局").exists(), "the others go"
    assert batch.state == ImportState.UNDONE and batch.report["result_undone"] == 1
    assert said in page(client, batch)


def touch(client, change, key):
    declaration = Declaration.objects.get(pk=key)
    person = factories.person("filler", declaration.department, name="王晓")
    if change == "edit":
        store.save_table(declaration, replace(store.table_of(declaration), staff_count=100), user=person)
    elif change == "import":
        imported(client, table("云溪市民政局", year=2027, staff_count=55), year=2027)
    elif change == "explain":
        declaration.explanations.create(author=person, code="B07", place="", reason="情况属实，已核对。")
    else:
        Presence.note(declaration, person, "11111111-1111-4111-8111-111111111111", "")


def test_one_that_was_sent_on_since_is_named_with_its_state(client, bureau, administrator):
    batch = imported(client, table(year=2027), year=2027)
    declaration = Declaration.objects.get()
    person = factories.person("filler", declaration.department, name="王晓")
    Event.objects.create(
        declaration=declaration, action="send_to_head", from_state=State.DRAFT, to_state=State.CERTIFYING, actor=person
    )
    assert "王晓已于" in confirmation(client, batch) and "没有可以撤销的申报表" in confirmation(client, batch)


def test_undoing_twice_changes_nothing_more(client, bureau, administrator):
    batch = undone(client, imported(client, table()))
    before = Event.objects.count()
    undone(client, batch)
    assert Event.objects.count() == before and batch.state == ImportState.UNDONE


def test_a_batch_that_was_cancelled_half_way_can_be_taken_back_too(client, bureau, administrator):
    batch = imported(client, table())
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.CANCELLED)
    undone(client, batch)
    assert not Declaration.objects.exists()


def test_one_that_was_not_brought_in_cannot_be_taken_back(client, bureau, administrator):
    batch = read(client, workbook(table()))
    post(client, batch, "undo")
    batch.refresh_from_db()
    assert batch.state == ImportState.READY and batch.undone_by is None


def test_an_undoing_that_ended_in_an_error_is_taken_up_where_it_stopped(client, bureau, administrator, monkeypatch):
    batch = imported(client, table(), table("云溪市水务局"))
    monkeypatch.setattr(undoing, "AT_ONCE", 1)
    chunks = undoing.take_back

    def once(*arguments):
        monkeypatch.setattr(undoing, "take_back", broken)
        return chunks(*arguments)

    monkeypatch.setattr(undoing, "take_back", once)
    post(client, batch, "undo")
    with pytest.raises(OSError):
        run_jobs()
    batch.refresh_from_db()
    assert (batch.state, Declaration.objects.count()) == (ImportState.FAILED, 1)
    monkeypatch.setattr(undoing, "take_back", chunks)
    post(client, batch, "resume")
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.report["result_undone"], Declaration.objects.count()) == (ImportState.UNDONE, 2, 0)
    assert Event.objects.filter(action="undo_import").count() == 2


def broken(*arguments):
    raise OSError


def test_another_bureaus_batch_is_not_there(client, bureau, administrator):
    batch = imported(client, table())
    client.force_login(factories.person("administrator", factories.bureau()))
    assert post(client, batch, "undo").status_code == 404
    assert Declaration.objects.exists()


def test_one_table_costs_as_many_queries_as_three(client, bureau, administrator):
    spent = []
    for count in (1, 3):
        names = [f"第{count}{letter}局" for letter in "甲乙丙"[:count]]
        for name in names:
            factories.department(bureau, name=name)
        batch = imported(client, *(table(name) for name in names))
        with CaptureQueriesContext(connection) as looked:
            confirmation(client, batch)
        batch.refresh_from_db()
        undoing.begin_undo(batch, User.objects.get(pk=administrator.pk))
        with CaptureQueriesContext(connection) as taken:
            undoing.undo_batch(batch)
        spent.append((len(looked), len(taken)))
    assert spent[0] == spent[1]


def test_the_years_that_an_import_made_go_with_it_and_can_be_used_again(client, bureau, administrator):
    undone(client, imported(client, table()))
    assert not Cycle.objects.filter(year=PAST).exists() and not Snapshot.objects.exclude(number=1).exists()
    assert Cycle.everything.filter(year=PAST).exists(), "the record keeps its year"
    assert desk.new_batch(bureau, administrator, PAST).state == ImportState.UPLOADED


def test_a_year_of_which_everything_was_taken_back_is_offered_no_more(client, bureau, administrator):
    batch = imported(client, table())
    pages = [reverse("declarations:list"), reverse("declarations:statistics")]
    assert all("2026年度" in client.get(one).content.decode() for one in pages)
    undone(client, batch)
    shown = [client.get(one).content.decode() for one in pages]
    assert not any("2026年度" in one for one in shown) and all("2027年度" in one for one in shown)
