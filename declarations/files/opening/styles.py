"""What the cell styles of a workbook do to values: percentages, number formats with words, struck-out fonts.

Looked up in the text of styles.xml rather than parsed: styles are many, those that matter few, and a
wrong guess could do no more than lose a percent sign or a word.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from declarations.files.appearance.number_format import is_bare
from declarations.files.guarding.memory import remember_small

BUILT_IN = frozenset({9, 10})
"""Number formats 0% and 0.00%."""
BUILT_IN_CODES = {
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00',
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;"¥"-#,##0;"¥-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;"¥"-#,##0.00;"¥-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""The formats that a workbook names by number alone, as Chinese Excel and WPS show them (ECMA-376 part 1, 18.8.30)."""
# What stands between quotes, behind a backslash or in brackets is not part of the format itself.
LITERAL = re.compile(r'"[^"]*"|[\\!].|\[[^\]]*\]|[_*].')
STYLED = re.compile(rb"numFmtId\s*=\s*[\"'](?!0[\"'])|strike")
CUSTOM = re.compile(rb"<(?:[\w.-]+:)?numFmt\s[^<]*?>")
CELL_FORMAT = re.compile(rb"<(?:[\w.-]+:)?xf(?=[\s/>])([^<>]*)")
NUMBER = re.compile(rb"\snumFmtId\s*=\s*[\"'](\d+)")
FONT_NUMBER = re.compile(rb"\sfontId\s*=\s*[\"'](\d+)")
CODE = re.compile(rb"\sformatCode\s*=\s*(\"[^\"]*\"|'[^']*')")
FONTS = re.compile(rb"</?(?:[\w.-]+:)?fonts[\s>]")
FONT = re.compile(rb"<(?:[\w.-]+:)?font(?=[\s/>])")
STRUCK = re.compile(rb"<(?:[\w.-]+:)?strike(?:\s*/?>|\s+val\s*=\s*[\"'](?:1|true|on)[\"'])")


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The cell formats of styles.xml that matter, by index as written in ``s="…"``.

    ``percent``: those that show percentages; ``formats``: the number formats that add something to the bare
    value; ``struck``: those whose font is struck out.
    """

    percent: frozenset[str] = frozenset()
    formats: dict[str, str] = field(default_factory=dict)
    struck: frozenset[str] = frozenset()


def is_percentage(format_code: str) -> bool:
    return "%" in LITERAL.sub("", format_code)


@remember_small
def cell_styles(xml: bytes) -> CellStyles:
    if not STYLED.search(xml):
        return CellStyles()
    codes, struck = format_codes(xml), struck_fonts(xml)
    start, end = xml.find(b"cellXfs"), xml.rfind(b"cellXfs")
    used = CELL_FORMAT.findall(xml, start, end) if start >= 0 else []
    shown = {str(index): codes.get(number) for index, number in enumerate(map(number_of, used))}
    return CellStyles(
        frozenset(index for index, code in shown.items() if code and is_percentage(code)),
        {index: code for index, code in shown.items() if code and not is_bare(code)},
        frozenset(str(index) for index, attributes in enumerate(used) if font_of(attributes) in struck),
    )


def format_codes(xml: bytes) -> dict[bytes, str]:
    """Return the number formats by their numbers, built in and of the workbook itself, but for the plainest."""
    codes = {b"%d" % number: code for number, code in BUILT_IN_CODES.items()} | {b"9": "0%", b"10": "0.00%"}
    for tag in CUSTOM.findall(xml) if b"formatCode" in xml else ():
        code = CODE.search(tag)
        if code:
            codes[number_of(tag)] = html.unescape(code[1][1:-1].decode("utf-8", "replace"))
    return codes


def struck_fonts(xml: bytes) -> set[bytes]:
    """Return the numbers of the fonts that are struck out."""
    bounds = [match.start() for match in FONTS.finditer(xml)] if b"strike" in xml else []
    inside = FONT.split(xml[bounds[0] : bounds[1]])[1:] if len(bounds) > 1 else []
    return {b"%d" % index for index, font in enumerate(inside) if STRUCK.search(font)}


def number_of(attributes: bytes) -> bytes:
    number = NUMBER.search(attributes)
    return number[1] if number else b"0"


def font_of(attributes: bytes) -> bytes:
    number = FONT_NUMBER.search(attributes)
    return number[1] if number else b""
