"""Files are shown to a virus scanner before anything opens them, where one is set up (CLAMD_URL).

clamd is asked over its own protocol (INSTREAM): the length of a piece in four bytes, the piece, and a
length of zero at the end; it answers ``stream: OK``, ``stream: NAME FOUND`` or ``… ERROR``.
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from declarations.sheet.codes import enter
from declarations.sheet.problems import Refused

PIECE = 1 << 16
LONGEST_ANSWER = 4096
INFECTED = enter("X40", "文件带有病毒")
UNSCANNED = enter("X41", "病毒检查暂时不能使用")
TOO_LARGE = "INSTREAM size limit exceeded"


class Infected(Refused):
    """The scanner found something; ``name`` is what it calls it."""

    def __init__(self, name: str) -> None:
        hint = "请先在本机查杀病毒，再重新制作文件。"
        super().__init__(INFECTED, f"文件带有病毒（{name}），已删除，没有打开。", hint)
        self.name = name


class Unscanned(Refused):
    """The scanner gave no answer; nothing may open the file before it does."""

    def __init__(self, why: str) -> None:
        hint = "文件还没有打开，也没有导入。请过几分钟再试；仍然如此的，请联系系统运维人员。"
        super().__init__(UNSCANNED, f"病毒检查暂时不能使用（{why}）。", hint)


def scan_data(data: bytes) -> None:
    """Raises `Infected` or `Unscanned`; returns where nothing was found, or where no scanner is set up."""
    if not settings.CLAMD_URL:
        return
    try:
        with connect_scanner(settings.CLAMD_URL, settings.CLAMD_SECONDS) as line:
            answer = ask_scanner(line, data)
    except TimeoutError:
        raise Unscanned("没有按时答复") from None
    except OSError:
        raise Unscanned("连接不上") from None
    judge_answer(answer)


def scan_file(path: Path) -> None:
    """A file on disk; it is read only where there is a scanner to show it to. Raises as `scan_data`."""
    if settings.CLAMD_URL:
        scan_data(path.read_bytes())


def connect_scanner(url: str, seconds: float) -> socket.socket:
    """``unix:///run/clamav/clamd.ctl`` or ``tcp://127.0.0.1:3310``."""
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line


def ask_scanner(line: socket.socket, data: bytes) -> str:
    try:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # a file beyond its limit makes clamd answer and hang up in the middle
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def judge_answer(answer: str) -> None:
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return
    if said.endswith(" FOUND"):
        raise Infected(said.removesuffix(" FOUND")[:100])
    if said.startswith(TOO_LARGE):
        raise Unscanned("文件超过病毒检查的大小限制")
    raise Unscanned("答复无法识别")
