"""Which cell styles of a workbook show a number as a percentage.

Looked up in the text of styles.xml rather than parsed: styles are many, percentages few, and a
wrong guess could do no more than lose a percent sign.
"""

from __future__ import annotations

import html
import re

from declarations.files.guarding.memory import remember_small

BUILT_IN = frozenset({9, 10})
"""Number formats 0% and 0.00%."""
# What stands between quotes, behind a backslash or in brackets is not part of the format itself.
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
POSSIBLY = re.compile(rb"numFmtId\s*=\s*[\"'](?:9|10)[\"']|%|&#")
CUSTOM = re.compile(rb"<(?:[\w.-]+:)?numFmt\s[^<]*?>")
CELL_FORMAT = re.compile(rb"<(?:[\w.-]+:)?xf(?=[\s/>])([^<>]*)")
NUMBER = re.compile(rb"\snumFmtId\s*=\s*[\"'](\d+)")
CODE = re.compile(rb"\sformatCode\s*=\s*(\"[^\"]*\"|'[^']*')")


def is_percentage(format_code: str) -> bool:
    return "%" in LITERAL.sub("", format_code)


@remember_small
def percent_styles(xml: bytes) -> frozenset[str]:
    """The indices (as written in ``s="…"``) of the cell formats of styles.xml that show percentages."""
    if not POSSIBLY.search(xml):
        return frozenset()
    percent = percent_formats(xml)
    start, end = xml.find(b"cellXfs"), xml.rfind(b"cellXfs")
    formats = CELL_FORMAT.findall(xml, start, end) if start >= 0 else []
    return frozenset(str(index) for index, attributes in enumerate(formats) if number_of(attributes) in percent)


def percent_formats(xml: bytes) -> set[bytes]:
    """The ids of the number formats that show percentages, built in and of the workbook itself."""
    percent = {b"%d" % number for number in BUILT_IN}
    for tag in CUSTOM.findall(xml) if b"formatCode" in xml else ():
        code = CODE.search(tag)
        if code:
            shows = is_percentage(html.unescape(code[1][1:-1].decode("utf-8", "replace")))
            (percent.add if shows else percent.discard)(number_of(tag))
    return percent


def number_of(attributes: bytes) -> bytes:
    number = NUMBER.search(attributes)
    return number[1] if number else b"0"
