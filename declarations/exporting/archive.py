"""Many tables as one zip, written piece by piece: whoever sends it on needs the memory of one table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from declarations.exporting.rendering import ExportForm, RenderError

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What no file name may hold on the systems that people use."""
LONGEST = 80
LEFT_OUT = "未导出说明.txt"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
"""The one date of all members: the same tables give the same archive."""


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One table to go into an archive; ``content`` is its file, or why there is none."""

    code: str
    department: str
    year: int | str | None
    content: bytes | RenderError


def file_name(code: str, department: str, year: int | str | None, ending: str, taken: set[str]) -> str:
    """``101001_云溪市教育局_2026年度.xlsx``, told apart where two are alike."""
    stem = UNSAFE.sub("_", f"{code}_{department}"[:LONGEST]) + (f"_{year}年度" if year else "")
    name, number = f"{stem}.{ending}", 2
    while name.lower() in taken:
        name, number = f"{stem}({number}).{ending}", number + 1
    taken.add(name.lower())
    return name


def info_of(name: str, *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIRST_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def write_zip(file: IO[bytes], exports: Iterable[ArchiveMember], form: ExportForm) -> tuple[int, list[str]]:
    """Each table a member; how many, and what was left out, which a text in the archive says too."""
    members = Members(form)
    with zipfile.ZipFile(file, "w") as archive:
        for export in exports:
            members.add(archive, export)
        members.close(archive)
    return len(members.taken), members.left_out


def stream_zip(exports: Iterable[ArchiveMember], form: ExportForm, note: str = "") -> Iterator[bytes]:
    """The archive in pieces, as its tables are made; ``note`` is said with what was left out."""
    pipe, members = Pipe(), Members(form)
    with zipfile.ZipFile(pipe, "w") as archive:
        for export in exports:
            members.add(archive, export)
            yield pipe.take()
        members.left_out += [note] if note else []
        members.close(archive)
    yield pipe.take()


class Members:
    """Adds members under names of their own and remembers what could not be added."""

    def __init__(self, form: ExportForm) -> None:
        self.form = form
        self.taken: set[str] = set()
        self.left_out: list[str] = []

    def add(self, archive: zipfile.ZipFile, export: ArchiveMember) -> str:
        """The name of the member; empty where the table could not be rendered."""
        if isinstance(export.content, RenderError):
            self.left_out.append(f"{export.code} {export.department}：{export.content}")
            return ""
        name = file_name(export.code, export.department, export.year, self.form.ending, self.taken)
        # The others are packed already; packing them again takes time and saves nothing.
        self._write(archive, name, export.content, packed=self.form.ending == "json")
        return name

    def close(self, archive: zipfile.ZipFile) -> None:
        if self.left_out:
            self._write(archive, LEFT_OUT, "\r\n".join(self.left_out).encode("utf-8-sig"), packed=True)

    @staticmethod
    def _write(archive: zipfile.ZipFile, name: str, content: bytes, *, packed: bool) -> None:
        archive.writestr(info_of(name, packed=packed), content)


class Pipe(io.RawIOBase):
    """What is written is taken out again in pieces; it cannot go back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        return piece
