"""An archive in parts: each a zip of some tables, put in its place whole, so that a job goes on where it was ended."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from declarations.exporting.archive import LEFT_OUT, Pipe, info_of

PIECE = 256 * 1024


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name once it is complete and on the disk, and not at all otherwise."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def assemble_parts(path: Path, parts: Iterable[Path], notes: Iterable[str]) -> int:
    """Copies the members of all parts into one archive, with a text of what was left out; its size in bytes."""
    with whole_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            with zipfile.ZipFile(part) as source:
                for member in source.infolist():
                    copy_member(source, member, archive)
        write_notes(archive, notes)
    return path.stat().st_size


def names_in(parts: Iterable[Path]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        with zipfile.ZipFile(part) as source:
            found.update(source.namelist())
    return found


def stream_without(path: Path, unwanted: set[str], notes: Iterable[str]) -> Iterator[bytes]:
    """An archive without some of its members, and with a text that says so instead of its own, in pieces."""
    pipe = Pipe()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(pipe, "w") as archive:
        for member in source.infolist():
            if member.filename not in unwanted | {LEFT_OUT}:
                copy_member(source, member, archive)
                yield pipe.take()
        write_notes(archive, notes)
    yield pipe.take()


def copy_member(source: zipfile.ZipFile, member: zipfile.ZipInfo, target: zipfile.ZipFile) -> None:
    """A piece in memory at a time."""
    packed = member.compress_type == zipfile.ZIP_DEFLATED
    with source.open(member) as given, target.open(info_of(member.filename, packed=packed), "w") as taken:
        shutil.copyfileobj(given, taken, PIECE)


def write_notes(archive: zipfile.ZipFile, notes: Iterable[str]) -> None:
    if said := "\r\n".join(notes):
        archive.writestr(info_of(LEFT_OUT, packed=True), said.encode("utf-8-sig"))
