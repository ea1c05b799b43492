"""XML parts of a workbook, made harmless before any parser of values sees them.

`normal_xml` gives UTF-8 without declaration, document type or absurd tags; expat then walks the part
with only the handlers that are needed. A document type declaration is always refused, so no
entity can be defined, expanded or fetched.
"""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of, refuse_damaged

DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*?\?>")
ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
# Between two "<" lies one tag and the text after it: only the long ones need a look.
LONG_RUN = re.compile(rb"<[^<]{%d,}" % (limits.ATTRIBUTES * 5))
DOCTYPE = b"<!DOCTYPE"
WIDE_ENCODINGS = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
OTHER_ENCODINGS = {b"gbk", b"gb2312", b"gb18030"}


def normal_xml(data: bytes) -> bytes:
    """The part as UTF-8 without its declaration; raises `Refused` for a DTD or overloaded markup."""
    xml = utf8(data)
    if DOCTYPE in xml:
        raise refusal_of("X12")
    if xml.count(b"<") > 2 * limits.ELEMENTS:
        raise refusal_of("X13", reason="元素数量过多")
    for run in LONG_RUN.finditer(xml):
        judge_run(run[0])
    return xml


def judge_unread(data: bytes) -> None:
    """A part that nobody parses: no document type declaration all the same. Cheap for plain UTF-8."""
    head = data[:200]
    if b"\0" in head or (b"encoding" in head and b"UTF-8" not in head):
        normal_xml(data)
    elif DOCTYPE in data:
        raise refusal_of("X12")


def judge_run(run: bytes) -> None:
    """A tag with the text behind it. Each attribute costs one ``="`` or ``='`` at least."""
    if run.count(b"=") > limits.ATTRIBUTES and len(re.findall(rb"=\s*[\"']", run)) > limits.ATTRIBUTES:
        raise refusal_of("X13", reason="元素的属性过多")
    if run.find(b">") > limits.TAG_BYTES and run[1:2] not in b"!?":
        raise refusal_of("X13", reason="元素的标签过长")


def utf8(data: bytes) -> bytes:
    for mark, encoding in WIDE_ENCODINGS:
        if data.startswith(mark):
            return recode_part(data, encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    declaration = DECLARATION.match(data)
    if not declaration:
        return data
    stated = ENCODING.search(declaration[0])
    if stated and stated[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return other_encoding(data, stated[1].lower())
    return data[declaration.end() :]


def other_encoding(data: bytes, stated: bytes) -> bytes:
    if stated not in OTHER_ENCODINGS:
        raise refusal_of("X13", reason="编码方式不受支持")
    return recode_part(data, "gb18030")


def recode_part(data: bytes, encoding: str) -> bytes:
    try:
        xml = data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeError:
        raise refuse_damaged("编码有误") from None
    declaration = DECLARATION.match(xml)
    return xml[declaration.end() :] if declaration else xml


def parse_xml(xml: bytes, start=None, end=None, text=None, *, namespaces: bool = False) -> None:
    """Walk a normal part with expat. Attributes come as a flat list: name, value, name, value …"""
    parser = expat.ParserCreate("UTF-8", namespace_separator=" " if namespaces else None)
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype
    if start:
        parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise refuse_damaged("内部 XML 有误") from None


def refuse_doctype(*_: object) -> None:
    raise refusal_of("X12")


def attribute_pairs(attributes: list[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def local_name(name: str) -> str:
    """The name without prefix or namespace."""
    return name.rpartition(":")[2].rpartition(" ")[2]
