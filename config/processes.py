"""The two programs that make up the running site, and how they are started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 15
PORTS_TRIED = 50


def web_command(host, port, workers=2):
    """The web server: one blocking thread a worker process, so one kept database connection each."""
    served = ["--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "1"]
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        *served,
        "--log-level",
        "warning",
        "config.wsgi:application",
    ]


def worker_command():
    """The worker, which does the long jobs."""
    return [sys.executable, "manage.py", "procrastinate", "worker"]


def free_port(host, wanted):
    """`wanted`, or the next port above it that nobody listens on; raises OSError where there is none."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return port
    raise OSError(f"没有空闲端口 / no free port: {host}:{wanted}-{wanted + PORTS_TRIED - 1}")


class Processes:
    """Child processes that live and end together."""

    def __init__(self):
        self._running = []

    def start(self, command):
        """Start one. It gets a session of its own: a Ctrl-C in the terminal reaches only its parent, which stops it."""
        self._running.append(subprocess.Popen(command, cwd=ROOT, env=os.environ, start_new_session=True))

    def dead(self):
        """The command of a process that has ended, or None."""
        return next((process.args for process in self._running if process.poll() is not None), None)

    def wait_for_a_death(self):
        """Wait, for ever if all goes well, until one ends; its command."""
        while not (dead := self.dead()):
            time.sleep(0.5)
        return dead

    def stop(self):
        """Ask all to finish what they are doing; after 15 s those that have not are killed with their children."""
        for process in self._running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
