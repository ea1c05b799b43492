"""Many renderings at once, on all processors: each helper is a process that gets tables and gives files.

A press starts its helpers when they are first wanted and ends them when it is left. Where a helper cannot be
started or ends early, the file is made in this process: slower, but the same.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from declarations.exporting.pressing import REPLY
from declarations.exporting.rendering import FORMS, ExportForm, RenderError
from declarations.files.documents.printed import Stamp
from declarations.sheet.table import Table

ROOT = Path(__file__).resolve().parents[2]
MOST_HELPERS = 4
log = logging.getLogger(__name__)


class HelperError(Exception):
    """The helper is gone."""


class Helper:
    """One process that renders. Not for two threads at once."""

    def __init__(self) -> None:
        command = [sys.executable, "-s", "-P", "-m", "declarations.exporting.pressing"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes)

    def ask(self, form: ExportForm, content: dict, stamp: Stamp) -> bytes:
        """The file; raises `RenderError`, and `HelperError` when there was no answer."""
        asked = {"ending": form.ending, "content": content, "number": stamp.number, "digest": stamp.hash}
        try:
            self.process.stdin.write(json.dumps(asked).encode() + b"\n")
            self.process.stdin.flush()
            is_file, length = REPLY.unpack(self._exactly(REPLY.size))
            answer = self._exactly(length)
        except OSError:
            raise HelperError from None
        if not is_file:
            raise RenderError(answer.decode())
        return answer

    def _exactly(self, length: int) -> bytes:
        found = self.process.stdout.read(length)
        if len(found) < length:
            raise HelperError
        return found

    def end(self) -> None:
        """It ends at the end of its input; one that works on is not waited for."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Press:
    """A context manager; ``submit`` runs a function in a thread of its own, ``render`` is what such a function uses."""

    def __init__(self, helpers: int | None = None) -> None:
        self._threads = ThreadPoolExecutor(helpers or min(MOST_HELPERS, os.cpu_count() or 1), "press")
        self._idle: queue.SimpleQueue[Helper] = queue.SimpleQueue()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()

    def submit(self, work: Callable, *arguments: object) -> Future:
        return self._threads.submit(work, *arguments)

    def render(self, form: ExportForm, content: dict, stamp: Stamp) -> bytes:
        """The file of a table as JSON; raises `RenderError`."""
        if FORMS.get(form.ending) is not form:
            return render_here(form, content, stamp)
        try:
            helper = self._helper()
        except OSError as error:
            log.warning("a helper for renderings could not be started: %s", error)
            return render_here(form, content, stamp)
        try:
            return helper.ask(form, content, stamp)
        except HelperError:
            helper.end()
            log.warning("a helper for renderings ended early, with %s", helper.process.returncode)
            return render_here(form, content, stamp)
        finally:
            if helper.process.returncode is None:
                self._idle.put(helper)

    def _helper(self) -> Helper:
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        return Helper()


def render_here(form: ExportForm, content: dict, stamp: Stamp) -> bytes:
    """The same in this process."""
    return form.render(Table.from_json(content), stamp)
