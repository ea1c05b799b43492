"""From what an operator names (files, folders, zip archives) to the files in them, and what was read of each.

Nothing here raises for what a path turns out to be: whatever cannot be read is an entry with the
reason. An archive is taken apart one member at a time, a folder in the order of its names.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from declarations.files.guarding import archive, limits
from declarations.files.guarding.gate import ZIP
from declarations.files.guarding.refusals import REPACK, refusal_of
from declarations.files.guarding.sandbox import FileResult, Sandbox
from declarations.sheet.problems import Refused

EMPTY_FOLDER = Refused("X24", "文件夹里没有文件。", "请确认文件夹的位置；只读取其中的文件和下级文件夹里的文件。")
EMPTY_ARCHIVE = Refused("X25", "压缩包里没有文件。", "请把申报表放进压缩包后再试。")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file: ``name`` as it is shown, its content or where it lies, or why there is nothing to read."""

    name: str
    source: Path | bytes | None = None
    refused: Refused | None = None


def entries_of(paths: Iterable[str]) -> Iterator[FileEntry]:
    """Every file under the given paths, in order."""
    for path in paths:
        yield from _below(Path(path)) if os.path.isdir(path) else _file(Path(path))


def printable_path(path: Path) -> str:
    """A path as text that can be printed, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _below(folder: Path) -> Iterator[FileEntry]:
    unreadable: list[OSError] = []
    is_empty = True
    for place, folders, names in os.walk(folder, onerror=unreadable.append):
        folders.sort()
        for name in sorted(names):
            if not archive.why_ignored(PurePosixPath(name)):
                is_empty = False
                yield from _file(Path(place) / name)
    for error in unreadable:
        is_empty = False
        yield FileEntry(printable_path(Path(error.filename)), refused=refusal_of("X23"))
    if is_empty:
        yield FileEntry(printable_path(folder), refused=EMPTY_FOLDER)


def _file(path: Path) -> Iterator[FileEntry]:
    """A pipe or a device is no file: opening one could wait for ever."""
    name = printable_path(path)
    with contextlib.suppress(OSError):
        if not path.is_file():
            yield FileEntry(name, refused=refusal_of("X23"))
            return
        if path.stat().st_size <= limits.ARCHIVE_BYTES and _begins_like_zip(path):
            yield from taken_apart(name, path.read_bytes())
            return
    yield FileEntry(name, path)


def _begins_like_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP


def taken_apart(name: str, data: bytes) -> Iterator[FileEntry]:
    """The members of an archive, and those of the archives in it; a workbook, which is a zip too, is one entry."""
    try:
        if archive.is_archive(data):
            yield from _members(name, data, archive.Allowance(), is_inner=False)
        else:
            yield FileEntry(name, data)
    except Refused as refused:
        yield FileEntry(name, refused=as_of_archive(name, refused))


def _members(name: str, data: bytes, allowance: archive.Allowance, *, is_inner: bool) -> Iterator[FileEntry]:
    """Archives are opened to one level: within an inner one a further one is refused. Together they may not
    unpack to more than one alone."""
    is_empty = True
    for member in archive.members_of(data, allowance):
        if member.ignored:
            continue
        is_empty, shown_name = False, f"{name}/{member.name}"
        kind = nested_kind(member)
        if isinstance(kind, Refused):
            yield FileEntry(shown_name, refused=kind)
        elif not kind:
            yield FileEntry(shown_name, member.content, member.refused)
        elif is_inner:
            yield FileEntry(shown_name, refused=refusal_of("X32"))
        else:
            yield from _inner(shown_name, member.content, allowance)
    if is_empty:
        yield FileEntry(name, refused=EMPTY_ARCHIVE)


def _inner(name: str, data: bytes, allowance: archive.Allowance) -> Iterator[FileEntry]:
    """An inner archive that cannot be trusted costs itself, not what lies beside it."""
    try:
        yield from _members(name, data, allowance, is_inner=True)
    except Refused as refused:
        yield FileEntry(name, refused=as_of_archive(name, refused))


def nested_kind(member: archive.Member) -> bool | Refused:
    """Whether a member is an archive, or why as one it cannot be opened. What is broken is judged when it is read."""
    try:
        return member.content is not None and archive.is_archive(member.content)
    except Refused as refused:
        return as_of_archive(member.name, refused) if member.name.lower().endswith(".zip") else False


def as_of_archive(name: str, refused: Refused) -> Refused:
    """With advice for somebody who packs files, where the name says that it is an archive."""
    is_named_so = name.lower().endswith(".zip") and refused.code in ("X09", "X10", "X11")
    return Refused(refused.code, str(refused), REPACK) if is_named_so else refused


def read_all(
    found: Iterable[FileEntry],
    sandbox: Sandbox,
    *,
    year: int | None = None,
    checks: bool = True,
    answers: Mapping[str, str] | None = None,
) -> Iterator[FileResult]:
    """What was read of each, in order, several at a time; only a few are in memory.

    ``answers``: what persons said to questions of the reader (see ``reader.read_sheets``).
    """
    aside: dict[int, FileResult] = {}

    def readable():
        for position, entry in enumerate(found):
            if entry.refused is None:
                yield entry.name, entry.source
            else:
                aside[position] = FileResult(entry.name, "", entry.refused.to_json())

    position = 0
    for result in sandbox.read_many(readable(), year=year, checks=checks, answers=answers):
        while position in aside:
            yield aside.pop(position)
            position += 1
        yield result
        position += 1
    yield from (aside[left] for left in sorted(aside))
