"""The quick way through a worksheet finds what the full walk finds, and gives way where it cannot be sure."""

import random
import re
import zipfile
from io import BytesIO

import pytest

from declarations.files.guarding.markup import normal_xml
from declarations.files.opening import plain_scan
from declarations.files.opening.plain_scan import quick_scan
from declarations.files.opening.sheet_scan import scan_sheet
from declarations.sheet.problems import Refused
from tests.workbooks import benign
from tests.workbooks import builders as make
from tests.workbooks.tables import official_merges


def found(scan):
    return scan.root, set(scan.filled), set(scan.formulas), scan.merges


def sheets_of(data):
    """The worksheets of an xlsx, as the gate hands them on."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if re.search(r"worksheets.sheet\d+\.xml$", name, re.IGNORECASE)]
        return [normal_xml(archive.read(name)) for name in names]


WORKBOOKS = [case for case in benign.CASES if case.build().startswith(b"PK") and sheets_of(case.build())]


@pytest.mark.parametrize("case", WORKBOOKS, ids=[case.name for case in WORKBOOKS])
def test_both_ways_find_the_same(case):
    for xml in sheets_of(case.build()):
        assert found(quick_scan(xml)) == found(scan_sheet(xml))


@pytest.mark.parametrize("build", [make.by_openpyxl, make.by_xlsxwriter, make.xlsx])
def test_what_the_usual_programs_write_needs_no_full_walk(build, monkeypatch):
    walked = []

    def walk(xml):
        walked.append(xml)
        return scan_sheet(xml)

    monkeypatch.setattr(plain_scan, "scan_sheet", walk)
    (xml,) = sheets_of(build())
    quick_scan(xml)
    assert all(b"<c " not in part for part in walked)


PLAIN = normal_xml(
    make.sheet_xml(
        [["甲", 1.5, None], [2, "乙", 3]],
        ["甲", "乙"],
        inside='<row r="3"><c r="A3" s="4" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B3"><f>A1</f></c></row>',
        after=make.merges_xml(official_merges()),
    ).encode()
)
FRAGMENTS = [
    b"<!-- <c r='XFD9'> -->", b"<![CDATA[<c>]]>", b"&#49;", b'<c r="XFD1048576"><v>1</v></c>', b"<c><v>1</v></c>",
    b'<x:c r="ZZ99"><v>1</v></x:c>', b"<sheetData>", b"</sheetData>", b"<row>", b"</row>", b'<row r="99"/>', b" ",
    b"'", b'"', b"<", b">", b"/", b"<v/>", b"<f/>", b"<is><t>x</t></is>", "字".encode(),
    b'<c s="1" r="C9"><v>1</v></c>',
]  # fmt: skip


@pytest.mark.parametrize("entity", ["&#0;", "&#xD800;", "&#55296;", "&#1114112;", "&nbsp;", "&amp", "& "])
def test_a_character_that_no_document_may_hold_is_left_to_the_full_walk(entity):
    xml = PLAIN.replace(b"#DIV/0!", entity.encode())
    with pytest.raises(Refused):
        quick_scan(xml)


@pytest.mark.parametrize("entity", ["&#27700;", "&#10;", "&amp;", "&quot;"])
def test_characters_written_as_numbers_are_read_quickly(entity, monkeypatch):
    xml = PLAIN.replace(b"#DIV/0!", entity.encode())
    full = found(scan_sheet(xml))
    monkeypatch.setattr(plain_scan, "scan_sheet", lambda part: scan_sheet(part) if b"<c " not in part else None)
    assert found(quick_scan(xml)) == full


def test_the_quick_way_never_finds_less_than_the_full_walk():
    chance = random.Random(11)
    agreed = 0
    for _ in range(4_000):
        # What stands behind the data is nobody's value, though the full walk counts it with the last cell.
        place, length = chance.randrange(PLAIN.index(b"<mergeCells")), chance.choice((0, 0, 1, 5))
        xml = PLAIN[:place] + chance.choice(FRAGMENTS) + PLAIN[place + length :]
        try:
            full = scan_sheet(xml)
        except Refused:
            continue
        agreed += 1
        assert found(quick_scan(xml)) == found(full), xml
    assert agreed > 100
