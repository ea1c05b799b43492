"""A workbook of one canonical shape, made of the parts that passed: what the library that reads the values is given."""

from __future__ import annotations

from declarations.files.guarding.package import pack_parts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
ROOT_LINKS = (
    f'<Relationships xmlns="{PACKAGE_LINKS}"><Relationship Id="rId1" Type="{LINKS}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
).encode()


def rebuild(date1904: bool, strings: bytes, styles: bytes, sheets: list[bytes]) -> bytes:
    """A package of the canonical shape, with the judged parts and nothing else."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="s{number}"/>' for number in numbers)
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>"
    )
    links = "".join(relationship(f"s{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    links += relationship("t", "sharedStrings", "sharedStrings.xml") if strings else ""
    links += relationship("u", "styles", "styles.xml") if styles else ""
    parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", ROOT_LINKS),
        ("xl/workbook.xml", workbook.encode()),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE_LINKS}">{links}</Relationships>'.encode()),
        *(part for part in (("xl/sharedStrings.xml", strings), ("xl/styles.xml", styles)) if part[1]),
        *((f"xl/worksheets/sheet{number}.xml", xml) for number, xml in zip(numbers, sheets, strict=True)),
    ]
    return pack_parts(parts)


def relationship(link_id: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{link_id}" Type="{LINKS}/{kind}" Target="{target}"/>'
