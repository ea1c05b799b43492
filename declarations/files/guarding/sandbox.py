"""Files are opened in child processes with limits; a child that misbehaves is killed and replaced.

`Sandbox.read` gives a `FileResult` for every file, whatever is in it: at worst a refusal that says
so. A child gets the bytes of a file and returns JSON (never pickle: a child taken over by a file
must not run code here). It has no inherited descriptors, an environment of three variables, a
session of its own, and limits on memory, processor time, open files and written bytes
(`worker.py`); wall-clock time is kept here. Safe to use from several threads.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import hashlib
import json
import os
import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from declarations.files.guarding import limits
from declarations.files.guarding.child import Child, ChildError, TimedOut, Watch
from declarations.files.guarding.refusals import refusal_of
from declarations.sheet.problems import Refused

MEMORY = 256 * limits.MEBIBYTE
SECONDS = 10.0
RECYCLE_AFTER = 2_000
"""Files a child reads before a fresh one takes its place: a leak in a library must not add up."""
AHEAD = 3
"""Files under way for each child in `read_many`, read or waiting to be asked for."""

NOT_CARRIED = ("X20", "X21", "X22")
"""What was read without trouble, but is too much for openpyxl."""

Item = Path | str | tuple[str, bytes | Path]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of one file: ``tables`` as JSON (see ``ReadTable.to_json``), or why it was refused."""

    path: str
    sha256: str
    refused: dict[str, str] | None = None
    tables: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "sha256": self.sha256, "refused": self.refused, "tables": self.tables}


class Sandbox:
    """A pool of child processes, started when first needed. A context manager; `close` is final."""

    def __init__(
        self,
        workers: int | None = None,
        memory: int = MEMORY,
        seconds: float = SECONDS,
        recycle_after: int = RECYCLE_AFTER,
    ) -> None:
        self.workers = workers or max(1, min(4, os.cpu_count() or 1))
        self.memory, self.seconds, self.recycle_after = memory, seconds, recycle_after
        self._watch = Watch()
        self._closed = False
        # One slot a worker; the last used is used first, so a quiet site keeps few children.
        self._slots: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(self.workers):
            self._slots.put(None)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(
        self,
        source: Path | str | bytes,
        *,
        name: str = "",
        year: int | None = None,
        checks: bool = True,
        answers: Mapping[str, str] | None = None,
    ) -> FileResult:
        """One file, from disk or as bytes. ``name`` is how it is called in the result (and may tell the year);
        ``answers`` what persons said to questions of the reader (see ``reader.read_sheets``)."""
        shown = name or ("" if isinstance(source, bytes) else str(source))
        try:
            data = source if isinstance(source, bytes) else load_file(Path(source))
        except Refused as refused:
            return FileResult(shown, fingerprint_of(source), refused.to_json())
        digest = hashlib.sha256(data).hexdigest()
        try:
            refuse_size(data)
            options = {"name": folder_and_name(shown), "year": year, "checks": checks, "answers": dict(answers or {})}
            found = self._ask(options, data)
        except Refused as refused:
            return FileResult(shown, digest, refused.to_json())
        return FileResult(shown, digest, found["refused"], found["tables"])

    def sheets(self, data: bytes) -> list[dict[str, Any]]:
        """The bare values of every worksheet (see ``Sheet.to_json``), for lists of rows. Raises `Refused`."""
        refuse_size(data)
        found = self._ask({"bare": True}, data)
        if found["refused"]:
            raise Refused(**found["refused"])
        return found["tables"]

    def marked(self, data: bytes, marks: Sequence[dict[str, str]], name: str) -> tuple[bytes, bool]:
        """The file with its bad cells marked (see `annotate`), and whether it was built anew. Raises `Refused`."""
        refuse_size(data)
        options = {"marks": list(marks), "name": name, "rebuild": False}
        found = self._marked(data, options)
        if found["refused"] and found["refused"]["code"] in NOT_CARRIED:
            found = self._marked(data, options | {"rebuild": True})
        if found["refused"]:
            raise Refused(**found["refused"])
        (made,) = found["tables"]
        return base64.b64decode(made["file"]), made["is_anew"]

    def _marked(self, data: bytes, options: dict[str, Any]) -> dict[str, Any]:
        """The answer; that a child took too long or died of it is a refusal like others."""
        try:
            return self._ask(options, data)
        except Refused as refused:
            return {"refused": refused.to_json(), "tables": []}

    def read_many(
        self,
        items: Iterable[Item],
        *,
        year: int | None = None,
        checks: bool = True,
        answers: Mapping[str, str] | None = None,
    ) -> Iterator[FileResult]:
        """Results in the order of the items: paths, or pairs of a name and bytes or a path.

        Only a few files are under way at a time, however long the iterable is.
        """
        with ThreadPoolExecutor(self.workers, thread_name_prefix="sandbox") as threads:
            under_way = deque()
            options = {"year": year, "checks": checks, "answers": answers}
            for item in items:
                name, source = item if isinstance(item, tuple) else ("", item)
                under_way.append(threads.submit(self.read, source, name=name, **options))
                if len(under_way) >= AHEAD * self.workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    def close(self) -> None:
        """End the children, once those at work are done with their file."""
        if self._closed:
            return
        self._closed = True
        for _ in range(self.workers):
            child = self._slots.get()
            if child:
                child.end()
        self._watch.stop()
        self._slots.put(None)  # whoever still waits is told

    def _ask(self, options: dict[str, Any], data: bytes) -> dict[str, Any]:
        """The child's answer. A file that ends a child which read others before gets one fresh child."""
        child = self._slots.get()
        try:
            if self._closed:
                raise RuntimeError("the sandbox is closed")
            fresh = child is None or child.served == 0
            child, found = self._exchange(child, options, data)
            if found is None and not fresh:
                child, found = self._exchange(child, options, data)
        finally:
            self._slots.put(child if child and child.alive else None)
        if found is None:
            raise refusal_of("X22")
        return found

    def _exchange(
        self, child: Child | None, options: dict[str, Any], data: bytes
    ) -> tuple[Child | None, dict[str, Any] | None]:
        """The child for the next file and the answer; None for an answer when the child died of the file."""
        child = child or Child(self.memory, self.seconds)
        try:
            with self._watch.over(child, self.seconds):
                found = checked_reply(child.ask(json.dumps(options).encode(), data))
        except TimedOut:
            child.kill()
            raise refusal_of("X20", seconds=f"{self.seconds:g}") from None
        except ChildError:
            child.kill()
            return None, None
        spent = child.served >= self.recycle_after or (found["refused"] or {}).get("code") == "X21"
        if spent:
            child.end()
        return None if spent else child, found


def folder_and_name(path: str) -> str:
    """The name of a file with that of the folder it lies in: the two places where a year may stand."""
    return "/".join(PurePath(path).parts[-2:])


def checked_reply(reply: bytes) -> dict[str, Any]:
    """The reply, of the shape that was agreed; a child that says anything else is not trusted again."""
    try:
        found = json.loads(reply)
    except (ValueError, RecursionError):
        raise ChildError from None
    if not isinstance(found, dict) or found.keys() != {"refused", "tables"} or not isinstance(found["tables"], list):
        raise ChildError
    return found


def refuse_size(data: bytes) -> None:
    if not data:
        raise refusal_of("X01")
    if len(data) > limits.FILE_BYTES:
        raise refusal_of("X02", limit=limits.FILE_BYTES // limits.MEBIBYTE)


def load_file(path: Path) -> bytes:
    """The bytes of an ordinary file; a larger one than allowed is not read."""
    try:
        if not path.is_file():
            raise refusal_of("X23")
        if path.stat().st_size > limits.FILE_BYTES:
            raise refusal_of("X02", limit=limits.FILE_BYTES // limits.MEBIBYTE)
        return path.read_bytes()
    except OSError:
        raise refusal_of("X23") from None


def fingerprint_of(path: Path | str) -> str:
    """The hash of a file that was too large to be read, empty where there is nothing to hash."""
    with contextlib.suppress(OSError), open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


_shared: Sandbox | None = None
_lock = threading.Lock()


def shared_sandbox() -> Sandbox:
    """The pool of this process, started when first used and ended at its exit."""
    global _shared
    with _lock:
        if _shared is None:
            _shared = Sandbox()
            atexit.register(_shared.close)
        return _shared


def _forget() -> None:
    """After a fork the children belong to the parent: the new process starts its own."""
    global _shared, _lock
    if _shared:
        atexit.unregister(_shared.close)
    _shared, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
