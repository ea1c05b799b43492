"""`make run`, as its one program: up with a demo city, all of it down again on Ctrl-C, and the data kept."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from config.embedded import Server
from config.processes import free_port

ROOT = Path(__file__).resolve().parent.parent
# On an idle machine a first start takes a minute and a later one four seconds; here other programs run beside it.
START, STOP = 180, 30


def copy_of_the_site(folder):
    """A clone in an empty folder; its trial server is cleared away afterwards."""
    for name in ("config", "declarations", "indicators", "templates", "static"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    yield folder
    server = Server(folder / ".local" / "postgres")
    server.start()
    server.destroy()


@pytest.fixture
def clone(tmp_path):
    yield from copy_of_the_site(tmp_path / "clone")


def start(clone, port):
    """Start the program; (process, its output up to the line about Ctrl-C, the seconds that took)."""
    unset = ("DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE", "PORT", "HOST", "DEMO_PASSWORD")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "config.run", "--port", str(port)],
        cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Press Ctrl-C" in line:
            break
    printed = "".join(lines)
    assert "Press Ctrl-C" in printed, printed
    return process, printed, time.monotonic() - began


def alive(clone):
    """Command lines of processes that belong to the clone's site."""
    listed = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    place = Server(clone / ".local" / "postgres").folder / "place"
    data = place.read_text() if place.exists() else str(place.parent)
    processes = os.listdir("/proc") if Path("/proc").exists() else []
    workers = [f"/proc/{pid}/cwd" for pid in processes if pid.isdigit() and runs_in(clone, pid)]
    return workers + [line for line in listed if data in line and not line.startswith("Z")]


def runs_in(folder, pid):
    """Whether a process has the folder as its working directory (on Linux; elsewhere nobody can be asked)."""
    with suppress(OSError):
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    return False


def test_it_starts_stops_cleanly_and_keeps_its_data(clone):
    port = free_port("127.0.0.1", 8300 + os.getpid() % 400)
    process, printed, seconds = start(clone, port)
    assert seconds < START
    assert all(account in printed for account in ("filler", "head", "division", "performance", "admin", "observer"))
    with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        assert "登录" in page.read().decode()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=STOP)
    assert process.returncode == 0
    assert alive(clone) == []

    process, printed, seconds = start(clone, port)
    assert "演示城市" not in printed, "the city is loaded once"
    assert seconds < START
    # make passes a signal on that its whole group had already got, and a closed terminal takes no more words.
    process.stdout.close()
    for number in (signal.SIGHUP, signal.SIGTERM):
        os.killpg(process.pid, number)
    process.wait(timeout=STOP)
    assert alive(clone) == []


def test_a_database_that_is_not_there_is_told_without_a_traceback(clone):
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "DEBUG": "on"}
    done = subprocess.run(
        [sys.executable, "-m", "config.run"], cwd=clone, env=environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Not started" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_starts_the_database_only_when_it_needs_it(clone):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"DEBUG": "on"}

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=clone, env=environment, capture_output=True, text=True, timeout=90, check=True
        )

    manage("check")
    assert not (clone / ".local" / "postgres").exists()
    assert "declarations" in manage("showmigrations", "declarations").stdout
    assert (clone / ".local" / "postgres").exists()
    assert alive(clone) == []


def test_the_trial_server_is_postgresql_18(clone):
    server = Server(clone / ".local" / "postgres")
    with psycopg.connect(server.start()) as connection:
        assert connection.info.server_version // 10000 == 18
    server.release()
