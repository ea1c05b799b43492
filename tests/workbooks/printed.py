"""PDFs made object by object: tables with ruled lines as other programs print them, and those that must be refused."""

import functools
import zlib

from declarations.files.documents.printed import text_of
from declarations.sheet.layout import lay_out
from tests.samples import sample
from tests.workbooks import Case

BENIGN, HOSTILE = [], []
WIDTH, HEIGHT, MARGIN = 595, 842, 40
SIZE, LINE, INSET = 10, 14, 4


def passing(build):
    BENIGN.append(Case(build.__name__, functools.cache(build), file_name="申报表.pdf"))
    return build


def refused(code, file_name="申报表.pdf"):
    def enter(build):
        HOSTILE.append(Case(build.__name__, functools.cache(build), code, file_name=file_name))
        return build

    return enter


# --- object by object ------------------------------------------------------------------------

FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
    "/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    "/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]"
    "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>"
)


RESOURCES = "/Resources<</Font<</F 3 0 R>>>>"


def pdf(pages, *, more="", catalog="", page="", objects=(), size=(WIDTH, HEIGHT)):
    """A PDF of pages, each a content stream. ``more``, ``catalog``, ``page``: entries of trailer and objects."""
    numbered = [f"<</Type/Catalog/Pages 2 0 R{catalog}>>", ""]
    numbered += [FONT]
    kids = []
    for content in pages:
        packed = zlib.compress(content.encode("latin-1"))
        numbered.append((f"<</Filter/FlateDecode/Length {len(packed)}>>", packed))
        kids.append(len(numbered) + 1)
        numbered.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]{page}"
            f"{'' if 'Resources' in page else RESOURCES}/Contents {len(numbered)} 0 R>>"
        )
    numbered[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>"
    return assembled([*numbered, *objects], more)


def assembled(objects, more=""):
    """The file of these objects, numbered from 1: texts, or pairs of a dictionary and the bytes of its stream."""
    data, places = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        head, stream = content if isinstance(content, tuple) else (content, None)
        body = head.encode() + (b"\nstream\n" + stream + b"\nendstream" if stream is not None else b"")
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{more}>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def words(text, x, y, size=SIZE):
    return f"BT /F {size} Tf {x:.1f} {y:.1f} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def thin(x, y, width, height):
    """A line as many programs draw it: a filled rectangle."""
    return f"{x:.1f} {y:.1f} {width:.1f} {height:.1f} re f\n"


def box(x, y, width, height):
    """The four sides of a cell, ``y`` at its top."""
    sides = (
        (x, y - height, width, 0.5),
        (x, y, width, 0.5),
        (x, y - height, 0.5, height),
        (x + width, y - height, 0.5, height),
    )
    return "".join(thin(*side) for side in sides)


SCAN = "q 500 0 0 700 40 40 cm /I Do Q\n"


def picture():
    looks = "/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1"
    return (f"<</Type/XObject/Subtype/Image{looks}>>", b"\x80")


# --- the official table as a text program prints it --------------------------------------------


def printed(table, turns=(), *, title=True, **more):
    """The PDF of a table as Word prints it, merged cells with their text on the first page alone.

    ``turns``: where pages end: the number of a row, or a pair of it and how many of its lines are still on the page.
    """
    rows = {row[0].row: row for row in lay_out(table)[1:]}
    pages, slots = [], []
    ends = dict(turn if isinstance(turn, tuple) else (turn, None) for turn in turns)
    for number, row in rows.items():
        lines = max(len(wrapped(table, cell)) if cell.rows == 1 else 1 for cell in row)
        if number not in ends:
            slots.append((number, 0, lines))
            continue
        here = lines if ends[number] is None else ends[number]
        pages.append([*slots, (number, 0, here)])
        slots = [(number, here, lines - here)] if here < lines else []
    contents = [page_of(table, rows, page, first=i == 0 and title) for i, page in enumerate([*pages, slots])]
    marks = [words(f"第 {number} 页", 280, 20) for number in range(1, len(contents) + 1)]
    return pdf([content + mark for content, mark in zip(contents, marks, strict=True)], **more)


def edges_of(table):
    widths = table.form.widths
    unit, edges = (WIDTH - 2 * MARGIN) / sum(widths), [MARGIN]
    for width in widths:
        edges.append(edges[-1] + unit * width)
    return edges


def wrapped(table, cell):
    edges = edges_of(table)
    room = edges[cell.column - 1 + cell.columns] - edges[cell.column - 1] - 2 * INSET
    return [part for line in text_of(cell).split("\n") for part in cut(line, max(1, int(room / SIZE)))]


def cut(line, letters):
    return [line[i : i + letters] for i in range(0, len(line), letters)] or [""]


def page_of(table, rows, slots, *, first):
    """The content of a page with these slots: the number of a row, its first line there and how many lines."""
    tops, y = [], HEIGHT - 70
    for _, _, count in slots:
        tops.append(y)
        y -= count * LINE + 6
    tops.append(y)
    content = words(text_of(lay_out(table)[0][0]), 180, HEIGHT - 50, 16) if first else ""
    edges = edges_of(table)
    for cell in [cell for row in rows.values() for cell in row]:
        held = [i for i, (number, _, _) in enumerate(slots) if cell.row <= number < cell.row + cell.rows]
        if held:
            left, right = edges[cell.column - 1], edges[cell.column - 1 + cell.columns]
            top, bottom = tops[held[0]], tops[held[-1] + 1]
            content += box(left, top, right - left, top - bottom)
            content += text_at(table, cell, slots[held[0]], left, top)
    return content


def text_at(table, cell, slot, left, top):
    number, start, count = slot
    lines = wrapped(table, cell)
    lines = lines[start : start + count] if cell.rows == 1 else lines if number == cell.row and not start else []
    return "".join(words(line, left + INSET, top - 12 - i * LINE) for i, line in enumerate(lines) if line)


@passing
def pdf_by_a_text_program():
    return printed(sample("2026"))


@passing
def pdf_of_several_pages():
    return printed(sample("2026"), turns=(11, 13, 20))


@passing
def pdf_with_scripts_and_attachments():
    files = "<</Names[(a.exe) 99 0 R]>>"
    action = "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    return printed(sample("2026"), catalog=f"{action}/Names<</EmbeddedFiles{files}>>")


@passing
def pdf_with_a_watermark():
    across = f"BT /F 60 Tf 0.7 0.7 -0.7 0.7 120 200 Tm <{'内部使用'.encode('utf-16-be').hex()}> Tj ET\n"
    return pdf([page_content(sample("2026")) + across])


def page_content(table):
    rows = {row[0].row: row for row in lay_out(table)[1:]}
    slots = [(n, 0, max(len(wrapped(table, c)) if c.rows == 1 else 1 for c in row)) for n, row in rows.items()]
    return page_of(table, rows, slots, first=True)


def turned(table, degrees):
    """The same page drawn lying on its side or head, and turned back for the eye."""
    matrix = {90: f"0 1 -1 0 {HEIGHT} 0", 180: f"-1 0 0 -1 {WIDTH} {HEIGHT}", 270: f"0 -1 1 0 0 {WIDTH}"}[degrees]
    size = (WIDTH, HEIGHT) if degrees == 180 else (HEIGHT, WIDTH)
    return pdf([f"{matrix} cm\n{page_content(table)}"], page=f"/Rotate {degrees}", size=size)


@passing
def pdf_with_a_scanned_page():
    return pdf([page_content(sample("2026")), SCAN], page="/Resources<</XObject<</I 8 0 R>>/Font<</F 3 0 R>>>>",
               objects=[picture()])  # fmt: skip


# --- what must be refused ------------------------------------------------------------------------


@refused("X28")
def pdf_that_was_scanned():
    image = (
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>",
        b"\x80",
    )
    return pdf(["q 500 0 0 700 40 40 cm /I Do Q\n"], page="/Resources<</XObject<</I 6 0 R>>>>", objects=[image])


@refused("X28", "申报表.xlsx")
def pdf_without_anything():
    return pdf([""])


@refused("X34")
def pdf_of_plain_text():
    return pdf(["".join(words("部门整体预算绩效目标申报表填报说明", 60, 700 - 20 * i) for i in range(10))])


@refused("X27")
def pdf_with_a_password():
    key = "00" * 32
    encrypted = f"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O<{key}>/U<{key}>>>/ID[<{key[:32]}><{key[:32]}>]"
    return printed(sample("2026"), more=encrypted)


@refused("X09")
def pdf_that_is_cut_off():
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF"


@refused("X15")
def pdf_of_ten_thousand_pages():
    return pdf([""] * 10_000)


@refused("X15")
def pdf_full_of_lines():
    return pdf(["".join(f"{i % 500} {i % 700} m {i % 500} {i % 700 + 9} l S\n" for i in range(400_000))])


@refused("X09")
def pdf_whose_pages_go_in_circles():
    kids = "<</Type/Pages/Count 3/Kids[2 0 R 2 0 R 2 0 R]>>"
    return assembled(["<</Type/Catalog/Pages 2 0 R>>", kids])


def pdf_whose_drawings_draw_themselves():
    """Not among the cases: pdfium runs out of memory over it, which ends the child."""
    form = ("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 10>>", b"/X Do /X Do")
    return pdf(["/X Do\n" * 50], page="/Resources<</XObject<</X 6 0 R>>>>", objects=[form])
