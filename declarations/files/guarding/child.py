"""One child process of the sandbox, and the watch that keeps its time."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from declarations.files.guarding import limits
from declarations.files.guarding.frames import REPLY, REQUEST

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
LARGEST_REPLY = 64 * limits.MEBIBYTE
START_SECONDS = 60.0
TICK = 0.1
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}


class ChildError(Exception):
    """The child died, or answered something that makes no sense."""


class TimedOut(ChildError):
    """The child was killed because its time was over."""


class Child:
    """A started child. Not for two threads at once."""

    def __init__(self, memory: int, seconds: float) -> None:
        command = [sys.executable, "-s", "-P", "-m", "declarations.files.guarding.worker", str(memory), str(seconds)]
        # SystemRoot is what Python needs to start on Windows; elsewhere it is not set.
        environment = ENVIRONMENT | {key: os.environ[key] for key in ("SystemRoot",) if key in os.environ}
        self.served = 0
        self.timed_out = False
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(ROOT.anchor),
            env=environment,
            close_fds=True,
            start_new_session=True,
        )
        self.is_ready = False

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, options: bytes, data: bytes) -> bytes:
        """The reply to one file; raises `ChildError` when the child dies of it, `TimedOut` when it took too long."""
        try:
            self.process.stdin.write(REQUEST.pack(len(options), len(data)) + options)
            self.process.stdin.write(data)
            self.process.stdin.flush()
            reply = self.receive()
        except (OSError, ValueError):
            raise self.why() from None
        if self.timed_out:
            raise TimedOut
        self.served += 1
        return reply

    def receive(self) -> bytes:
        header = self.process.stdout.read(REPLY.size)
        if len(header) < REPLY.size:
            raise self.why()
        length = REPLY.unpack(header)[0]
        reply = self.process.stdout.read(length) if length <= LARGEST_REPLY else b""
        if len(reply) < length:
            raise self.why()
        return reply

    def why(self) -> ChildError:
        return TimedOut() if self.timed_out else ChildError()

    def kill(self) -> None:
        """End the child and whatever it may have started, at once."""
        self.signal()
        self.reap()

    def signal(self) -> None:
        """Only the signal, for the watch: the thread that waits for the child reaps it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def end(self) -> None:
        """Let an idle child go: it ends at the end of its input."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
        self.reap()

    def reap(self) -> None:
        """Leave no zombie and no open pipe; what a child said before it died goes to the log, not to the user."""
        self.process.wait()
        if self.process.stderr.closed:
            return
        words = self.process.stderr.read().decode("utf-8", "replace").strip()
        if words:
            logger.warning("a child of the sandbox ended: %s", words[-2000:])
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()


class Watch:
    """Kills children whose time is over. One thread, asleep while nobody is at work."""

    def __init__(self) -> None:
        self.deadlines: dict[Child, float] = {}
        self.lock = threading.Lock()
        self.work = threading.Event()
        self.thread: threading.Thread | None = None
        self.stopped = False

    @contextlib.contextmanager
    def over(self, child: Child, seconds: float) -> Iterator[None]:
        """Watch a child while it works; its first file begins when it has started."""
        if not child.is_ready:
            with self.until(child, START_SECONDS):
                child.receive()
            child.is_ready = True
        with self.until(child, seconds):
            yield

    @contextlib.contextmanager
    def until(self, child: Child, seconds: float) -> Iterator[None]:
        with self.lock:
            self.deadlines[child] = time.monotonic() + seconds
            if self.thread is None:
                self.thread = threading.Thread(target=self.run, name="sandbox-watch", daemon=True)
                self.thread.start()
        self.work.set()
        try:
            yield
        finally:
            with self.lock:
                self.deadlines.pop(child, None)

    def run(self) -> None:
        while not self.stopped:
            self.work.wait()
            with self.lock:
                late = [child for child, deadline in self.deadlines.items() if deadline < time.monotonic()]
                for child in late:
                    child.timed_out = True
                    child.signal()
                    del self.deadlines[child]
                if not self.deadlines and not self.stopped:
                    self.work.clear()
            time.sleep(TICK)

    def stop(self) -> None:
        self.stopped = True
        self.work.set()
