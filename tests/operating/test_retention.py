"""Files leave by a stated rule; what was read of them, what came of it and why they went stays."""

import datetime
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from declarations.administering.references import flow
from declarations.importing.batch import desk
from declarations.models import Copying, Disposal, ListState, RequestCount, Upload
from declarations.models.upload import ImportState
from declarations.operating import retention
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LIST = "科室代码,科室名称\n07,农业科\n".encode()


@pytest.fixture
def bureau():
    return factories.bureau()


@pytest.fixture
def administrator(bureau):
    return factories.person("administrator", bureau)


@pytest.fixture
def cleared(django_capture_on_commit_callbacks):
    def clear(after: datetime.timedelta) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return retention.delete_due_files(timezone.now() + after)

    return clear


def batch_in(bureau, administrator, state, **values):
    batch = desk.new_batch(bureau, administrator, None)
    upload = desk.add_file(batch, "表.xlsx", ContentFile(b"content"))
    type(batch).objects.filter(pk=batch.pk).update(state=state, **values)
    return batch, upload, Path(upload.file.path)


@pytest.mark.parametrize("state", [ImportState.READY, ImportState.FAILED, ImportState.CANCELLED, ImportState.UPLOADED])
def test_a_batch_that_was_never_brought_in_loses_its_files_after_a_month(bureau, administrator, cleared, state):
    batch, upload, path = batch_in(bureau, administrator, state)
    assert cleared(29 * DAY) == 0 and path.exists()
    assert cleared(31 * DAY) == 1 and not path.exists()
    batch.refresh_from_db()
    upload.refresh_from_db()
    assert batch.state == ImportState.CANCELLED and (upload.file.name, upload.original_name) == ("", "表.xlsx")
    note = Disposal.objects.get()
    assert (note.reason, note.subject, note.sha256, note.bureau) == ("abandoned", str(upload.pk), upload.sha256, bureau)


def test_a_batch_that_was_brought_in_keeps_its_files_for_the_years_that_are_set(
    bureau, administrator, cleared, settings
):
    settings.KEPT_YEARS = 2
    _, _, path = batch_in(bureau, administrator, ImportState.APPLIED, applied_at=timezone.now())
    assert cleared(700 * DAY) == 0 and path.exists()
    assert cleared(732 * DAY) == 1 and not path.exists()
    assert Disposal.objects.get().reason == "expired"


def test_a_batch_that_wrote_something_before_it_was_cancelled_counts_as_brought_in(bureau, administrator, cleared):
    batch_in(bureau, administrator, ImportState.CANCELLED, report={"result_written": 1})
    assert cleared(40 * DAY) == 0


def test_a_departments_file_stays_where_something_was_brought_over_from_it(administrator, cleared):
    declaration = factories.declaration()
    given = {"declaration": declaration, "sha256": "0" * 64, "size": 1}
    used, unused = (Upload(original_name=name, **given) for name in ("用.xlsx", "没用.xlsx"))
    for upload in (used, unused):
        upload.file.save("", ContentFile(b"1"), save=False)
        upload.save(force_insert=True)
    Copying.objects.create(declaration=declaration, source="文件", upload=used, created_by=administrator)
    assert cleared(31 * DAY) == 1
    assert Disposal.objects.get().original_name == "没用.xlsx"


def test_a_list_keeps_what_was_read_and_what_came_of_it(bureau, administrator, cleared, client):
    listing = flow.take_in(bureau, "divisions", SimpleUploadedFile("科室.csv", LIST), administrator)
    flow.apply_plan(listing, listing.digest, administrator)
    assert cleared(400 * DAY) == 0
    assert cleared(3_700 * DAY) == 1
    listing.refresh_from_db()
    assert listing.state == ListState.APPLIED and listing.report["new"] == 1 and len(listing.lines) == 1
    client.force_login(administrator)
    page = client.get(f"/references/imports/{listing.pk}/")
    assert "原文件已删除" in page.content.decode()
    assert client.get(f"/references/imports/{listing.pk}/file/").status_code == 404


def test_a_list_nobody_confirmed_is_closed_and_its_file_goes(bureau, administrator, cleared):
    listing = flow.take_in(bureau, "divisions", SimpleUploadedFile("科室.csv", LIST), administrator)
    assert cleared(31 * DAY) == 1
    listing.refresh_from_db()
    assert listing.state == ListState.CANCELLED and not listing.file


def test_a_file_that_no_record_names_goes_after_a_day(settings, cleared, bureau, administrator):
    _, _, path = batch_in(bureau, administrator, ImportState.READY)
    orphan = path.parent / "left-over"
    orphan.write_bytes(b"1")
    assert cleared(datetime.timedelta(0)) == 0
    yesterday = (timezone.now() - 2 * DAY).timestamp()
    os.utime(orphan, (yesterday, yesterday))
    os.utime(path, (yesterday, yesterday))
    assert cleared(datetime.timedelta(0)) == 1 and path.exists() and not orphan.exists()
    assert Disposal.objects.get().reason == "orphan"


def test_counts_of_requests_go_when_their_window_is_over(cleared):
    RequestCount.add("exports:600:1:user-1", timezone.now() + DAY)
    cleared(2 * DAY)
    assert not RequestCount.objects.exists()


def test_the_record_of_what_was_deleted_cannot_be_changed(bureau):
    note = Disposal.objects.create(bureau=bureau, original_name="a", size=1, reason="expired")
    for change in (note.delete, lambda: Disposal.objects.update(reason="orphan")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_files_are_looked_through_every_night():
    found = [(kind.cron, kind.task.func.__module__) for kind in app.periodic_registry.periodic_tasks.values()]
    assert ("20 19 * * *", "declarations.operating.tasks") in found  # UTC
