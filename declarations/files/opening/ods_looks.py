"""What an OpenDocument sheet says about what a person sees: styles, struck-out spans, hidden rows, shown texts.

After OpenDocument 1.3 part 3: 16.29 (number styles), 20.380 (line-through), 19.749 (visibility).
"""

from __future__ import annotations

import math
import re

from declarations.files.appearance.appearance import Run
from declarations.files.appearance.number_format import SHOWS_MORE, is_bare
from declarations.files.guarding import limits, markup

NUMBER_STYLES = frozenset(
    f"number:{kind}-style" for kind in ("number", "currency", "percentage", "date", "time", "text")
)
WHOLE_DATE = re.compile(r"\d{2,4}\D+\d{1,2}\D+\d{1,4}\D?")
SCIENTIFIC = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d+")
SHOWN_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
DURATION = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,]\d+)?S)?")
SCALES = (1_000, 10_000, 1_000_000, 100_000_000)
NUMERIC = frozenset({"float", "currency", "percentage"})
DATE_LETTERS = {"year": "y", "month": "m", "day": "d", "hours": "h", "minutes": "m", "seconds": "s"}
MOST_BASES = 20


class Styles:
    """The styles of one document, collected while its parts are walked."""

    def __init__(self) -> None:
        self.bases: dict[str, str] = {}
        self.struck: dict[str, bool] = {}
        self.data_styles: dict[str, str] = {}
        self.nothing: set[str] = set()  # rows without height, columns without width
        self.codes: dict[str, list[str]] = {}
        self.style = self.data_style = ""
        self.is_literal = False

    def start(self, name: str, attributes: list[str]) -> None:
        if name == "style:style":
            known = markup.attribute_pairs(attributes)
            self.style = known.get("style:name", "")
            self.bases[self.style] = known.get("style:parent-style-name", "")
            if "style:data-style-name" in known:
                self.data_styles[self.style] = known["style:data-style-name"]
        elif name == "style:text-properties" and self.style:
            self.note_strike(markup.attribute_pairs(attributes))
        elif name in ("style:table-row-properties", "style:table-column-properties"):
            known = markup.attribute_pairs(attributes)
            size = known.get("style:row-height", known.get("style:column-width", ""))
            if re.match(r"0(?:\.0*)?[a-z]", size):
                self.nothing.add(self.style)
        elif name.startswith("number:"):
            self.start_number(name, attributes)

    def note_strike(self, known: dict[str, str]) -> None:
        """A style may draw the line by its style or by its type; ``none`` takes it away again."""
        stated = [known[key] for key in LINE_THROUGH if key in known]
        if stated:
            self.struck[self.style] = any(value != "none" for value in stated)

    def start_number(self, name: str, attributes: list[str]) -> None:
        known = markup.attribute_pairs(attributes)
        if name in NUMBER_STYLES:
            self.data_style = known.get("style:name", "")
            self.codes[self.data_style] = []
            return
        code = self.codes.get(self.data_style)
        if code is None:
            return
        part = name.removeprefix("number:")
        self.is_literal = part in ("text", "currency-symbol")
        if part == "number":
            code.append(number_code(known))
        elif part in DATE_LETTERS:
            length = 2 if known.get("number:style") == "long" else 1
            code.append(DATE_LETTERS[part] * (length * 2 if part == "year" else length))

    def text(self, text: str) -> None:
        if self.is_literal and self.data_style in self.codes:
            self.codes[self.data_style].append(
                "".join(part if part == "%" else f'"{part}"' for part in part_codes(text))
            )

    def end(self, name: str) -> None:
        if name == "style:style":
            self.style = ""
        elif name in NUMBER_STYLES:
            self.data_style = ""
        elif name.startswith("number:"):
            self.is_literal = False

    def is_struck(self, style: str) -> bool:
        for _ in range(MOST_BASES):
            if style in self.struck:
                return self.struck[style]
            style = self.bases.get(style, "")
        return False

    def code_of(self, style: str) -> str:
        """Return the number format of a cell style as Excel would write it, empty where it adds nothing."""
        for _ in range(MOST_BASES):
            if style in self.data_styles:
                code = "".join(self.codes.get(self.data_styles[style], ()))
                return "" if is_bare(code) else code
            style = self.bases.get(style, "")
        return ""


LINE_THROUGH = ("style:text-line-through-style", "style:text-line-through-type")


def part_codes(text: str) -> list[str]:
    """Return a literal in parts without quotation marks, percent signs apart: they belong to the number."""
    return [part for part in re.split(r"(%)", text.replace('"', "")) if part]


def number_code(known: dict[str, str]) -> str:
    """Return the places of a number: 0.00, #,##0."""
    least, places = count_of(known, "number:min-integer-digits", 1), count_of(known, "number:decimal-places", 0)
    whole = "0" * least or "#"
    if known.get("number:grouping") == "true":
        whole = "#,##0"
    stated = "number:decimal-places" in known
    factor = known.get("number:display-factor", "1")
    scale = "," * (round(math.log10(int(factor)) / 3) if factor.isascii() and factor.isdigit() and int(factor) else 0)
    if not stated and least <= 1 and whole == "0" and not scale:
        return "General"
    return whole + (f".{'0' * places}" if places else "") + scale[:3]


def count_of(known: dict[str, str], name: str, default: int) -> int:
    text = known.get(name, "")
    return min(int(text), 20) if text.isascii() and text.isdigit() and len(text) < 4 else default


class CellText:
    """The text of one cell in its runs, while the elements in it begin and end."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.runs: list[Run] = []
        self.spans: list[bool | None] = [None]
        self.aside = 0

    def begin(self) -> None:
        self.runs, self.spans, self.aside = [], [None], 0

    def start(self, name: str, attributes: list[str]) -> None:
        if name == "office:annotation" or self.aside:
            self.aside += 1
        elif name == "text:p" and self.runs:
            self.add("\n")
        elif name == "text:s":
            self.add(" " * count_of(markup.attribute_pairs(attributes), "text:c", 1))
        elif name in ("text:tab", "text:line-break"):
            self.add("\t" if name == "text:tab" else "\n")
        if name == "text:span" and not self.aside:
            style = markup.attribute_pairs(attributes).get("text:style-name", "")
            is_stated = any(base in self.styles.struck for base in (style, self.styles.bases.get(style, "")))
            self.spans.append(self.styles.is_struck(style) if is_stated else self.spans[-1])

    def add(self, text: str) -> None:
        if not self.aside:
            self.runs.append((text, self.spans[-1]))

    def end(self, name: str) -> None:
        if self.aside:
            self.aside -= 1
        elif name == "text:span" and len(self.spans) > 1:
            self.spans.pop()

    @property
    def has_struck(self) -> bool:
        return any(is_struck is not None for _, is_struck in self.runs)

    @property
    def shown(self) -> str:
        return "".join(text for text, _ in self.runs).strip()


def adds_to_value(kind: str, shown: str) -> bool:
    """Whether the text that a file keeps of a number, a date or a time says more than its value."""
    if kind in NUMERIC:
        more = SHOWS_MORE.search(shown) or (kind == "float" and "%" in shown)
        return bool(more) and not SCIENTIFIC.fullmatch(shown)
    return kind == "time" or (kind == "date" and not WHOLE_DATE.fullmatch(shown))


def duration_text(stated: str) -> str:
    """Return PT48H00M00S as 48:00; empty for anything else."""
    parts = DURATION.fullmatch(stated)
    if not parts:
        return ""
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return f"{hours}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")


def scale_between(value: str, shown: str) -> int:
    """Return by how much a shown number is less than the value, 1 for all but thousands, 万, millions and 亿."""
    digits = SHOWN_NUMBER.search(shown)
    try:
        ratio = abs(float(value) / float(digits[0].replace(",", ""))) if digits else 1.0
    except (ValueError, ZeroDivisionError, OverflowError):
        return 1
    return next((scale for scale in SCALES if abs(ratio / scale - 1) < 0.04), 1)


def column_styles(first: int, repeat: int, style: str) -> dict[int, str]:
    """Return the style of each of these columns, as far as columns are read at all."""
    return dict.fromkeys(range(first, min(first + repeat, limits.COLUMNS + 1)), style) if style else {}
