"""A zip file, judged by its directory before anything in it is unpacked.

Workbooks (xlsx, ods) and archives of workbooks are both zip files. Nothing is trusted twice: the
directory must agree with the local headers, parts must not overlap, sizes and checksums must be
true, and unpacking stops at the declared size. `pack_parts` writes the parts that passed into a new,
uncompressed zip, so that the library which reads the values never sees the original file.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of, refuse_damaged, refuse_suspicious
from declarations.sheet.problems import Refused

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
EXTRA = struct.Struct("<2H")
UNICODE_PATH = 0x7075
ENCRYPTED, UTF8 = 0x1, 0x800


class Package:
    """The entries of a zip by lower-case name (part names of a workbook know no case); ``names`` as written.

    In a workbook one entry with a name that no honest program writes spoils the whole. In an archive of files
    (``is_archive``) such an entry is put ``aside``, with the reason, and the others count.
    """

    def __init__(
        self,
        data: bytes,
        *,
        declared_bytes: int = limits.DECLARED_BYTES,
        unpacked_bytes: int = limits.UNPACKED_BYTES,
        is_archive: bool = False,
    ) -> None:
        self.data = data
        self.left = unpacked_bytes
        self.names: dict[str, str] = {}
        self.aside: list[tuple[str, Refused]] = []
        self.entries = read_directory(data, self.names, self.aside if is_archive else None)
        judge_sizes(self.entries.values(), declared_bytes)
        self.starts = judge_layout(data, self.entries.values())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.entries

    def read(self, name: str) -> bytes:
        """One part, unpacked; raises `Refused` when it is missing, larger than declared or damaged."""
        entry = self.entries.get(name.lower())
        if entry is None:
            raise refuse_damaged("缺少必要的部件")
        self.left -= entry.file_size
        if self.left < 0:
            raise refusal_of("X11", reason="内容总量超出限制")
        return unpack_entry(self.packed(entry), entry)

    def packed(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of an entry as they stand in the file."""
        start = self.starts[entry.header_offset]
        return self.data[start : start + entry.compress_size]


def read_directory(
    data: bytes, names: dict[str, str], aside: list[tuple[str, Refused]] | None = None
) -> dict[str, zipfile.ZipInfo]:
    """The entries that are files, by lower-case name; ``names`` receives the names as written.

    Names that no honest program writes go ``aside``; without that list `Refused` is raised for them.
    """
    entries: dict[str, zipfile.ZipInfo] = {}
    for info in infos_of(data):
        name = stated_name(info) if aside is None else told_name(info)
        if name.endswith("/"):
            continue
        wrong = why_wrong(name) or ("内部有同名部件" if name.lower() in entries else "")
        if wrong and aside is None:
            raise refuse_suspicious(wrong)
        if wrong:
            aside.append((name, refusal_of("X31" if name.lower() in entries else "X30")))
            continue
        entries[name.lower()], names[name.lower()] = info, name
    return entries


def infos_of(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError):
        raise refuse_damaged("压缩结构不完整") from None
    if len(infos) > limits.ENTRIES:
        raise refusal_of("X11", reason=f"内含 {len(infos)} 个部件")
    return infos


def stated_name(info: zipfile.ZipInfo) -> str:
    """The name with forward slashes. Some exporters write backslashes."""
    return decoded_name(info).replace("\\", "/")


def told_name(info: zipfile.ZipInfo) -> str:
    """The same for an archive of files: a name in Unicode that some packers put beside the stated one wins."""
    return (unicode_name(info) or decoded_name(info)).replace("\\", "/")


def unicode_name(info: zipfile.ZipInfo) -> str:
    """From the Info-ZIP Unicode Path extra field (0x7075), where it belongs to the stated name; else empty."""
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437", "replace")
    rest = info.extra
    while len(rest) >= EXTRA.size:
        kind, length = EXTRA.unpack_from(rest)
        field, rest = rest[EXTRA.size : EXTRA.size + length], rest[EXTRA.size + length :]
        if (
            kind == UNICODE_PATH
            and len(field) > 5
            and field[0] == 1
            and field[1:5] == zlib.crc32(raw).to_bytes(4, "little")
        ):
            return field[5:].decode("utf-8", "ignore")
    return ""


def why_wrong(name: str) -> str:
    if "\0" in name or len(name) > limits.NAME_LENGTH or not name:
        return "内部部件的名称不合规"
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "内部部件指向文件以外的位置"
    return ""


def decoded_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are UTF-8 (macOS) or GBK (Chinese Windows), whatever the standard says."""
    name = info.orig_filename
    if name.isascii() or info.flag_bits & UTF8:
        return name
    raw = name.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def judge_sizes(infos, declared_bytes: int) -> None:
    total = 0
    for info in infos:
        if info.flag_bits & ENCRYPTED:
            raise refusal_of("X06")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refuse_suspicious("压缩方式不受支持")
        if info.file_size >= limits.RATIO_FROM and info.file_size > limits.RATIO * max(info.compress_size, 1):
            raise refusal_of("X11", reason="压缩比异常")
        total += info.file_size
    if total > declared_bytes:
        raise refusal_of("X11", reason=f"超过 {declared_bytes // limits.MEBIBYTE} MB")


def judge_layout(data: bytes, infos) -> dict[int, int]:
    """Where the packed bytes of each entry begin, by the offset of its header.

    Local headers must agree with the directory, and no two entries may share bytes.
    """
    starts: dict[int, int] = {}
    end_of_last = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        start = starts[info.header_offset] = content_start(data, info)
        if info.header_offset < end_of_last:
            raise refuse_suspicious("内部部件相互重叠")
        end_of_last = start + info.compress_size
    if end_of_last > len(data):
        raise refuse_damaged("文件不完整")
    return starts


def content_start(data: bytes, info: zipfile.ZipInfo) -> int:
    """Where the packed bytes of an entry begin; its local header must name the same entry."""
    offset = info.header_offset
    if not 0 <= offset <= len(data) - LOCAL.size:
        raise refuse_damaged("文件不完整")
    signature, _, flags, method, *_, name_length, extra_length = LOCAL.unpack_from(data, offset)
    start = offset + LOCAL.size + name_length
    if signature != b"PK\x03\x04" or method != info.compress_type or flags & ENCRYPTED:
        raise refuse_suspicious("部件目录与内容不一致")
    name = data[offset + LOCAL.size : start].decode("utf-8" if flags & UTF8 else "cp437", "replace")
    if name != info.orig_filename:
        raise refuse_suspicious("部件目录与内容不一致")
    return start + extra_length


def unpack_entry(packed: bytes, info: zipfile.ZipInfo) -> bytes:
    """The content of an entry: never more than declared, and exactly that."""
    if info.compress_type == zipfile.ZIP_DEFLATED:
        packed = inflate_entry(packed, info.file_size)
    if len(packed) != info.file_size:
        raise refuse_suspicious("部件的大小与声明不符")
    if zlib.crc32(packed) != info.CRC:
        raise refuse_damaged("校验码不符")
    return packed


def inflate_entry(packed: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, size + 1)
    except zlib.error:
        raise refuse_damaged("压缩数据有误") from None
    if not inflater.eof and len(content) <= size:
        raise refuse_damaged("压缩数据不完整")
    return content


def pack_parts(parts: list[tuple[str, bytes]]) -> bytes:
    """A plain zip of these parts, uncompressed."""
    body, central, offset = [], [], 0
    for name, content in parts:
        encoded, size, crc = name.encode("ascii"), len(content), zlib.crc32(content)
        header = LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, 33, crc, size, size, len(encoded), 0)
        central.append(
            CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 0, 0, 33, crc, size, size, len(encoded), 0, 0, 0, 0, 0, offset)
            + encoded
        )
        body += header, encoded, content
        offset += len(header) + len(encoded) + size
    directory_bytes = b"".join(central)
    end = END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory_bytes), offset, 0)
    return b"".join((*body, directory_bytes, end))
