"""The trial database: shared by those who use it, stopped by the last, closed to everybody else."""

import os
import socket
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from config import server_home
from config.embedded import THROWAWAY, EmbeddedPostgresError, Server

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(tmp_path):
    """A place for a server, which is cleared away afterwards whatever the test did to it."""
    place = tmp_path / "postgres"
    yield place
    if place.exists():
        server = Server(place, THROWAWAY)
        server.start()
        server.destroy()


def answer(url, query="SELECT 1"):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def test_it_keeps_its_data_from_one_start_to_the_next(folder):
    server = Server(folder, THROWAWAY)
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept (name text)")
        connection.execute("INSERT INTO kept VALUES ('绩效目标')")
    server.release()
    assert answer(server.start(), "SELECT name FROM kept") == "绩效目标"
    server.release()


def test_it_runs_until_the_last_user_lets_go(folder):
    first, second = Server(folder, THROWAWAY), Server(folder, THROWAWAY)
    url = first.start()
    assert second.start() == url
    first.release()
    assert answer(url) == 1
    second.release()
    with pytest.raises(psycopg.OperationalError):
        answer(url)


def test_a_killed_user_counts_no_longer(folder):
    code = f"""
        import os, signal
        from config.embedded import THROWAWAY, Server
        print(Server({str(folder)!r}, THROWAWAY).start(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    url = killed.stdout.strip()
    assert answer(url) == 1, "the server outlives it"
    server = Server(folder, THROWAWAY)
    server.start()
    server.release()
    with pytest.raises(psycopg.OperationalError):
        answer(url)


def test_two_that_start_at_once_get_the_same_server(folder):
    servers = [Server(folder, THROWAWAY) for _ in range(3)]
    with ThreadPoolExecutor() as pool:
        urls = set(pool.map(Server.start, servers))
    assert len(urls) == 1
    for server in servers:
        server.release()


def test_only_its_own_user_reaches_it_and_no_network_address(folder):
    server = Server(folder, THROWAWAY)
    url = server.start()
    assert answer(url, "SHOW listen_addresses") == ""
    home = server_home.home_of(folder)
    for private in (home.data, Path(home.socket_folder())):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    server.release()


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path):
    deep = tmp_path / ("很长的文件夹" * 8) / "有 空格"
    deep.mkdir(parents=True)
    server = Server(deep / "postgres", THROWAWAY)
    url = server.start()
    assert answer(url) == 1
    used = Path(server_home.home_of(deep / "postgres").socket_folder())
    assert len(os.fsencode(used)) <= server_home.LONGEST_FOLDER
    server.destroy()
    assert not used.exists()


def test_folders_above_keep_their_modes(folder, tmp_path):
    tmp_path.chmod(0o700)
    above = [tmp_path, *list(tmp_path.parents)[:2]]
    before = [path.stat().st_mode for path in above]
    server = Server(folder, THROWAWAY)
    server.start()
    server.release()
    assert [path.stat().st_mode for path in above] == before


def test_programs_out_of_the_accounts_reach_are_copied_with_their_libraries(tmp_path):
    source = server_home._wheel_programs()
    copy = server_home._copied(source, tmp_path)
    run = subprocess.run([copy / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False)
    assert run.stdout.startswith("postgres (PostgreSQL) ")
    assert server_home._copied(source, tmp_path) == copy


def test_a_failure_is_told_in_both_languages_with_the_end_of_the_log(folder):
    server = Server(folder, THROWAWAY)
    server.start()
    server.release()
    (server_home.home_of(folder).data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError) as caught:
        server.start()
    for word in ("失败", "failed", "no_such_setting", "DATABASE_URL"):
        assert word in str(caught.value)
    server.release()
    (server_home.home_of(folder).data / "postgresql.conf").write_text("")


def test_a_folder_that_cannot_be_written_is_told_too(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(EmbeddedPostgresError, match="DATABASE_URL"):
        Server(blocked / "postgres").start()


def test_a_taken_port_is_passed_over():
    from config.processes import free_port

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) > port
