"""Tables of Word documents (OOXML, transitional and strict; WPS writes them too) as one sheet.

The document is walked once with expat; nothing but its main part is parsed. Left behind unread: links to
other files, attached templates, embedded objects, pictures, text boxes, headers and footers, comments. What a
person does not see (deleted and hidden text) is not read. A document with macros is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from declarations.files.guarding import limits, markup
from declarations.files.guarding.bounds import judge_cells, require_within
from declarations.files.guarding.package import Package
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening.docx_looks import CellLooks, struck_styles
from declarations.files.opening.docx_markup import OFF, Known, number_of, tag_of, trim_paragraphs
from declarations.files.opening.sheet import LeftOut, Sheet, Value, Why, address
from declarations.files.opening.xlsx import links_of, read_links, refuse_doctypes, refuse_macros, target_of

DOCUMENT = "word/document.xml"
UNSEEN = frozenset(
    {"del", "moveFrom", "txbxContent", "Fallback", "sectPr", "rt", "rPrChange", "pPrChange", "trPrChange"}
)
"""What stands inside these is no text of the place where they stand, nor the look that it has now."""
PAGE_BREAKS = ("page", "column")
SHOWN = 20


def open_docx(package: Package) -> list[Sheet]:
    """One sheet: the rows of all tables in order, and each paragraph between or before them as a row of one cell.

    Rows are counted from the first row of the first table; what follows the last table is left out.
    """
    refuse_macros(package)
    named = target_of(read_links(package, ""), "officeDocument")
    part = named if named in package else DOCUMENT
    xml = markup.normal_xml(package.read(part))
    refuse_doctypes(package, {part, links_of("")})
    walk = DocumentWalk(struck_styles(package))
    markup.parse_xml(xml, walk.start, walk.end, walk.text, namespaces=True)
    if not walk.is_document:
        raise refuse_damaged("文档的内容有误")
    return [walk.sheet()]


class DocumentWalk:
    """The rows of a document, collected while its elements begin and end."""

    def __init__(self, struck_styles: frozenset[str] = frozenset()) -> None:
        self.rows: list[list[Value]] = []
        self.looks = CellLooks(struck_styles)
        self.is_document = False
        self.before, self.read = 0, 0  # rows before the first table, rows up to the end of the last one
        self.depth = dict.fromkeys(("tbl", "tc", "r", "t"), 0)
        self.unseen, self.cells = 0, 0
        self.column, self.span, self.is_covered = 1, 1, False
        self.lines: list[str] = []
        self.line: list[str] = []
        self.run: list[str] = []
        self.is_hidden = self.is_numbered = False
        self.list_numbers: list[LeftOut] = []

    def sheet(self) -> Sheet:
        first_row = 1 - self.before if self.read else 1
        sheet = Sheet("", self.rows[: self.read], first_row=first_row, left_out=self.list_numbers)
        self.looks.note(sheet)
        return sheet

    def start(self, name: str, attributes: list[str]) -> None:
        tag = tag_of(name)
        if tag in UNSEEN or self.unseen:
            self.unseen += 1
            return
        if tag in self.depth:
            self.depth[tag] += 1
        if tag in BEGIN:
            BEGIN[tag](
                self, {markup.local_name(key): value for key, value in markup.attribute_pairs(attributes).items()}
            )

    def end(self, name: str) -> None:
        if self.unseen:
            self.unseen -= 1
            return
        tag = tag_of(name)
        if tag in self.depth:
            self.depth[tag] -= 1
        if tag in END:
            END[tag](self)

    def text(self, text: str) -> None:
        if self.depth["t"] and not self.unseen:
            self.run.append(text)

    # --- where elements begin ----------------------------------------------------------------

    def begin_document(self, _: Known) -> None:
        self.is_document = True

    def begin_table(self, _: Known) -> None:
        if self.depth["tbl"] > 1:
            raise refusal_of("X26", cell=address(len(self.rows) - self.before, self.column))
        if not self.read:
            self.before = len(self.rows)

    def begin_row(self, _: Known) -> None:
        self.rows.append([])
        self.column = 1

    def hide_row(self, known: Known) -> None:
        if known.get("val", "on") not in OFF:
            self.looks.hidden_rows.add(len(self.rows) - 1)

    def skip_columns(self, known: Known) -> None:
        """A row that begins further to the right."""
        self.column += number_of(known)

    def begin_cell(self, _: Known) -> None:
        self.span, self.is_covered, self.lines = 1, False, []
        self.looks.begin_cell()

    def widen(self, known: Known) -> None:
        self.span = max(1, number_of(known))

    def cover(self, known: Known) -> None:
        """A cell that continues a merged one, above or to the left of it."""
        self.is_covered = known.get("val", "continue") == "continue"

    def begin_paragraph(self, _: Known) -> None:
        self.line, self.is_numbered = [], False
        self.looks.begin_paragraph()

    def number_paragraph(self, known: Known) -> None:
        """An item of a list: its number is no text, Word counts it when it shows the document."""
        self.is_numbered = known.get("val") != "0"

    def begin_run(self, _: Known) -> None:
        self.run, self.is_hidden = [], False
        self.looks.begin_run()

    def style_paragraph(self, known: Known) -> None:
        self.looks.style_paragraph(known.get("val", ""))

    def style_run(self, known: Known) -> None:
        if self.depth["r"]:
            self.looks.style_run(known.get("val", ""))

    def strike(self, known: Known) -> None:
        if self.depth["r"]:  # elsewhere the look of the mark at the end of a paragraph
            self.looks.strike(known.get("val", "on") not in OFF)

    def note_picture(self, _: Known) -> None:
        self.looks.has_picture = True

    def hide(self, known: Known) -> None:
        self.is_hidden = self.depth["r"] > 0 and known.get("val", "on") not in OFF

    def add_break(self, known: Known) -> None:
        if self.depth["r"] and known.get("type") not in PAGE_BREAKS:
            self.run.append("\n")

    def add_tab(self, _: Known) -> None:
        if self.depth["r"]:  # elsewhere a place where tabs stop
            self.run.append("\t")

    def add_hyphen(self, _: Known) -> None:
        self.run.append("-")

    # --- where they end ----------------------------------------------------------------------

    def end_run(self) -> None:
        if not self.is_hidden:
            self.line += self.looks.seen(self.run)
        self.run = []

    def end_paragraph(self) -> None:
        self.line += self.run  # a formula's text stands in no run of Word
        line, self.line, self.run = "".join(self.line), [], []
        if self.depth["tc"]:
            self.lines.append(line)
            if self.is_numbered and line.strip():
                place = address(max(1, len(self.rows) - self.before), self.column)
                self.list_numbers.append(LeftOut(place, f"{line.strip()[:SHOWN]}（前面的自动编号）", Why.LIST_NUMBER))
        elif line.strip():
            self.rows.append([line])
            self.judge(line)
            self.looks.end_cell(len(self.rows) - 1, 1, line)

    def end_cell(self) -> None:
        if not self.rows:
            raise refuse_damaged("文档的内容有误")
        require_within(len(self.rows), self.column + self.span - 1)
        text = "\n".join(trim_paragraphs(self.lines))
        self.judge(text)
        self.looks.end_cell(len(self.rows) - 1, self.column, text, is_covered=self.is_covered)
        text = "" if self.is_covered else text
        row = self.rows[-1]
        row += [None] * (self.column - 1 - len(row))
        row.append(text)
        self.column += self.span

    def judge(self, text: str) -> None:
        require_within(len(self.rows), 1)
        self.cells += 1
        judge_cells(self.cells)
        if len(text) > limits.TEXT_LENGTH:
            where = address(max(1, len(self.rows) - self.before), self.column)
            raise refusal_of("X15", reason=f"{where} 的文字超过 {limits.TEXT_LENGTH} 字")

    def end_table(self) -> None:
        self.read = len(self.rows)


BEGIN: dict[str, Callable[[DocumentWalk, Known], None]] = {
    "document": DocumentWalk.begin_document,
    "tbl": DocumentWalk.begin_table,
    "tr": DocumentWalk.begin_row,
    "gridBefore": DocumentWalk.skip_columns,
    "tc": DocumentWalk.begin_cell,
    "gridSpan": DocumentWalk.widen,
    "vMerge": DocumentWalk.cover,
    "hMerge": DocumentWalk.cover,
    "p": DocumentWalk.begin_paragraph,
    "numId": DocumentWalk.number_paragraph,
    "r": DocumentWalk.begin_run,
    "vanish": DocumentWalk.hide,
    "strike": DocumentWalk.strike,
    "dstrike": DocumentWalk.strike,
    "rStyle": DocumentWalk.style_run,
    "pStyle": DocumentWalk.style_paragraph,
    "hidden": DocumentWalk.hide_row,
    "blip": DocumentWalk.note_picture,
    "imagedata": DocumentWalk.note_picture,
    "br": DocumentWalk.add_break,
    "cr": DocumentWalk.add_break,
    "tab": DocumentWalk.add_tab,
    "noBreakHyphen": DocumentWalk.add_hyphen,
}
END: dict[str, Callable[[DocumentWalk], None]] = {
    "r": DocumentWalk.end_run,
    "p": DocumentWalk.end_paragraph,
    "tc": DocumentWalk.end_cell,
    "tbl": DocumentWalk.end_table,
}
