"""Jobs whose worker died: said in words on their pages, taken up by themselves, given up at last."""

import datetime
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from declarations.exporting import making
from declarations.models import Declaration, ImportBatch, State
from declarations.models.export import ExportState
from declarations.models.upload import ImportState
from declarations.operating import jobs, tasks
from tests import factories

pytestmark = pytest.mark.django_db
INTERRUPTED = "处理进程中断，正在自动恢复"


@pytest.fixture
def bureau():
    return factories.bureau()


@pytest.fixture
def batch(client, bureau):
    """One that a worker is reading."""
    person = factories.person("administrator", bureau)
    client.force_login(person)
    made = ImportBatch.objects.create(bureau=bureau, created_by=person, state=ImportState.READING)
    tasks.read_import.defer(batch=str(made.pk))
    return made


def begun(silent_for=0, attempts=0):
    """A worker has taken the only job up, and was last heard of so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        heard = timezone.now() - datetime.timedelta(seconds=silent_for)
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s WHERE id = %s", [heard, worker])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s", [worker, attempts]
        )


def page(client, batch):
    return client.get(reverse("declarations:import_progress", args=[batch.pk])).content.decode()


def test_a_job_whose_worker_lives_is_left_to_it(client, batch):
    begun(silent_for=20)
    assert INTERRUPTED not in page(client, batch)
    assert jobs.take_up_stalled() == 0 and ProcrastinateJob.objects.get().status == "doing"


def test_a_job_whose_worker_died_says_so_and_is_taken_up_without_a_click(client, batch):
    begun(silent_for=40)
    assert INTERRUPTED in page(client, batch)
    tasks.take_up_stalled(timestamp=0)
    job = ProcrastinateJob.objects.get()
    assert (job.status, job.attempts) == ("todo", 1)
    assert INTERRUPTED in page(client, batch), "until a worker has it"
    begun(attempts=1)
    assert INTERRUPTED not in page(client, batch)


def test_a_job_whose_worker_is_not_known_any_more_is_taken_up_too(batch):
    begun()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert jobs.take_up_stalled() == 1


def test_upkeep_that_died_with_its_worker_bars_nobody(client, batch):
    """The next tick of it waits already; only one of a kind may wait."""
    tasks.take_up_stalled.defer(timestamp=0)
    begun(silent_for=40)
    tasks.take_up_stalled.defer(timestamp=60)
    tasks.take_up_stalled(timestamp=60)
    assert ProcrastinateJob.objects.get(task_name="read_import").status == "todo"
    assert set(ProcrastinateJob.objects.filter(queue_name="upkeep").values_list("status", flat=True)) == {
        "doing",
        "todo",
    }


def test_jobs_that_ended_a_week_ago_leave_the_queues_tables():
    removed = []

    class Manager:
        async def get_stalled_jobs(self, queue):
            return [queue]

        async def finish_job(self, job, status, delete_job):
            removed.append((job, delete_job))

        async def delete_old_jobs(self, hours, **ended):
            removed.append((hours, all(ended.values())))

    context = SimpleNamespace(app=SimpleNamespace(job_manager=Manager()))
    async_to_sync(tasks.remove_old_jobs.func)(context, timestamp=0)
    assert removed == [("upkeep", True), (7 * 24, True)]


def test_one_that_took_a_hundred_workers_with_it_is_given_up_and_offers_to_go_on(client, batch):
    begun(silent_for=40, attempts=jobs.MOST_ATTEMPTS)
    tasks.take_up_stalled(timestamp=0)
    batch.refresh_from_db()
    assert (batch.state, ProcrastinateJob.objects.get().status) == (ImportState.FAILED, "doing")
    assert "继续" in client.get(reverse("declarations:import_detail", args=[batch.pk])).content.decode()


def test_one_that_lost_its_job_offers_to_go_on_and_the_command_line_needs_none(bureau, batch):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    by_hand = ImportBatch.objects.create(bureau=bureau, state=ImportState.READING)
    tasks.take_up_stalled(timestamp=0)
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportState.FAILED
    assert ImportBatch.objects.get(pk=by_hand.pk).state == ImportState.READING


def test_an_export_that_was_interrupted_says_so_too(client, bureau):
    person = factories.person("performance", bureau)
    client.force_login(person)
    factories.declaration(factories.department(bureau), state=State.SUBMITTED)
    export = making.begin_export(person, Declaration.objects.all(), "json")
    tasks.make_export.defer(export=str(export.pk))
    making.advance_export(export, ExportState.RUNNING, (ExportState.WAITING,))
    begun(silent_for=40)
    address = reverse("declarations:export_progress", args=[export.pk])
    assert INTERRUPTED in client.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    tasks.take_up_stalled(timestamp=0)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED


def test_upkeep_comes_by_the_clock():
    every = {one.task.name: one.cron for one in tasks.app.periodic_registry.periodic_tasks.values()}
    assert every["take_up_stalled"] == "* * * * *"
    assert every["remove_old_exports"] == "20 19 * * *" and every["remove_old_jobs"] == "40 19 * * *"  # UTC
