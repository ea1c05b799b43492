"""Where a virus scanner is set up, it sees every file before anything opens it; without its answer a file waits."""

import contextlib
import socket
import socketserver
import struct
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from declarations.administering.references import flow
from declarations.files.guarding import sandbox
from declarations.importing import scanning
from declarations.importing.batch import desk
from declarations.models import Disposal, ListState
from declarations.models.upload import ImportState, UploadState
from declarations.operating import tasks
from tests import factories

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 1_000_000


class Clamd(socketserver.BaseRequestHandler):
    """As much of clamd as the site talks to: INSTREAM, with a limit on size."""

    def handle(self):
        assert self.take(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!I", self.take(4))[0]:
            data += self.take(length)
            if len(data) > LARGEST:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(data)
        self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0")

    def take(self, length):
        data = b""
        while len(data) < length and (more := self.request.recv(length - len(data))):
            data += more
        return data


@contextlib.contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.seen = []
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clamd(settings):
    with served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)) as server:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield server


@pytest.fixture
def no_clamd(settings):
    """An address at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"


@pytest.fixture
def unread(monkeypatch):
    """Nothing may open a file here."""

    def opened(*_, **__):
        raise AssertionError("the file was opened")

    monkeypatch.setattr(sandbox.Sandbox, "_ask", opened)


def test_without_a_scanner_nothing_is_asked(settings):
    settings.CLAMD_URL = ""
    scanning.scan_data(EICAR)


def test_a_clean_file_is_sent_whole(clamd):
    data = bytes(range(256)) * 1_000
    scanning.scan_data(data)
    scanning.scan_data(b"")
    assert clamd.seen == [data, b""]


def test_a_socket_of_the_system_does_as_well(settings, tmp_path):
    place = str(tmp_path / "clamd.ctl")
    with served(socketserver.ThreadingUnixStreamServer(place, Clamd)):
        settings.CLAMD_URL = f"unix://{place}"
        scanning.scan_data(b"clean")
        with pytest.raises(scanning.Infected):
            scanning.scan_data(EICAR)


def test_an_infected_file_is_named(clamd):
    with pytest.raises(scanning.Infected, match="Eicar-Test-Signature"):
        scanning.scan_data(b"head" + EICAR)


def test_a_file_beyond_the_scanners_limit_is_not_taken_for_clean(clamd):
    with pytest.raises(scanning.Unscanned, match="大小限制"):
        scanning.scan_data(b"0" * (LARGEST + 200_000))


def test_no_connection_and_no_answer_in_time_are_told(no_clamd, settings):
    with pytest.raises(scanning.Unscanned, match="连接不上"):
        scanning.scan_data(b"clean")
    settings.CLAMD_SECONDS = 0.05
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(scanning.Unscanned, match="没有按时答复"):
            scanning.scan_data(b"clean")


@pytest.mark.parametrize("answer", ["", "stream: ", "UNKNOWN COMMAND", "stream: OK FOUND ERROR"])
def test_an_answer_that_makes_no_sense_is_not_taken_for_clean(answer):
    with pytest.raises(scanning.Unscanned, match="无法识别"):
        scanning.judge_answer(answer)


# --- wherever files come in ------------------------------------------------------------------


@pytest.fixture
def bureau(db):
    return factories.bureau()


@pytest.fixture
def administrator(bureau):
    return factories.person("administrator", bureau)


def csv(*lines) -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.csv", "\n".join(("科室代码,科室名称", *lines)).encode())


def test_an_infected_list_is_refused_unopened_and_deleted(
    clamd, unread, bureau, administrator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        listing = flow.take_in(bureau, "divisions", SimpleUploadedFile("a.xlsx", EICAR), administrator)
    listing.refresh_from_db()
    assert listing.state == ListState.REFUSED and "病毒" in listing.report["refused"]["message"]
    assert not listing.file and Disposal.objects.get().reason == "infected"


def test_a_list_waits_unopened_while_the_scanner_is_away(no_clamd, client, bureau, administrator, settings):
    listing = flow.take_in(bureau, "divisions", csv("07,农业科"), administrator)
    assert listing.state == ListState.WAITING and listing.lines == []
    client.force_login(administrator)
    page = client.get(reverse("declarations:reference_import", args=[listing.pk]))
    assert "病毒检查暂时不能使用" in page.content.decode()
    settings.CLAMD_URL = ""
    client.post(reverse("declarations:reference_again", args=[listing.pk]))
    listing.refresh_from_db()
    assert listing.state == ListState.READY and listing.report["new"] == 1


def test_an_infected_file_of_a_batch_is_refused_and_the_others_are_read(clamd, bureau, administrator):
    batch = desk.new_batch(bureau, administrator, None)
    bad = desk.add_file(batch, "坏.xlsx", ContentFile(EICAR))
    good = desk.add_file(batch, "好.csv", ContentFile("甲,乙\n1,2\n".encode()))
    tasks.read_import(str(batch.pk))
    for upload in (batch, bad, good):
        upload.refresh_from_db()
    assert batch.state == ImportState.READY
    assert bad.state == UploadState.REFUSED and bad.result["refused"]["code"] == scanning.INFECTED and not bad.file
    assert good.result["refused"]["code"] != scanning.INFECTED and good.file


def test_a_batch_waits_unopened_while_the_scanner_is_away(no_clamd, unread, client, bureau, administrator):
    batch = desk.new_batch(bureau, administrator, None)
    desk.add_file(batch, "表.csv", ContentFile(b"1,2\n"))
    tasks.read_import(str(batch.pk))
    batch.refresh_from_db()
    assert batch.state == ImportState.FAILED and batch.uploads.get().state == UploadState.STORED
    client.force_login(administrator)
    page = client.get(reverse("declarations:import_detail", args=[batch.pk])).content.decode()
    assert "病毒检查暂时不能使用" in page and "继续" in page


def test_a_departments_own_file_is_shown_to_the_scanner_first(clamd, unread, client, db):
    declaration = factories.declaration()
    client.force_login(factories.person("filler", declaration.department))
    address = reverse("declarations:fill_upload", args=[declaration.pk])
    page = client.post(address, {"file": SimpleUploadedFile("a.xlsx", EICAR)})
    assert page.status_code == 422 and "带有病毒" in page.content.decode()
    assert not declaration.uploads.get().file


def test_a_file_to_be_verified_is_shown_to_the_scanner_first(clamd, unread, client, administrator):
    client.force_login(administrator)
    page = client.post(reverse("declarations:authenticity"), {"file": SimpleUploadedFile("a.xlsx", EICAR)})
    assert page.status_code == 422 and "带有病毒" in page.content.decode()
