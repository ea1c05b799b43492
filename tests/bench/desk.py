"""The import desk: one zip of a thousand workbooks, read and applied by a real worker as two jobs.

The other side is that of `importing.py`: openpyxl, the values by position, and a `save()` a row.
"""

import io
import os
import secrets
import tempfile
import threading
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import psutil
from django.core.files import File

from config.processes import worker_command
from declarations.importing.batch import desk
from declarations.models import Event, Snapshot
from declarations.models.upload import ImportState
from declarations.operating import tasks
from tests import factories
from tests.bench.corpus import write_corpus
from tests.bench.importing import city, theirs
from tests.bench.timing import clock, say

AIM = 20
PAST_YEAR = 2026
PRODUCTION = {"DEBUG": "off", "SECRET_KEY": secrets.token_urlsafe(48), "ALLOWED_HOSTS": "localhost"}
FAILED = (ImportState.FAILED, ImportState.CANCELLED)


def zipped(paths):
    """One archive, as an office sends a city's tables."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    return File(file, "全市.zip")


def ours(bureau, actor, content):
    """From the uploaded archive to declarations with snapshots and events."""
    batch = desk.new_batch(bureau, actor, None)
    batch.new_years = [PAST_YEAR]  # as a person agrees to it on the page
    batch.save(update_fields=["new_years"])
    desk.add_file(batch, content.name, content)
    tasks.read_import.defer(batch=str(batch.pk))
    wait(batch, ImportState.READY)
    tasks.apply_import.defer(batch=str(batch.pk), actor=actor.pk)
    wait(batch, ImportState.APPLIED)
    return batch


def wait(batch, state):
    while batch.state != state:
        time.sleep(0.1)
        batch.refresh_from_db(fields=["state"])
        assert batch.state not in FAILED, batch.report


@contextmanager
def worker(folder):
    """A worker like that of the site; what it says goes to a file of its own."""
    environment = {**os.environ, "MEDIA_ROOT": folder, **PRODUCTION}
    with open(Path(folder) / "worker.log", "wb") as log:
        process = Popen(worker_command(), env=environment, stdout=log, stderr=log)
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait()


class Memory:
    """The most that a process, and its children together, held at any time."""

    def __init__(self, process):
        self.process, self.own, self.children, self.ended = process, 0.0, 0.0, threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def watch(self):
        while not self.ended.wait(0.2):
            self.own = max(self.own, held(self.process))
            self.children = max(self.children, sum(map(held, self.process.children())))


def held(process):
    """Megabytes; nothing of a child that ended meanwhile."""
    try:
        return process.memory_info().rss / 2**20
    except psutil.NoSuchProcess:
        return 0.0


def main(few=200, count=1_000):
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        paths = write_corpus(folder, count)
        with worker(folder) as process:
            for size in (8, few, count):  # the first: the worker and its children start once and stay
                bureau, content = city(size), zipped(paths[:size])
                actor = factories.person("administrator", bureau)
                with Memory(process) as memory, clock() as spent:
                    batch = ours(bureau, actor, content)
                assert batch.uploads.filter(state="applied").count() == size
                if size == few:
                    early = memory
        assert Snapshot.objects.count() >= 8 + few + count <= Event.objects.count()
        with clock() as slow:
            theirs(paths, city(count))
    say(f"a zip of {count} workbooks in one job, against openpyxl and save()", spent, slow, count, AIM)
    print(
        f"its worker held at most {early.own:.0f} MB with {few} and {memory.own:.0f} MB with {count} workbooks, its "
        f"children {early.children:.0f} and {memory.children:.0f} MB: {memory.own / early.own:.2f} times (aim 1.0)"
    )
