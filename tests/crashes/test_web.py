"""The web server killed with kill -9 in the middle of an upload: all of the batch is there, or nothing of it."""

import os
import random
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.conf import settings as site
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from config.processes import ROOT, free_port, web_command
from declarations.models import ImportBatch, Upload
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
SOAK = bool(os.environ.get("SOAK"))
MOMENTS = [0.5, *(random.Random(11).random() for _ in range(9))] if SOAK else [0.5]
"""How much of the request is sent before the server dies; beyond 0.9 all of it is, and the server is at work on it."""
FILE = b"\x00" * 1_500_000
BOUNDARY = b"boundary-of-the-form"
TOKEN = "a" * 32


@contextmanager
def server(port):
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": database, "MEDIA_ROOT": str(site.MEDIA_ROOT), "LOG_LEVEL": "ERROR"}
    command = web_command("127.0.0.1", port, workers=1)
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_until_up(port)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_up(port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def request(session):
    """An upload of three files as a browser sends it."""
    parts = [b'Content-Disposition: form-data; name="year"\r\n\r\n2026']
    head = b'Content-Disposition: form-data; name="files"; filename="%d.xlsx"\r\n\r\n%b'
    parts += [head % (number, FILE) for number in range(3)]
    body = b"".join(b"--" + BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + BOUNDARY + b"--\r\n"
    lines = [
        b"POST /imports/new/ HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Content-Type: multipart/form-data; boundary=" + BOUNDARY,
        b"Content-Length: %d" % len(body),
        f"Cookie: sessionid={session}; csrftoken={TOKEN}".encode(),
        b"X-CSRFToken: " + TOKEN.encode(),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def all_or_nothing():
    """Whether a batch came in; a batch that is there has its files, whole, and its job."""
    batches = list(ImportBatch.objects.all())
    assert Upload.objects.count() == 3 * len(batches)
    for batch in batches:
        assert ProcrastinateJob.objects.filter(args__batch=str(batch.pk)).count() == 1
        assert [upload.file.read() for upload in batch.uploads.all()] == [FILE] * 3
    return bool(batches)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_server_killed_during_an_upload_leaves_no_half_of_it(client, moment):
    client.force_login(factories.person("administrator", factories.bureau()))
    sent, port = request(client.cookies["sessionid"].value), free_port("127.0.0.1", 8700 + os.getpid() % 400)
    with server(port) as process, socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(sent[: int(len(sent) * min(1, moment / 0.9))])
        time.sleep(max(0, moment - 0.9) * 5 or 0.3)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        came_in = all_or_nothing()
    assert not (came_in and moment < 0.9)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
