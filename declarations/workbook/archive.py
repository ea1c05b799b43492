"""A zip of many workbooks, taken apart one member at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from declarations.problems import Refused
from declarations.workbook import limits
from declarations.workbook.gate import ZIP, Kind, package_kind
from declarations.workbook.package import Package
from declarations.workbook.refusals import refusal

SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class Member(NamedTuple):
    """One file of an archive: its content, or why it was refused, or why it is passed over."""

    name: str
    content: bytes | None = None
    refused: Refused | None = None
    ignored: str = ""


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a zip of files rather than a workbook; raises `Refused` for a broken or hostile zip."""
    return data.startswith(ZIP) and package_kind(opened(data)) is Kind.ARCHIVE


def members(source: Path | str | bytes) -> Iterator[Member]:
    """The files of a zip in its own order; raises `Refused` where the archive itself cannot be trusted.

    A workbook counts as one file (it is not taken apart), and so does an archive in the archive,
    which is refused when it is opened.
    """
    data = source if isinstance(source, bytes) else loaded(Path(source))
    package = opened(data)
    for key, info in package.entries.items():
        name = package.names[key]
        ignored = why_ignored(PurePosixPath(name))
        if ignored:
            yield Member(name, ignored=ignored)
        elif info.file_size > limits.FILE_BYTES:
            yield Member(name, refused=refusal("X02", limit=limits.FILE_BYTES // limits.MEBIBYTE))
        else:
            yield unpacked(package, name)


def unpacked(package: Package, name: str) -> Member:
    try:
        return Member(name, package.read(name))
    except Refused as refused:
        return Member(name, refused=refused)


def loaded(path: Path) -> bytes:
    try:
        if path.stat().st_size > limits.ARCHIVE_BYTES:
            raise refusal("X02", limit=limits.ARCHIVE_BYTES // limits.MEBIBYTE)
        return path.read_bytes()
    except OSError:
        raise refusal("X23") from None


def opened(data: bytes) -> Package:
    if not data:
        raise refusal("X01")
    if len(data) > limits.ARCHIVE_BYTES:
        raise refusal("X02", limit=limits.ARCHIVE_BYTES // limits.MEBIBYTE)
    return Package(data, declared_bytes=limits.ARCHIVE_UNPACKED_BYTES, unpacked_bytes=limits.ARCHIVE_UNPACKED_BYTES)


def why_ignored(path: PurePosixPath) -> str:
    if path.parts[0] == "__MACOSX" or path.name.startswith("._") or path.name.lower() in SYSTEM_FILES:
        return "系统自动生成的文件"
    if path.name.startswith("~$"):
        return "Office 的临时锁定文件"
    return ""
