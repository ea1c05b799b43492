"""Workers killed with kill -9 at any moment: nothing half done, nothing twice, and the job ends.

A few times here; fifty times each with `make soak`.
"""

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.db import connection

from declarations.exporting import making
from declarations.files.writing.writer import write_table
from declarations.importing.batch import desk
from declarations.models import Declaration, Event, Export, ImportBatch, Snapshot, State, User
from declarations.models.export import ExportState
from declarations.models.upload import ImportState, UploadState
from declarations.operating import tasks
from declarations.record import store
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
SOAK = bool(os.environ.get("SOAK"))
KILLS = 50 if SOAK else 4
FILES = 60 if SOAK else 16
LONGEST_LIFE = 0.9
PATIENCE = 60
YEARS = range(2026, 2000, -1)


@pytest.fixture
def bureau():
    made = factories.bureau(name="云溪市财政局")
    factories.cycle(made)
    for number in range(FILES):
        factories.department(made, name=f"云溪市第{number:02}局", code=f"{number:03}")
    yield made
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture(scope="module")
def nursery(django_db_setup):
    """The program that starts workers on the tests' database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": database, "LOG_LEVEL": "CRITICAL"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-m", "tests.crashes.nursery"]
    made = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
    assert made.stdout.readline() == "ready\n"
    yield made
    made.stdin.close()
    made.wait(10)
    made.stdout.close()


@pytest.fixture
def start(nursery):
    """What starts a worker, its process number; all are dead afterwards."""
    born = []

    def one():
        print(site.MEDIA_ROOT, file=nursery.stdin, flush=True)
        born.append(int(nursery.stdout.readline()))
        return born[-1]

    yield one
    for worker in born:
        kill(worker)


def kill(worker):
    try:
        os.kill(worker, signal.SIGKILL)
    except ProcessLookupError:
        return


def bury():
    """Half a minute later, by the clock of the database: the next tick of the task that looks for dead workers."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '40 seconds'")
    tasks.take_up_stalled(timestamp=0)


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "the job did not end"
        time.sleep(0.05)


def said(number, year):
    return factories.table(department=f"云溪市第{number:02}局", year=year, staff_count=number + 1)


def uploaded(bureau, year, actor):
    """A batch of one archive, handed to the job."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(FILES):
            workbook = io.BytesIO()
            write_table(said(number, year), workbook)
            archive.writestr(f"{number:02}.xlsx", workbook.getvalue())
    batch = desk.new_batch(bureau, actor, year)
    desk.add_file(batch, "全市.zip", ContentFile(packed.getvalue()))
    tasks.read_import.defer(batch=str(batch.pk))
    return batch


def state_of(batch):
    """Where it stands; one that was read is told to go on, as a person would."""
    found = ImportBatch.objects.get(pk=batch.pk)
    if desk.advance_batch(found, ImportState.APPLYING, (ImportState.READY,)):
        tasks.apply_import.defer(batch=str(found.pk), actor=found.created_by_id)
    return found.state


def is_over(batch):
    return state_of(batch) == ImportState.APPLIED


def all_in_once(batch, year):
    """Every file is one declaration with one version and one event, and nothing else is there."""
    batch.refresh_from_db()
    members = batch.uploads.exclude(original_name="全市.zip")
    assert batch.report["result_written"] == members.count() == FILES
    assert set(members.values_list("state", flat=True)) == {UploadState.APPLIED}
    declarations = Declaration.objects.filter(cycle__year=year).order_by("department__code")
    tables = [table for _, table in store.tables_of(declarations)]
    assert tables == [said(number, year) for number in range(FILES)]
    for model in (Snapshot, Event):
        found = model.objects.filter(declaration__in=declarations).values_list("declaration", flat=True)
        assert sorted(found) == sorted(declarations.values_list("pk", flat=True))


def actor(bureau) -> User:
    return factories.person("administrator", bureau)


def test_an_import_survives_workers_killed_at_any_moment(bureau, start):
    chance, killed, person, started = random.Random(5), 0, actor(bureau), time.monotonic()
    years, done = iter(YEARS), []
    while killed < KILLS:
        year = next(years)
        batch = uploaded(bureau, year, person)
        done.append((batch, year))
        while killed < KILLS and not is_over(batch):
            worker = start()
            time.sleep(chance.uniform(0.05, LONGEST_LIFE))
            kill(worker)
            killed += 1
            bury()
        start()
        wait_until(lambda one=batch: is_over(one))
    for batch, year in done:
        all_in_once(batch, year)
    print(f"\n{killed} kills, {len(done)} imports of {FILES} files, {time.monotonic() - started:.0f} s")


def test_two_workers_on_one_import_bring_nothing_in_twice(bureau, start):
    """The second takes up the job while the first, thought dead, is still at it."""
    batch = uploaded(bureau, 2026, actor(bureau))
    start()
    wait_until(lambda: batch.uploads.count() > 1)
    bury()
    start()
    wait_until(lambda: is_over(batch))
    all_in_once(batch, 2026)


def test_an_export_survives_workers_killed_at_any_moment(bureau, start):
    person, chance = factories.person("performance", bureau), random.Random(7)
    for department in bureau.departments.all():
        factories.declaration(department, state=State.SUBMITTED)
    export = making.begin_export(person, Declaration.objects.visible_to(person).order_by("pk"), "docx")
    tasks.make_export.defer(export=str(export.pk))

    def is_ready():
        return Export.objects.get(pk=export.pk).state == ExportState.READY

    killed = 0
    while killed < KILLS and not is_ready():
        worker = start()
        time.sleep(chance.uniform(0.05, LONGEST_LIFE))
        kill(worker)
        killed += 1
        bury()
    start()
    wait_until(is_ready)
    with zipfile.ZipFile(export.path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist())) == FILES
    print(f"\n{killed} kills during an export of {FILES} tables")
