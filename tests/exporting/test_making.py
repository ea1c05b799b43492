"""Exports made by a job: whole or absent, taken up where they stopped, never more than the person may read."""

import datetime
import gc
import io
import json
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from declarations.exporting import choosing, making
from declarations.exporting.rendering import RenderError
from declarations.models import Declaration, Export, ExportedTable, State
from declarations.models.export import ExportState, TableState
from declarations.record import store
from declarations.views.exporting import exports as direct
from tests import factories
from tests.importing.test_views_imports import run_jobs

pytestmark = pytest.mark.django_db


NAMED = {State.SUBMITTED: "第", State.DRAFT: "未报", State.APPROVED: "批复"}


@pytest.fixture
def bureau():
    return factories.bureau()


@pytest.fixture
def person(client, bureau):
    made = factories.person("performance", bureau)
    client.force_login(made)
    return made


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    """Two tables are many, so that a job makes them; parts of two."""
    monkeypatch.setattr(direct, "DIRECT", dict.fromkeys(direct.DIRECT, 1))
    monkeypatch.setattr(making, "AT_ONCE", 2)


def reported(bureau, count, state=State.SUBMITTED):
    return [
        factories.declaration(
            factories.department(bureau, code=f"{state}{n}", name=f"{NAMED[state]}{n}局"), state=state
        )
        for n in range(count)
    ]


def ask(client, form="json", **values):
    response = client.post(reverse("declarations:export_new"), {"format": form, "sort": "department"} | values)
    assert response.status_code == 302, response.content.decode()
    return Export.objects.get(pk=response.url.split("/")[-2])


def made(client, form="json", **values):
    export = ask(client, form, **values)
    run_jobs()
    export.refresh_from_db()
    return export


def page(client, export, name="detail"):
    return client.get(reverse(f"declarations:export_{name}", args=[export.pk]))


def names_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def downloaded(client, export):
    return page(client, export, "download").getvalue()


# --- asked for, made, fetched ----------------------------------------------------------------


def test_many_tables_are_made_by_a_job_and_fetched(client, bureau, person):
    declarations = reported(bureau, 5)
    export = ask(client)
    assert (export.state, export.total, export.requested_by) == (ExportState.WAITING, 5, person)
    assert "等待生成，共 5 份" in page(client, export).content.decode()
    run_jobs()
    export.refresh_from_db()
    assert (export.state, export.done) == (ExportState.READY, 5)
    assert "已生成 5 份" in page(client, export).content.decode()
    response = page(client, export, "download")
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as archive:
        read = [json.loads(archive.read(name)) for name in archive.namelist()]
    assert read == [store.table_of(one).to_json() for one in declarations]
    assert "attachment" in response.headers["Content-Disposition"]
    assert not export.parts.exists()


def test_little_leaves_at_once(client, bureau, person):
    reported(bureau, 1)
    response = client.post(reverse("declarations:export_new"), {"format": "json", "q": "局"}, follow=True)
    assert len(names_of(response.getvalue())) == 1 and not Export.objects.exists()


def test_an_address_that_asks_for_much_asks_first(client, bureau, person):
    first, *_ = reported(bureau, 2)
    pick = {"pick": [str(one.pk) for one in Declaration.objects.all()]}
    response = client.get(reverse("declarations:list_export"), {"format": "pdf"} | pick, follow=True)
    assert "将由后台生成 2 份：PDF" in response.content.decode() and str(first.pk) in response.content.decode()
    assert not Export.objects.exists()


def test_a_selection_is_what_was_ticked(client, bureau, person):
    chosen = reported(bureau, 4)[1:3]
    export = made(client, pick=[str(one.pk) for one in chosen])
    assert names_of(downloaded(client, export)) == ["submitted1_第1局_2027年度.json", "submitted2_第2局_2027年度.json"]


def test_the_figures_of_many_leave_as_one_workbook(client, bureau, person):
    reported(bureau, 3)
    reported(bureau, 1, State.DRAFT)
    export = made(client, "flat")
    book = openpyxl.load_workbook(io.BytesIO(downloaded(client, export)))
    assert book["申报表"].max_row == 4
    assert "3 份，1 份没有导出" in page(client, export).content.decode()


def test_a_list_that_is_too_long_says_so_in_the_archive(client, bureau, person, monkeypatch):
    monkeypatch.setattr(making, "LONGEST", 2)
    reported(bureau, 3)
    export = made(client)
    with zipfile.ZipFile(io.BytesIO(downloaded(client, export))) as archive:
        assert "只导出前 2 份" in archive.read("未导出说明.txt").decode("utf-8-sig")
        assert len(archive.namelist()) == 3


# --- what may be read ------------------------------------------------------------------------


def test_only_the_person_who_asked_finds_it(client, bureau, person):
    reported(bureau, 2)
    export = made(client)
    for other in (factories.person("performance", bureau), factories.superuser()):
        client.force_login(other)
        assert {page(client, export, name).status_code for name in ("detail", "download", "progress")} == {404}
        assert str(export.pk) not in client.get(reverse("declarations:export_jobs")).content.decode()


def test_what_may_not_be_read_when_it_is_made_is_named_and_left_out(client, bureau, person):
    reported(bureau, 2)
    export = ask(client)
    Declaration.objects.filter(department__code="submitted0").update(state=State.DRAFT)
    run_jobs()
    assert names_of(downloaded(client, export)) == ["submitted1_第1局_2027年度.json", "未导出说明.txt"]
    shown = page(client, export).content.decode()
    assert "1 份没有导出" in shown and "第0局 2027年度" in shown and making.UNREADABLE in shown


def test_what_may_not_be_read_any_more_when_it_is_fetched_is_not_in_it(client, bureau, person):
    reported(bureau, 3)
    export = made(client)
    Declaration.objects.filter(department__code="submitted1").update(state=State.DRAFT)
    response = page(client, export, "download")
    content = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert "submitted1 第1局" in archive.read("未导出说明.txt").decode("utf-8-sig")
        assert archive.namelist()[:-1] == ["submitted0_第0局_2027年度.json", "submitted2_第2局_2027年度.json"]


def test_a_workbook_of_figures_that_may_not_be_read_any_more_is_refused(client, bureau, person):
    reported(bureau, 2)
    export = made(client, "flat")
    Declaration.objects.filter(department__code="submitted1").update(state=State.DRAFT)
    response = page(client, export, "download")
    assert (response.status_code, "第1局" in response.content.decode()) == (409, True)


def test_somebody_who_lost_the_role_gets_nothing(client, bureau, person):
    reported(bureau, 2)
    export = ask(client)
    person.memberships.all().delete()
    run_jobs()
    export.refresh_from_db()
    assert set(export.tables.values_list("state", flat=True)) == {TableState.LEFT_OUT}


def test_a_table_that_cannot_be_rendered_is_named_and_the_others_leave(client, bureau, person, monkeypatch):
    reported(bureau, 3)
    whole = choosing.make_export

    def faulty(declaration, table, form):
        export = whole(declaration, table, form)
        if declaration.department.code != "submitted1":
            return export
        return choosing.ArchiveMember(export.code, export.department, export.year, RenderError("表格过大，不能生成"))

    monkeypatch.setattr(choosing, "make_export", faulty)
    export = made(client)
    assert export.state == ExportState.READY and len(names_of(downloaded(client, export))) == 3
    assert "表格过大，不能生成：1 份" in page(client, export).content.decode()


# --- cut off and taken up --------------------------------------------------------------------


def stop_after(monkeypatch, count, error):
    """The job ends in an error after so many tables."""
    whole, begun = choosing.make_export, []

    def failing(*arguments):
        begun.append(1)
        if len(begun) > count:
            raise error
        return whole(*arguments)

    monkeypatch.setattr(choosing, "make_export", failing)
    return lambda: monkeypatch.setattr(choosing, "make_export", whole)


def test_a_job_that_failed_goes_on_where_it_stopped(client, bureau, person, monkeypatch):
    reported(bureau, 5)
    export = ask(client)
    mend = stop_after(monkeypatch, 3, OSError)
    with pytest.raises(OSError):
        run_jobs()
    export.refresh_from_db()
    assert export.state == ExportState.FAILED and export.tables.filter(state=TableState.MADE).count() == 2
    assert "继续生成" in page(client, export).content.decode()
    mend()
    ProcrastinateJob.objects.all()._raw_delete("default")
    client.post(reverse("declarations:export_resume", args=[export.pk]))
    again = stop_after(monkeypatch, 3, AssertionError("made twice"))
    run_jobs()
    again()
    assert len(names_of(downloaded(client, export))) == 5


def test_what_lies_no_longer_there_is_made_again(client, bureau, person):
    reported(bureau, 3)
    export = ask(client)
    ExportedTable.objects.filter(export=export, position=0).update(state=TableState.MADE, name="gone.json")
    run_jobs()
    assert len(names_of(downloaded(client, export))) == 3


def test_cancelling_stops_between_two_tables_and_it_can_go_on(client, bureau, person, monkeypatch):
    monkeypatch.setattr(making, "NOTED_EVERY", 0)
    reported(bureau, 3)
    export = ask(client)
    whole = choosing.make_export

    def cancelling(*arguments):
        Export.objects.update(state=ExportState.CANCELLED)
        return whole(*arguments)

    monkeypatch.setattr(choosing, "make_export", cancelling)
    run_jobs()
    monkeypatch.setattr(choosing, "make_export", whole)
    assert "已取消" in page(client, export).content.decode()
    assert not list(export.parts.glob("*.zip")) and not export.path.exists()
    client.post(reverse("declarations:export_resume", args=[export.pk]))
    run_jobs()
    assert len(names_of(downloaded(client, export))) == 3


def test_a_cancelled_one_is_not_begun(client, bureau, person):
    reported(bureau, 2)
    export = ask(client)
    client.post(reverse("declarations:export_cancel", args=[export.pk]))
    run_jobs()
    export.refresh_from_db()
    assert export.state == ExportState.CANCELLED and not export.path.exists()


def test_a_second_worker_does_not_spoil_what_the_first_finished(client, bureau, person):
    reported(bureau, 3)
    export = made(client)
    before = export.path.read_bytes()
    late = Export.objects.get(pk=export.pk)
    with pytest.raises(making.Stopped):
        making.make_archive(late)
    assert not making.make_export(late) and export.path.read_bytes() == before


# --- kept, and not for ever ------------------------------------------------------------------


def test_files_go_after_seven_days(client, bureau, person):
    reported(bureau, 2)
    old, new = made(client), made(client)
    week = timezone.now() - making.KEPT_FOR - datetime.timedelta(minutes=1)
    Export.objects.filter(pk=old.pk).update(created_at=week, finished_at=week)
    assert making.remove_old() == 1
    assert (old.path.exists(), new.path.exists()) == (False, True)
    assert "已到期删除" in page(client, old).content.decode()
    assert page(client, old, "download").status_code == 404


def test_the_file_lies_where_nobody_is_served_and_nobody_else_reads(client, bureau, person, settings):
    reported(bureau, 2)
    export = made(client)
    assert export.path.is_relative_to(settings.MEDIA_ROOT)
    assert (export.path.stat().st_mode & 0o777, export.path.parent.stat().st_mode & 0o077) == (0o600, 0)


def test_two_tables_cost_as_many_queries_as_three_in_one_part(client, bureau, person, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 10)
    reported(bureau, 2)
    spent = []
    for count in (2, 3):
        export = ask(client)
        assert export.total == count
        with CaptureQueriesContext(connection) as jobs:
            making.make_export(Export.objects.get(pk=export.pk))
        with CaptureQueriesContext(connection) as pages:
            page(client, export)
            downloaded(client, export)
        spent.append((len(jobs), len(pages)))
        factories.declaration(factories.department(bureau, name=f"又{count}局"), state=State.SUBMITTED)
    assert spent[0] == spent[1]


def test_the_memory_of_a_job_does_not_grow_with_its_tables(bureau, person, monkeypatch):
    monkeypatch.setattr(making, "AT_ONCE", 3)
    bulk = factories.table(overall_goal="目标" * 20_000)
    for n in range(12):
        factories.declaration(factories.department(bureau, name=f"第{n}局"), state=State.SUBMITTED, said=bulk)
    keep, held = making.keep_chunk, []

    def measured(*arguments):
        keep(*arguments)
        gc.collect()  # rows and their declaration hold each other until they are looked for
        held.append(tracemalloc.get_traced_memory()[0])

    monkeypatch.setattr(making, "keep_chunk", measured)
    export = making.begin_export(person, Declaration.objects.visible_to(person).order_by("pk"), "json")
    tracemalloc.start()
    making.make_export(export)
    tracemalloc.stop()
    assert len(held) == 4 and max(held) < held[0] + 100_000
