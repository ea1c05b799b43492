"""The child process that opens files: bytes in, JSON out, nothing else.

Started by `child.py` as ``python -m declarations.files.guarding.worker MEMORY SECONDS``; the frames are
those of `frames.py`. The child opens no file and no connection; it ends at the end of its input.

Where the platform has no `resource` module (Windows) the limits are not set: then only the time
limit, which the parent keeps, holds.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import sys
from typing import Any, BinaryIO

from declarations.checks import check
from declarations.files.guarding.frames import REPLY, REQUEST
from declarations.files.guarding.refusals import refusal_of
from declarations.files.opening.opening import open_sheets
from declarations.files.reading.reader import read_sheets
from declarations.sheet.problems import Refused

try:
    import resource
except ImportError:  # not a POSIX system
    resource = None

OPEN_FILES = 32


def main() -> None:
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    requests, replies = private_streams()
    confine_process(memory)
    # Files are read one by one and leave no cycles worth looking for; what is loaded by now stays.
    gc.disable()
    gc.freeze()
    send_reply(replies, b"{}")
    while header := requests.read(REQUEST.size):
        allow_time(seconds)
        options_length, length = REQUEST.unpack(header)
        options = json.loads(requests.read(options_length))
        send_reply(replies, answer_request(requests.read(length), options))
        gc.collect(0)


def private_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes; whatever a library prints goes nowhere."""
    replies = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return sys.stdin.buffer, replies


def confine_process(memory: int) -> None:
    """Limits that the child sets itself, before it sees a file; the parent's watch does not rely on them."""
    if resource is None:
        return
    limits = {"RLIMIT_AS": memory, "RLIMIT_CORE": 0, "RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": OPEN_FILES, "RLIMIT_NPROC": 0}
    for name, limit in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            resource.setrlimit(kind, (limit, limit))


def allow_time(seconds: float) -> None:
    """Processor time for one more file; beyond it the system ends the process."""
    if resource is None:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime + seconds) + 1, hard))


def send_reply(replies: BinaryIO, payload: bytes) -> None:
    replies.write(REPLY.pack(len(payload)))
    replies.write(payload)
    replies.flush()


def answer_request(data: bytes, options: dict[str, Any]) -> bytes:
    try:
        result = {"refused": None, "tables": read_workbook(data, options)}
    except Refused as refused:
        result = {"refused": refused.to_json(), "tables": []}
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def read_workbook(data: bytes, options: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        if "marks" in options:
            return [mark_workbook(data, options)]
        if options.get("bare"):
            return [sheet.to_json() for sheet in open_sheets(data)]
        answers = options.get("answers", {})
        tables = read_sheets(open_sheets(data), name=options["name"], year=options["year"], answers=answers)
        if options["checks"]:
            tables = [table.with_findings(check(table.table)) for table in tables]
        return [table.to_json() for table in tables]
    except MemoryError:
        raise refusal_of("X21") from None


def mark_workbook(data: bytes, options: dict[str, Any]) -> dict[str, Any]:
    """The marked copy of a file; openpyxl is loaded when the first is wanted."""
    from declarations.files.writing import annotate

    copy, is_anew = annotate.answer_request(data, options)
    return {"file": base64.b64encode(copy).decode("ascii"), "is_anew": is_anew}


if __name__ == "__main__":
    main()
