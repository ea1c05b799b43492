"""Web pages (HTML) and pages packed in one file (MHTML), as sheets.

A page is one sheet; a packed workbook has one page a sheet. A page that only frames others, which were not sent
along, is refused in words.
"""

from __future__ import annotations

import codecs
import email
import re
from email.errors import MessageError
from email.message import Message

from declarations.files.guarding import limits
from declarations.files.guarding.bounds import judge_cells, judge_sheets
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.sheet import Sheet
from declarations.files.opening_web.web_cells import sheet_of
from declarations.files.opening_web.web_tables import PageWalk, walk_page

META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
SHEET_NAME = re.compile(r"<x:Name>([^<]{1,100})</x:Name>", re.IGNORECASE)
CHINESE = frozenset({"gb2312", "gbk", "gb_2312-80", "hz-gb-2312", "cp936", "ms936", "x-gbk"})
KNOWN = frozenset({"utf-8", "utf8", "gb18030", "big5", "utf-16", "utf-16le", "utf-16be"})
FEW = 2_000
"""Of so many characters one that cannot be read is passed over."""


def open_html(data: bytes) -> list[Sheet]:
    text = decode_page(data)
    walk = walk_page(text)
    judge_found(walk)
    names = SHEET_NAME.findall(text[:200_000])
    return [sheet_of(walk.rows, walk.hidden_rows, names[0] if len(names) == 1 else "")]


def judge_found(walk: PageWalk) -> None:
    if walk.has_frames and not walk.rows:
        raise refusal_of("X29")
    if not walk.rows:
        raise refusal_of("X01")


def decode_page(data: bytes, stated: str = "") -> str:
    """The text of a page. What is UTF-8 is that, whatever the page states; else its own word counts, then what fits."""
    own = (*charset_named(stated), *charset_named(stated_in(data)))
    for encoding in dict.fromkeys((*markup_in(data), "utf-8", *own)):
        text = strictly(data, encoding)
        if text is not None:
            return text
    text = data.decode(own[0] if own else "utf-8", "replace")
    if text.count("\ufffd") <= 3 + len(text) // FEW:
        return text
    text = strictly(data, "gb18030")
    if text is None:
        raise refusal_of("X19", reason="编码无法识别")
    return text


def strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError:
        return None


def markup_in(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" in data[:200]:
        return ("utf-16-le",) if data[1:2] == b"\0" else ("utf-16-be",)
    return ("utf-8",) if data.startswith(codecs.BOM_UTF8) else ()


def stated_in(data: bytes) -> str:
    head = data[:8_192]
    match = XML_ENCODING.search(head) or META_CHARSET.search(head)
    return match[1].decode("ascii") if match else ""


def charset_named(encoding: str) -> tuple[str, ...]:
    """The codec of an encoding by its name, nothing for an unknown one; all Chinese ones are read as the largest."""
    name = encoding.lower()
    if name in CHINESE:
        return ("gb18030",)
    return (name,) if name in KNOWN else ()


def open_mhtml(data: bytes) -> list[Sheet]:
    """The pages with tables, in their order, named as the workbook names its sheets."""
    texts = [decode_page(content, charset) for content, charset in pages_of(data) if content]
    if not texts:
        raise refuse_damaged("网页的各部分不完整")
    names = [name for text in texts for name in SHEET_NAME.findall(text[:200_000])]
    walks = [walk_page(text) for text in texts]
    filled = [walk for walk in walks if walk.rows and not walk.has_frames]
    if not filled:
        raise refusal_of("X29" if any(walk.has_frames for walk in walks) else "X01")
    judge_sheets(len(filled))
    judge_cells(sum(walk.cells for walk in filled))
    names = names if len(names) == len(filled) else [""] * len(filled)
    return [sheet_of(walk.rows, walk.hidden_rows, name) for walk, name in zip(filled, names, strict=True)]


def pages_of(data: bytes) -> list[tuple[bytes, str]]:
    """The parts that are web pages, each with the encoding that its head states."""
    if data.count(b"\n--") > limits.ENTRIES:
        raise refusal_of("X11", reason="内含的部件过多")
    try:
        parts = [part for part in email.message_from_bytes(data).walk() if part.get_content_type() == "text/html"]
        return [(content_of(part), str(part.get_content_charset() or "")) for part in parts]
    except (MessageError, RecursionError, ValueError, LookupError):
        raise refuse_damaged("网页的各部分不完整") from None


def content_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
