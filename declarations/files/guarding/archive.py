"""A zip of many workbooks, taken apart one member at a time; zips in it are its caller's affair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from declarations.files.guarding import limits
from declarations.files.guarding.gate import ZIP, FileKind, package_kind
from declarations.files.guarding.package import Package
from declarations.files.guarding.refusals import refusal_of
from declarations.sheet.problems import Refused

SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


class Member(NamedTuple):
    """One file of an archive: its content, or why it was refused, or why it is passed over."""

    name: str
    content: bytes | None = None
    refused: Refused | None = None
    ignored: str = ""


@dataclass(slots=True)
class Allowance:
    """What may still be unpacked of one upload, with all archives in it: bytes and files."""

    size: int = field(default_factory=lambda: limits.ARCHIVE_UNPACKED_BYTES)
    files: int = limits.ENTRIES

    def take(self, size: int) -> None:
        """Raises `Refused` once it is used up."""
        self.size, self.files = self.size - size, self.files - 1
        if self.files < 0:
            raise refusal_of("X11", reason=f"内含的文件超过 {limits.ENTRIES} 个")
        if self.size < 0:
            raise refusal_of("X11", reason=f"超过 {limits.ARCHIVE_UNPACKED_BYTES // limits.MEBIBYTE} MB")


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a zip of files rather than a workbook; raises `Refused` for a broken or hostile zip."""
    return data.startswith(ZIP) and package_kind(open_archive(data)) is FileKind.ARCHIVE


def members_of(source: Path | str | bytes, allowance: Allowance | None = None) -> Iterator[Member]:
    """The files of a zip in its own order; raises `Refused` where the archive itself cannot be trusted.

    A workbook counts as one file (it is not taken apart), and so does an archive in the archive. At the end
    come those whose names cannot be trusted, told apart by a number.
    """
    data = source if isinstance(source, bytes) else load_archive(Path(source))
    package, allowance = open_archive(data), allowance or Allowance()
    for key, info in package.entries.items():
        name = package.names[key]
        limit = limits.ARCHIVE_BYTES if name.lower().endswith(".zip") else limits.FILE_BYTES
        ignored = why_ignored(PurePosixPath(name))
        if ignored:
            yield Member(name, ignored=ignored)
        elif info.file_size > limit:
            yield Member(name, refused=refusal_of("X02", limit=limit // limits.MEBIBYTE))
        else:
            allowance.take(info.file_size)
            yield unpack_member(package, name)
    for number, (name, refused) in enumerate(package.aside, 1):
        if not why_ignored(PurePosixPath(name)):
            yield Member(f"{printable_name(name)}（第 {number} 个不能读取的文件）", refused=refused)


def printable_name(name: str) -> str:
    return "".join(letter if letter.isprintable() else "_" for letter in name[: limits.NAME_LENGTH])


def unpack_member(package: Package, name: str) -> Member:
    try:
        return Member(name, package.read(name))
    except Refused as refused:
        return Member(name, refused=refused)


def load_archive(path: Path) -> bytes:
    try:
        if path.stat().st_size > limits.ARCHIVE_BYTES:
            raise refusal_of("X02", limit=limits.ARCHIVE_BYTES // limits.MEBIBYTE)
        return path.read_bytes()
    except OSError:
        raise refusal_of("X23") from None


def open_archive(data: bytes) -> Package:
    if not data:
        raise refusal_of("X01")
    if len(data) > limits.ARCHIVE_BYTES:
        raise refusal_of("X02", limit=limits.ARCHIVE_BYTES // limits.MEBIBYTE)
    most = limits.ARCHIVE_UNPACKED_BYTES
    try:
        return Package(data, declared_bytes=most, unpacked_bytes=most, is_archive=True)
    except Refused as refused:
        # a workbook with a password is no zip
        raise refusal_of("X33") if refused.code == "X06" else refused from None


def why_ignored(path: PurePosixPath) -> str:
    if path.parts[:1] == ("__MACOSX",) or path.name.startswith("._") or path.name.lower() in SYSTEM_FILES:
        return "系统自动生成的文件"
    if path.name.startswith("~$"):
        return "Office 的临时锁定文件"
    return ""
