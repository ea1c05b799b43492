"""The tables of one web page as rows: what Excel, WPS and LibreOffice save as a web page, and what web sites call .xls.

The page is walked once by the parser of libxml2, which mends what is not closed and builds no tree here. Scripts,
styles, forms and whatever is not displayed are passed over; nothing is fetched. The text of a page above and between
its tables is kept as rows of one cell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from declarations.files.guarding import limits
from declarations.files.guarding.refusals import refusal_of, refuse_damaged
from declarations.files.opening_web.web_cells import BREAK, EDGE, Cell, flatten_text, place, span, tidy_text
from declarations.files.opening_web.web_styles import PageLooks, is_gone, is_struck

IGNORED = frozenset(
    {"script", "style", "head", "template", "noscript", "xml", "select", "textarea", "button", "object", "svg", "math"}
    | {"iframe", "del"}
)
STRUCK = frozenset({"s", "strike"})
BLOCKS = frozenset(
    {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "center", "blockquote", "dd", "dt"}
)
VOID = frozenset(
    {"br", "col", "img", "hr", "input", "meta", "link", "base", "area", "embed", "wbr", "source", "track", "param"}
)
RAW_NUMBER = ("x:num", "sdval")
"""Attributes by which Excel and LibreOffice give the number behind the text."""
DEEPEST = 3_000


@dataclass(slots=True)
class OpenTable:
    rows: list[list[Cell]] = field(default_factory=list)
    row: list[Cell] | None = None
    cell: Cell | None = None
    below: dict[int, int] = field(default_factory=dict)


class PageWalk:
    """What the parser calls: elements begin and end, text comes between them."""

    def __init__(self, looks: PageLooks) -> None:
        self.looks = looks
        self.rows: list[list[Cell]] = []
        self.tables: list[OpenTable] = []
        self.line: list[str] = []
        self.stack: list[tuple[str, bool, bool]] = []
        self.ignored = self.struck = self.cells = 0
        self.hidden_rows: set[int] = set()
        self.has_frames = False

    # --- called by the parser -----------------------------------------------------------------

    def start(self, tag: str, attributes) -> None:
        if tag in VOID:
            self.void(tag)
            return
        if len(self.stack) > DEEPEST:
            raise refusal_of("X13", reason="元素套得过深")
        if tag in ("frame", "frameset"):
            self.has_frames = True
        known = dict(attributes) if attributes else {}
        looks = self.looks.of(known) if known else ""
        is_ignored = tag in IGNORED or (bool(looks) and is_gone(looks) and tag != "tr")
        is_strike = tag in STRUCK or (bool(looks) and is_struck(looks))
        self.stack.append((tag, is_ignored, is_strike))
        self.ignored += is_ignored
        self.struck += is_strike
        if not self.ignored and tag in BEGIN:
            BEGIN[tag](self, known)
        elif not self.ignored and tag in BLOCKS:
            self.say(EDGE)

    def end(self, tag: str) -> None:
        if tag in VOID or not self.stack:
            return
        _, was_ignored, was_strike = self.stack.pop()
        if not self.ignored and tag in END:
            END[tag](self)
        elif not self.ignored and tag in BLOCKS:
            self.say(EDGE)
        self.ignored -= was_ignored
        self.struck -= was_strike

    def data(self, text: str) -> None:
        if not self.ignored:
            self.say(text)

    def comment(self, text: str) -> None:
        """Conditional comments of Office among them: nobody sees them."""

    def close(self) -> PageWalk:
        while self.tables:
            self.end_table()
        self.end_line()
        return self

    # --- text -----------------------------------------------------------------------------------

    def void(self, tag: str) -> None:
        if tag == "br" and not self.ignored:
            self.say(BREAK)

    def say(self, text: str) -> None:
        table = self.tables[-1] if self.tables else None
        if table is None:
            self.line.append(text)
            if text == EDGE:
                self.end_line()
        elif table.cell is not None:
            (table.cell.struck if self.struck else table.cell.words).append(text)

    def end_line(self) -> None:
        text = tidy_text("".join(self.line))
        self.line = []
        self.rows += [[Cell(1, 1, words=[line])] for line in text.split("\n") if line]

    # --- tables ---------------------------------------------------------------------------------

    def begin_table(self, _: dict[str, str]) -> None:
        if not self.tables:
            self.end_line()
        if len(self.tables) >= limits.NESTED_TABLES:
            raise refusal_of("X13", reason="表格套得过深")
        self.tables.append(OpenTable())

    def begin_row(self, known: dict[str, str]) -> None:
        if self.tables:
            self.end_row()
            self.tables[-1].row = []
            if len(self.tables) == 1 and (is_gone(self.looks.of(known)) or known.get("height") == "0"):
                self.hidden_rows.add(id(self.tables[-1].row))

    def begin_cell(self, known: dict[str, str]) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        self.end_cell()
        if table.row is None:
            table.row = []
        self.cells += 1
        if self.cells > limits.WEB_CELLS:
            raise refusal_of("X15", reason=f"单元格超过 {limits.WEB_CELLS} 个")
        number = next((known[name] for name in RAW_NUMBER if known.get(name)), "")
        columns = 1 if "mso-ignore:colspan" in known.get("style", "").replace(" ", "") else span(known, "colspan")
        table.cell = Cell(span(known, "rowspan"), columns, number, is_error="x:err" in known)
        table.row.append(table.cell)

    def end_cell(self) -> None:
        if self.tables:
            self.tables[-1].cell = None

    def end_row(self) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        self.end_cell()
        if table.row is not None:
            place(table.row, table.below)
            table.rows += flatten_text(table.row, len(self.rows) + len(table.rows) + 1)
            table.row = None

    def end_table(self) -> None:
        if not self.tables:
            return
        self.end_row()
        rows = self.tables.pop().rows
        outer = self.tables[-1] if self.tables else None
        if outer is None:
            self.rows += rows
        elif outer.cell is not None:
            outer.cell.inner += rows
        else:
            outer.rows += rows


BEGIN: dict[str, Callable[[PageWalk, dict[str, str]], None]] = {
    "table": PageWalk.begin_table,
    "tr": PageWalk.begin_row,
    "td": PageWalk.begin_cell,
    "th": PageWalk.begin_cell,
}
END: dict[str, Callable[[PageWalk], None]] = {
    "table": PageWalk.end_table,
    "tr": PageWalk.end_row,
    "td": PageWalk.end_cell,
    "th": PageWalk.end_cell,
}


def walk_page(text: str) -> PageWalk:
    """Walk a page that has been decoded. Raises `Refused` for one that is built to overload."""
    walk = PageWalk(PageLooks.of_page(text))
    parser = etree.HTMLParser(target=walk, encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        return parser.close()
    except etree.XMLSyntaxError:
        raise refuse_damaged("网页内容有误") from None
