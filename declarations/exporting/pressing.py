"""A process that renders tables: a line of JSON in for each, its file out. Started by `press.py`; loads no Django.

What it gets is the site's own frozen versions, so it has no limits of its own, unlike the sandbox.
"""

from __future__ import annotations

import gc
import json
import os
import struct
import sys

from declarations.exporting.rendering import FORMS, RenderError
from declarations.files.documents.printed import Stamp
from declarations.sheet.table import Table

REPLY = struct.Struct(">?Q")
"""Whether a file follows or the reason why there is none, in UTF-8; its length in bytes."""


def main() -> None:
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no reply
    gc.freeze()  # what is loaded by now stays, and need not be looked through again and again
    for line in sys.stdin.buffer:
        is_file, content = answer_request(**json.loads(line))
        replies.write(REPLY.pack(is_file, len(content)) + content)
        replies.flush()


def answer_request(ending: str, content: dict, number: int, digest: str) -> tuple[bool, bytes]:
    try:
        return True, FORMS[ending].render(Table.from_json(content), Stamp(number, digest))
    except RenderError as error:
        return False, str(error).encode()


if __name__ == "__main__":
    main()
