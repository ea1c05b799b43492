"""What a person sees of the cells of a Word document: struck-out text, covered cells, pictures, hidden rows."""

from __future__ import annotations

from declarations.files.appearance.appearance import list_left_out
from declarations.files.guarding import markup
from declarations.files.guarding.package import Package
from declarations.files.opening.docx_markup import OFF
from declarations.files.opening.sheet import Sheet, Why

STYLES = "word/styles.xml"
MOST_BASES = 20
"""How many styles deep a look may be inherited."""


class CellLooks:
    """Notes, while a document is walked, what its cells hold but do not show. Rows are counted from 0 here."""

    def __init__(self, struck_styles: frozenset[str] = frozenset()) -> None:
        self.struck_styles = struck_styles
        self.hidden_rows: set[int] = set()
        self.left_out: list[tuple[int, int, str, Why]] = []
        self.struck: list[str] = []
        self.stated_strikes: list[bool] = []
        self.is_style_struck = self.is_paragraph_struck = self.has_picture = False

    def begin_cell(self) -> None:
        self.struck, self.has_picture = [], False

    def begin_paragraph(self) -> None:
        self.is_paragraph_struck = False

    def style_paragraph(self, style: str) -> None:
        self.is_paragraph_struck = style in self.struck_styles

    def begin_run(self) -> None:
        self.stated_strikes, self.is_style_struck = [], False

    def style_run(self, style: str) -> None:
        self.is_style_struck = style in self.struck_styles

    def strike(self, is_struck: bool) -> None:
        """Take the run's own word (``strike`` and ``dstrike``) for it, whatever its styles say."""
        self.stated_strikes.append(is_struck)

    @property
    def is_struck(self) -> bool:
        if self.stated_strikes:
            return any(self.stated_strikes)
        return self.is_style_struck or self.is_paragraph_struck

    def seen(self, run: list[str]) -> list[str]:
        """Return the text of a run, nothing where it is struck out."""
        if not self.is_struck:
            return run
        self.struck += run
        return []

    def end_cell(self, row: int, column: int, text: str, *, is_covered: bool = False) -> None:
        """Note what the cell at this place holds beside its text."""
        struck = "".join(self.struck).strip()
        if struck:
            self.left_out.append((row, column, struck, Why.STRUCK_OUT))
        if is_covered and text.strip():
            self.left_out.append((row, column, text, Why.COVERED))
        elif self.has_picture and not text.strip():
            self.left_out.append((row, column, "（图片）", Why.PICTURE))
        self.struck, self.has_picture = [], False

    def note(self, sheet: Sheet) -> None:
        """Put into the sheet what was noted of the rows that it has."""
        for row, column, text, why in self.left_out:
            if row < len(sheet.rows):
                place = sheet.first_row + row, column
                list_left_out(sheet, place, text, why)
                if why is Why.PICTURE:
                    sheet.faults[place] = Why.PICTURE.label
        rows = {row for row in self.hidden_rows if row < len(sheet.rows) and any(sheet.rows[row])}
        sheet.hidden_rows = {sheet.first_row + row for row in rows}


def struck_styles(package: Package) -> frozenset[str]:
    """Return the names of the styles that strike text out, those based on such a one included."""
    if STYLES not in package:
        return frozenset()
    xml = markup.normal_xml(package.read(STYLES))
    if b"strike" not in xml:
        return frozenset()
    walk = StylesWalk()
    markup.parse_xml(xml, walk.start)
    return frozenset(style for style in walk.bases if walk.is_struck(style))


class StylesWalk:
    """The styles of a document: which strike out, and which they are based on."""

    def __init__(self) -> None:
        self.bases: dict[str, str] = {}
        self.struck: dict[str, bool] = {}
        self.style = ""

    def start(self, name: str, attributes: list[str]) -> None:
        tag = markup.local_name(name)
        if tag not in ("style", "basedOn", "strike", "dstrike"):
            return
        known = {markup.local_name(key): value for key, value in markup.attribute_pairs(attributes).items()}
        if tag == "style":
            self.style = known.get("styleId", "")
            self.bases[self.style] = ""
        elif tag == "basedOn":
            self.bases[self.style] = known.get("val", "")
        elif self.style:
            is_struck = known.get("val", "on") not in OFF
            self.struck[self.style] = self.struck.get(self.style, False) or is_struck

    def is_struck(self, style: str) -> bool:
        for _ in range(MOST_BASES):
            if style in self.struck:
                return self.struck[style]
            style = self.bases.get(style, "")
        return False
